package config

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// write puts text in a new file and returns its name.
func write(t *testing.T, name, text string, mode os.FileMode) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, mode); err != nil { // whatever the umask
		t.Fatal(err)
	}
	return file
}

func mustLoad(t *testing.T, s Sources) Loaded {
	t.Helper()
	l, err := Load(s)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return l
}

func TestNothingSetGivesTheDefaults(t *testing.T) {
	t.Parallel()
	got := mustLoad(t, Sources{File: write(t, "attache.yaml", "# nothing\n", 0o644)})
	if diff := cmp.Diff(Default(), got.Config, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}
	for _, s := range got.Settings {
		if s.Origin != "default" {
			t.Errorf("%s comes from %q", s.Key, s.Origin)
		}
	}
}

func TestTheDefaultsPassTheirOwnChecks(t *testing.T) {
	t.Parallel()
	c := Default()
	var flags []Flag
	for _, k := range keys() {
		if v := strings.Join(k.get(&c), ","); v != "" {
			flags = append(flags, Flag{Name: "--set", Key: k.name, Value: v})
		}
	}
	got := mustLoad(t, Sources{Flags: flags})
	if diff := cmp.Diff(Default(), got.Config, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}
}

func TestAFileSetsEverything(t *testing.T) {
	t.Parallel()
	file := write(t, "attache.yaml", `
discord: {token: `+canary+`, base_url: "http://127.0.0.1:9000/"}
store: {path: data/news.db}
poll:
  tick: 1s
  min_interval: 10s
  interval: 1m
  concurrency: 4
  per_host: 2
  host_gap: 3s
  max_interval: 2h
  user_agent: "attache-test (ops@example.org)"
  timeout: 5s
websub: {callback_url: "https://bot.example.org/hubs", listen: "127.0.0.1:8078"}
network:
  allow_private: [10.1.0.0/16, "fd00:1::/64"]
  allow_ports: [8080, 8443]
alerts: {max_age: 12h, late: 1h, keep: 3, edit_gap: 2m}
phrase: {address: "https://model.example.org/v1", model: "m:1", key: `+canary+`, timeout: 9s, per_minute: 3}
retention: {reports: 30d, servers: 20d, audit: 10d}
log: {level: debug, format: json}
feeds: {file: my.yaml, extra: [a.yaml, sub/b.yaml], own: 7}
topics: {dir: topics}
listen: off
`, 0o600)
	dir := filepath.Dir(file)
	want := Config{
		Discord: Discord{Token: NewSecret(canary), BaseURL: "http://127.0.0.1:9000"},
		Store:   Store{Path: filepath.Join(dir, "data/news.db")},
		Poll: Poll{
			Tick: time.Second, MinInterval: 10 * time.Second, Interval: time.Minute,
			MaxInterval: 2 * time.Hour, Concurrency: 4, PerHost: 2, HostGap: 3 * time.Second, UserAgent: "attache-test (ops@example.org)", Timeout: 5 * time.Second,
		},
		WebSub: WebSub{CallbackURL: "https://bot.example.org/hubs", Listen: "127.0.0.1:8078"},
		Network: Network{
			AllowPrivate: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00:1::/64")},
			AllowPorts:   []uint16{8080, 8443},
		},
		Alerts:    Alerts{MaxAge: 12 * time.Hour, Late: time.Hour, Keep: 3, EditGap: 2 * time.Minute},
		Phrase:    Phrase{Address: "https://model.example.org/v1", Model: "m:1", Key: NewSecret(canary), Timeout: 9 * time.Second, PerMinute: 3},
		Retention: Retention{Reports: 30 * day, Guilds: 20 * day, Changes: 10 * day},
		Log:       Log{Level: -4, Format: JSON},
		Feeds:     Feeds{File: filepath.Join(dir, "my.yaml"), Extra: []string{filepath.Join(dir, "a.yaml"), filepath.Join(dir, "sub/b.yaml")}, Own: 7},
		Topics:    Topics{Dir: filepath.Join(dir, "topics")},
	}
	got := mustLoad(t, Sources{File: file})
	if diff := cmp.Diff(want, got.Config, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}
}

func TestFlagsGoOverEnvironmentOverFile(t *testing.T) {
	t.Parallel()
	file := write(t, "attache.yaml", "poll:\n  tick: 1s\n  timeout: 3s\n  concurrency: 3\n", 0o644)
	got := mustLoad(t, Sources{
		File:    file,
		Environ: []string{"ATTACHE_POLL_TIMEOUT=4s", "ATTACHE_POLL_CONCURRENCY=4", "ATTACHE_POLL_PER_HOST=", "HOME=/"},
		Flags:   []Flag{{Name: "--set poll.concurrency", Key: "poll.concurrency", Value: "5"}},
	})
	p := got.Config.Poll
	if p.Tick != time.Second || p.Timeout != 4*time.Second || p.Concurrency != 5 || p.PerHost != 1 {
		t.Errorf("poll settings %+v", p)
	}
	want := map[string]string{
		"poll.tick": file + ":2", "poll.timeout": "ATTACHE_POLL_TIMEOUT",
		"poll.concurrency": "--set poll.concurrency", "poll.per_host": "default",
	}
	for _, s := range got.Settings {
		if w, ok := want[s.Key]; ok && s.Origin != w {
			t.Errorf("%s comes from %q, want %q", s.Key, s.Origin, w)
		}
	}
}

func TestListsInTheEnvironmentAreSeparatedByCommas(t *testing.T) {
	t.Parallel()
	got := mustLoad(t, Sources{Environ: []string{"ATTACHE_NETWORK_ALLOW_PORTS=8080, 8443,"}})
	if diff := cmp.Diff([]uint16{8080, 8443}, got.Config.Network.AllowPorts); diff != "" {
		t.Errorf("ports (-want +got):\n%s", diff)
	}
}

func TestMisspeltVariablesAreTold(t *testing.T) {
	t.Parallel()
	got := mustLoad(t, Sources{Environ: []string{"ATTACHE_POL_TICK=1s", "ATTACHE_PORT_8077_TCP_ADDR=10.0.0.1"}})
	want := []string{"ATTACHE_POL_TICK sets nothing: did you mean ATTACHE_POLL_TICK?"}
	if diff := cmp.Diff(want, got.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestErrorsNameLineKeyAndRemedy(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file string
		want       []string
	}{
		{"unknown key", "poll:\n  tik: 1s\n", []string{`:2: there is no setting "tik" in poll: did you mean tick?`}},
		{"unknown group", "polling: {}\n", []string{`:1: there is no setting "polling": use alerts, discord, feeds, listen, log, network, phrase, poll, retention, store, topics, websub`}},
		{"twice", "listen: off\nlisten: off\n", []string{":2: listen: is set twice: remove this one or line 1"}},
		{"no value", "poll:\n  tick:\n", []string{":2: poll.tick: has no value: give one, or remove the line"}},
		{"no unit", "poll:\n  tick: 5\n", []string{`:2: poll.tick: "5" is not a duration: write a number with its unit`}},
		{"too short", "poll:\n  tick: 10ms\n", []string{":2: poll.tick: 10ms is out of bounds: give a duration from 1s to 1m in whole seconds"}},
		{"broken seconds", "poll:\n  tick: 1500ms\n", []string{":2: poll.tick: 1500ms is not in whole seconds"}},
		{"number", "poll:\n  concurrency: many\n", []string{`:2: poll.concurrency: "many" cannot be used: give a number from 1 to 1024`}},
		{"number too large", "poll:\n  concurrency: 99999999999999999999\n", []string{":2: poll.concurrency: "}},
		{"choice", "log: {level: loud}\n", []string{`:1: log.level: "loud" is unknown: use debug, info, warn, error`}},
		{"a value for a group", "poll: 5s\n", []string{":1: poll: names with values are wanted here: use concurrency, host_gap, interval"}},
		{"a group for a value", "listen: {host: x}\n", []string{":1: listen: a plain value is wanted here"}},
		{"a list for a value", "listen: [a, b]\n", []string{":1: listen: one value is wanted, not a list"}},
		{"a list at the top", "- poll\n", []string{":1: names with values are wanted here"}},
		{"network with host bits", "network: {allow_private: [10.1.2.3/16]}\n", []string{`:1: network.allow_private: "10.1.2.3/16" has bits after its length: write 10.1.0.0/16`}},
		{"port", "network: {allow_ports: [70000]}\n", []string{`:1: network.allow_ports: "70000" is not a port`}},
		{"clear text to a stranger", "discord: {base_url: http://example.org}\n", []string{":1: discord.base_url: http would send the token in the clear: use https"}},
		{"password in an address", "discord: {base_url: \"https://a:b@example.org\"}\n", []string{":1: discord.base_url: the address holds a password"}},
		{"listen", "listen: 8077\n", []string{`:1: listen: "8077" is not an address to listen on: write host:port`}},
		{"tilde", "store: {path: ~/attache.db}\n", []string{":1: store.path: \"~/attache.db\" begins with ~"}},
		{"database options", "store: {path: \"a.db?mode=memory\"}\n", []string{":1: store.path: \"a.db?mode=memory\" is not a plain file name"}},
		{"user agent", "poll: {user_agent: \"a\\nb\"}\n", []string{":1: poll.user_agent: \"a\\nb\" cannot be sent"}},
		{"alias", "log: {format: &f text}\nlisten: *f\n", []string{":2: listen: is a YAML alias: write the value out"}},
		{"two documents", "listen: off\n---\nlisten: off\n", []string{"there is more than one document in the file"}},
		{"no YAML", "poll:\n\ttick: 1s\n", []string{":2: this is not YAML:"}},
		{"bounds of two settings", "poll:\n  min_interval: 10m\n", []string{":2: poll.min_interval: poll.interval (5m) is shorter than poll.min_interval (10m): lower poll.min_interval"}},
		{"days that are none", "retention:\n  reports: 9x\n", []string{`:2: retention.reports: "9x" is no number of days: write a number with its unit, such as 90d or 720h`}},
		{"too few days", "retention:\n  reports: 6d\n", []string{":2: retention.reports: 6d is out of bounds: give 7d to 3650d, in days or hours"}},
		{"too many days", "retention:\n  reports: 99999999999999d\n", []string{":2: retention.reports: 99999999999999d is out of bounds"}},
		{"days below zero", "retention:\n  reports: -9d\n", []string{":2: retention.reports: -9d is out of bounds"}},
		{"too few hours", "retention:\n  reports: 24h\n", []string{":2: retention.reports: 24h is out of bounds"}},
		{"bounds the wrong way round", "poll:\n  max_interval: 1m\n", []string{":2: poll.max_interval: poll.max_interval (1m) is shorter than poll.min_interval (2m): lower poll.min_interval"}},
		{"a model's address alone", "phrase: {address: \"https://model.example.org\"}\n", []string{":1: phrase.address: one of phrase.address and phrase.model is set without the other: set both"}},
		{"a model asked in the clear", "phrase: {address: \"http://model.example.org\"}\n", []string{":1: phrase.address: http would send the token in the clear"}},
		{"a callback address alone", "websub: {callback_url: \"https://bot.example.org\"}\n", []string{":1: websub.callback_url: one of websub.callback_url and websub.listen is set without the other: set both"}},
		{"a listening address alone", "websub: {listen: \"127.0.0.1:1\"}\n", []string{":1: websub.listen: one of"}},
		{"a callback in the clear", "websub: {callback_url: \"http://bot.example.org\"}\n", []string{":1: websub.callback_url: with http anyone on the way"}},
		{"a callback that ends in a slash", "websub: {callback_url: \"https://bot.example.org/\"}\n", []string{":1: websub.callback_url: the address holds a password, a query or a fragment, or ends in a slash"}},
		{"a callback that is no address", "websub: {callback_url: bot.example.org}\n", []string{`:1: websub.callback_url: "bot.example.org" is not a web address`}},
		{"late alerts", "alerts:\n  late: 7h\n", []string{":2: alerts.late: alerts.late (7h) is longer than alerts.max_age (6h)"}},
		{"everything at once", "poll:\n  tick: 5\n  tik: 1s\nlog: {level: loud}\n", []string{":2: poll.tick", ":3: there is", ":4: log.level"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file := write(t, "attache.yaml", tt.file, 0o644)
			_, err := Load(Sources{File: file})
			if err == nil {
				t.Fatal("no error")
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(tt.want) {
				t.Errorf("%d problems, want %d:\n%v", len(lines), len(tt.want), err)
			}
			for i, want := range tt.want {
				if i < len(lines) && !strings.Contains(lines[i], want) {
					t.Errorf("problem %d:\n got %s\nwant …%s", i+1, lines[i], want)
				}
				if i < len(lines) && !strings.HasPrefix(lines[i], file) {
					t.Errorf("problem %d does not begin with the file: %s", i+1, lines[i])
				}
			}
		})
	}
}

func TestErrorsOfFlagsAndEnvironmentNameThem(t *testing.T) {
	t.Parallel()
	_, err := Load(Sources{
		Environ: []string{"ATTACHE_LOG_LEVEL=loud"},
		Flags: []Flag{
			{Name: "--set poll.tik", Key: "poll.tik", Value: "1s"},
			{Name: "--set discord.token", Key: "discord.token", Value: canary},
			{Name: "--set store.path", Key: "store.path"},
			{Name: "--set feeds.extra", Key: "feeds.extra"},
		},
	})
	want := `ATTACHE_LOG_LEVEL: log.level: "loud" is unknown: use debug, info, warn, error
--set poll.tik: there is no setting "poll.tik": did you mean poll.tick?
--set discord.token: discord.token: a flag shows in the list of processes: set ATTACHE_TOKEN in the environment, or discord.token_file
--set store.path: store.path: has no value: write store.path=VALUE`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestAMissingFileIsTold(t *testing.T) {
	t.Parallel()
	_, err := Load(Sources{File: filepath.Join(t.TempDir(), "none.yaml")})
	var ps Problems
	if !errors.As(err, &ps) || !strings.Contains(err.Error(), "check --config") {
		t.Errorf("got %v", err)
	}
}

func TestTheTokenOfALaterPlaceReplacesTheTokenFileOfAnEarlier(t *testing.T) {
	t.Parallel()
	file := write(t, "attache.yaml", "discord: {token_file: token}\n", 0o644)
	got := mustLoad(t, Sources{File: file, Environ: []string{"ATTACHE_TOKEN=" + canary}}).Config.Discord
	if got.TokenFile != "" || got.Token.Reveal() != canary {
		t.Errorf("token file %q, token %v", got.TokenFile, got.Token)
	}
	_, err := Load(Sources{Environ: []string{"ATTACHE_TOKEN=" + canary, "ATTACHE_TOKEN_FILE=x"}})
	if err == nil || !strings.Contains(err.Error(), "keep one of the two") {
		t.Errorf("both at one place: %v", err)
	}
}

func TestNoErrorRepeatsTheToken(t *testing.T) {
	t.Parallel()
	open := write(t, "open.yaml", "discord: {token: "+canary+"}\n", 0o644)
	list := write(t, "list.yaml", "discord: {token: [a, "+canary+"]}\n", 0o600)
	for name, s := range map[string]Sources{
		"world-readable file": {File: open},
		"a list":              {File: list},
		"spaces":              {Environ: []string{"ATTACHE_TOKEN=two " + canary}},
		"a flag":              {Flags: []Flag{{Name: "--set", Key: "discord.token", Value: canary}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(s)
			if err == nil {
				t.Fatal("no error")
			}
			if strings.Contains(err.Error(), canary) {
				t.Errorf("the error shows the token: %v", err)
			}
			if !strings.Contains(err.Error(), "discord.token") {
				t.Errorf("the error does not name the setting: %v", err)
			}
		})
	}
}

func TestResolveToken(t *testing.T) {
	t.Parallel()
	t.Run("reads the file and drops the line end", func(t *testing.T) {
		t.Parallel()
		d := Discord{TokenFile: write(t, "token", canary+"\n", 0o600)}
		got, warnings, err := d.ResolveToken()
		if err != nil || got.Reveal() != canary || len(warnings) != 0 {
			t.Errorf("got %v, %v, %v", got, warnings, err)
		}
	})
	t.Run("warns when others can read the file", func(t *testing.T) {
		t.Parallel()
		d := Discord{TokenFile: write(t, "token", canary, 0o644)}
		_, warnings, err := d.ResolveToken()
		if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "chmod 600") {
			t.Errorf("got %v, %v", warnings, err)
		}
	})
	t.Run("says where to put the token when there is none", func(t *testing.T) {
		t.Parallel()
		_, _, err := Discord{}.ResolveToken()
		if !errors.Is(err, ErrNoToken) {
			t.Errorf("got %v", err)
		}
	})
	for name, text := range map[string]string{"empty": " \n", "two lines": canary + "\n" + canary, "far too long": strings.Repeat("x", 5000)} {
		t.Run("refuses a file that is "+name, func(t *testing.T) {
			t.Parallel()
			_, _, err := Discord{TokenFile: write(t, "token", text, 0o600)}.ResolveToken()
			if err == nil || strings.Contains(err.Error(), canary) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("poll:\n  tick: 1s\n", "ATTACHE_LOG_LEVEL=debug")
	f.Add("a: &a [*a]\n", "ATTACHE_=")
	f.Add("? {x: y}\n: 1\n", "=")
	f.Add("discord: {token: x}\n<<: {listen: off}", "ATTACHE_NETWORK_ALLOW_PORTS=,,1")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text, variable string) {
		file := filepath.Join(dir, "attache.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := Load(Sources{File: file, Environ: []string{variable}})
		var ps Problems
		if err != nil && !errors.As(err, &ps) {
			t.Fatalf("error of another kind: %T %v", err, err)
		}
		for _, p := range ps {
			if p.What == "" || strings.ContainsAny(p.Error(), "\n\r\x00") {
				t.Fatalf("problem that is not one clear line: %q", p.Error())
			}
		}
		if err == nil && len(l.Settings) != len(keys()) {
			t.Fatalf("%d settings", len(l.Settings))
		}
	})
}
