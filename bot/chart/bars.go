package chart

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-analyze/charts"

	"github.com/attache-bot/attache/bot/wording"
)

// Bars is how often something happened in each of several spans of time, one
// after the other and equally long.
type Bars struct {
	// Start is when the first span begins, Step how long each lasts: a day, or
	// whole hours.
	Start time.Time
	Step  time.Duration
	// Counts are the numbers, oldest first: 1 to [MaxBars] of 0 to [MaxCount].
	Counts []int
}

// MaxBars is how many bars a picture takes, MaxCount the largest number that has
// room beside them.
const (
	MaxBars  = 120
	MaxCount = 9_999_999
)

// day is the span from which on bars are dated by their day.
const day = 24 * time.Hour

// The picture's size in pixels. Discord shows it at some two thirds of that on a
// desk, and at less than half on a phone.
const (
	width  = 800
	height = 420
	margin = 20
)

// PNG draws the bars, with the days in a language.
func (b Bars) PNG(in wording.Speaker) ([]byte, error) {
	if len(b.Counts) == 0 || len(b.Counts) > MaxBars || b.Step <= 0 {
		return nil, fmt.Errorf("draw chart: %d bars of %v: use 1 to %d bars of more than nothing", len(b.Counts), b.Step, MaxBars)
	}
	values := make([]float64, len(b.Counts))
	most := 0
	for i, n := range b.Counts {
		if n < 0 || n > MaxCount {
			return nil, fmt.Errorf("draw chart: a count of %d: use 0 to %d", n, MaxCount)
		}
		values[i] = float64(n)
		most = max(most, n)
	}
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: width, Height: height})
	if err := p.BarChart(b.options(values, most, in)); err != nil {
		return nil, fmt.Errorf("draw chart: %w", err)
	}
	png, err := p.Bytes()
	if err != nil {
		return nil, fmt.Errorf("encode chart: %w", err)
	}
	return png, nil
}

func (b Bars) options(values []float64, most int, in wording.Speaker) charts.BarChartOption {
	o := charts.NewBarChartOptionWithData([][]float64{values})
	o.Theme = theme()
	o.Padding = charts.NewBox(margin, margin, 2*margin+4, margin) // the last date reaches beyond its bar
	o.Legend.Show = new(false)
	o.BarSize = 0.7
	o.CategoryAxis.Labels = b.labels(in)
	o.CategoryAxis.LabelFontStyle = font(axisText)
	o.CategoryAxis.LabelCount = len(values)
	o.CategoryAxis.BoundaryGap = new(true)
	axis := &o.ValueAxis[0]
	axis.LabelFontStyle = font(axisText)
	axis.Min = new(0.0)
	axis.Max = new(float64(top(most)))
	axis.Unit = float64(top(most)) / steps
	axis.LabelCount = steps + 1
	axis.ValueFormatter = whole
	if len(values)*len(whole(float64(most)))*digitWidth <= width-4*margin {
		label := &o.SeriesList[0].Label
		label.Show = new(true)
		label.FontStyle = font(labelText)
		label.ValueFormatter = func(v float64) string {
			if v == 0 {
				return "" // there is no bar to number
			}
			return whole(v)
		}
	}
	return o
}

// steps is how many lines lie above the lowest, maxLabels how many bars are
// dated, and digitWidth the room in pixels that a digit above a bar takes.
const (
	steps      = 4
	maxLabels  = 6
	digitWidth = 11
)

// top is the value of the highest line: one that the steps divide, above most.
func top(most int) int {
	for unit := 1; ; unit *= 10 {
		for _, of := range []int{1, 2, 3, 4, 5} {
			if t := steps * of * unit; t > most {
				return t
			}
		}
	}
}

func whole(v float64) string { return strconv.Itoa(int(v + 0.5)) }

// labels name some of the spans in UTC, the last among them: "14 Jan", or
// "15:00".
func (b Bars) labels(in wording.Speaker) []string {
	out := make([]string, len(b.Counts))
	every := (len(out) + maxLabels - 1) / maxLabels
	for i := range out {
		if (len(out)-1-i)%every == 0 {
			if out[i] = b.at(i).Format("15:04"); b.Step >= day {
				out[i] = in.ShortDay(b.at(i))
			}
		}
	}
	return out
}

// at is when a span begins.
func (b Bars) at(i int) time.Time { return b.Start.UTC().Add(time.Duration(i) * b.Step) }

// Alt says in words what the picture shows. About names what is counted, e.g.
// "stories about Ceasefire", as plain text.
func (b Bars) Alt(about string, in wording.Speaker) string {
	head := wording.Args{"about": about, "from": b.name(0, in), "to": b.name(len(b.Counts)-1, in)}
	said := []string{in.Plain("chart.hours", head)}
	if b.Step >= day {
		said[0] = in.Plain("chart.days", head)
	}
	total, most, none := b.Sum(0, len(b.Counts)), b.Most(), 0
	for _, n := range b.Counts {
		if n == 0 {
			none++
		}
	}
	if total == 0 {
		return strings.Join(append(said, in.Plain("chart.nothing")), " ")
	}
	said = append(said, in.Plain("chart.all", wording.Args{"number": total}))
	said = append(said, in.Plain("chart.most", wording.Args{"number": b.Counts[most], "when": b.name(most, in)}))
	if none > 0 {
		said = append(said, in.Plain("chart.none", wording.Args{"number": none, "all": len(b.Counts)}))
	}
	last := min(len(b.Counts), lastTold)
	var told []string
	for _, n := range b.Counts[len(b.Counts)-last:] {
		told = append(told, strconv.Itoa(n))
	}
	said = append(said, in.Plain("chart.last", wording.Args{"number": last, "counts": strings.Join(told, ", ")}))
	return strings.Join(said, " ")
}

// lastTold is how many of the last counts are told in words.
const lastTold = 7

// name is a span in words: "14 January 2026", or "15:00 on 14 January".
func (b Bars) name(i int, in wording.Speaker) string {
	if b.Step >= day {
		return in.Date(b.at(i))
	}
	return in.Hour(b.at(i))
}

// Sum adds the counts from one to another, exclusive; places beyond the ends
// count nothing.
func (b Bars) Sum(from, to int) int {
	total := 0
	for _, n := range b.Counts[max(0, min(from, len(b.Counts))):max(0, min(to, len(b.Counts)))] {
		total += n
	}
	return total
}

// Most is the place of the largest count, the last of equal ones.
func (b Bars) Most() int {
	most := 0
	for i, n := range b.Counts {
		if n >= b.Counts[most] {
			most = i
		}
	}
	return most
}
