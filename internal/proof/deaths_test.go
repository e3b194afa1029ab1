package proof

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/subscription"
)

// mortal is a bot whose channels want their stories in all ways: at once, after
// quiet hours, so many an hour, in a digest, published, and kept up to date by
// edits. It dies again and again.
type mortal struct {
	*days
	mu sync.Mutex
	// lives counts its lives: what a dead one still has under way does not arrive.
	lives     int
	messages  []*said
	published map[string]int // by message
	lost      int            // answers
	// forgetful says that Discord ignores nonces, and one answer in loses is lost.
	forgetful bool
	loses     int
}

// said is a message in a channel, with its nonce.
type said struct {
	alert.Message
	id string
	at time.Time
}

// The channels, by what they want.
const (
	atOnce    = theChannel
	afterHush = "11"
	twoAnHour = "12"
	inDigest  = "13"
	onward    = "14"
)

func newMortal(t *testing.T) *mortal {
	t.Helper()
	m := &mortal{days: newDays(t, 2, 60), published: map[string]int{}, loses: 33}
	now := m.now()
	for _, s := range []subscription.Subscription{
		{Channel: afterHush},
		{Channel: twoAnHour, PerHour: 2},
		{Channel: inDigest, Way: subscription.Digest},
		{Channel: onward},
	} {
		s.Guild, s.Topic, s.CreatedBy, s.Created = "1", "ceasefire", "2", now
		_, err := m.store.Subscribe(t.Context(), s)
		m.must(err)
	}
	m.must(m.store.SetHours(t.Context(), "1", afterHush, quiet.Hours{From: 60, To: 5 * 60, Days: digest.Daily, Zone: time.UTC, Set: now}))
	_, err := m.store.AddDigest(t.Context(), digest.Digest{
		Guild: "1", Channel: inDigest, Topic: "ceasefire", Schedule: digest.Schedule{Days: digest.Daily, Minute: 8 * 60, Zone: time.UTC},
		Until: now, CreatedBy: "2", Created: now,
	})
	m.must(err)
	m.must(m.store.NoteKinds(t.Context(), "1", map[string]guild.ChannelKind{onward: guild.Announcement}))
	return m
}

func (m *mortal) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// voice is what one life says to Discord.
type voice struct {
	*mortal
	life int
}

// request takes a while to arrive, and its answer a while to come back. do is
// done once it has arrived, unless the life is over by then.
func (v voice) request(do func()) error {
	lost := &alert.SendError{Reason: alert.ReasonUncertain, Doubt: true, Err: errors.New("connection reset")}
	<-time.After(100 * time.Millisecond)
	v.mu.Lock()
	if v.lives != v.life {
		v.mu.Unlock()
		return lost
	}
	do()
	cut := rand.IntN(v.loses) == 0
	if cut {
		v.lost++
	}
	v.mu.Unlock()
	<-time.After(100 * time.Millisecond)
	if cut {
		return lost
	}
	return nil
}

// Post implements [alert.Sender].
func (v voice) Post(_ context.Context, m alert.Message) (id string, err error) {
	err = v.request(func() {
		for _, s := range v.messages {
			if !v.forgetful && s.Nonce == m.Nonce && time.Since(s.at) < 3*time.Minute {
				id = s.id
				return
			}
		}
		id = fmt.Sprint(len(v.messages) + 1)
		v.messages = append(v.messages, &said{m, id, time.Now()})
	})
	return id, err
}

// Find implements [alert.Sender].
func (v voice) Find(_ context.Context, m alert.Message, since time.Time) (id string, err error) {
	err = v.request(func() {
		for _, s := range v.messages {
			if s.Channel == m.Channel && s.Kind == m.Kind && s.Content.Headline == m.Content.Headline && !s.at.Before(since) {
				id = s.id
			}
		}
	})
	return id, err
}

// Edit implements [alert.Rewriter].
func (v voice) Edit(_ context.Context, id string, m alert.Message) error {
	return v.request(func() {
		for _, s := range v.messages {
			if s.id == id {
				s.Content = m.Content
			}
		}
	})
}

// Publish implements [alert.Announcer].
func (v voice) Publish(_ context.Context, _, message string) error {
	return v.request(func() { v.published[message]++ })
}

// live begins a life and returns how to end it, after which its database is left
// as it is at that moment.
func (m *mortal) live() (end func()) {
	m.t.Helper()
	m.mu.Lock()
	v := voice{m, m.lives}
	m.mu.Unlock()
	log := slog.New(slog.DiscardHandler)
	const lease, timeout = 30 * time.Second, 20 * time.Second
	deliver, err := alert.NewDeliverer(m.store, v, alert.Options{
		Install: "test", Workers: 8, Lease: lease, Timeout: timeout, Sweep: m.pace, Late: alert.DefaultLatePolicy(), Sole: true, Now: m.now, Logger: log,
	})
	m.must(err)
	edit, err := alert.NewEditor(m.store, v, alert.EditorOptions{Gap: time.Minute, Workers: 2, Lease: lease, Timeout: timeout, Sweep: m.pace, Now: m.now, Logger: log})
	m.must(err)
	publish, err := alert.NewPublisher(m.store, v, alert.PublisherOptions{Workers: 2, Lease: lease, Timeout: timeout, Sweep: m.pace, Now: m.now, Logger: log})
	m.must(err)
	_, err = m.store.ReleaseFeeds(m.t.Context())
	m.must(err)
	m.must(m.poller.Start(m.t.Context()))
	ctx, cancel := context.WithCancel(m.t.Context())
	var parts sync.WaitGroup
	for _, part := range []func(context.Context) error{deliver.Run, edit.Run, publish.Run} {
		parts.Go(func() {
			if err := part(ctx); err != nil && ctx.Err() == nil {
				m.t.Error(err)
			}
		})
	}
	digests := pipeline.Digests{Store: m.store, Topics: m.topics, Sources: m.sources, Now: m.now, Logger: log}
	wakes := pipeline.Wakes{Store: m.store, Topics: m.topics, Sources: m.sources, Now: m.now, Logger: log}
	parts.Go(func() {
		defer m.poller.Wait()
		tick := time.NewTicker(m.pace)
		defer tick.Stop()
		for {
			m.poller.Tick(ctx)
			_, placed := m.placer.Place(ctx)
			_, made := digests.Make(ctx)
			_, gathered := digests.Gather(ctx)
			_, woken := wakes.Make(ctx)
			if err := errors.Join(placed, made, gathered, woken); err != nil && ctx.Err() == nil {
				m.t.Error(err)
			}
			deliver.Wake()
			edit.Wake()
			publish.Wake()
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
	return func() { cancel(); parts.Wait() }
}

// die ends a life as kill -9 does, with requests under way, and begins the next
// one with what the files hold at that moment.
func (m *mortal) die(end func()) {
	m.t.Helper()
	synctest.Wait() // nothing is being written
	m.mu.Lock()
	m.lives++
	m.mu.Unlock()
	left := readFiles(m.t, m.path)
	end()
	m.must(m.store.Close())
	m.path = filepath.Join(m.t.TempDir(), "attache.db")
	for _, tail := range []string{"", "-wal"} {
		m.must(os.WriteFile(m.path+tail, left[tail], 0o600))
	}
	var err error
	m.store, err = store.Open(m.t.Context(), store.Options{DSN: m.path, Logger: slog.New(slog.DiscardHandler), Now: m.now})
	m.must(err)
	m.must(m.build())
}

// heard is how often a channel was told each story, in messages of its own and
// in summaries, and how many summaries tell by number only.
func (m *mortal) heard(channel string) (times map[int]int, more int, kinds map[alert.Kind]int) {
	times, kinds = map[int]int{}, map[alert.Kind]int{}
	for _, s := range m.messages {
		if s.Channel != channel {
			continue
		}
		kinds[s.Kind]++
		if s.Kind == alert.Post {
			times[storyOf(s.Content.Headline)]++
			continue
		}
		for _, it := range s.Content.Items {
			times[storyOf(it.Headline)]++
		}
		more += s.Content.More
	}
	return times, more, kinds
}

// age has so many hours pass, with stories that two outlets tell and with deaths
// at any moment. It returns how many there were of each.
func (m *mortal) age(hours int) (stories, deaths int) {
	m.t.Helper()
	end := m.live()
	<-time.After(20 * time.Minute) // the first import
	began := time.Now()
	for over := began.Add(time.Duration(hours) * time.Hour); time.Now().Before(over); {
		// Seven stories in two hours, and none in the last three hours.
		if n := int(time.Since(began) / (17 * time.Minute)); n >= stories && time.Until(over) > 3*time.Hour {
			m.papers[m.urls[stories%2]].publish(stories, time.Now())
			if stories > 0 { // the one before comes from the other outlet too
				m.papers[m.urls[stories%2]].publish(stories-1, time.Now())
			}
			stories++
		}
		<-time.After(time.Duration(rand.Int64N(int64(time.Minute))) + 4*time.Minute)
		if rand.IntN(6) == 0 {
			m.die(end)
			end = m.live()
			deaths++
		}
	}
	end()
	return stories, deaths
}

// TestDaysOfDeaths lets the bot die every half an hour or so, at any moment, for a
// day or several: each channel is told each story once, in the way it wants it.
func TestDaysOfDeaths(t *testing.T) {
	t.Parallel()
	hours := map[string]int{"short": 9, "medium": 33, "full": 24*10 + 9}[*size]
	synctest.Test(t, func(t *testing.T) {
		m := newMortal(t)
		m.pace = 2 * time.Minute
		stories, deaths := m.age(hours)
		for _, c := range []string{atOnce, afterHush, twoAnHour, inDigest, onward} {
			times, more, kinds := m.heard(c)
			t.Logf("channel %s: %d stories named, %d by number, in %v", c, len(times), more, kinds)
			for n := range stories {
				if times[n] > 1 {
					t.Errorf("channel %s: story %d is told %d times", c, n, times[n])
				}
			}
			if len(times)+more != stories {
				t.Errorf("channel %s: %d stories and %d by number, of %d", c, len(times), more, stories)
			}
		}
		edited := 0
		for _, s := range m.messages {
			if s.Channel == atOnce && s.Content.Repeats > 0 {
				edited++
			}
			if s.Channel == onward && s.Kind == alert.Post && m.published[s.id] == 0 {
				t.Errorf("message %s is not published", s.id)
			}
		}
		t.Logf("%d deaths, %d answers lost, %d stories, %d messages, %d of channel %s edited", deaths, m.lost, stories, len(m.messages), edited, atOnce)
		if edited != stories-1 { // the last one has one outlet
			t.Errorf("%d of %d messages tell that another outlet has it too", edited, stories-1)
		}
	})
}

// TestTheCountOfDaysSeesWhatIsRepeated is the control: Discord ignores nonces, and
// loses every third answer.
func TestTheCountOfDaysSeesWhatIsRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMortal(t)
		m.pace, m.forgetful, m.loses = 2*time.Minute, true, 3
		m.age(6)
		repeated := 0
		times, _, _ := m.heard(atOnce)
		for _, n := range times {
			repeated += n - 1
		}
		if repeated == 0 {
			t.Errorf("none of %d stories is told twice", len(times))
		}
	})
}
