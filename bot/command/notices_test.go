package command_test

import (
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
)

// TestNotices chooses where moderators are told, and compares what people read,
// the notices too, with testdata/notices.txtar.
func TestNotices(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := newScript(t)
	s.say(b,
		scene{"where notices go at first", use("notices")},
		scene{"in a channel", use("notices", into(newsID))},
		scene{"still there", use("notices")},
		scene{"in a channel of another server", use("notices", into(foreignCh, with("guild_id", foreignID)))},
		scene{"in a channel where I may not post", use("notices", into(newsID, with("app_permissions", reader)))},
		scene{"without the permission", use("notices", into(newsID), as(writer))},
		scene{"nowhere", use("notices", option("off", 5, true))},
	)
	note := func(name, text string) {
		s.Files = append(s.Files, txtar.File{Name: name, Data: []byte(text + "\n")})
	}
	for _, n := range []alert.NoticeContent{
		{Kind: guild.ChannelBlocked, Subject: newsID, Reason: string(alert.ReasonNoAccess), Since: now},
		{Kind: guild.ChannelBlocked, Subject: goneID, Reason: string(alert.ReasonNoChannel), Since: now},
		{Kind: guild.ChannelBlocked, Subject: forumID, Reason: string(alert.ReasonTagRequired), Since: now},
		{Kind: guild.ChannelBlocked, Subject: lockedID, Reason: string(alert.ReasonWrongChannel), Since: now},
		{Kind: guild.ContentRefused, Subject: newsID, Reason: string(alert.ReasonRefused), Since: now},
		{Kind: guild.RoleGone, Subject: newsID, Reason: "deleted", Since: now},
		{Kind: guild.FeedFails, Subject: "7", Name: "https://own.example/feed?key=secret", Reason: "server-error", Since: now},
		{Kind: guild.FeedFails, Subject: "7", Name: "**Own** @everyone", Since: now, Mended: true},
		{Kind: guild.ChannelBlocked, Subject: newsID, Mended: true},
	} {
		m := alert.Message{Kind: alert.Notice, Content: alert.Content{Notice: &n}}
		p := message.Alert(m, nil)
		if len(p.AllowedMentions.Roles) > 0 || len(p.Embeds) > 0 {
			t.Errorf("a notice is more than text: %+v", p)
		}
		note("a notice", p.Content)
	}
	note("the name of a notice in a forum", message.PostName(alert.Message{Kind: alert.Notice}))
	note("the name of a catch-up line in one", message.PostName(alert.Message{Kind: alert.CatchUp}))
	compare(t, "testdata/notices.txtar", &s.Archive)
}
