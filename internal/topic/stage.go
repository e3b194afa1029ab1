package topic

import "slices"

// stageReach is within how many tokens of an occurrence a stage's cue stands;
// farther off it tells of something else.
const stageReach = 10

// readStage takes the first stage with a cue beside an occurrence in the field
// of the best one, else in the other of title and lead.
func (s *scan) readStage(r *rules, best span, v *Verdict) {
	first, second := Title, Lead
	if s.fieldOf(best.start) == Lead {
		first, second = Lead, Title
	}
	for _, f := range [...]Field{first, second} {
		for _, st := range r.stages {
			for _, p := range st.cues {
				for _, sp := range s.find(p) {
					if s.fieldOf(sp.start) == f && s.besideHit(sp) && !s.unsettles(r, st.stage, sp) {
						v.Stage = st.stage
						v.Evidence = append(v.Evidence, s.evidence(StageCue, p, sp, 0))
						return
					}
				}
			}
		}
	}
}

// unsettled names the shared list of words, such as "denies", "no" and "declines
// to comment", after which a sentence does not tell that something is done.
const unsettled = "unsettled"

// settledStages tell that something is done or over.
var settledStages = []Stage{"agreed", "in-effect", "extended", "decided", "carried-out", "ended"}

// unsettles reports whether a cue of a stage stands shortly after a word that
// takes it back: "denies that a truce was agreed" agrees to nothing.
func (s *scan) unsettles(r *rules, st Stage, cue span) bool {
	if !slices.Contains(settledStages, st) {
		return false
	}
	for _, p := range r.unsettled {
		for _, u := range s.find(p) {
			if u.start < cue.end && u.distance(cue) <= stageReach && s.fieldOf(u.start) == s.fieldOf(cue.start) && s.sameSentence(u, cue) {
				return true
			}
		}
	}
	return false
}

// besideHit reports whether a cue stands near a live occurrence.
func (s *scan) besideHit(cue span) bool {
	return slices.ContainsFunc(s.hits, func(h span) bool {
		return s.fieldOf(h.start) == s.fieldOf(cue.start) && h.distance(cue) <= stageReach
	})
}
