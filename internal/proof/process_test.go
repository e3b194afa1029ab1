//go:build unix

package proof

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/attache-bot/attache/internal/crashpoint"
)

// built is where the program was built, if it was.
var built atomic.Value

// program builds the program once for all tests; removeProgram removes it.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "attache-proof-")
	built.Store(dir)
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "attache")
	c := exec.Command("go", "build", "-tags", "crashpoints", "-o", file, "github.com/attache-bot/attache/cmd/attache")
	if out, err := c.CombinedOutput(); err != nil {
		return "", errors.Join(err, errors.New(string(out)), os.RemoveAll(dir))
	}
	return file, nil
})

func removeProgram() {
	if dir, ok := built.Load().(string); ok && dir != "" {
		_ = os.RemoveAll(dir)
	}
}

// death is how a process ends: at the so-manieth time that it comes to a point,
// or at none, and then at a random moment.
type death struct {
	point crashpoint.Point
	times int
}

// deaths are those that are still to be died, and those that were.
type deaths struct {
	mu       sync.Mutex
	waiting  []death
	underWay int
	died     map[bool]int // by whether it was at a point
}

// newDeaths mixes the points among the random moments. No point is followed by
// itself: a feed whose reading ends the program twice in a row is set aside.
func newDeaths(p plan) *deaths {
	d := &deaths{died: map[bool]int{}}
	points := crashpoint.Points()
	for i := range p.points * len(points) {
		x := death{points[i%len(points)], 1 + (p.turn+i/len(points))%3}
		if x.point == crashpoint.StoreOpened || x.point == crashpoint.Stopping {
			x.times = 1 // which a process does once
		}
		d.waiting = append(d.waiting, x)
	}
	for range p.random {
		i := rand.IntN(len(d.waiting) + 1)
		d.waiting = append(d.waiting[:i], append([]death{{}}, d.waiting[i:]...)...)
	}
	return d
}

// next takes a death, or says that none is left.
func (d *deaths) next() (death, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.waiting) == 0 {
		return death{}, false
	}
	out := d.waiting[0]
	d.waiting = d.waiting[1:]
	d.underWay++
	return out, true
}

func (d *deaths) done(x death) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.underWay--
	d.died[x.point != ""]++
}

func (d *deaths) over() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.waiting) == 0 && d.underWay == 0
}

func (d *deaths) count(named bool) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.died[named]
}

// journal keeps the end of what is written to it.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
	// full, if set, is told of each line that says that a disk is full.
	full func()
}

const journalSize = 64 << 10

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.text.Write(p)
	if j.full != nil && bytes.Contains(p, []byte("disk is full")) {
		j.full()
	}
	if over := j.text.Len() - journalSize; over > 0 {
		j.text.Next(over)
	}
	return len(p), nil
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// life is one process.
type life struct {
	cmd   *exec.Cmd
	ended chan error
}

func (w *world) start(file string, x death) (*life, error) {
	c := exec.CommandContext(w.ctx, file, "run", "--config", w.file) //nolint:gosec // the program that was built
	c.Env = append(os.Environ(), "ATTACHE_TOKEN="+w.Token())
	if x.point != "" {
		c.Env = append(c.Env, fmt.Sprintf("ATTACHE_CRASHPOINT=%s:%d", x.point, x.times))
	}
	c.Stderr = w.log
	if err := c.Start(); err != nil {
		return nil, err
	}
	l := &life{cmd: c, ended: make(chan error, 1)}
	go func() { l.ended <- c.Wait() }()
	return l, nil
}

var errEnded = errors.New("the program ended by itself")

// live runs one process after the other until no death is left, and then one
// that is told to end when it is enough. While others are still to die, that one
// makes room for another now and then: what only one process has at a time would
// else never come to those who are to die at it.
func (w *world) live(file string, enough <-chan struct{}) error {
	for {
		x, ok := w.deaths.next()
		if !ok {
			break
		}
		if err := w.die(file, x); err != nil {
			return fmt.Errorf("death %v: %w", x, err)
		}
		w.deaths.done(x)
	}
	for !w.deaths.over() {
		room := time.NewTimer(w.p.life + rand.N(w.p.life))
		err := w.serve(file, enough, room.C)
		room.Stop()
		if err != nil {
			return err
		}
	}
	return w.serve(file, enough, nil)
}

// serve runs a process until it is enough, or until it is to make room.
func (w *world) serve(file string, enough <-chan struct{}, room <-chan time.Time) error {
	l, err := w.start(file, death{})
	if err != nil {
		return err
	}
	select {
	case err := <-l.ended:
		return errors.Join(errEnded, err)
	case <-enough:
	case <-room:
	}
	if err := l.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err = <-l.ended
	if l.signalled(syscall.SIGTERM) {
		return nil // before it listened
	}
	return err
}

// signalled says that a signal ended the process.
func (l *life) signalled(sig syscall.Signal) bool {
	status, ok := l.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == sig
}

// begun waits, every other time, until the outlet is asked for news: on a busy
// machine a process would else be ended before it does anything.
func (w *world) begun(l *life) error {
	if rand.IntN(2) == 0 {
		return nil
	}
	_, asked := w.outlet.count()
	select {
	case <-asked:
		return nil
	case err := <-l.ended:
		return errors.Join(errEnded, err)
	}
}

// die starts a process and waits for its death, or brings it.
func (w *world) die(file string, x death) error {
	l, err := w.start(file, x)
	if err != nil {
		return err
	}
	if x.point == "" || x.point == crashpoint.Stopping {
		if err := w.begun(l); err != nil {
			return err
		}
		moment := time.NewTimer(rand.N(w.p.life))
		defer moment.Stop()
		select {
		case err := <-l.ended:
			return errors.Join(errEnded, err)
		case <-moment.C:
		}
		sig := syscall.SIGKILL
		if x.point != "" {
			sig = syscall.SIGTERM
		}
		if err := l.cmd.Process.Signal(sig); err != nil {
			return err
		}
	}
	err = <-l.ended
	switch {
	case l.signalled(syscall.SIGKILL):
		return nil
	case x.point == crashpoint.Stopping && (err == nil || l.signalled(syscall.SIGTERM)):
		return nil // it was told before it had begun, or before it listened
	}
	return errors.Join(errEnded, err)
}
