package subscribing

import (
	"context"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// wish is a choice of an option, and what people are offered.
type wish[T ~string] struct {
	value   T
	offered wording.ID
}

func thresholds() []wish[subscription.Threshold] {
	return []wish[subscription.Threshold]{
		{subscription.AnyReport, "tree.mention-first"},
		{subscription.TwoVoices, "tree.mention-two"},
		{subscription.WhenConfirmed, "tree.mention-confirmed"},
	}
}

func updates() []wish[subscription.Updates] {
	return []wish[subscription.Updates]{
		{subscription.Reply, "tree.updates-reply"},
		{subscription.Thread, "tree.updates-thread"},
		{subscription.Edit, "tree.updates-edit"},
	}
}

// wishOption offers wishes.
func wishOption[T ~string](name string, description wording.ID, wishes []wish[T]) *discordgo.ApplicationCommandOption {
	o := tree.Described(description, &discordgo.ApplicationCommandOption{Type: discordgo.ApplicationCommandOptionString, Name: name})
	for _, w := range wishes {
		o.Choices = append(o.Choices, tree.Choice(w.offered, string(w.value)))
	}
	return o
}

// onlyStandings offers the standings to limit alerts to.
func onlyStandings() *discordgo.ApplicationCommandOption {
	return tree.Described("tree.subscribe-standing", tree.StandingOption())
}

// wished reads an option whose choices are wishes; the first one is the default.
func wished[T ~string](q interaction.Request, name string, wishes []wish[T]) (T, error) {
	typed, err := q.Text(name, interaction.MaxChoice)
	if err != nil || typed == "" {
		return wishes[0].value, err
	}
	if _, ok := wishOf(T(typed), wishes); !ok {
		return "", interaction.Unreadable(name)
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
func filters(q interaction.Request, info desk.TopicInfo) ([]topic.Stage, []story.Standing, error) {
	typed, err := q.Text(tree.OptStages, interaction.MaxChoice)
	if err != nil {
		return nil, nil, err
	}
	stages, err := readStages(typed, info, q.Speaker)
	if err != nil {
		return nil, nil, err
	}
	standing, err := q.Text(tree.OptStanding, interaction.MaxChoice)
	switch {
	case err != nil:
		return nil, nil, err
	case standing == "":
		return stages, nil, nil
	case !slices.Contains(tree.Standings(), story.Standing(standing)):
		return nil, nil, interaction.Unreadable(tree.OptStanding)
	}
	return stages, []story.Standing{story.Standing(standing)}, nil
}

// readStages reads stages of a topic, with commas between.
func readStages(typed string, info desk.TopicInfo, in wording.Speaker) ([]topic.Stage, error) {
	var out []topic.Stage
	for part := range strings.SplitSeq(typed, ",") {
		name := stageMeant(part, info.Stages, in)
		switch {
		case name == "" || slices.Contains(out, name):
			continue
		case len(info.Stages) == 0:
			return nil, interaction.Refuse(interaction.BadOption, "topics.no-stages", wording.Args{"topic": info.Title, "option": tree.OptStages})
		case !slices.Contains(info.Stages, name):
			return nil, interaction.Refuse(interaction.BadOption, "topics.no-stage", wording.Args{"topic": info.Title, "typed": strings.TrimSpace(part), "stages": stageList(info.Stages, in)})
		}
		out = append(out, name)
	}
	return out, nil
}

// stageName is a stage as people may type it: "In effect" is "in-effect".
func stageName(typed string) topic.Stage {
	return topic.Stage(strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(typed, "-", " "))), "-"))
}

// stageMeant is the stage that somebody means, by its English name or that in a
// language; else it is what was typed.
func stageMeant(typed string, stages []topic.Stage, in wording.Speaker) topic.Stage {
	for _, s := range stages {
		if suggest.Folded(typed) == suggest.Folded(message.Stage(s, in)) {
			return s
		}
	}
	return stageName(typed)
}

func stageList(stages []topic.Stage, in wording.Speaker) string {
	var out []string
	for _, s := range stages {
		out = append(out, message.Stage(s, in))
	}
	return strings.Join(out, ", ")
}

// completeStagesOf offers the stages of the topic that was picked, if one was.
func (h *Handlers) completeStagesOf(ctx context.Context, q interaction.Request, typed string) ([]interaction.Choice, error) {
	topics, err := h.TopicsOf(ctx, q)
	if err != nil {
		return nil, err
	}
	var stages []topic.Stage
	chosen, err := q.Text(tree.OptTopic, interaction.MaxChoice)
	info, unknown := desk.Pick(topics, chosen)
	if err == nil && unknown == nil {
		stages = info.Stages
	} else {
		for _, t := range topics { // whichever it will be
			stages = append(stages, t.Stages...)
		}
	}
	return completeStages(typed, stages, q.Speaker), nil
}

// completeStages offers what is typed with one more stage, of those that begin
// as its last part does.
func completeStages(typed string, stages []topic.Stage, in wording.Speaker) []interaction.Choice {
	before, last := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		before, last = typed[:i+1], typed[i+1:]
	}
	var had []topic.Stage
	for part := range strings.SplitSeq(before, ",") {
		had = append(had, stageMeant(part, stages, in))
	}
	var out []interaction.Choice
	for _, s := range stages {
		if slices.Contains(had, s) || len(out) == interaction.MaxChoices || !strings.HasPrefix(string(s), string(stageName(last))) && !strings.HasPrefix(suggest.Folded(message.Stage(s, in)), suggest.Folded(last)) {
			continue
		}
		whole := strings.TrimSpace(strings.TrimSpace(before) + " " + message.Stage(s, in))
		if text.Cut(whole, interaction.MaxChoice) == whole {
			out = append(out, interaction.Choice{Name: whole, Value: whole})
		}
		had = append(had, s)
	}
	return out
}
