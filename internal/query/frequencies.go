package query

import (
	"iter"
	"maps"
	"slices"
	"sort"
)

// Frequencies tell in how many reports of a sample a word stands. They do not
// change and are safe for concurrent use. What they say decides how fast an
// [Index] is, never what it finds.
type Frequencies struct {
	reports int
	// keys are in order; upTo[i] is the sum of the counts before keys[i].
	keys []string
	upTo []int
}

// Count counts the words of a sample.
func Count(sample iter.Seq[Doc]) *Frequencies {
	counts := map[string]int{}
	seen := map[string]int{} // key → the last report it was counted for
	var t Text
	n := 0
	for d := range sample {
		n++
		t.Read(d)
		words := t.list()
		for i := range words {
			if k := t.key(&words[i]); seen[string(k)] != n {
				seen[string(k)] = n
				counts[string(k)]++
			}
		}
	}
	f := &Frequencies{reports: n, keys: slices.Sorted(maps.Keys(counts)), upTo: make([]int, 1, len(counts)+1)}
	for _, k := range f.keys {
		f.upTo = append(f.upTo, f.upTo[len(f.upTo)-1]+counts[k])
	}
	return f
}

// share estimates the share of reports in which an atom stands, above 0. Of words
// that the sample lacks, longer ones count as rarer.
func (f *Frequencies) share(a atom) float64 {
	unseen := 1 / float64(f.reports+100) / float64(len(a.word)+1)
	if f.reports == 0 {
		return unseen
	}
	from, found := slices.BinarySearch(f.keys, a.word)
	to := from
	switch {
	case a.prefix:
		to = from + sort.Search(len(f.keys)-from, func(i int) bool {
			k := f.keys[from+i]
			return len(k) < len(a.word) || k[:len(a.word)] != a.word
		})
	case found:
		to = from + 1
	}
	return unseen + float64(f.upTo[to]-f.upTo[from])/float64(f.reports)
}
