package sandbox_test

import (
	"testing"

	"github.com/attache-bot/attache/internal/sandbox"
)

func TestPostsOfAForum(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{Routes: unlimited()}})
	forum := b.channel("stories", sandbox.Forum)
	b.must(b.UpdateChannel(forum, func(c *sandbox.Channel) {
		c.Flags = 1 << 4
		c.AvailableTags = []sandbox.Tag{{ID: "11", Name: "Ceasefire"}, {ID: "12", Name: "Claimed"}, {ID: "13", Name: "Checked", Moderated: true}}
	}))
	open := func(tags string) reply {
		return b.call("POST", "/channels/"+forum+"/threads", `{"name":"Truce","applied_tags":[`+tags+`],"message":{"content":"first"}}`)
	}
	b.expect(open(""), 400, 40067)
	b.expect(open(`"99"`), 404, 10087)
	b.expect(open(`"13"`), 403, 50013)
	post, _ := open(`"11"`).json["id"].(string)
	change := func(body string) reply { return b.call("PATCH", "/channels/"+post, body) }
	b.expect(change(`{"applied_tags":["11","12"]}`), 200, 0)
	b.expect(change(`{"applied_tags":[]}`), 400, 40067)
	b.expect(change(`{"applied_tags":["11","13"]}`), 403, 50013)
	listed := func(path string) int { return len(b.call("GET", path, "").json["threads"].([]any)) }
	active, archived := "/guilds/"+b.guild+"/threads/active", "/channels/"+forum+"/threads/archived/public"
	if listed(active) != 1 || listed(archived) != 0 {
		t.Errorf("an open post is listed wrongly")
	}
	b.expect(change(`{"archived":true}`), 200, 0)
	if listed(active) != 0 || listed(archived) != 1 {
		t.Errorf("an archived post is listed wrongly")
	}
	b.expect(b.call("PATCH", "/channels/"+post+"/messages/"+post, `{"content":"new"}`), 400, 50083)
	b.expect(change(`{"name":"Truce holds"}`), 400, 50083)
	b.expect(change(`{"name":"Truce holds","archived":false}`), 200, 0)
	b.must(b.UpdateChannel(post, func(c *sandbox.Channel) { c.Thread.Locked = true }))
	b.expect(change(`{"name":"x"}`), 403, 50013)
	b.expect(b.call("PATCH", "/channels/"+forum, `{"name":"x"}`), 403, 50013)
}
