package bot

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/sandbox/contract"
	"github.com/attache-bot/attache/internal/sharedtest"
	"github.com/attache-bot/attache/internal/story"
)

// posts are the posts of a forum, oldest first, each with its messages.
func (e *edge) posts(forum string) (out []sandbox.Channel, said [][]*sandbox.Message) {
	out = e.Threads(forum)
	for _, c := range out {
		said = append(said, e.Messages(c.ID))
	}
	return out, said
}

// isPost reports whether a request opens a post.
func isPost(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/threads")
}

// byContract holds every request against Discord's OpenAPI file, where that is.
func byContract(t *testing.T) func(sandbox.Exchange) {
	t.Helper()
	path, ok := sharedtest.Find(t, "discord", "openapi.json")
	if !ok {
		return nil
	}
	c, err := contract.Load(path)
	must(t, err)
	return c.Watch(func(err error) { t.Error(err) })
}

func TestAlertsInAForumArePosts(t *testing.T) {
	t.Parallel()
	watch := byContract(t)
	synctest.Test(t, func(t *testing.T) {
		e := newEdge(t, 1, 0)
		ctx, forum := t.Context(), e.place(sandbox.Forum, guild.Forum)
		must(t, e.UpdateChannel(forum, func(c *sandbox.Channel) {
			c.Flags = flagRequireTag
			c.AvailableTags = []sandbox.Tag{{ID: "11", Name: "ceasefire"}, {ID: "12", Name: "Claimed"}, {ID: "13", Name: "Confirmed"}}
		}))
		e.observe = watch
		m := alert.Message{
			Guild: e.guilds[0], Channel: forum, In: guild.Forum, Kind: alert.Post, Form: alert.Full, Nonce: "a",
			Content: alert.Content{Headline: "Trump says Putin agreed to a pause", Topics: []alert.Topic{{ID: "ceasefire", Title: "Ceasefire"}}, Living: alert.Living{Standing: story.Claimed}},
		}
		began := time.Now()
		id, err := e.sender.Post(ctx, m)
		must(t, err)
		reply := news(forum, id, "b", story.Confirmed)
		reply.Guild, reply.In = m.Guild, guild.Forum
		answer, err := e.sender.Post(ctx, reply)
		must(t, err)
		m.Content.Standing = story.Confirmed
		must(t, e.sender.Edit(ctx, id, m))
		posts, said := e.posts(forum)
		if len(posts) != 1 || posts[0].ID != id || posts[0].Name != m.Content.Headline || len(said[0]) != 2 || said[0][1].ID != answer {
			t.Fatalf("the forum has %d posts: %+v", len(posts), posts)
		}
		if got := posts[0].AppliedTags; !slices.Equal(got, []string{"11", "13"}) {
			t.Errorf("its tags are %v", got)
		}
		for what, want := range map[*alert.Message]string{&m: id, &reply: answer} {
			if found, err := e.sender.Find(ctx, *what, began); found != want || err != nil {
				t.Errorf("found %q, %v; want %s", found, err, want)
			}
		}
		// Somebody archives it, where it is found, and deletes it, so that there is
		// nothing to reply to.
		must(t, e.UpdateChannel(id, func(c *sandbox.Channel) { c.Thread.Archived = true }))
		if found, err := e.sender.Find(ctx, m, began); found != id || err != nil {
			t.Errorf("found %q, %v among archived posts; want %s", found, err, id)
		}
		must(t, e.DeleteChannel(id))
		_, err = e.sender.Post(ctx, reply)
		var se *alert.SendError
		if !errors.As(err, &se) || se.Reason != alert.ReasonNoFirst {
			t.Errorf("a reply to a deleted post: %v", err)
		}
		if found, err := e.sender.Find(ctx, m, began); found != "" || err != nil {
			t.Errorf("found %q, %v after it was deleted", found, err)
		}
	})
}

// A post has no nonce. One whose answer was lost is looked for instead, so that
// it is neither missing nor there twice.
func TestAPostWhoseAnswerIsLostIsNotRepeated(t *testing.T) {
	t.Parallel()
	for name, taken := range map[string]bool{"Discord has taken it": true, "Discord has not": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				e := newEdge(t, 1, 0)
				forum := e.place(sandbox.Forum, guild.Forum)
				e.owe(3)
				tries := 0
				e.setFate(func(_ int, r *http.Request) (*http.Response, bool, error) {
					if !isPost(r) {
						return nil, true, nil
					}
					if tries++; tries%2 == 1 {
						return nil, taken, errors.New("connection reset")
					}
					return nil, true, nil
				})
				e.deliver(5 * time.Minute)
				posts, _ := e.posts(forum)
				var names []string
				for _, p := range posts {
					names = append(names, p.Name)
				}
				if !slices.Equal(names, []string{"Story 1", "Story 2", "Story 3"}) {
					t.Errorf("the forum has %q", names)
				}
			})
		})
	}
}

func TestAForumThatAsksForATagThatIsNotThereIsNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := newEdge(t, 1, 0)
		forum := e.place(sandbox.Forum, guild.Forum)
		must(t, e.UpdateChannel(forum, func(c *sandbox.Channel) {
			c.Flags, c.AvailableTags = flagRequireTag, []sandbox.Tag{{ID: "11", Name: "Sport"}}
		}))
		e.owe(1)
		e.deliver(time.Minute)
		blocked, err := e.store.Blocked(t.Context(), e.guilds[0])
		must(t, err)
		if len(blocked) != 1 || blocked[0].Reason != string(alert.ReasonTagRequired) {
			t.Fatalf("blocked: %+v", blocked)
		}
		must(t, e.UpdateChannel(forum, func(c *sandbox.Channel) {
			c.AvailableTags = append(c.AvailableTags, sandbox.Tag{ID: "12", Name: "Ceasefire"})
		}))
		must(t, e.store.UnblockGuild(t.Context(), e.guilds[0])) // as the event does
		e.deliver(time.Minute)
		if posts, _ := e.posts(forum); len(posts) != 1 || !slices.Equal(posts[0].AppliedTags, []string{"12"}) {
			t.Errorf("the forum has %+v", posts)
		}
	})
}
