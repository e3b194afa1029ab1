package websub

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // WebSub hubs may sign with it; as an HMAC it still stands
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"strings"
)

// maxSignature is longer than any signature that is known.
const maxSignature = 256

// signed reports whether header is the signature of body with the secret,
// https://www.w3.org/TR/websub/#signature-validation: the name of a hash, an equals
// sign and an HMAC in hex. It takes the same time wherever the two differ.
func signed(header, secret string, body []byte) bool {
	if len(header) > maxSignature || secret == "" {
		return false
	}
	method, digits, ok := strings.Cut(strings.TrimSpace(header), "=")
	if !ok {
		return false
	}
	var newHash func() hash.Hash
	switch strings.ToLower(method) {
	case "sha1":
		newHash = sha1.New
	case "sha256":
		newHash = sha256.New
	case "sha384":
		newHash = sha512.New384
	case "sha512":
		newHash = sha512.New
	default:
		return false
	}
	got, err := hex.DecodeString(digits)
	if err != nil {
		return false
	}
	mac := hmac.New(newHash, []byte(secret))
	mac.Write(body)
	return hmac.Equal(got, mac.Sum(nil))
}
