package app_test

import (
	"bytes"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/logging"
	"github.com/attache-bot/attache/internal/operator"
	"github.com/attache-bot/attache/internal/ops"
)

// asked lets operators ask the bot, at an address that was free a moment ago.
func asked(n *newsroom) {
	var lc net.ListenConfig
	l, err := lc.Listen(n.ctx, "tcp", "127.0.0.1:0")
	n.must(err)
	n.cfg.Listen = l.Addr().String()
	n.must(l.Close())
	n.levels = logging.New(slog.LevelInfo)
}

// TestMetricsFollowAnAlert posts one alert and reads of it in every step.
func TestMetricsFollowAnAlert(t *testing.T) {
	t.Parallel()
	n := open(t, asked)
	n.subscribe(options{"topic": "ceasefire"})
	n.outlets.publish("example-wire", item{title: truces[0]})
	n.alert(n.general, truces[0])
	wanted := []string{
		`attache_polls_total{result="changed"} `,
		"attache_reports_stored_total 1\n",
		`attache_matches_total{topic="ceasefire"} 1`,
		`attache_reports_placed_total{reason="new"} 1`,
		`attache_alert_decisions_total{verdict="first-of-story"} 1`,
		`attache_deliveries_total{outcome="sent",reason="none"} 1`,
		"attache_alert_delay_seconds_count 1\n",
		`attache_deliveries_open{state="waiting"} 0`,
		`attache_discord_requests_total{route="POST /channels/{channel_id}/messages",status="200"} 1`,
		`attache_gateway_shard_state{shard="0",state="ready"} 1`,
		`attache_feed_up{feed="1",source="example-wire"} 1`,
		`attache_feed_report_age_seconds{feed="1",source="example-wire"}`,
		`attache_feeds{state="ok"} 3`,
		`attache_store_errors_total{operation="write"} 0`,
		`attache_store_size_bytes{part="data"}`,
		`attache_loop_age_seconds{loop="place"}`,
		"attache_discord_identifies_left",
		"attache_build_info{",
		"go_goroutines",
	}
	var got string
	for n.ctx.Err() == nil { // the outcome is recorded a moment after the message
		if status := n.askBot(ops.MetricsPath, &got); status != http.StatusOK {
			t.Fatalf("status %d: %s", status, got)
		}
		if strings.Contains(got, "attache_alert_delay_seconds_count 1\n") && strings.Contains(got, `{outcome="sent",reason="none"} 1`) {
			break
		}
	}
	for _, w := range wanted {
		if !strings.Contains(got, w) {
			t.Errorf("%s is missing in\n%s", w, got)
		}
	}
	for _, secret := range []string{n.Token(), n.general, "http://"} {
		if strings.Contains(got, secret) {
			t.Errorf("%q is told", secret)
		}
	}
}

// TestOperatorsAskARunningBot uses the commands that talk to it.
func TestOperatorsAskARunningBot(t *testing.T) {
	t.Parallel()
	n := open(t, asked)
	say := func(do func(out *bytes.Buffer) error) string {
		t.Helper()
		var out bytes.Buffer
		n.must(do(&out))
		return out.String()
	}
	health := say(func(out *bytes.Buffer) error { return operator.Healthcheck(n.ctx, n.cfg, false, out) })
	if !regexp.MustCompile(`^ok: store schema \d+, discord ready, feeds polled\n$`).MatchString(health) {
		t.Errorf("healthcheck says %q", health)
	}
	alive := say(func(out *bytes.Buffer) error { return operator.Healthcheck(n.ctx, n.cfg, true, out) })
	if want := "ok: all 3 loops turn\n"; alive != want {
		t.Errorf("healthcheck --alive says %q, want %q", alive, want)
	}
	changed := say(func(out *bytes.Buffer) error {
		return operator.LogLevel(n.ctx, n.cfg, operator.LogLevelChange{Level: "debug", Component: "poller", For: time.Hour}, out)
	})
	if told := strings.Join(strings.Fields(changed), " "); !strings.Contains(told, "all info ") || !strings.Contains(told, " poller debug until ") {
		t.Errorf("loglevel says\n%s", changed)
	}
	n.must(n.waitLog("level=DEBUG msg=\"feed polled\" component=poller"))
	if strings.Contains(n.log.String(), "level=DEBUG msg=\"alert waits\"") {
		t.Error("another component logs more too")
	}
	back := say(func(out *bytes.Buffer) error {
		return operator.LogLevel(n.ctx, n.cfg, operator.LogLevelChange{Level: "configured"}, out)
	})
	if strings.Contains(back, "debug") {
		t.Errorf("not taken back:\n%s", back)
	}
	err := operator.LogLevel(n.ctx, n.cfg, operator.LogLevelChange{Level: "debug", Component: "pollr"}, &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), `the bot refuses: there is no such component as "pollr": choose one of app, `) {
		t.Errorf("a component that is not there: %v", err)
	}
}

// TestTraceBesideARunningBot follows a report by the link that readers got.
func TestTraceBesideARunningBot(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.subscribe(options{"topic": "ceasefire"})
	n.outlets.publish("example-wire", item{title: truces[0]})
	m := n.alert(n.general, truces[0])
	trace := func(what string) (string, error) {
		var out bytes.Buffer
		err := operator.Trace(n.ctx, operator.TraceOptions{Config: n.cfg, What: what, Logger: slog.New(slog.DiscardHandler)}, &out)
		return out.String(), err
	}
	var got string
	for n.ctx.Err() == nil && !strings.Contains(got, " sent after 1 try") { // it is recorded a moment after
		var err error
		got, err = trace(m.Embeds[0].URL + "?utm_source=discord")
		n.must(err)
	}
	for _, want := range []string{
		truces[0], "It raised an alert.", "of example-wire", "topic ceasefire", "opened story s",
		"decided for channel " + n.general + " of guild " + n.guild, "message " + m.ID,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	for what, want := range map[string]string{
		"https://example.org/nothing?utm_source=x": "no report with this link is stored, nor with https://example.org/nothing\n",
		"999": "there is no report 999", "s999": "there is no story s999", "-1": "is no link, no report and no story", "": "is no link",
	} {
		if _, err := trace(what); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", what, err)
		}
	}
}

// TestARestoredBackupPostsNothingAgain backs up a running bot, goes on, and goes
// back to the backup, as its help says: what the backup knows to be posted is not
// posted again.
func TestARestoredBackupPostsNothingAgain(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.subscribe(options{"topic": "ceasefire"})
	n.outlets.publish("example-wire", item{title: truces[0]})
	n.alert(n.general, truces[0])
	n.eventually("status", "1 alert in")
	file := filepath.Join(t.TempDir(), "backup.db")
	var out bytes.Buffer
	n.must(operator.Backup(n.ctx, operator.BackupOptions{Config: n.cfg, File: file, Logger: slog.New(slog.DiscardHandler)}, &out))
	if !strings.Contains(out.String(), "backup.db: sound, ") || !strings.Contains(out.String(), " 1 reports, 1 stories, 1 subscriptions, 1 deliveries") {
		t.Errorf("backup says %s", &out)
	}
	out.Reset()
	n.must(operator.Backup(n.ctx, operator.BackupOptions{Config: n.cfg, File: file, VerifyOnly: true, Logger: slog.New(slog.DiscardHandler)}, &out))
	n.must(n.stop())
	n.must(n.WaitOffline(n.ctx))
	for _, tail := range []string{"-wal", "-shm"} {
		if err := os.Remove(n.cfg.Store.Path + tail); !errors.Is(err, fs.ErrNotExist) {
			n.must(err)
		}
	}
	copied, err := os.ReadFile(file)
	n.must(err)
	n.must(os.WriteFile(n.cfg.Store.Path, copied, 0o600))
	n.start()
	n.settled()
	n.outlets.publish("example-wire", item{title: truces[1]})
	n.alert(n.general, truces[1])
	if diff := cmp.Diff([]string{truces[0], truces[1]}, n.alerts(n.general)); diff != "" {
		t.Errorf("alerts (-want +got):\n%s", diff)
	}
}
