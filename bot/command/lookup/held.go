package lookup

import (
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/trace"
)

// heldWords say why an alert waits for a summary, or waited; "" when it does not.
func heldWords(a trace.Alert, guildID string, in wording.Speaker) message.Markup {
	switch {
	case a.Held.Reason == quiet.None || len(a.Deliveries) > 0:
		return ""
	case a.Summarised && a.Summary != "":
		return message.Join("", in.Say("living.why-summary"), message.Jump(guildID, a.Channel, a.Summary, in))
	case a.Summarised:
		return in.Say("living.why-dropped")
	case a.Held.Reason == quiet.Paused:
		return in.Say("living.why-paused")
	}
	return in.Say("living.why-quiet", wording.Args{"time": message.When(a.Held.Until)})
}
