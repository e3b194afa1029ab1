package claim

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/text"
)

// place is where a claim stands, the foremost first.
type place int

const (
	closesTitle place = iota // "…, says X" at the end of a headline stands for all of it
	inTitle
	asideInTitle
	opensLead
	background
)

func (f found) place() place {
	switch {
	case f.Field == Title && f.outer && !f.aside && !f.paper:
		return closesTitle
	case f.Field == Title && !f.aside:
		return inTitle
	case f.Field == Title && f.past:
		return background
	case f.Field == Title:
		return asideInTitle
	case f.first && !f.aside:
		return opensLead
	}
	return background
}

// ordered puts the main claim first, gives roles and pronouns their names, and
// drops what is said twice.
func (e *extraction) ordered() []Claim {
	e.tellPlan()
	slices.SortStableFunc(e.found, func(a, b found) int { return int(a.place() - b.place()) })
	e.passPrelude()
	t := e.telling()
	var out []Claim
	for _, f := range e.found {
		c := f.Claim
		c.Aside = e.inBackground(f, t)
		var ok bool
		if c.Speaker, ok = e.resolve(f); !ok {
			continue
		}
		c.Office = e.office(f, c.Speaker)
		if c.Side == "" || c.Speaker != f.Speaker && e.isLeader(e.tokens(c.Speaker)) {
			c.Side = e.sideFor(f, c.Speaker)
			c.Parties = slices.DeleteFunc(slices.Clone(f.named), func(p string) bool { return p == c.Side || slices.Contains(c.With, p) })
		}
		c.Retells = c.Side != "" && f.Field == Lead && f.first && f.Act == Assert && !t.incident && !c.Incident && len(e.title) > 0 && e.retold(e.title[0].toks) >= maxRetold
		c.Voice, c.Common = e.voice(c.Speaker)
		if office := e.actors.Office(c.Side, c.Speaker, e.at); office != "" {
			c.Voice = "@" + strings.ReplaceAll(office, " ", "-") + " " + c.Voice
		}
		c.Outlet = e.isOutlet(c.Speaker, c.Side)
		if i := slices.IndexFunc(out, func(o Claim) bool { return o.Act == c.Act && e.alike(o.Speaker, c.Speaker) }); i >= 0 {
			if out[i].Quote == "" {
				out[i].Quote = c.Quote
			}
			if out[i].Party == "" {
				out[i].Party, out[i].Parties = c.Party, c.Parties
			}
			continue
		}
		if len(out) == 0 && !c.Aside {
			c.Act = e.retitled(f, c.Act)
		}
		if out = append(out, c); len(out) == maxClaims {
			break
		}
	}
	return out
}

// passPrelude puts before what a headline begins with what its speaker goes on to do,
// where it only begins with how he takes something.
func (e *extraction) passPrelude() {
	if len(e.found) == 0 || !e.found[0].prelude || e.found[0].place() != inTitle {
		return
	}
	p := e.found[0]
	i := slices.IndexFunc(e.found, func(f found) bool { return f.Field == p.Field && f.Speaker == p.Speaker && f.Act != Assert && !f.past })
	if i > 0 {
		act := e.found[i]
		e.found = slices.Insert(slices.Delete(e.found, i, i+1), 0, act)
		return
	}
	i = slices.IndexFunc(e.found, func(f found) bool {
		answers := f.Act == Deny || f.Act == Reject || f.Act == Confirm || f.Act == NoComment
		return p.Act == Assert && f.place() == opensLead && answers && (e.isPronoun(e.tokens(f.Speaker)) || e.alike(f.Speaker, p.Speaker))
	})
	if i > 0 {
		e.found[0].Act = e.found[i].Act // "responds to claims", which he then denies
	}
}

// telling is what a headline tells itself, and nobody in it.
type telling struct {
	many, live bool
	// incident is what has happened, a case what police or a court did.
	incident, inCourt bool
	// other is something else than the description begins with, event such a doing.
	other, event bool
}

func (e *extraction) telling() telling {
	t := telling{many: e.tellsMany(), live: e.isLive(), incident: e.tellsIncident(), inCourt: e.tellsCase(), other: e.tellsOther()}
	t.event = t.other && e.tellsEvent()
	return t
}

// inBackground reports whether a claim cannot be what the report is about.
func (e *extraction) inBackground(f found, t telling) bool {
	leads := t.live && f.place() <= inTitle // "… – live" tells what its headline says
	switch {
	case f.place() == background, f.past, e.reportsItself(f), t.many && !leads:
		return true
	case t.incident && f.Informs, t.inCourt && e.investigates(f):
		return true
	}
	own := t.incident && f.Side != "" // a party tells what was done to it
	return t.other && !own && e.isBeside(f) && (t.event || e.tellsEnough() && !e.hintsAt(f))
}

// reportsItself reports whether a description begins with what an outlet has from
// somebody: that tells where the report is from, and is no party's word.
func (e *extraction) reportsItself(f found) bool {
	return f.place() == opensLead && !f.paper && (f.Act == Assert || f.Act == Confirm) && e.isOutlet(f.Speaker, f.Side) && !e.isOrgan(e.tokens(f.Speaker))
}

// tellPlan gives what a party is to do to the one who tells it, where the
// description begins with him.
func (e *extraction) tellPlan() {
	i := slices.IndexFunc(e.found, func(f found) bool { return f.Told })
	if i < 0 {
		return
	}
	teller := slices.IndexFunc(e.found, func(f found) bool {
		return f.place() == opensLead && !f.paper && !f.past && (f.covers || f.class == class(Announce) || f.Side == e.found[i].Side)
	})
	if teller < 0 {
		return
	}
	if e.found[teller].Act == Assert {
		e.found[teller].Act = Announce
	}
	plan := e.tokens(e.found[i].Speaker)
	if _, person := e.person(plan, nil); person && e.isHead(e.tokens(e.found[teller].Speaker)) {
		e.found[teller].Speaker = e.found[i].Speaker // "the former governor" is who is to run
	}
	e.found = slices.Delete(e.found, i, i+1)
}

// retitled tells what a plain claim that opens the description does, where the
// headline is what it says and nobody speaks in it: "Norway must pay".
func (e *extraction) retitled(f found, act Act) Act {
	if act != Assert || f.place() != opensLead || slices.ContainsFunc(e.found, func(f found) bool { return f.Field == Title }) {
		return act
	}
	for _, u := range e.title {
		own := slices.DeleteFunc(slices.Clone(u.toks), func(t token) bool { return t.quoted })
		if e.has("demands", own) && !e.explains(u.toks) && !slices.ContainsFunc(u.toks, func(t token) bool { return e.is("labels", t) }) {
			return Demand
		}
	}
	return act
}

// tellsIncident reports whether a headline tells itself what has happened, and
// nobody's claim.
func (e *extraction) tellsIncident() bool {
	claimed := slices.ContainsFunc(e.found, func(f found) bool { return f.Field == Title && !f.past })
	return !claimed && slices.ContainsFunc(e.title, func(u unit) bool { return e.isIncident(&u) })
}

// tellsCase reports whether a headline tells itself what police or a court did.
func (e *extraction) tellsCase() bool {
	claimed := slices.ContainsFunc(e.found, func(f found) bool { return f.Field == Title && !f.past })
	return !claimed && slices.ContainsFunc(e.title, func(u unit) bool {
		return slices.ContainsFunc(u.toks, func(t token) bool { return !t.quoted && e.is("cases", t) })
	})
}

// investigates reports whether those who investigate tell what they have found, and
// announce no decision.
func (e *extraction) investigates(f found) bool {
	if f.Side != "" && slices.ContainsFunc(e.title, func(u unit) bool { return slices.Contains(e.sides(u.toks), f.Side) }) {
		return false // "Russia drops charges": its own authorities speak for it
	}
	return f.place() == opensLead && (f.Act == Assert || f.Act == Confirm || f.Act == Accuse) && !e.isNamed(f) &&
		slices.ContainsFunc(e.tokens(f.Speaker), func(t token) bool { return e.isAny(t, "investigators", "informants") })
}

// tellsOther reports whether a headline that is no claim tells something else than the
// description begins with. It is asked only in a language that has words for events.
func (e *extraction) tellsOther() bool {
	if len(e.Words["events"]) == 0 || len(e.title) == 0 || len(e.lead) == 0 || slices.ContainsFunc(e.found, func(f found) bool { return f.Field == Title && !f.past }) {
		return false
	}
	return e.retold(e.title[0].toks) < maxRetold
}

// tellsEvent reports whether a headline tells of an event.
func (e *extraction) tellsEvent() bool {
	toks := e.title[0].toks
	for i := 1; i < len(toks); i++ {
		// "set to strike a deal" and "on leave" tell of none
		if t := toks[i]; !t.quoted && e.is("events", t) && !e.isAny(toks[i-1], "infinitives", "prepositions") {
			return true
		}
	}
	return false
}

// maxRetold is the part of a headline's words with which a description says
// something else than the headline.
const maxRetold = 0.45

// retold is the part of a headline's words that the description begins with.
func (e *extraction) retold(toks []token) float64 {
	title, lead := e.stems(toks), e.stems(e.lead[0].toks)
	both := 0
	for w := range title {
		if lead[w] {
			both++
		}
	}
	return float64(both) / float64(max(1, len(title)))
}

// stemLength is how many bytes of a word tell it from others, whatever its ending.
const stemLength = 5

// stems are the words of toks that tell something.
func (e *extraction) stems(toks []token) words {
	out := words{}
	for _, t := range toks {
		if t.Kind == text.Word && len(t.Fold) > 2 && !e.isAny(t, "bounds", "determiners", "prepositions", "between") {
			out[t.Fold[:min(len(t.Fold), stemLength)]] = true
		}
	}
	return out
}

// isBeside reports whether a plain claim that opens the description is one of somebody
// whom the headline does not name, and stands beside what it tells.
func (e *extraction) isBeside(f found) bool {
	says := f.Act == Assert || f.Act == Accuse && f.class == class(Assert)
	return f.place() == opensLead && says && !f.outer && !f.covers && !e.isNamed(f)
}

// isNamed reports whether the headline has a word of the speaker's name.
func (e *extraction) isNamed(f found) bool {
	speaker := e.stems(e.tokens(f.Speaker))
	return slices.ContainsFunc(e.title, func(u unit) bool {
		for w := range e.stems(u.toks) {
			if speaker[w] {
				return true
			}
		}
		return false
	})
}

// tellsEnough reports whether a headline has so many words that a description of the
// same would begin with some of them.
func (e *extraction) tellsEnough() bool { return len(e.stems(e.title[0].toks)) >= minTold }

// hintsAt reports whether a headline may be what a speaker says whom it does not name:
// it quotes, ends with a colon's words, or names his side or somebody whom his name may
// be that of.
func (e *extraction) hintsAt(f found) bool {
	toks, speaker := e.title[0].toks, e.tokens(f.Speaker)
	common := len(speaker) > 0 && e.isAny(speaker[len(speaker)-1], "roles", "groups", "orgs", "bodies")
	return f.Side != "" && slices.Contains(e.sides(toks), f.Side) || slices.ContainsFunc(toks, func(t token) bool {
		return t.quoted && !t.scare || !common && (e.isAny(t, "roles", "titles", "bodies") || e.isAgent(t) && !strings.HasSuffix(t.Fold, e.Plural))
	}) || slices.ContainsFunc(toks[len(toks)/2:], func(t token) bool { return t.Text == ":" })
}

// isIncident reports whether a sentence tells of an incident.
func (e *extraction) isIncident(u *unit) bool {
	return slices.ContainsFunc(u.toks, func(t token) bool { return !t.quoted && e.is("incidents", t) })
}

// ofDeal reports whether what is said is of a deal, a truce or talks, and not
// negated.
func (e *extraction) ofDeal(content []token) bool {
	content = content[:min(len(content), objectReach)]
	return e.has("deals", content) && !slices.ContainsFunc(content, func(t token) bool { return e.isAny(t, "negations", "nones") })
}

// comments reports whether toks name those who weigh what others do.
func (e *extraction) comments(toks []token) bool {
	return slices.ContainsFunc(toks, func(t token) bool { return e.is("commentators", t) }) && len(e.mentions(toks)) == 0
}

// tellsRefusal reports whether what is said is that somebody refuses.
func (e *extraction) tellsRefusal(content []token) bool {
	for i := range content[:min(len(content), objectReach)] {
		if p, ok := e.cues.at(content[i:]); ok && p.class == refuse && !content[i].quoted {
			return true
		}
	}
	return false
}

// informs reports whether toks are no party, but those who tell what has happened.
func (e *extraction) informs(toks []token) bool {
	if e.Grammar.HeadFirst || e.Grammar.Nouns {
		return slices.ContainsFunc(toks, func(t token) bool { return e.is("informants", t) }) && !e.isLeader(toks)
	}
	if i := slices.IndexFunc(toks, func(t token) bool { return e.is("prepositions", t) && !e.is("ties", t) }); i > 0 {
		toks = toks[:i] // "police in Kharkiv"
	}
	return e.is("informants", toks[len(toks)-1])
}

// isLive reports whether a report is a live blog.
func (e *extraction) isLive() bool {
	return slices.ContainsFunc(e.title, func(u unit) bool { return e.has("lives", u.toks) && !u.opinion() && !u.question() })
}

// answersQuestion reports whether a claim may answer a question before it in a headline:
// more than a word of speech, or one of somebody who is no paper: "Tired of cod? Eat
// herring, says Doe".
func (f found) answersQuestion() bool {
	plain := f.class == class(Assert) && !f.paper && (!f.outer || f.Side != "")
	return f.place() <= inTitle && (f.Act != Assert || plain)
}

// tellsMany reports whether a report is no report of one thing: a live blog, an
// opinion, a round-up or a question.
func (e *extraction) tellsMany() bool {
	claimed := slices.ContainsFunc(e.found, func(f found) bool { return f.place() <= inTitle })
	answered := len(e.title) > 1 && e.title[0].question() && slices.ContainsFunc(e.found, found.answersQuestion)
	if len(e.title) > 1 && !answered && slices.ContainsFunc(e.title, func(u unit) bool { return u.question() }) {
		return true // "Looking for work? …", and not "Did he retire? Doe demands to know"
	}
	return slices.ContainsFunc(e.title, func(u unit) bool {
		return e.has("lives", u.toks) || u.opinion() || !claimed && (e.has("roundups", u.toks) || u.first && (e.explains(u.toks) || e.asksWhy(&u)) || u.question())
	})
}

// explains reports whether a headline begins as one that explains: "How …".
func (e *extraction) explains(toks []token) bool {
	_, ok := e.starts("explainers", toks)
	return ok
}

// alike reports whether two speakers share a word that names.
func (e *extraction) alike(a, b string) bool {
	if a == b {
		return true
	}
	others := e.tokens(b)
	return slices.ContainsFunc(e.tokens(a), func(x token) bool {
		return len(x.Fold) > 1 && !e.isAny(x, "roles", "groups", "orgs", "ranks", "joints") &&
			slices.ContainsFunc(others, func(y token) bool { return x.Fold == y.Fold })
	})
}
