package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// value is how one setting is read, checked and shown. set gets the words that
// stand for it: one, or any number when list is true.
type value struct {
	accepts string // what may be set, for the reference
	list    bool
	path    bool // relative ones in a file start from the file's folder
	// secret names what in the words nobody may see, such as "token"; nil for
	// values that hold no such thing.
	secret func(words []string) string
	set    func(c *Config, words []string) error
	get    func(c *Config) []string
}

// single makes a value out of functions on one word.
func single(accepts string, set func(*Config, string) error, get func(*Config) string) value {
	return value{
		accepts: accepts,
		set: func(c *Config, words []string) error {
			if len(words) != 1 {
				return &invalid{"one value is wanted, not a list", "give " + accepts}
			}
			return set(c, words[0])
		},
		get: func(c *Config) []string { return []string{get(c)} },
	}
}

func duration(field func(*Config) *time.Duration, lo, hi time.Duration) value {
	return durationIn(field, lo, hi, "")
}

// seconds is a duration that must be whole seconds.
func seconds(field func(*Config) *time.Duration, lo, hi time.Duration) value {
	v := durationIn(field, lo, hi, " in whole seconds")
	set := v.set
	v.set = func(c *Config, words []string) error {
		before := *field(c)
		if err := set(c, words); err != nil {
			return err
		}
		if *field(c)%time.Second != 0 {
			*field(c) = before
			return &invalid{words[0] + " is not in whole seconds", "give " + v.accepts}
		}
		return nil
	}
	return v
}

func durationIn(field func(*Config) *time.Duration, lo, hi time.Duration, unit string) value {
	accepts := "a duration from " + ShortDuration(lo) + " to " + ShortDuration(hi) + unit
	return single(accepts,
		func(c *Config, s string) error {
			d, err := time.ParseDuration(s)
			if err != nil {
				return &invalid{quote(s) + " is not a duration", "write a number with its unit, such as 30s, 5m or 6h"}
			}
			if d < lo || d > hi {
				return &invalid{s + " is out of bounds", "give " + accepts}
			}
			*field(c) = d
			return nil
		},
		func(c *Config) string { return ShortDuration(*field(c)) })
}

// days is a duration that is written in days, or in hours.
func days(field func(*Config) *time.Duration, lo, hi time.Duration) value {
	accepts := fmt.Sprintf("%dd to %dd, in days or hours", lo/day, hi/day)
	return single(accepts,
		func(c *Config, s string) error {
			d, err := time.ParseDuration(s)
			if n, ok := strings.CutSuffix(s, "d"); ok {
				var whole int
				if whole, err = strconv.Atoi(n); err == nil && whole >= 0 && whole <= int(hi/day) {
					d = time.Duration(whole) * day
				} else if err == nil {
					d = -1
				}
			}
			if err != nil {
				return &invalid{quote(s) + " is no number of days", "write a number with its unit, such as 90d or 720h"}
			}
			if d < lo || d > hi {
				return &invalid{s + " is out of bounds", "give " + accepts}
			}
			*field(c) = d
			return nil
		},
		func(c *Config) string {
			if d := *field(c); d%day != 0 {
				return ShortDuration(d)
			}
			return fmt.Sprintf("%dd", *field(c)/day)
		})
}

func integer(field func(*Config) *int, lo, hi int) value {
	accepts := fmt.Sprintf("a number from %d to %d", lo, hi)
	return single(accepts,
		func(c *Config, s string) error {
			n, err := strconv.Atoi(s)
			if err != nil || n < lo || n > hi {
				return &invalid{quote(s) + " cannot be used", "give " + accepts}
			}
			*field(c) = n
			return nil
		},
		func(c *Config) string { return strconv.Itoa(*field(c)) })
}

func choice[T comparable](field func(*Config) *T, names []string, values []T) value {
	return single(strings.Join(names, ", "),
		func(c *Config, s string) error {
			for i, n := range names {
				if strings.EqualFold(n, s) {
					*field(c) = values[i]
					return nil
				}
			}
			return &invalid{quote(s) + " is unknown", "use " + strings.Join(names, ", ")}
		},
		func(c *Config) string {
			for i, v := range values {
				if v == *field(c) {
					return names[i]
				}
			}
			return fmt.Sprint(*field(c))
		})
}

func logLevel() value {
	return choice(func(c *Config) *slog.Level { return &c.Log.Level },
		[]string{"debug", "info", "warn", "error"},
		[]slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError})
}

// checked is a text that a function finds in order.
func checked(field func(*Config) *string, accepts string, check func(string) error) value {
	return single(accepts,
		func(c *Config, s string) error {
			if err := check(s); err != nil {
				return err
			}
			*field(c) = s
			return nil
		},
		func(c *Config) string { return *field(c) })
}

func path(field func(*Config) *string, accepts string) value {
	v := checked(field, accepts, checkPath)
	v.path = true
	return v
}

func paths(field func(*Config) *[]string, accepts string) value {
	return value{
		accepts: accepts, list: true, path: true,
		set: func(c *Config, words []string) error {
			for _, w := range words {
				if err := checkPath(w); err != nil {
					return err
				}
			}
			*field(c) = words
			return nil
		},
		get: func(c *Config) []string { return *field(c) },
	}
}

func checkPath(s string) error {
	switch {
	case strings.ContainsAny(s, "\x00\n\r"):
		return &invalid{quote(s) + " holds a control character", "give a plain file name"}
	case s == "~", strings.HasPrefix(s, "~"+string(filepath.Separator)):
		return &invalid{quote(s) + " begins with ~, which only a shell understands", "write the folder out"}
	}
	return nil
}

func prefixes(field func(*Config) *[]netip.Prefix) value {
	const accepts = "a list of networks, such as 10.1.0.0/16"
	return value{
		accepts: accepts, list: true,
		set: func(c *Config, words []string) error {
			out := make([]netip.Prefix, len(words))
			for i, w := range words {
				p, err := netip.ParsePrefix(w)
				if err != nil {
					return &invalid{quote(w) + " is not a network", "write address/length, such as 10.1.0.0/16 or fd00:1::/64"}
				}
				if p != p.Masked() {
					return &invalid{quote(w) + " has bits after its length", "write " + p.Masked().String()}
				}
				out[i] = p
			}
			*field(c) = out
			return nil
		},
		get: func(c *Config) []string { return texts(*field(c)) },
	}
}

func ports(field func(*Config) *[]uint16) value {
	return value{
		accepts: "a list of ports, such as 8080", list: true,
		set: func(c *Config, words []string) error {
			out := make([]uint16, len(words))
			for i, w := range words {
				n, err := strconv.ParseUint(w, 10, 16)
				if err != nil || n == 0 {
					return &invalid{quote(w) + " is not a port", "give numbers from 1 to 65535"}
				}
				out[i] = uint16(n)
			}
			*field(c) = out
			return nil
		},
		get: func(c *Config) []string { return texts(*field(c)) },
	}
}

func texts[T any](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = fmt.Sprint(v)
	}
	return out
}

// listenAddress is host:port, or "off".
func listenAddress(field func(*Config) *string) value {
	const accepts = "host:port, or off"
	return single(accepts,
		func(c *Config, s string) error {
			if s == "off" {
				*field(c) = ""
				return nil
			}
			host, port, err := net.SplitHostPort(s)
			n, portErr := strconv.ParseUint(port, 10, 16)
			if err != nil || portErr != nil || n == 0 {
				return &invalid{quote(s) + " is not an address to listen on", "write host:port, such as 127.0.0.1:8077, or off"}
			}
			if strings.ContainsAny(host, " \t/@") {
				return &invalid{quote(host) + " is not a host", "write host:port, such as 127.0.0.1:8077, or off"}
			}
			*field(c) = s
			return nil
		},
		func(c *Config) string {
			if *field(c) == "" {
				return "off"
			}
			return *field(c)
		})
}

// baseURL is an address that requests carry the token to: https, or http on
// this very machine.
func baseURL(field func(*Config) *string) value {
	return single("an https address; http only on this machine",
		func(c *Config, s string) error {
			u, err := url.Parse(s)
			switch {
			case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
				return &invalid{quote(s) + " is not a web address", "write https://host"}
			case u.User != nil || u.RawQuery != "" || u.Fragment != "":
				return &invalid{"the address holds a password, a query or a fragment", "write https://host"}
			case u.Scheme == "http" && !isLoopback(u.Hostname()):
				return &invalid{"http would send the token in the clear", "use https; http is for addresses of this machine such as http://127.0.0.1:8080"}
			}
			*field(c) = strings.TrimRight(s, "/")
			return nil
		},
		func(c *Config) string { return *field(c) })
}

// callbackURL is an address that others are told to call.
func callbackURL(field func(*Config) *string) value {
	const accepts = "an https address; http only on this machine"
	return checked(field, accepts, func(s string) error {
		u, err := url.Parse(s)
		switch {
		case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" || len(s) > maxCallback:
			return &invalid{quote(s) + " is not a web address", "write https://host/path"}
		case u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.HasSuffix(s, "/"):
			return &invalid{"the address holds a password, a query or a fragment, or ends in a slash", "write https://host/path"}
		case u.Scheme == "http" && !isLoopback(u.Hostname()):
			return &invalid{"with http anyone on the way could change what hubs bring", "use https"}
		}
		return nil
	})
}

// maxCallback leaves room for the path of a subscription.
const maxCallback = 500

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// maxUserAgent is a length that no server refuses.
const maxUserAgent = 256

func checkUserAgent(s string) error {
	const remedy = "give 1 to 256 printable ASCII characters, best with an address where you can be reached"
	if s == "" || len(s) > maxUserAgent || strings.TrimSpace(s) != s {
		return &invalid{quote(s) + " cannot be sent", remedy}
	}
	for _, b := range []byte(s) {
		if b < ' ' || b > '~' {
			return &invalid{quote(s) + " cannot be sent", remedy}
		}
	}
	return nil
}

// secret reads a value that no error repeats.
func secret(field func(*Config) *Secret) value {
	v := single("the token",
		func(c *Config, s string) error {
			t, err := cleanToken(s)
			if err != nil {
				return err
			}
			*field(c) = t
			return nil
		},
		func(c *Config) string { return field(c).String() })
	v.secret = func([]string) string { return "token" }
	return v
}

// apiKey reads the key of a service, which no error repeats.
func apiKey(field func(*Config) *Secret) value {
	v := single("the key",
		func(c *Config, s string) error {
			s = strings.TrimSpace(s)
			if s == "" || len(s) >= maxTokenFile || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
				return &invalid{"this is no key", "give the key alone, as the service shows it"}
			}
			*field(c) = NewSecret(s)
			return nil
		},
		func(c *Config) string { return field(c).String() })
	v.secret = func([]string) string { return "key" }
	return v
}

// maxModel is longer than any model's name.
const maxModel = 200

// checkModel reports whether a model may be called so.
func checkModel(s string) error {
	if s == "" || len(s) > maxModel || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return &invalid{quote(s) + " is not the name of a model", "give it as the server lists it, such as llama3.1:8b"}
	}
	return nil
}

// ShortDuration writes a duration as configuration does, without the zero parts
// at its end: 5m, not 5m0s.
func ShortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
