package story

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/text"
)

// nameless reports whether a claim that answers nothing names its speaker by a
// common noun: officials, the president.
func nameless(c claim.Claim) bool {
	r, _ := utf8.DecodeRuneInString(c.Speaker)
	answer := c.Act == claim.Confirm || c.Act == claim.Deny || c.Act == claim.Reject || c.Act == claim.NoComment
	return c.Side == "" && (c.Common || unicode.IsLower(r)) && !answer
}

// party is the name of a claim's speaker as a party.
func party(c claim.Claim) string {
	if c.Side != "" {
		return c.Side
	}
	return strings.Join(text.Words(c.Speaker), " ")
}

// known is the party of a claim's speaker, by the name that the story has for him: who
// was heard as "Jane Doe" is Doe too, and the one of whom a state spoke by its high
// court is the high court.
//
// Others who were heard in the report are told.
func (t *Testimony) known(c claim.Claim, told []string) string {
	by := party(c)
	if by == "" {
		return by
	}
	heard := slices.Concat(slices.Sorted(maps.Keys(t.Bound)), t.Claimants, t.Contradictors, told)
	if c.Side != "" {
		i := slices.IndexFunc(heard, func(p string) bool { return p == c.Voice || isGroup(p) && namesake(p, c.Voice) })
		if i >= 0 && strings.Contains(c.Voice, " ") {
			return heard[i] // "Australia's high court" was heard as "High Court"
		}
		return by
	}
	if office, _, ok := strings.Cut(c.Voice, " "); ok && strings.HasPrefix(office, "@") {
		return t.holder(office, by)
	}
	if slices.Contains(heard, by) {
		return by
	}
	for _, p := range heard {
		if namesake(p, by) {
			return p
		}
	}
	for _, p := range slices.Sorted(maps.Keys(t.Voices)) {
		if namesake(t.Voices[p], by) {
			return p
		}
	}
	return by
}

// maxCode is how long a code of a state is; what is longer may be a name.
const maxCode = 2

// isGroup reports whether a party is no state: a group and whoever leads it, by name or
// as its chief, speak with one voice.
func isGroup(party string) bool { return len(party) > maxCode }

// explains reports whether a claim of the one who makes the main one is a part of
// that: what it considers beside a threat, why it threatens, why it condemns what
// outlets tell themselves.
func (t *Testimony) explains(c, main claim.Claim) bool {
	beside := c.Act == claim.Assert && c.Field == claim.Lead && len(c.Parties) == 0
	return main.Act == claim.Threaten && (c.Act == claim.Announce || beside) || main.Condemns && t.OwnVoice && beside
}

// retold reports whether a description begins with what another says in the headline of
// the one who is bound by it: "X agreed to a truce, Y said" is no word of X.
func retold(by string, c, main claim.Claim) bool {
	deed := c.Act == claim.Announce || c.Act == claim.Reject
	return deed && c.Field == claim.Lead && !c.Aside && c.Quote == "" && main.Act == claim.Assert && by != party(main) && slices.Contains(main.Parties, by)
}

// holder is the one party of the story of which whoever holds an office has spoken, or
// by: "the secretary of state" is the one who has just been named.
func (t *Testimony) holder(office, by string) string {
	found := ""
	for _, p := range slices.Sorted(maps.Keys(t.Voices)) {
		if is, _, _ := strings.Cut(t.Voices[p], " "); is != office || p == by {
			continue
		}
		if found != "" {
			return by
		}
		found = p
	}
	return cmp.Or(found, by)
}

// namesake reports whether one name is the end of the other, or both have the same
// words in another order: "governor of Tigray", "Tigray governor".
func namesake(a, b string) bool {
	if a == b || strings.HasSuffix(a, " "+b) || strings.HasSuffix(b, " "+a) {
		return true
	}
	return len(a) == len(b) && slices.Equal(slices.Sorted(strings.FieldsSeq(a)), slices.Sorted(strings.FieldsSeq(b)))
}

// oneVoice reports whether two voices of a party may be the same one: a party that
// is only named speaks for all of them.
func oneVoice(a, b string) bool {
	if a == "" || b == "" {
		return true
	}
	words := strings.Fields(b)
	return slices.ContainsFunc(strings.Fields(a), func(w string) bool { return slices.Contains(words, w) })
}

// ownVoice reports whether a report with these claims is told in its outlet's own
// voice: nobody speaks in its title, and it does not retell what somebody says.
func ownVoice(claims []claim.Claim) bool {
	return !slices.ContainsFunc(claims, func(c claim.Claim) bool { return c.Field != claim.Lead && !c.Told || c.Retells })
}

// tellItself is t once a report with these claims has come, as far as its outlet tells
// the story itself, with the turn that this brings.
func (t Testimony) tellItself(claims []claim.Claim) (Testimony, []Turn) {
	before := t.Standing()
	t.OwnVoice = t.OwnVoice || ownVoice(claims)
	if now := t.Standing(); now != before {
		return t, []Turn{{Reason: OutletsTell, Standing: now}}
	}
	return t, nil
}

// tells reports whether a speaker who is not bound only tells more of what an outlet
// tells in its own voice: beside its title, or, of an incident, in any report.
func (t *Testimony) tells(by string, c claim.Claim, own bool) bool {
	_, bound := t.Bound[by]
	return c.Act == claim.Assert && !bound && len(c.Parties) == 0 && (own || t.OwnVoice && c.Incident)
}
