package chart

import "github.com/go-analyze/charts"

// Palette are the picture's colours as red, green and blue.
type Palette struct {
	Ground, Text, Line, Bar [3]uint8
}

// Colours returns the colours of every picture. Text reads on the ground with a
// contrast above 7 to 1, bars stand out from it with more than 4.5 to 1, and the
// ground differs from both of Discord's, so that it looks like a picture.
func Colours() Palette {
	return Palette{
		Ground: [3]uint8{0x1B, 0x1F, 0x27},
		Text:   [3]uint8{0xF2, 0xF4, 0xF7},
		Line:   [3]uint8{0x4A, 0x52, 0x60},
		Bar:    [3]uint8{0x6C, 0xB4, 0xEE},
	}
}

func theme() charts.ColorPalette {
	c := Colours()
	rgb := func(v [3]uint8) charts.Color { return charts.Color{R: v[0], G: v[1], B: v[2], A: 255} }
	return charts.MakeTheme(charts.ThemeOption{
		IsDarkMode: true, BackgroundColor: rgb(c.Ground), TextColor: rgb(c.Text), AxisStrokeColor: rgb(c.Line),
		AxisSplitLineColor: rgb(c.Line), SeriesColors: []charts.Color{rgb(c.Bar)},
	})
}

// The sizes of texts in points.
const (
	axisText  = 20
	labelText = 17
)

func font(size float64) charts.FontStyle {
	c := Colours().Text
	f := charts.NewFontStyleWithSize(size)
	f.FontColor = charts.Color{R: c[0], G: c[1], B: c[2], A: 255}
	return f
}
