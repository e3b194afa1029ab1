package chart_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/bot/chart"
	"github.com/attache-bot/attache/bot/wording"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func days(counts ...int) chart.Bars {
	return chart.Bars{Start: start, Step: 24 * time.Hour, Counts: counts}
}

func drawn(t testing.TB, b chart.Bars) image.Image {
	t.Helper()
	raw, err := b.PNG(wording.Speaker{})
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func is(c color.Color, rgb [3]uint8) bool {
	r, g, b, _ := c.RGBA()
	return uint8(r>>8) == rgb[0] && uint8(g>>8) == rgb[1] && uint8(b>>8) == rgb[2]
}

// painted counts the pixels of a colour between two columns.
func painted(img image.Image, rgb [3]uint8, from, to int) int {
	n := 0
	for x := from; x < to; x++ {
		for y := range img.Bounds().Dy() {
			if is(img.At(x, y), rgb) {
				n++
			}
		}
	}
	return n
}

func TestBarsAreAsHighAsTheirCounts(t *testing.T) {
	t.Parallel()
	img := drawn(t, days(1, 2, 4, 0))
	bar := chart.Colours().Bar
	// The plot begins beside the numbers of its axis; each bar has a quarter of it.
	left, width := 50, (760-50)/4
	var area [4]int
	for i := range area {
		area[i] = painted(img, bar, left+i*width, left+(i+1)*width)
	}
	for i, want := range []float64{0.25, 0.5, 1} {
		if got := float64(area[i]) / float64(area[2]); math.Abs(got-want) > 0.05 {
			t.Errorf("bar %d has %.2f of the highest, want %.2f: %v", i, got, want, area)
		}
	}
	if area[3]*50 > area[2] {
		t.Errorf("nothing is drawn as %d pixels of %d", area[3], area[2])
	}
}

func TestAPictureHasItsOwnGround(t *testing.T) {
	t.Parallel()
	img := drawn(t, days(3))
	if b := img.Bounds(); b.Dx() != 800 || b.Dy() != 420 {
		t.Errorf("size %v", b)
	}
	for _, p := range []image.Point{{0, 0}, {799, 0}, {0, 419}, {799, 419}} {
		if c := img.At(p.X, p.Y); !is(c, chart.Colours().Ground) {
			t.Errorf("corner %v is %v", p, c)
		}
	}
}

// luminance and contrast are those of WCAG
// (https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio).
func luminance(rgb [3]uint8) float64 {
	part := func(v uint8) float64 {
		c := float64(v) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(rgb[0]) + 0.7152*part(rgb[1]) + 0.0722*part(rgb[2])
}

func contrast(a, b [3]uint8) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestColoursCanBeToldApart(t *testing.T) {
	t.Parallel()
	c := chart.Colours()
	for _, pair := range []struct {
		name string
		a, b [3]uint8
		want float64
	}{{"text", c.Text, c.Ground, 7}, {"bars", c.Bar, c.Ground, 4.5}, {"lines", c.Line, c.Ground, 1.5}, {"bars and lines", c.Bar, c.Line, 3}} {
		if got := contrast(pair.a, pair.b); got < pair.want {
			t.Errorf("%s: contrast %.1f, want %.1f", pair.name, got, pair.want)
		}
	}
}

func TestAltSaysWhatThePictureShows(t *testing.T) {
	t.Parallel()
	hours := chart.Bars{Start: start.Add(20 * time.Hour), Step: time.Hour, Counts: []int{2, 0, 5, 5, 1}}
	for want, b := range map[string]chart.Bars{
		"Bar chart: stories, by day, 1 January 2026 to 9 January 2026 UTC. 14 in all. Most: 4, 6 January 2026. None: 4 of 9. The last 7: 0, 0, 4, 4, 1, 0, 3.":        days(2, 0, 0, 0, 4, 4, 1, 0, 3),
		"Bar chart: stories, by day, 1 January 2026 to 2 January 2026 UTC. None at all.":                                                                              days(0, 0),
		"Bar chart: stories, by hour, 20:00 on 1 January to 00:00 on 2 January UTC. 13 in all. Most: 5, 23:00 on 1 January. None: 1 of 5. The last 5: 2, 0, 5, 5, 1.": hours,
	} {
		if got := b.Alt("stories", wording.Speaker{}); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestAltIsSaidInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	const want = "Balkendiagramm: Ereignisse, je Tag, 1. Januar 2026 bis 2. Januar 2026 UTC. Insgesamt 3. Am meisten: 2, 2. Januar 2026. Die letzten 2: 1, 2."
	if got := days(1, 2).Alt("Ereignisse", wording.In("de")); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWhatCannotBeDrawnIsRefused(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]chart.Bars{
		"no bars": days(), "too many bars": days(make([]int, chart.MaxBars+1)...), "a negative count": days(1, -1), "a huge count": days(chart.MaxCount + 1),
		"no step": {Start: start, Counts: []int{1}},
	} {
		if raw, err := b.PNG(wording.Speaker{}); err == nil || raw != nil || !strings.HasPrefix(err.Error(), "draw chart: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestExtremesAreDrawn(t *testing.T) {
	t.Parallel()
	most := make([]int, chart.MaxBars)
	for i := range most {
		most[i] = chart.MaxCount
	}
	for name, b := range map[string]chart.Bars{
		"nothing": days(0), "nothing at all": days(make([]int, 30)...), "as much as there may be": days(most...), "one among many": days(append(make([]int, 89), 1)...),
		"long ago": {Start: time.Unix(0, 0), Step: time.Hour, Counts: []int{4, 99, 100}},
	} {
		if img := drawn(t, b); img.Bounds().Dx() != 800 {
			t.Errorf("%s: %v", name, img.Bounds())
		}
	}
}

func TestWordsForAnyCountsFit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		b := chart.Bars{
			Start:  start.Add(time.Duration(rapid.IntRange(0, 1<<20).Draw(rt, "hours")) * time.Hour),
			Step:   rapid.SampledFrom([]time.Duration{time.Hour, 24 * time.Hour}).Draw(rt, "step"),
			Counts: rapid.SliceOfN(rapid.IntRange(0, chart.MaxCount), 1, chart.MaxBars).Draw(rt, "counts"),
		}
		in := wording.In(rapid.SampledFrom(wording.Languages()).Draw(rt, "language"))
		if n := utf8.RuneCountInString(b.Alt("stories", in)); n > 400 {
			rt.Errorf("%d characters of words", n)
		}
		from, to := rapid.IntRange(-200, 200).Draw(rt, "from"), rapid.IntRange(-200, 200).Draw(rt, "to")
		if got := b.Sum(from, max(from, to)) + b.Sum(max(from, to), len(b.Counts)); from <= 0 && got != b.Sum(0, len(b.Counts)) {
			rt.Errorf("the parts add up to %d", got)
		}
	})
}

func BenchmarkPNG(b *testing.B) {
	counts := make([]int, 90)
	for i := range counts {
		counts[i] = i * 7 % 40
	}
	bars := days(counts...)
	for b.Loop() {
		if _, err := bars.PNG(wording.Speaker{}); err != nil {
			b.Fatal(err)
		}
	}
}
