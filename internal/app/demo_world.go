package app

import (
	"errors"
	"strconv"

	"github.com/attache-bot/attache/internal/sandbox"
)

// worldMaker collects what goes wrong in the making of a world.
type worldMaker struct {
	s    *sandbox.Server
	errs []error
}

func (w *worldMaker) note(err error) {
	if err != nil {
		w.errs = append(w.errs, err)
	}
}

func (w *worldMaker) channel(guild, name, parent, topic string, kind sandbox.ChannelType) string {
	id, err := w.s.AddChannel(guild, name, kind)
	w.note(err)
	if parent != "" || topic != "" {
		w.note(w.s.UpdateChannel(id, func(c *sandbox.Channel) {
			if parent != "" {
				c.ParentID = &parent
			}
			if topic != "" {
				c.Topic = &topic
			}
		}))
	}
	return id
}

// forum gives a channel tags for its posts.
func (w *worldMaker) forum(id string, tags ...string) {
	w.note(w.s.UpdateChannel(id, func(c *sandbox.Channel) {
		for i, name := range tags {
			c.AvailableTags = append(c.AvailableTags, sandbox.Tag{ID: strconv.Itoa(i + 1), Name: name})
		}
	}))
}

func (w *worldMaker) role(guild string, r sandbox.Role) string {
	id, err := w.s.AddRole(guild, r)
	w.note(err)
	return id
}

// makeWorld makes two servers with enough in them to try each answer of the
// bot, also its refusals: channels of every kind, one that only moderators see
// and one in which the bot may not write; a manager, a reader and a
// stranger.
func (d *Demo) makeWorld() error {
	w := &worldMaker{s: d.Discord}
	const manages = sandbox.ManageGuild | sandbox.ManageChannels | sandbox.ManageMessages | sandbox.PinMessages
	mara, robin, noor := w.s.AddUser("Mara"), w.s.AddUser("Robin"), w.s.AddUser("Noor")

	d.Guild = w.s.AddGuild("Newsroom")
	alerts := w.channel(d.Guild, "Alerts", "", "", sandbox.Category)
	d.Truce = w.channel(d.Guild, "ceasefire-watch", alerts, "Ceasefires and strikes, as outlets report them", sandbox.Text)
	d.Strikes = w.channel(d.Guild, "strikes-and-talks", alerts, "Strikes and peace talks", sandbox.Text)
	w.channel(d.Guild, "bulletin", alerts, "An announcement channel: try /subscribe here", sandbox.Announcement)
	w.forum(w.channel(d.Guild, "developments", alerts, "One post for each story: try /subscribe here", sandbox.Forum), "Ceasefire", "Claimed", "Disputed", "Confirmed by the parties")
	w.forum(w.channel(d.Guild, "strike-map", alerts, "A media channel: posts with pictures", sandbox.Media), "Military strike", "Claimed")
	_, err := w.s.AddThread(d.Truce, "night shift")
	w.note(err)
	desk := w.channel(d.Guild, "Newsroom", "", "", sandbox.Category)
	general := w.channel(d.Guild, "general", desk, "", sandbox.Text)
	editors := w.channel(d.Guild, "editors", desk, "Only moderators see this channel", sandbox.Text)
	closed := w.channel(d.Guild, "no-bots", desk, "The bot may not write here: /subscribe says so", sandbox.Text)
	moderator := w.role(d.Guild, sandbox.Role{Name: "Moderator", Color: 0xC9A227, Permissions: manages})
	w.role(d.Guild, sandbox.Role{Name: "Watch desk", Color: 0x3BA55D, Mentionable: true})
	w.note(w.s.AddMember(d.Guild, mara, moderator))
	w.note(w.s.AddMember(d.Guild, robin))
	w.note(w.s.SetChannelPermissions(editors, d.Guild, 0, sandbox.ViewChannel))
	w.note(w.s.SetChannelPermissions(editors, moderator, sandbox.ViewChannel, 0))
	w.note(w.s.DenyBot(closed, sandbox.SendMessages))
	w.note(w.s.SetSystemChannel(d.Guild, general))
	_, err = w.s.Post(general, mara, "Welcome! The channels under **Alerts** fill as the outlets publish. Try `/recent` or `/search`.")
	w.note(err)

	relief := w.s.AddGuild("Relief Watch")
	lead := w.role(relief, sandbox.Role{Name: "Lead", Color: 0x3498DB, Permissions: manages})
	situation := w.channel(relief, "situation-room", "", "Nothing is subscribed yet: Robin can change that", sandbox.Text)
	w.note(w.s.SetSystemChannel(relief, situation))
	w.note(w.s.AddMember(relief, robin, lead))
	for _, person := range []string{robin, noor} {
		_, err = w.s.OpenDM(person)
		w.note(err)
	}
	return errors.Join(w.errs...)
}
