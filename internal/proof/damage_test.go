//go:build unix

package proof

import (
	"bytes"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/store"
)

// files are those of an SQLite database, as a power cut leaves them.
type files map[string][]byte

// tails are what the names of a database's files end in.
var tails = []string{"", "-wal", "-shm"}

func readFiles(t *testing.T, path string) files {
	t.Helper()
	out := files{}
	for _, tail := range tails {
		b, err := os.ReadFile(path + tail)
		if err != nil {
			t.Fatal(err)
		}
		out[tail] = b
	}
	return out
}

// written makes a database of the files in a folder of its own.
func (f files) written(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "attache.db")
	for tail, b := range f {
		if err := os.WriteFile(path+tail, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// harms are the ways in which a file beside a database may be damaged.
var harms = []struct {
	name string
	do   func(b []byte) []byte
}{
	{"whole", func(b []byte) []byte { return b }},
	{"cut off", func(b []byte) []byte { return b[:rand.IntN(len(b))] }},
	{"a bit turned over", func(b []byte) []byte { b[rand.IntN(len(b))] ^= 1 << rand.IntN(8); return b }},
	{"a sector of zeroes", func(b []byte) []byte { zero(b, 512); return b }},
	{"a page of zeroes", func(b []byte) []byte { zero(b, 4096); return b }},
	{"noise", func(b []byte) []byte {
		for i := rand.IntN(len(b)); i < len(b); i++ {
			b[i] = byte(rand.Int())
		}
		return b
	}},
	{"a part that is there twice", func(b []byte) []byte {
		from, to := rand.IntN(len(b)), rand.IntN(len(b))
		copy(b[to:], bytes.Clone(b[from:]))
		return b
	}},
	{"empty", func([]byte) []byte { return nil }},
	{"zeroes", func(b []byte) []byte { clear(b); return b }},
}

// zero clears so many bytes somewhere.
func zero(b []byte, n int) {
	from := rand.IntN(len(b))
	clear(b[from:min(from+n, len(b))])
}

// lived runs the program until every channel has so many stories, and kills it.
func (w *world) lived(program string, stories int) {
	w.t.Helper()
	l, err := w.start(program, death{})
	w.must(err)
	w.p.stories = stories
	w.outlet.wanted = func(have int) int { return max(0, min(2, stories-have)) }
	w.told(make(chan struct{}))
	w.must(l.cmd.Process.Signal(syscall.SIGKILL))
	if err := <-l.ended; !l.signalled(syscall.SIGKILL) {
		w.t.Fatalf("%v: %v", errEnded, err)
	}
}

// move has the program use another database from now on.
func (w *world) move(path string) {
	w.t.Helper()
	w.p.store = func(*testing.T) string { return path }
	w.configure(w.site)
}

// recorded checks what a database tells of deliveries against what channels
// really have, and returns how many messages it knows. All says that it must know
// each of them, or that it was about to post it.
func (w *world) recorded(s *store.Store, all bool) (known int) {
	w.t.Helper()
	there := map[string]bool{}
	for _, c := range w.channels {
		for _, m := range w.Messages(c) {
			there[m.ID] = true
		}
	}
	deliveries, err := s.Deliveries(w.ctx, store.DeliveryQuery{})
	w.must(err)
	tried := 0
	for _, d := range deliveries {
		switch {
		case d.State == alert.Sent && !there[d.Message]:
			w.t.Errorf("delivery %d tells of message %s, which is not there", d.ID, d.Message)
		case d.State == alert.Sent:
			known++
		case d.State == alert.Sending, d.Doubt:
			tried++
		}
	}
	if all && known+tried < len(there) {
		w.t.Errorf("%d messages are there, %d are recorded and %d may be theirs: something was posted without a record", len(there), known, tried)
	}
	return known
}

// TestADamagedLogIsSurvived damages the write-ahead log of a program that was
// killed, and the index beside it, in every way. What opens is sound, tells no
// message that is not there, and is a state that the database once had. What would
// not be sound does not open: a program that was killed while it copied its log into
// the database leaves one that is whole only with that log.
func TestADamagedLogIsSurvived(t *testing.T) {
	t.Parallel()
	times := map[string]int{"short": 3 * len(harms), "medium": 200, "full": 1000}[*size]
	file, err := program()
	if err != nil {
		t.Fatalf("build the program: %v", err)
	}
	w := newWorld(t, plan{courses: 1, channels: 6}.troubled())
	w.lived(file, 8)
	left := readFiles(t, w.dsn)
	if len(left["-wal"]) == 0 {
		t.Fatal("there is no log to damage")
	}
	most := -1
	opened, refused := 0, 0
	for i := range times {
		h := harms[i%len(harms)]
		damaged := files{"": left[""], "-wal": bytes.Clone(left["-wal"]), "-shm": bytes.Clone(left["-shm"])}
		for _, tail := range [][]string{{"-wal"}, {"-shm"}, {"-wal", "-shm"}}[i/len(harms)%3] {
			damaged[tail] = h.do(damaged[tail])
		}
		path := damaged.written(t)
		s, err := keep(t, path)
		if err != nil {
			refused++
			if !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), path) {
				t.Errorf("%s: %v: does not say that the file is damaged", h.name, err)
			}
			continue
		}
		opened++
		known := w.recorded(s, i == 0)
		if i == 0 {
			most = known
		}
		if known > most {
			t.Errorf("%s: %d messages are known, of %d", h.name, known, most)
		}
		// A backup is checked page by page, and row by row against the original.
		if _, err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "copy.db"), store.BackupOptions{}); err != nil {
			t.Errorf("%s: %v", h.name, err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("%s: %v", h.name, err)
		}
	}
	t.Logf("%d damaged logs: %d opened, %d refused", times, opened, refused)
	if most < 0 {
		t.Error("the whole one did not open")
	}
	w.goOn(file, left)
}

// goOn runs the program with a database that has lost its second half, from which
// it posts nothing, and then with half a log: it goes on from one that has lost its
// end, may tell again what it has forgotten, and misses nothing.
func (w *world) goOn(file string, left files) {
	w.t.Helper()
	torn := bytes.Clone(left[""])
	clear(torn[len(torn)/2:])
	w.refused(file, files{"": torn})
	half := files{"": left[""], "-wal": left["-wal"][:len(left["-wal"])/2]}
	s, err := keep(w.t, half.written(w.t))
	if err != nil {
		w.refused(file, half) // it was being copied
		return
	}
	w.must(s.Close())
	before := w.count().deliveries
	w.move(half.written(w.t))
	w.lived(file, 12)
	y := w.count()
	w.t.Logf("with half a log %v", y)
	if y.missing > 0 || y.repeated > before {
		w.t.Errorf("%d may be repeated at most, and none missing", before)
	}
}

// refused runs the program with a damaged database: it says so, and posts nothing.
func (w *world) refused(file string, damaged files) {
	w.t.Helper()
	posted := func() (n int) {
		for _, c := range w.channels {
			n += len(w.Messages(c))
		}
		return n
	}
	before := posted()
	w.move(damaged.written(w.t))
	l, err := w.start(file, death{})
	w.must(err)
	if err := <-l.ended; err == nil || !strings.Contains(w.log.String(), "attache backup --verify") {
		w.t.Errorf("the program ended with %v, and said %s", err, w.log)
	}
	if n := posted(); n != before {
		w.t.Errorf("%d messages were posted from a damaged database", n-before)
	}
}

// keep opens a database as the bot does.
func keep(t *testing.T, path string) (*store.Store, error) {
	t.Helper()
	return store.Open(t.Context(), store.Options{DSN: path, Logger: slog.New(slog.DiscardHandler), Keep: true})
}

// TestARestoredBackupLosesNothing makes a backup beside the running program,
// which goes on for a while, is killed, and begins again with the backup.
func TestARestoredBackupLosesNothing(t *testing.T) {
	t.Parallel()
	const kept, lost, after = 4, 8, 14 // stories that were told by then
	file, err := program()
	if err != nil {
		t.Fatalf("build the program: %v", err)
	}
	w := newWorld(t, plan{courses: 1, channels: 6}.troubled())
	w.lived(file, kept)
	backup := filepath.Join(t.TempDir(), "backup.db")
	said, err := exec.CommandContext(t.Context(), file, "backup", "--config", w.file, backup).CombinedOutput() //nolint:gosec // the program that was built
	if err != nil {
		t.Fatalf("backup: %v\n%s", err, said)
	}
	if !strings.Contains(string(said), "sound") {
		t.Errorf("backup says %s", said)
	}
	w.lived(file, lost)
	w.move(backup)
	w.lived(file, after)
	y := w.count()
	t.Logf("with a backup that is %d stories old %v", lost-kept, y)
	if most := (lost - kept) * len(w.channels); y.missing > 0 || y.repeated > most {
		t.Errorf("%d may be repeated at most, which the backup does not know, and none missing", most)
	}
}
