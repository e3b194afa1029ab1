package proof

import (
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/attache-bot/attache/internal/store"
)

// smallDisk mounts a disk of its own for a database, where that is allowed.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("attache-proof", dir, "tmpfs", 0, "size=16m"); err != nil {
		t.Skipf("a disk that can be filled needs the right to mount one: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill leaves no room on a disk. It returns how to make room again.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{1 << 20, 1 << 10, 1} {
		for chunk := make([]byte, size); err == nil; {
			_, err = f.Write(chunk)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("the disk does not get full: %v", err)
		}
		err = nil
	}
	return func() {
		if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
			t.Error(err)
		}
	}
}

// TestAFullDiskLosesNothing fills the disk again and again while news come. The
// program goes on by itself once there is room.
func TestAFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	times := map[string]int{"short": 1, "medium": 10, "full": 50}[*size] // that it is in the way
	file, err := program()
	if err != nil {
		t.Fatalf("build the program: %v", err)
	}
	disk := smallDisk(t)
	w := newWorld(t, plan{courses: 1, channels: 6, store: func(*testing.T) string { return filepath.Join(disk, "attache.db") }}.troubled())
	var wanted atomic.Int64 // how many stories there are to be
	w.outlet.wanted = func(stories int) int { return max(0, int(wanted.Load())-stories) }
	refused := make(chan struct{})
	w.log.full = func() {
		select {
		case refused <- struct{}{}:
		default:
		}
	}
	l, err := w.start(file, death{})
	w.must(err)
	ended := make(chan struct{})
	go func() {
		err := <-l.ended
		if l.ended <- err; err != nil {
			t.Errorf("%v: %v", errEnded, err)
		}
		close(ended)
	}()
	_, asked := w.outlet.count()
	for range 2 { // it cannot begin on a disk that is full, and says so
		<-asked
		_, asked = w.outlet.count()
	}
	full := 0
	cycles := 0
	for ; full < times; cycles++ {
		stories := 2 * (cycles + 1)
		free := fill(t, disk)
		wanted.Add(2)
		// What the outlet tells can be kept while the database finds room in its
		// own files; then it says that it cannot.
		for waits := true; waits; {
			_, asked := w.outlet.count()
			select {
			case <-refused:
				full++
				waits = false
			case <-asked:
				waits = !w.everywhere(stories)
			case <-ended:
				t.Fatal(errEnded)
			}
		}
		free()
		w.p.stories = stories
		w.told(ended)
	}
	w.must(l.cmd.Process.Signal(syscall.SIGTERM))
	<-ended
	y := w.count()
	t.Logf("the disk was full %d times, and in the way %d times; %v", cycles, full, y)
	y.mustBeClean(t)
	// A backup is checked page by page, and row by row against the original.
	if _, err := w.store.Backup(t.Context(), filepath.Join(t.TempDir(), "copy.db"), store.BackupOptions{}); err != nil {
		t.Errorf("the database is damaged: %v", err)
	}
}
