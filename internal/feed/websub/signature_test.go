package websub

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
)

// TestSigned holds the signature to the published vectors of HMAC,
// https://www.rfc-editor.org/rfc/rfc2202#section-3 and
// https://www.rfc-editor.org/rfc/rfc4231#section-4.3.
func TestSigned(t *testing.T) {
	t.Parallel()
	const secret, body = "Jefe", "what do ya want for nothing?"
	for header, want := range map[string]bool{
		"sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79":                                                                                           true,
		"sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843":                                                                 true,
		"sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649":                                 true,
		"sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737": true,
		" SHA256=5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843 ":                                                               true,
		"sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3842":                                                                 false,
		"sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec38":                                                                   false,
		"sha1=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843":                                                                   false,
		"md5=750c783e6ab0b503eaa86e310a5db738":                                                                                                    false,
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843":                                                                        false,
		"sha256=": false,
		"":        false,
		"=":       false,
	} {
		if got := signed(header, secret, []byte(body)); got != want {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
	}
	mac := hmac.New(sha256.New, nil)
	mac.Write([]byte(body))
	if signed("sha256="+hex.EncodeToString(mac.Sum(nil)), "", []byte(body)) {
		t.Error("a signature without a secret is accepted")
	}
}

func FuzzSigned(f *testing.F) {
	for _, s := range []string{"", "sha256=", "sha1=00", "sha512=" + strings.Repeat("0", 128), "=sha256", "sha256==ff"} {
		f.Add(s, []byte("body"))
	}
	f.Fuzz(func(t *testing.T, header string, body []byte) {
		const secret = "secret"
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		right := hex.EncodeToString(mac.Sum(nil))
		if !signed("sha256="+right, secret, body) {
			t.Error("the right signature is refused")
		}
		if method, digits, _ := strings.Cut(header, "="); signed(header, secret, body) && strings.EqualFold(method, "sha256") && !strings.EqualFold(strings.TrimSpace(digits), right) {
			t.Errorf("%q is accepted", header)
		}
	})
}
