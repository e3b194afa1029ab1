package guild

import "time"

// TroubleKind says what does not work.
type TroubleKind string

// The kinds of trouble.
const (
	// ChannelBlocked: Discord takes no message for a channel, which is the subject.
	ChannelBlocked TroubleKind = "channel"
	// ContentRefused: Discord refuses what alerts say in a channel, which is the
	// subject.
	ContentRefused TroubleKind = "refused"
	// FeedFails: a feed of the guild's own cannot be read; its number is the
	// subject.
	FeedFails TroubleKind = "feed"
	// RoleGone: a role was deleted that alerts in a channel, which is the subject,
	// mentioned. It is nothing that lasts: once told, it is forgotten.
	RoleGone TroubleKind = "role"
)

// Times of telling moderators.
const (
	// troublePatience is how long a trouble lasts before it is told: most that
	// mend themselves are over by then.
	troublePatience = 5 * time.Minute
	// mendedFor is how long it must be over before that is told.
	mendedFor = 10 * time.Minute
	// A trouble that comes back within flappingWithin of when it was told to be
	// over must last for flappingPatience.
	flappingWithin   = 6 * time.Hour
	flappingPatience = time.Hour
)

// Trouble is something of a guild that does not work, or did not until lately.
type Trouble struct {
	Guild   string
	Kind    TroubleKind
	Subject string
	// Reason is in the words of package alert, or of a feed.
	Reason string
	// Name is what people know the subject by; empty for channels.
	Name string
	// Since is when it began, Mended when it was over; zero while it lasts.
	Since, Mended time.Time
	// Told is when moderators were last told that it began, Ended that it is over;
	// zero for never.
	Told, Ended time.Time
}

// Telling is what moderators are told of a trouble.
type Telling string

// The tellings.
const (
	// TellNothing: they know, or need not know yet.
	TellNothing Telling = ""
	// TellFailed: it does not work.
	TellFailed Telling = "failed"
	// TellMended: it works again.
	TellMended Telling = "mended"
	// Forget: it is over, and there is nothing more to tell.
	Forget Telling = "forget"
)

// TellReason names why moderators are told of a trouble, or not.
type TellReason string

// The reasons of [Decide].
const (
	TroubleLasts  TellReason = "it-lasts"
	TroubleOver   TellReason = "it-is-over"
	TroubleYoung  TellReason = "it-may-pass"
	TroubleFlaps  TellReason = "it-comes-and-goes"
	TroubleKnown  TellReason = "told-already"
	TroubleReturn TellReason = "it-may-come-back"
	TroubleUntold TellReason = "nobody-knew-of-it"
)

// Decide says what moderators are to be told of a trouble now, and why. They are
// told once that it began, and once that it is over.
func Decide(now time.Time, t Trouble) (Telling, TellReason) {
	known := !t.Told.IsZero() && t.Ended.Before(t.Told)
	lately := !t.Ended.IsZero() && now.Sub(t.Ended) < flappingWithin
	switch {
	case t.Mended.IsZero() && known:
		return TellNothing, TroubleKnown
	case t.Mended.IsZero() && now.Sub(t.Since) < troublePatience:
		return TellNothing, TroubleYoung
	case t.Mended.IsZero() && lately && now.Sub(t.Since) < flappingPatience:
		return TellNothing, TroubleFlaps
	case t.Mended.IsZero():
		return TellFailed, TroubleLasts
	case !known && lately:
		return TellNothing, TroubleReturn // so that it is known to flap
	case !known:
		return Forget, TroubleUntold
	case now.Sub(t.Mended) < mendedFor:
		return TellNothing, TroubleReturn
	}
	return TellMended, TroubleOver
}

// NoNotices is the channel for notices of a guild that wants none.
const NoNotices = "off"

// NoticeChannel is where moderators are told: in the channel that they have
// chosen, else in the system channel, as far as messages get there. It is "" for
// nowhere, where /status alone tells.
func NoticeChannel(chosen, system string, blocked func(channel string) bool) string {
	if chosen == NoNotices {
		return ""
	}
	for _, c := range []string{chosen, system} {
		if c != "" && !blocked(c) {
			return c
		}
	}
	return ""
}
