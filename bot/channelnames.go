package bot

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/rest"
)

const (
	// namesWithin is how long people wait for channels' names: choices are answered
	// without those that are not there by then.
	namesWithin = time.Second
	// namedFor is for how long it is remembered what a channel is called, or that it
	// cannot be told.
	namedFor = 5 * time.Minute
	// maxNamed bounds how many are remembered.
	maxNamed = 10_000
)

// channelNames remembers for a while what channels are called. Discord is asked, since
// names of all channels of all guilds would be much to keep for the few that are shown.
type channelNames struct {
	rest  *rest.Client
	now   func() time.Time
	mu    sync.Mutex
	known map[string]named
}

// named is a channel's name, "" where it cannot be told, and when it was read.
type named struct {
	name string
	read time.Time
}

// Names implements [desk.Names].
func (n *channelNames) Names(ctx context.Context, channels ...string) map[string]string {
	ctx, cancel := context.WithTimeout(ctx, namesWithin)
	defer cancel()
	var asking sync.WaitGroup
	wanted := make(map[string]bool, len(channels))
	for _, id := range channels {
		if wanted[id] || !message.Snowflake(id) {
			continue
		}
		wanted[id] = true
		if _, ok := n.remembered(id); !ok {
			asking.Go(func() { n.ask(ctx, id) })
		}
	}
	asking.Wait()
	out := make(map[string]string, len(wanted))
	for id := range wanted {
		if name, _ := n.remembered(id); name != "" {
			out[id] = name
		}
	}
	return out
}

func (n *channelNames) remembered(id string) (string, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	known, ok := n.known[id]
	age := n.now().Sub(known.read)
	return known.name, ok && age >= 0 && age < namedFor
}

// ask asks Discord for a channel's name. One that it does not tell is not asked for
// again soon either, since each refusal counts.
func (n *channelNames) ask(ctx context.Context, id string) {
	var v struct {
		Name string `json:"name"`
	}
	err := n.rest.Do(ctx, http.MethodGet, "/channels/"+id, nil, &v)
	if err != nil && ctx.Err() != nil {
		return // it was late, or the bot stops
	}
	if err != nil {
		v.Name = ""
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil || len(n.known) >= maxNamed {
		n.known = make(map[string]named)
	}
	n.known[id] = named{v.Name, n.now()}
}
