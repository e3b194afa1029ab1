package story

import "slices"

// titles finds the titles that are near one.
//
// Of two near titles the longer one covers the other: it has each of its words
// or a form of it. So whatever is near a new title is found in two places. If
// the new one is the shorter, any of its words leads to the other: the rarest
// does so with the least to look through. If it is the longer, it has a form of
// every word of the other, also of the one that the other is marked with: each
// title is marked with the word that was rarest when it came.
type titles struct{ byWord, byMark file }

// heading is a title of a story.
type heading struct {
	title
	of *entry
}

func newTitles() titles { return titles{byWord: file{}, byMark: file{}} }

// find returns the oldest story for which ok holds and that has a title near
// t, or nil.
func (x titles) find(t *title, ok func(*entry) bool) *entry {
	if !t.tells() {
		return nil
	}
	var best *entry
	look := func(hs []*heading) {
		for _, h := range hs {
			if (best == nil || h.of.story.ID < best.story.ID) && t.near(&h.title) && ok(h.of) {
				best = h.of
			}
		}
	}
	x.byWord.under(x.rarest(t), look)
	for _, w := range t.words {
		x.byMark.under(w, look)
	}
	return best
}

// rarest returns the word of t that the fewest titles have.
func (x titles) rarest(t *title) string {
	best, least := "", -1
	for _, w := range t.words {
		n := 0
		x.byWord.under(w, func(hs []*heading) { n += len(hs) })
		if least < 0 || n < least {
			best, least = w, n
		}
	}
	return best
}

// add files a title under its words and its mark.
func (x titles) add(h *heading) {
	x.byMark.add(x.rarest(&h.title), h)
	for _, w := range h.words {
		x.byWord.add(w, h)
	}
}

// remove takes out the titles of the stories, which are marked as removed.
func (x titles) remove(closed []*entry) {
	words := map[string]bool{}
	for _, e := range closed {
		for _, h := range e.titles {
			for _, w := range h.words {
				words[stem(w)] = true
				if p, ok := plural(w); ok {
					words[p] = true
				}
			}
		}
	}
	for w := range words {
		x.byWord.purge(w)
		x.byMark.purge(w)
	}
}

// file holds headings by the beginnings of words, so that all forms of a word
// are together.
type file map[string][]*heading

// stem is the beginning under which a word is filed. Forms of a word share it,
// but for a word of three letters and its plural: see [plural].
func stem(w string) string { return w[:min(len(w), minStem)] }

// plural returns the second beginning under which a word such as "wars" is
// filed, since it may be a form of "war".
func plural(w string) (string, bool) {
	if len(w) == minStem && w[stemClass] == 's' {
		return w[:stemClass], true
	}
	return "", false
}

// under gives do the headings with w or a form of it, among others, in one or
// two parts.
func (f file) under(w string, do func([]*heading)) {
	do(f[stem(w)])
	if p, ok := plural(w); ok {
		do(f[p])
	}
}

func (f file) add(w string, h *heading) {
	f.put(stem(w), h)
	if p, ok := plural(w); ok {
		f.put(p, h)
	}
}

func (f file) put(at string, h *heading) {
	if hs := f[at]; len(hs) == 0 || hs[len(hs)-1] != h {
		f[at] = append(hs, h)
	}
}

// purge drops the headings of removed stories from one place.
func (f file) purge(at string) {
	left := slices.DeleteFunc(f[at], func(h *heading) bool { return h.of.removed })
	if len(left) == 0 {
		delete(f, at)
		return
	}
	f[at] = left
}
