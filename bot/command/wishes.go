package command

import (
	"context"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// wish is a choice of an option, what people are offered and what its answer
// says.
type wish[T ~string] struct {
	value   T
	offered wording.ID
	// said follows "I will mention @role" for thresholds; it is a sentence for
	// updates.
	said string
}

func thresholds() []wish[subscription.Threshold] {
	return []wish[subscription.Threshold]{
		{subscription.AnyReport, "tree.mention-first", "with each"},
		{subscription.TwoVoices, "tree.mention-two", "once two independent sources tell it"},
		{subscription.WhenConfirmed, "tree.mention-confirmed", "once the parties have confirmed it"},
	}
}

func updates() []wish[subscription.Updates] {
	return []wish[subscription.Updates]{
		{subscription.Reply, "tree.updates-reply", "I edit it while its story goes on, and reply when the other side answers."},
		{subscription.Thread, "tree.updates-thread", "I edit it while its story goes on, and tell the other side's answers in a thread of it."},
		{subscription.Edit, "tree.updates-edit", "I edit it while its story goes on."},
	}
}

// wishOption offers wishes.
func wishOption[T ~string](name string, description wording.ID, wishes []wish[T]) *discordgo.ApplicationCommandOption {
	o := described(description, &discordgo.ApplicationCommandOption{Type: discordgo.ApplicationCommandOptionString, Name: name})
	for _, w := range wishes {
		o.Choices = append(o.Choices, choice(w.offered, string(w.value)))
	}
	return o
}

// onlyStandings offers the standings to limit alerts to.
func onlyStandings() *discordgo.ApplicationCommandOption {
	return described("tree.subscribe-standing", standingOption())
}

// wished reads an option whose choices are wishes; the first one is the default.
func wished[T ~string](q Request, name string, wishes []wish[T]) (T, error) {
	typed, err := q.Text(name, maxChoice)
	if err != nil || typed == "" {
		return wishes[0].value, err
	}
	if _, ok := wishOf(T(typed), wishes); !ok {
		return "", unreadable(name)
	}
	return T(typed), nil
}

func wishOf[T ~string](v T, wishes []wish[T]) (wish[T], bool) {
	i := slices.IndexFunc(wishes, func(w wish[T]) bool { return w.value == v })
	if i < 0 {
		return wishes[0], false
	}
	return wishes[i], true
}

// filters reads what limits a subscription to a topic.
func filters(q Request, info TopicInfo) ([]topic.Stage, []story.Standing, error) {
	typed, err := q.Text(optStages, maxChoice)
	if err != nil {
		return nil, nil, err
	}
	stages, err := readStages(typed, info)
	if err != nil {
		return nil, nil, err
	}
	standing, err := q.Text(optStanding, maxChoice)
	switch {
	case err != nil:
		return nil, nil, err
	case standing == "":
		return stages, nil, nil
	case !slices.Contains(standings(), story.Standing(standing)):
		return nil, nil, unreadable(optStanding)
	}
	return stages, []story.Standing{story.Standing(standing)}, nil
}

// readStages reads stages of a topic, with commas between.
func readStages(typed string, info TopicInfo) ([]topic.Stage, error) {
	var out []topic.Stage
	for part := range strings.SplitSeq(typed, ",") {
		name := stageName(part)
		switch {
		case name == "" || slices.Contains(out, name):
			continue
		case len(info.Stages) == 0:
			return nil, &Error{Code: BadOption, Message: message.Format("**%s** has no stages: leave the option %s out.", info.Title, optStages)}
		case !slices.Contains(info.Stages, name):
			return nil, &Error{Code: BadOption, Message: message.Format("**%s** has no stage “%s”. It has: %s.", info.Title, strings.TrimSpace(part), stageList(info.Stages))}
		}
		out = append(out, name)
	}
	return out, nil
}

// stageName is a stage as people may type it: "In effect" is "in-effect".
func stageName(typed string) topic.Stage {
	return topic.Stage(strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(typed, "-", " "))), "-"))
}

func stageWords(s topic.Stage) string { return strings.ReplaceAll(string(s), "-", " ") }

func stageList(stages []topic.Stage) string {
	var out []string
	for _, s := range stages {
		out = append(out, stageWords(s))
	}
	return strings.Join(out, ", ")
}

// completeSubscribe offers the options of /subscribe.
func (c *commands) completeSubscribe(ctx context.Context, q Request, option, typed string) ([]Choice, error) {
	if option != optStages {
		return c.completeTopic(ctx, q, option, typed)
	}
	topics, err := c.known(ctx, q.Guild)
	if err != nil {
		return nil, err
	}
	var stages []topic.Stage
	chosen, err := q.Text(optTopic, maxChoice)
	info, unknown := pick(topics, chosen)
	if err == nil && unknown == nil {
		stages = info.Stages
	} else {
		for _, t := range topics { // whichever it will be
			stages = append(stages, t.Stages...)
		}
	}
	return completeStages(typed, stages), nil
}

// completeStages offers what is typed with one more stage, of those that begin
// as its last part does.
func completeStages(typed string, stages []topic.Stage) []Choice {
	before, last := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		before, last = typed[:i+1], typed[i+1:]
	}
	var had []topic.Stage
	for part := range strings.SplitSeq(before, ",") {
		had = append(had, stageName(part))
	}
	var out []Choice
	for _, s := range stages {
		if slices.Contains(had, s) || len(out) == maxChoices || !strings.HasPrefix(string(s), string(stageName(last))) {
			continue
		}
		whole := strings.TrimSpace(strings.TrimSpace(before) + " " + stageWords(s))
		if text.Cut(whole, maxChoice) == whole {
			out = append(out, Choice{Name: whole, Value: whole})
		}
		had = append(had, s)
	}
	return out
}

// limits tells what a subscription is limited to, " at the stages agreed, in
// effect, with the standing Denied"; empty where it is not.
func limits(s subscription.Subscription) message.Markup {
	var out message.Markup
	if len(s.Stages) > 0 {
		out += message.Format(" at the stages %s", text.Cut(stageList(s.Stages), maxStageList))
	}
	if len(s.Standings) > 0 {
		var names []string
		for _, v := range s.Standings {
			names = append(names, message.Standing(v, wording.Speaker{}))
		}
		out += message.Format(" with the standing “%s”", text.Cut(strings.Join(names, ", "), maxStageList))
	}
	return out
}

// maxStageList bounds what is told of a subscription's filters.
const maxStageList = 120
