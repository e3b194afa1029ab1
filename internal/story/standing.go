package story

import (
	"maps"
	"slices"

	"github.com/attache-bot/attache/internal/claim"
)

// Standing is what the claims of a story add up to. It never says that
// something is true.
type Standing string

// The standings.
const (
	// Reported means that only outlets' own voices tell it.
	Reported Standing = "reported"
	// Claimed means that somebody says it, and nobody who is bound by it has
	// affirmed it.
	Claimed Standing = "claimed"
	// PartlyConfirmed means that some who are bound by it have affirmed it.
	PartlyConfirmed Standing = "partly-confirmed"
	// Confirmed means that all who are bound by it have affirmed it.
	Confirmed Standing = "confirmed"
	// Disputed means that one party denies what another one says.
	Disputed Standing = "disputed"
	// Denied means that all who are bound by it deny it, and nobody but the one
	// who claims it holds it.
	Denied Standing = "denied"
)

// maxParties bounds how many parties of one story are kept; what is said of
// further ones changes nothing.
const maxParties = 32

// Testimony is what the parties have said of one story. A party is a code of the
// gazetteer, or a speaker's folded words where that knows none. The zero value
// is a story that only outlets have told.
type Testimony struct {
	// Bound are the parties that the story binds, with their latest word.
	Bound map[string]Stance `json:"bound,omitempty"`
	// Claimants say something about those who are bound, or about the world;
	// Contradictors call it untrue without being bound. Both are in order.
	Claimants     []string `json:"claimants,omitempty"`
	Contradictors []string `json:"contradictors,omitempty"`
	// Voices are who of a party said its latest word, and Against who else of it said
	// the opposite before and has not come round: an army and its ministry.
	Voices  map[string]string `json:"voices,omitempty"`
	Against map[string]string `json:"against,omitempty"`
	// OwnVoice says that an outlet has told the story in its own voice, and Tellers
	// are the claimants who have told no more than an incident: outlets that tell it
	// themselves take it from them.
	OwnVoice bool     `json:"own_voice,omitempty"`
	Tellers  []string `json:"tellers,omitempty"`
}

// IsZero reports whether no party was heard.
func (t Testimony) IsZero() bool {
	return len(t.Bound)+len(t.Claimants)+len(t.Contradictors) == 0
}

// Hear returns the testimony after the claims of one more report, and the turns
// that they brought. The claims are taken in order, and t stays as it was. What
// was heard before changes nothing, so that copies of one report count once.
func (t Testimony) Hear(claims []claim.Claim) (Testimony, []Turn) {
	t, told := t.tellItself(claims)
	next, turns := t.listen(claims)
	return next, slices.DeleteFunc(append(told, turns...), func(turn Turn) bool { return turn.Reason == NewWord })
}

// listen is Hear with the words that change no standing, as turns for [NewWord],
// however often they were said.
func (t Testimony) listen(claims []claim.Claim) (Testimony, []Turn) {
	next := Testimony{
		Bound: maps.Clone(t.Bound), Claimants: slices.Clone(t.Claimants), Contradictors: slices.Clone(t.Contradictors),
		Voices: maps.Clone(t.Voices), Against: maps.Clone(t.Against), OwnVoice: t.OwnVoice, Tellers: slices.Clone(t.Tellers),
	}
	if next.Bound == nil {
		next.Bound = map[string]Stance{}
	}
	var turns []Turn
	main, speaks := claim.Main(claims)
	own := ownVoice(claims)
	var heard []string // in this report
	for _, c := range claims {
		if nameless(c) && !next.IsZero() {
			continue // "the president" is one of those who spoke, or nobody knows who
		}
		for i, by := range append([]string{next.known(c, heard)}, c.With...) {
			heard = append(heard, by)
			if speaks && (by == party(main) && t.explains(c, main) || retold(by, c, main)) {
				continue
			}
			if c.Act == claim.Deny && slices.Contains(next.Claimants, by) && !slices.Contains(t.Claimants, by) {
				continue // what it claims in this report is not what it denies in it
			}
			var reason TurnReason
			if !next.tells(by, c, own) {
				reason = next.hear(by, c)
			}
			if reason == "" && i == 0 && next.telling(by, c) {
				reason = NewWord
			}
			if reason != "" {
				turns = append(turns, Turn{
					By: by, Speaker: c.Named(), Act: c.Act, Tone: c.Tone, About: c.Party,
					Reason: reason, Standing: next.Standing(),
				})
			}
		}
	}
	return next, turns
}

// telling reports whether readers are told of a claim that changed nothing. Of
// the background, that is an answer of somebody who is bound, and how somebody
// takes it. What outlets say stands with the voices.
func (t *Testimony) telling(by string, c claim.Claim) bool {
	if c.Outlet || t.holds(by, c) {
		return false
	}
	if !c.Aside || c.Tone != "" {
		return true
	}
	_, bound := t.Bound[by]
	return bound && (c.Act == claim.Confirm || c.Act == claim.Deny || c.Act == claim.NoComment)
}

// withdraw takes back what the speaker of a denial has claimed himself. Who alone
// has held it leaves a story that nobody holds; else he contradicts the others.
func (t *Testimony) withdraw(by string, c claim.Claim) TurnReason {
	t.Claimants = slices.DeleteFunc(t.Claimants, func(p string) bool { return p == by })
	t.Tellers = slices.DeleteFunc(t.Tellers, func(p string) bool { return p == by })
	spoken := slices.ContainsFunc(slices.Collect(maps.Values(t.Bound)), Stance.Spoken)
	if spoken || len(t.Claimants) > 0 {
		t.bind(c.Parties)
		t.contradict(by)
		return OthersDeny
	}
	t.Bound = map[string]Stance{} // who was spoken of is not any more
	return t.say(by, c.Voice, Denies, PartyDenies)
}

// hear takes one claim and returns why it changed something, "" if it did not.
func (t *Testimony) hear(by string, c claim.Claim) TurnReason {
	if by == "" || c.Tone != "" || c.Outlet || c.Told {
		return "" // nobody's word, an outlet's, and a welcome or a doubt settle nothing
	}
	_, bound := t.Bound[by]
	if c.Aside && !(bound && (c.Act == claim.Confirm || c.Act == claim.Deny)) {
		return "" // background: an earlier truce's violations are not this one's
	}
	switch c.Act {
	case claim.Assert, claim.Accuse:
		return t.hearWord(by, c)
	case claim.Announce:
		return t.hearOwn(by, c)
	case claim.Confirm:
		if !bound && len(t.Bound) > 0 && len(c.Parties) == 0 {
			return t.claim(by, c) // a third party confirms nothing
		}
		return t.affirm(by, c, PartyAffirms)
	case claim.Deny:
		return t.hearDenial(by, c)
	case claim.Reject:
		return t.hearRefusal(by, c)
	}
	return ""
}

// hearWord takes what somebody asserts, or blames others for.
func (t *Testimony) hearWord(by string, c claim.Claim) TurnReason {
	_, bound := t.Bound[by]
	switch {
	case t.Bound[by] == Refuses && len(c.Parties) == 0, !c.OfDeal && t.decidedAlone(by):
		return "" // why it refuses, or what it says beside its own decision
	case c.Informs && (len(c.Parties) == 0 || c.Condemns), c.Act == claim.Accuse && c.Side == "" && c.Common && len(c.Parties) == 0:
		return "" // whoever counts the dead is no party, nor are critics
	case c.Condemns && t.OwnVoice && !slices.Contains(t.Claimants, by):
		return "" // what it thinks of what outlets tell themselves
	case bound && len(c.Parties) == 0 && c.Act == claim.Assert:
		if !c.OfDeal {
			return "" // it speaks of something else
		}
		return t.say(by, c.Voice, Affirms, PartyAffirms)
	}
	return t.claim(by, c)
}

// hearOwn takes what somebody tells of its own decision or action.
func (t *Testimony) hearOwn(by string, c claim.Claim) TurnReason {
	_, bound := t.Bound[by]
	claims := slices.Contains(t.Claimants, by)
	switch {
	case bound:
	case claims && !isGroup(by) && !oneVoice(t.Voices[by], c.Voice):
		return "" // what one of a side decides affirms nothing that another claims
	case c.OfDeal || len(c.Parties) > 0:
	case claims == (len(t.Bound) > 0) && len(t.Claimants) > 0:
		// Nor does it what it has claimed of others itself, or what somebody else claims
		// that binds nobody.
		return ""
	}
	return t.affirm(by, c, OwnAct)
}

// hearDenial takes what somebody calls untrue.
func (t *Testimony) hearDenial(by string, c claim.Claim) TurnReason {
	_, bound := t.Bound[by]
	claims := slices.Contains(t.Claimants, by)
	switch {
	case bound:
	case c.Aloof && (len(t.Bound) > 0 || len(t.Claimants) > 0):
		return "" // that it had no part in it contradicts nobody
	case claims && (c.Waves || slices.Contains(t.Contradictors, by)):
		return "" // it says so again, and takes nothing back
	case claims && oneVoice(t.Voices[by], c.Voice):
		return t.withdraw(by, c)
	case len(c.Parties) > 0:
		added := t.bind(c.Parties) // it speaks of others, and they are bound
		if t.contradict(by) == "" && !added {
			return ""
		}
		return OthersDeny
	case len(t.Claimants) > 0 || slices.Contains(t.Contradictors, by):
		return t.contradict(by)
	}
	return t.say(by, c.Voice, Denies, PartyDenies)
}

// hearRefusal takes that somebody refuses a proposal or a demand.
func (t *Testimony) hearRefusal(by string, c claim.Claim) TurnReason {
	was, bound := t.Bound[by]
	switch {
	case was == Refuses:
	case was == Refused:
		return t.say(by, c.Voice, Refuses, PartyAffirms)
	case bound && was == Silent && !slices.ContainsFunc(t.Claimants, func(p string) bool { return p != by }):
		// Nobody says that it had agreed: it refuses an offer or a demand.
	case bound:
		return t.say(by, c.Voice, Denies, PartyDenies)
	case len(t.Claimants)+len(t.Bound) == 0:
		return t.say(by, c.Voice, Refuses, OwnAct)
	}
	return ""
}

// bind adds parties that are bound. They have not spoken, unless they denied it
// before anybody named them.
func (t *Testimony) bind(parties []string) (added bool) {
	for _, p := range parties {
		if _, ok := t.Bound[p]; ok || p == "" || len(t.Bound) >= maxParties {
			continue
		}
		t.Bound[p], added = Silent, true
		if i := slices.Index(t.Contradictors, p); i >= 0 {
			t.Bound[p] = Denies
			t.Contradictors = slices.Delete(t.Contradictors, i, i+1)
		}
	}
	return added
}

// affirm records a party's affirmation of what binds others too.
func (t *Testimony) affirm(by string, c claim.Claim, why TurnReason) TurnReason {
	added := t.bind(c.Parties)
	if said := t.say(by, c.Voice, Affirms, why); said != "" || !added {
		return said
	}
	return why
}

// say records a party's latest word, and who of it has said it. Where another of
// its voices said the opposite, both stand until one comes round.
func (t *Testimony) say(by, voice string, s Stance, why TurnReason) TurnReason {
	was, ok := t.Bound[by]
	switch {
	case !ok && len(t.Bound) >= maxParties:
		return ""
	case was == s:
		if t.Against[by] == "" || !oneVoice(t.Against[by], voice) {
			return ""
		}
		t.Against = noted(t.Against, by, "") // it has come round
		return why
	case t.Against[by] != "" && voice != "" && oneVoice(t.Against[by], voice):
		return "" // it only says again what was said before
	case opposite(was, s) && !oneVoice(t.Voices[by], voice):
		t.Against = noted(t.Against, by, t.Voices[by])
	default:
		t.Against = noted(t.Against, by, "")
	}
	t.Bound[by], t.Voices = s, noted(t.Voices, by, voice)
	t.Contradictors = slices.DeleteFunc(t.Contradictors, func(p string) bool { return p == by })
	return why
}

// noted is m with a value, "" for none.
func noted(m map[string]string, key, value string) map[string]string {
	switch {
	case value == "":
		if delete(m, key); len(m) == 0 {
			return nil
		}
		return m
	case m == nil:
		m = map[string]string{}
	}
	m[key] = value
	return m
}

// claim records that somebody says something of others or of the world.
func (t *Testimony) claim(by string, c claim.Claim) TurnReason {
	changed := t.bind(c.Parties)
	for _, p := range c.Parties {
		if c.OfRefusal && t.Bound[p] == Silent {
			t.Bound[p], changed = Refused, true
		}
	}
	teller := c.Incident && len(c.Parties) == 0
	if i := slices.Index(t.Tellers, by); i >= 0 && !teller {
		t.Tellers, changed = slices.Delete(t.Tellers, i, i+1), true
	}
	if _, bound := t.Bound[by]; !bound && !slices.Contains(t.Claimants, by) && len(t.Claimants) < maxParties {
		t.Claimants = append(t.Claimants, by)
		if teller {
			t.Tellers = append(t.Tellers, by)
		}
		t.Voices = noted(t.Voices, by, c.Voice)
		changed = true
	}
	if !changed {
		return ""
	}
	return OthersClaim
}

// contradict records that somebody who is not bound calls it untrue.
func (t *Testimony) contradict(by string) TurnReason {
	if slices.Contains(t.Contradictors, by) || len(t.Contradictors) >= maxParties {
		return ""
	}
	t.Contradictors = append(t.Contradictors, by)
	return OthersDeny
}

// Standing folds what the parties have said.
func (t Testimony) Standing() Standing {
	affirmed, denied := 0, 0
	for _, s := range t.Bound {
		switch s {
		case Affirms, Refuses:
			affirmed++
		case Denies:
			denied++
		case Silent, Refused:
		}
	}
	switch {
	case denied > 0 && denied == len(t.Bound) && len(t.Claimants) <= 1 && len(t.Against) == 0:
		return Denied
	case denied > 0, len(t.Contradictors) > 0, len(t.Against) > 0:
		return Disputed
	case affirmed > 0 && affirmed == len(t.Bound):
		return Confirmed
	case affirmed > 0:
		return PartlyConfirmed
	case t.OwnVoice && len(t.Bound) == 0 && len(t.Tellers) == len(t.Claimants):
	case len(t.Bound)+len(t.Claimants) > 0:
		return Claimed
	}
	return Reported
}
