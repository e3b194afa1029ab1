package feed

import (
	"math"
	"time"
)

// Tempo is how often a feed brings something new, as its polls saw it.
type Tempo struct {
	// Gap is the usual time between two polls that brought something new: the
	// geometric mean with weights that fall by polls. A mean of logarithms, since
	// gaps span minutes in a crisis and half a day at night, and one night must
	// not slow down the next morning.
	Gap time.Duration
	// Changes is how many gaps it is made of, up to [tempoKnown]; Changed when
	// the last one ended.
	Changes int
	Changed time.Time
}

const (
	// tempoWeight is the weight of the latest gap.
	tempoWeight = 0.3
	// tempoKnown is from how many gaps on the tempo counts.
	tempoKnown = 3
	// tempoShare is how many polls are made in a usual gap: something new then
	// waits a sixteenth of the gap on average.
	tempoShare = 8
)

func (t Tempo) known() bool { return t.Changes >= tempoKnown }

// after is the tempo once a poll at now found something new or not.
func (t Tempo) after(now time.Time, news bool) Tempo {
	if !news {
		return t
	}
	gap := now.Sub(t.Changed)
	switch {
	case t.Changed.IsZero() || gap <= 0: // the first reading, or a clock that went back
	case t.Changes == 0:
		t.Gap, t.Changes = gap, 1
	default:
		t.Gap, t.Changes = blend(t.Gap, gap), min(t.Changes+1, tempoKnown)
	}
	t.Changed = now
	return t
}

// interval is how often the feed is worth asking at now. A silence that lasts
// longer than usual slows it down as if it ended now.
func (t Tempo) interval(now time.Time) time.Duration {
	gap := t.Gap
	if silence := now.Sub(t.Changed); silence > gap {
		gap = blend(gap, silence)
	}
	return gap / tempoShare
}

// blend is the geometric mean of a usual gap and the latest one.
func blend(usual, latest time.Duration) time.Duration {
	mean := (1-tempoWeight)*math.Log(float64(max(usual, 1))) + tempoWeight*math.Log(float64(max(latest, 1)))
	return time.Duration(math.Exp(mean))
}
