package phrase

import (
	"slices"
	"strings"
)

// place is a word of a sentence that was given, on which one of the answer is laid.
// joined says that a word has joined what stands before to a sentence that is to
// begin.
type place struct {
	of, at int
	joined bool
}

// step is a place with the one before it.
type step struct {
	place
	before *step
}

// align lays the words of one sentence of an answer on those that were given, one
// after another, and returns the places; nil when that is not possible.
func (t tongue) align(given []sentence, answer sentence) []place {
	if len(answer.words) == 0 {
		return nil
	}
	now := begin(given, answer, 0, nil)
	for k := 1; k < len(answer.words) && len(now) > 0; k++ {
		var next []*step
		seen := map[place]bool{}
		for _, from := range now {
			for _, to := range t.follow(given, answer, k, from) {
				if !seen[to.place] {
					seen[to.place] = true
					next = append(next, to)
				}
			}
		}
		now = next
	}
	for _, last := range now {
		if last.joined || !t.ends(given[last.of], last.at, answer.marks[len(answer.words)]) {
			continue
		}
		var path []place
		for s := last; s != nil; s = s.before {
			path = append(path, s.place)
		}
		slices.Reverse(path)
		return path
	}
	return nil
}

// begin are the sentences that word k of the answer may begin.
func begin(given []sentence, answer sentence, k int, before *step) []*step {
	var out []*step
	for of, s := range given {
		if len(s.words) > 0 && s.words[0].fold == answer.words[k].fold && s.marks[0] == answer.marks[k] && !before.has(of) {
			out = append(out, &step{place{of: of}, before})
		}
	}
	return out
}

// has reports whether a sentence stands in the path already.
func (s *step) has(of int) bool {
	for ; s != nil; s = s.before {
		if s.of == of {
			return true
		}
	}
	return false
}

// follow are the places of word k of the answer behind those of the word before.
func (t tongue) follow(given []sentence, answer sentence, k int, from *step) []*step {
	if from.joined {
		return begin(given, answer, k, from)
	}
	var out []*step
	s, w, mark := given[from.of], answer.words[k].fold, answer.marks[k]
	next := from.at + 1
	if next < len(s.words) && s.words[next].fold == w && s.marks[next] == mark {
		out = append(out, &step{place{of: from.of, at: next}, from})
	}
	if j := t.pastRelative(s, next); j > 0 && j < len(s.words) && s.words[j].fold == w && (mark == "" || mark == s.marks[j]) {
		out = append(out, &step{place{of: from.of, at: j}, from})
	}
	if !t.ends(s, from.at, strings.TrimRight(mark, ",;")) {
		return out
	}
	if strings.HasSuffix(mark, ";") {
		out = append(out, begin(given, bare(answer, k), k, from)...)
	}
	if t.joiners[w] && (strings.HasSuffix(mark, ",") || strings.HasSuffix(mark, ";")) {
		out = append(out, &step{place{of: from.of, at: from.at, joined: true}, from})
	}
	return out
}

// bare is the answer without the marks before word k.
func bare(answer sentence, k int) sentence {
	answer.marks = slices.Clone(answer.marks)
	answer.marks[k] = ""
	return answer
}

// pastRelative is where a sentence goes on behind the relative clause that begins
// with word i; the number of its words where it ends there, 0 where none begins.
func (t tongue) pastRelative(s sentence, i int) int {
	if i >= len(s.words) || s.marks[i] != "," || !t.relatives[s.words[i].fold] {
		return 0
	}
	for j := i + 1; j < len(s.words); j++ {
		if s.marks[j] == "," {
			return j
		}
		if s.marks[j] != "" {
			return 0
		}
	}
	return len(s.words)
}

// ends reports whether a sentence may end behind word i with these marks: it ends
// there, or only a relative clause follows.
func (t tongue) ends(s sentence, i int, marks string) bool {
	last := len(s.words)
	if i+1 == last {
		return s.marks[last] == marks
	}
	return t.pastRelative(s, i+1) == last && s.marks[last] == "" && marks == ""
}
