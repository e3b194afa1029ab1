package lookup

import (
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/trace"
)

// heldWords say why an alert waits for a summary, or waited; "" when it does not.
func heldWords(a trace.Alert, in accounting) message.Markup {
	switch {
	case a.Held.Reason == quiet.None || len(a.Deliveries) > 0:
		return ""
	case a.Summarised && a.Summary != "":
		return message.Join("", in.Say("living.why-summary"), message.Jump(in.guild, a.Channel, a.Summary, in.Speaker))
	case a.Summarised:
		return in.Say("living.why-dropped")
	case a.Held.Reason == quiet.Paused:
		return in.Say("living.why-paused")
	case !a.Held.Until.After(in.now):
		return in.Say("living.why-quiet-now")
	}
	return in.Say("living.why-quiet", wording.Args{"time": message.When(a.Held.Until)})
}
