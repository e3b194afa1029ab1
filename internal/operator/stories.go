package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/text"
)

// operator is the reason of changes that the command line asks for.
const operator = "operator"

// changeLook is how often a change is looked at that was asked for.
const changeLook = 200 * time.Millisecond

// StoriesOptions say which stories to change.
type StoriesOptions struct {
	Config config.Config
	// Stories are two to merge, or the one to split: numbers with an s before them.
	Stories []string
	// Reports are the numbers of those that part from a story.
	Reports []string
	// Wait is how long to wait for a running bot.
	Wait   time.Duration
	Now    func() time.Time
	Logger *slog.Logger
}

// MergeStories asks for two stories to become one, and says what came of it.
func MergeStories(ctx context.Context, o StoriesOptions, out io.Writer) error {
	c := story.Change{Kind: story.Merge, Reason: operator}
	var err error
	if c.Story, err = storyNumber(o.Stories[0]); err != nil {
		return err
	}
	if c.Other, err = storyNumber(o.Stories[1]); err != nil {
		return err
	}
	return change(ctx, o, c, out)
}

// SplitStory asks for reports to become a story of their own, and says what came
// of it.
func SplitStory(ctx context.Context, o StoriesOptions, out io.Writer) error {
	c := story.Change{Kind: story.Split, Reason: operator}
	var err error
	if c.Story, err = storyNumber(o.Stories[0]); err != nil {
		return err
	}
	for _, w := range o.Reports {
		n, ok := number(w)
		if !ok {
			return fmt.Errorf("%q is no report: give its number, as attache trace prints it", text.Clean(w))
		}
		c.Reports = append(c.Reports, report.ID(n))
	}
	return change(ctx, o, c, out)
}

func storyNumber(w string) (story.ID, error) {
	if n, ok := number(strings.TrimPrefix(w, "s")); ok {
		return story.ID(n), nil
	}
	return 0, fmt.Errorf("%q is no story: give its number with an s before it, such as s812", text.Clean(w))
}

// change asks for a change and waits for whoever places reports to make it.
func change(ctx context.Context, o StoriesOptions, c story.Change, out io.Writer) error {
	return withStore(ctx, o.Config, store.Options{Logger: o.Logger}, func(s *store.Store) error {
		id, err := s.AskChange(ctx, o.Now(), c)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, o.Wait)
		defer cancel()
		look := time.NewTicker(changeLook)
		defer look.Stop()
		for {
			outcome, other, err := s.ChangeOutcome(context.WithoutCancel(ctx), id)
			if err != nil {
				return err
			}
			if outcome != "" {
				return tellChange(c, outcome, other, out)
			}
			select {
			case <-look.C:
			case <-ctx.Done():
				_, err := fmt.Fprintln(out, "noted; it is done when the bot runs")
				return err
			}
		}
	})
}

// tellChange says what came of a change; what was refused is an error.
func tellChange(c story.Change, outcome story.ChangeOutcome, other story.ID, out io.Writer) error {
	switch outcome {
	case story.Changed:
	case story.AlreadyOne:
		return errors.New("both are one story already")
	case story.OtherFeed:
		return errors.New("one of them is told by a server's own feed alone, which nobody else may see")
	case story.NoSuchStory:
		return errors.New("there is no such story: it was never stored, or deleted because it was old (retention.reports)")
	case story.LeadStays:
		return errors.New("the report that opened the story cannot part from it: name the other reports instead")
	case story.NotInStory:
		return errors.New("a report is not in this story: see attache trace for those that are")
	default:
		return fmt.Errorf("not done: %s", outcome)
	}
	var err error
	if c.Kind == story.Merge {
		_, err = fmt.Fprintf(out, "s%d is a part of s%d; nobody is alerted again\n", max(c.Story, c.Other), min(c.Story, c.Other))
	} else {
		_, err = fmt.Fprintf(out, "s%d is a story of its own; nobody is alerted again\n", other)
	}
	return err
}
