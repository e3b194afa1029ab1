package config

import (
	"fmt"
	"strings"
	"testing"
)

func TestStoreIsAFileOrAServer(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, value, dsn, shown string }{
		{"a file", "news.db", "news.db", "news.db"},
		{"a server", "postgres://db/attache", "postgres://db/attache", "postgres://db/attache"},
		{"the other name of its scheme", "postgresql://db/attache", "postgresql://db/attache", "postgresql://db/attache"},
		{
			"a password", "postgres://bot:" + canary + "@db:5432/attache?sslmode=require", "postgres://bot:" + canary + "@db:5432/attache?sslmode=require",
			"postgres://bot@db:5432/attache",
		},
		{"one among the options", "postgres://db/attache?password=" + canary, "postgres://db/attache?password=" + canary, "postgres://db/attache"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l, err := Load(Sources{Environ: []string{"ATTACHE_STORE_PATH=" + tt.value}})
			if err != nil {
				t.Fatal(err)
			}
			if got := l.Config.Store.DSN().Reveal(); got != tt.dsn {
				t.Errorf("opened by %q, want %q", got, tt.dsn)
			}
			if got := l.Config.Store.Name(); got != tt.shown {
				t.Errorf("named %q, want %q", got, tt.shown)
			}
			for _, s := range l.Settings {
				if s.Key == "store.path" && s.Value != tt.shown {
					t.Errorf("setting shown as %q, want %q", s.Value, tt.shown)
				}
			}
			if all := fmt.Sprintf("%v %+v %#v", l, l, l); strings.Contains(all, canary) {
				t.Errorf("the configuration shows the password: %s", all)
			}
		})
	}
	t.Run("the later place goes over the earlier one", func(t *testing.T) {
		t.Parallel()
		l, err := Load(Sources{
			Environ: []string{"ATTACHE_STORE_PATH=postgres://db/attache"},
			Flags:   []Flag{{Name: "--set store.path", Key: "store.path", Value: "news.db"}},
		})
		if err != nil || l.Config.Store != (Store{Path: "news.db"}) {
			t.Errorf("store %+v, error %v", l.Config.Store, err)
		}
	})
	t.Run("an address in a file is no file name", func(t *testing.T) {
		t.Parallel()
		l, err := Load(Sources{File: write(t, "attache.yaml", "store: {path: \"postgres://bot@db/attache\"}\n", 0o644)})
		if err != nil || l.Config.Store.Name() != "postgres://bot@db/attache" {
			t.Errorf("store %q, error %v", l.Config.Store.Name(), err)
		}
	})
}

func TestStorePasswordIsRefusedWhereOthersSeeIt(t *testing.T) {
	t.Parallel()
	address := "postgres://bot:" + canary + "@db/attache"
	tests := map[string]struct {
		from Sources
		want string
	}{
		"a flag": {Sources{Flags: []Flag{{Name: "--set store.path", Key: "store.path", Value: address}}}, "set ATTACHE_STORE_PATH in the environment"},
		"an open file": {
			Sources{File: write(t, "open.yaml", "store: {path: \""+address+"\"}\n", 0o644)},
			"others on this machine can read this file, and the password with it",
		},
		"no host's form": {Sources{Environ: []string{"ATTACHE_STORE_PATH=postgres://bot:" + canary + "%zz@db/attache"}}, "not the address of a PostgreSQL database"},
		"no database":    {Sources{Environ: []string{"ATTACHE_STORE_PATH=postgres://bot:" + canary + "@db"}}, "not the address of a PostgreSQL database"},
		"another engine": {Sources{Environ: []string{"ATTACHE_STORE_PATH=mysql://bot:" + canary + "@db/attache"}}, `"mysql://" is no kind of store`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(tt.from)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), canary) {
				t.Errorf("got error %v, want it to say %q", err, tt.want)
			}
		})
	}
	t.Run("a file of one's own is fine", func(t *testing.T) {
		t.Parallel()
		l, err := Load(Sources{File: write(t, "own.yaml", "store: {path: \""+address+"\"}\n", 0o600)})
		if err != nil || l.Config.Store.DSN().Reveal() != address {
			t.Errorf("error %v", err)
		}
	})
}
