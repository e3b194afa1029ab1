package main

import (
	"time"

	"github.com/attache-bot/attache/internal/operator"
)

// changeWait is how long a command waits for a running bot.
const changeWait = 20 * time.Second

type storyCmd struct {
	Merge mergeCmd `cmd:"" help:"Make two stories one."`
	Split splitCmd `cmd:"" help:"Make some reports of a story one of their own."`
}

type mergeCmd struct {
	One   string `arg:"" help:"A story, its number with an s before it."`
	Other string `arg:"" help:"The other one."`
}

// Help implements [kong.HelpProvider].
func (mergeCmd) Help() string {
	return `Makes two stories that are one development one. The younger becomes a part of the older: channels that have an alert of either get no other one, their message tells the whole from then on, and of two messages in one channel the older does. The numbers stand in attache trace.

The running bot does it within seconds; otherwise it is done at the next start.

Example:

    attache story merge s812 s840`
}

// Run merges.
func (c mergeCmd) Run(s *session) error {
	cfg, log, err := s.begin()
	if err != nil {
		return err
	}
	ctx, stop := untilSignal()
	defer stop()
	return operator.MergeStories(ctx, operator.StoriesOptions{
		Config: cfg, Stories: []string{c.One, c.Other}, Wait: changeWait, Now: time.Now, Logger: log,
	}, s.stdout)
}

type splitCmd struct {
	Story   string   `arg:"" help:"The story, its number with an s before it."`
	Reports []string `arg:"" name:"report" help:"The numbers of the reports that part from it."`
}

// Help implements [kong.HelpProvider].
func (splitCmd) Help() string {
	return `Makes some reports of a story a story of their own, for reports that were taken for one development and are not. Nobody is alerted again: whoever was told of the story counts as told of both. The report that opened the story stays. What was split is not merged again by itself.

The running bot does it within seconds; otherwise it is done at the next start.

Example:

    attache story split s812 845 847`
}

// Run splits.
func (c splitCmd) Run(s *session) error {
	cfg, log, err := s.begin()
	if err != nil {
		return err
	}
	ctx, stop := untilSignal()
	defer stop()
	return operator.SplitStory(ctx, operator.StoriesOptions{
		Config: cfg, Stories: []string{c.Story}, Reports: c.Reports, Wait: changeWait, Now: time.Now, Logger: log,
	}, s.stdout)
}
