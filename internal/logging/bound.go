package logging

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"
)

// What feeds, members and Discord send gets into lines of the log, as names, links
// and causes of failures. None of it may forge a line, tell a terminal what to do,
// or fill the disk.
const (
	// maxValue bounds one value in bytes, maxStack that of the key "stack".
	maxValue = 2 << 10
	maxStack = 32 << 10
	// maxDeep bounds groups within groups.
	maxDeep = 8

	// floodBurst warnings of one kind and one source are told at once, and then one
	// each floodEvery. The next one that is told says how many were not.
	floodBurst = 30
	floodEvery = 10 * time.Second
	// floodKinds bounds the kinds that are remembered.
	floodKinds = 4096
)

// LeftOutKey is the attribute that counts the lines before this one, of its kind
// and source, that were left out.
const LeftOutKey = "left_out"

// sources are the keys that tell who a warning is about.
var sources = map[string]bool{
	"feed": true, "feed_id": true, "subscription": true, "guild": true, "delivery": true, "edit": true, "publication": true,
	"page": true, "topic": true, "route": true, "shard": true, "report": true, "story": true, "event": true,
}

// bounded is the attribute with texts that are short and hold nothing unseen.
func bounded(a slog.Attr, deep int) slog.Attr {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindString:
		v = slog.StringValue(printable(v.String(), limitOf(a.Key)))
	case slog.KindGroup:
		if deep == maxDeep {
			return slog.String(a.Key, "…")
		}
		group := v.Group()
		out := make([]slog.Attr, len(group))
		for i, b := range group {
			out[i] = bounded(b, deep+1)
		}
		v = slog.GroupValue(out...)
	case slog.KindAny:
		switch x := v.Any().(type) {
		case error:
			v = slog.StringValue(printable(said(x.Error), limitOf(a.Key)))
		case fmt.Stringer:
			v = slog.StringValue(printable(said(x.String), limitOf(a.Key)))
		case []string:
			out := make([]string, min(len(x), 100))
			for i := range out {
				out[i] = printable(x[i], maxValue/8)
			}
			v = slog.AnyValue(out)
		}
	}
	return slog.Attr{Key: a.Key, Value: v}
}

// said is the text of something, or why there is none: a nil in an interface.
func said(f func() string) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprint("!", r)
		}
	}()
	return f()
}

func limitOf(key string) int {
	if key == "stack" {
		return maxStack
	}
	return maxValue
}

// printable cuts a text, and puts a mark for what is not seen: control characters,
// those that turn the direction of writing, broken bytes. Lines may end, since no
// handler writes that as it is.
func printable(s string, limit int) string {
	if len(s) > limit {
		cut := limit
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = fmt.Sprintf("%s… (%d bytes)", s[:cut], len(s))
	}
	if strings.IndexFunc(s, unseen) < 0 && utf8.ValidString(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unseen(r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
}

func unseen(r rune) bool {
	return r != '\n' && r != '\t' && !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r)
}

// floods lets so many warnings of one kind and source through.
type floods struct {
	leftOut atomic.Int64

	mu    sync.Mutex
	kinds map[string]*flood
}

// flood is one kind's budget.
type flood struct {
	left float64
	at   time.Time
	out  int64
}

// pass reports whether a line may be told, and how many were not before it.
func (f *floods) pass(kind string, now time.Time) (ok bool, before int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	k := f.kinds[kind]
	if k == nil {
		if len(f.kinds) >= floodKinds {
			f.sweep(now)
		}
		if f.kinds == nil {
			f.kinds = map[string]*flood{}
		}
		k = &flood{left: floodBurst, at: now}
		f.kinds[kind] = k
	}
	if d := now.Sub(k.at); d > 0 {
		k.left = min(floodBurst, k.left+float64(d)/float64(floodEvery))
	}
	k.at = now
	if k.left < 1 {
		k.out++
		f.leftOut.Add(1)
		return false, 0
	}
	k.left--
	before, k.out = k.out, 0
	return true, before
}

// sweep forgets the kinds that have not been told lately, or all.
func (f *floods) sweep(now time.Time) {
	for kind, k := range f.kinds {
		if now.Sub(k.at) > floodBurst*floodEvery {
			delete(f.kinds, kind)
		}
	}
	if len(f.kinds) >= floodKinds {
		clear(f.kinds)
	}
}

// sourceOf is the kind of source that an attribute tells, "" when it tells none.
func sourceOf(a slog.Attr) string {
	if !sources[a.Key] {
		return ""
	}
	v := a.Value
	if v.Kind() == slog.KindGroup {
		if len(v.Group()) == 0 {
			return ""
		}
		v = v.Group()[0].Value
	}
	s := v.String()
	return a.Key + "=" + s[:min(len(s), 64)]
}
