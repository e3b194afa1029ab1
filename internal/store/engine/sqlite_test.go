package engine

import "testing"

func TestOlderVersion(t *testing.T) {
	t.Parallel()
	cases := []struct {
		a, b string
		want bool
	}{
		{"3.51.2", "3.51.3", true},
		{"3.51.3", "3.51.3", false},
		{"3.54.1", "3.51.3", false},
		{"3.9.9", "3.51.3", true},
		{"3.51", "3.51.3", true},
		{"4", "3.51.3", false},
		{"", "3.51.3", true},
	}
	for _, c := range cases {
		if got := olderVersion(c.a, c.b); got != c.want {
			t.Errorf("olderVersion(%q, %q) = %v", c.a, c.b, got)
		}
	}
}

func TestAnonymousPlaceholders(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, query, want string }{
		{"in order", "VALUES ($1, $2), ($3,$4)", "VALUES (?, ?), (?,?)"},
		{"more than nine", "($1$2$3$4$5$6$7$8$9$10)", "(??????????)"},
		{"out of order", "a = $2 AND b = $1", "a = $2 AND b = $1"},
		{"used twice", "a = $1 OR b = $1", "a = $1 OR b = $1"},
		{"none", "SELECT 1", "SELECT 1"},
		{"none left", "a = $", "a = $"},
	}
	for _, c := range cases {
		if got := anonymous(c.query); got != c.want {
			t.Errorf("%s: anonymous(%q) = %q", c.name, c.query, got)
		}
	}
}
