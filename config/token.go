package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
)

// maxTokenFile bounds what is read of a token file, in bytes.
const maxTokenFile = 4 << 10

// ErrNoToken means that the operator has given no token.
var ErrNoToken = errors.New("no Discord token is set: put it in the environment variable ATTACHE_TOKEN, or in a file named by discord.token_file")

// ResolveToken returns the bot's token, reading the token file when there is
// one, and warnings for the operator. It fails with [ErrNoToken] when no token
// is set.
func (d Discord) ResolveToken() (token Secret, warnings []string, err error) {
	if !d.Token.IsZero() {
		return d.Token, nil, nil
	}
	if d.TokenFile == "" {
		return Secret{}, nil, ErrNoToken
	}
	f, err := os.Open(d.TokenFile)
	if err != nil {
		return Secret{}, nil, fmt.Errorf("read discord.token_file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Secret{}, nil, fmt.Errorf("read discord.token_file: %w", err)
	}
	if othersMayRead(info) {
		warnings = append(warnings, fmt.Sprintf("others on this machine can read %s: run chmod 600 on it", d.TokenFile))
	}
	text, err := io.ReadAll(io.LimitReader(f, maxTokenFile))
	if err != nil {
		return Secret{}, warnings, fmt.Errorf("read discord.token_file: %w", err)
	}
	token, err = cleanToken(string(text))
	if err != nil {
		return Secret{}, warnings, fmt.Errorf("read discord.token_file %s: %w", d.TokenFile, err)
	}
	return token, warnings, nil
}

// cleanToken takes the white space off a token and checks that it can stand in
// an HTTP header. Its errors never repeat the token.
func cleanToken(s string) (Secret, error) {
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, "Bot "); ok {
		s = strings.TrimSpace(rest)
	}
	if s == "" {
		return Secret{}, &invalid{"the token is empty", "copy it from the Bot page of Discord's developer portal"}
	}
	if len(s) >= maxTokenFile {
		return Secret{}, &invalid{"this is far too long for a token", "put the token alone in the file"}
	}
	for _, b := range []byte(s) {
		if b <= ' ' || b > '~' {
			return Secret{}, &invalid{"the token holds spaces or other characters that no token has", "give the token alone, on one line"}
		}
	}
	return NewSecret(s), nil
}

// othersMayRead reports whether the file is open to its group or to everyone.
// Windows has no such bits.
func othersMayRead(info os.FileInfo) bool {
	const groupAndOthers = 0o077
	return runtime.GOOS != "windows" && info.Mode().Perm()&groupAndOthers != 0
}
