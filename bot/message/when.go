package message

import (
	"fmt"
	"time"
)

// At is a date and time as every reader sees it in the own zone; empty for one
// that cannot be shown.
func At(t time.Time) Markup {
	if !showable(t) {
		return ""
	}
	return Markup(fmt.Sprintf("<t:%d:f>", t.Unix()))
}
