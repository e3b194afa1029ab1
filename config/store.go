package config

import (
	"net/url"
	"strings"
)

// DSN is what the store is opened by. It may hold a password.
func (s Store) DSN() Secret {
	if !s.Server.IsZero() {
		return s.Server
	}
	return NewSecret(s.Path)
}

// Name says where the store is, without a password.
func (s Store) Name() string {
	if s.Server.IsZero() {
		return s.Path
	}
	u, err := url.Parse(s.Server.Reveal())
	if err != nil {
		return hidden
	}
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if name := u.User.Username(); name != "" {
		shown.User = url.User(name)
	}
	return shown.String()
}

// storePath is a file name or a server's address. Whichever is set takes the
// place of the other.
func storePath() value {
	const accepts = "a file name, or postgres://user:password@host:5432/database"
	v := single(accepts, setStorePath, func(c *Config) string { return c.Store.Name() })
	v.path = true
	v.secret = func(words []string) string {
		for _, w := range words {
			if isServer(w) && holdsPassword(w) {
				return "password"
			}
		}
		return ""
	}
	return v
}

func setStorePath(c *Config, s string) error {
	if isServer(s) {
		if u, err := url.Parse(s); err != nil || strings.Trim(u.Path, "/") == "" {
			// The parser's error would repeat the address, and with it the password.
			return &invalid{"this is not the address of a PostgreSQL database", "write postgres://user:password@host:5432/database, with %XX for special characters"}
		}
		c.Store = Store{Server: NewSecret(s)}
		return nil
	}
	if err := checkDatabase(s); err != nil {
		return err
	}
	if err := checkPath(s); err != nil {
		return err
	}
	c.Store = Store{Path: s}
	return nil
}

func isServer(s string) bool {
	return strings.HasPrefix(s, "postgres://") || strings.HasPrefix(s, "postgresql://")
}

// holdsPassword reports whether an address may hold a password; one that cannot
// be read may.
func holdsPassword(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	_, ok := u.User.Password()
	q := u.Query()
	return ok || q.Has("password") || q.Has("sslpassword")
}

// checkDatabase keeps out what SQLite would take for options, and addresses of
// what is no store.
func checkDatabase(s string) error {
	const remedy = "give the name of the SQLite file, such as attache.db, or a postgres:// address"
	if scheme, _, ok := strings.Cut(s, "://"); ok {
		return &invalid{quote(scheme+"://") + " is no kind of store", remedy}
	}
	if strings.Contains(s, "?") || strings.HasPrefix(s, "file:") || strings.HasPrefix(s, ":") {
		return &invalid{quote(s) + " is not a plain file name", remedy}
	}
	return nil
}
