package digest_test

import (
	"slices"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
)

func TestWhatADigestTellsComesFirst(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 1, 30, 12, 0, 0, 0, time.UTC)
	one := func(title string, sources, reports, age int) digest.Story {
		return digest.Story{
			Listing: story.Listing{Report: report.Report{Title: title, Seen: noon.Add(-time.Duration(age) * time.Minute)}},
			Sources: sources, Reports: reports,
		}
	}
	all := []digest.Story{one("lone", 1, 1, 1), one("old", 3, 4, 90), one("told by many", 5, 5, 60), one("new", 3, 4, 10), one("often", 3, 9, 50)}
	told, more := digest.Choose(all, 4)
	var got []string
	for _, s := range told {
		got = append(got, s.Report.Title)
	}
	if want := []string{"told by many", "often", "new", "old"}; !slices.Equal(got, want) || more != 1 {
		t.Errorf("%v and %d more, want %v", got, more, want)
	}
	if all[0].Report.Title != "lone" {
		t.Error("the caller's list was sorted")
	}
	if told, more := digest.Choose(nil, 4); len(told) != 0 || more != 0 {
		t.Errorf("of nothing %v and %d more are told", told, more)
	}
}

func TestADigestGoesOnWhereTheLastOneEnded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 30, 12, 0, 0, 0, time.UTC)
	created := now.Add(-3 * time.Hour)
	for name, c := range map[string]struct{ until, want time.Time }{
		"the first tells since it was asked for": {time.Time{}, created},
		"since the last":                         {now.Add(-25 * time.Hour), now.Add(-25 * time.Hour)},
		"not what is too old":                    {now.AddDate(0, -2, 0), now.Add(-8 * 24 * time.Hour)},
		"not since a clock that was ahead":       {now.AddDate(0, 0, 3), created},
	} {
		d := digest.Digest{Until: c.until, Created: created}
		if got := d.Since(now); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
