package parse

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
)

// Limits of what is kept. Lengths of texts are in code points, of links and
// ids in bytes.
const (
	maxTitle       = 512
	maxMadeTitle   = 140
	maxSummary     = 8 << 10
	maxContent     = 32 << 10
	maxURL         = 2048
	maxGUID        = 1 << 10
	maxCategories  = 64
	maxShortText   = 128
	maxSample      = 400 // of a summary, to tell its language
	maxLanguageTag = 35  // https://www.rfc-editor.org/rfc/rfc5646#section-4.4.1

	earliestYear = 1990
	maxAhead     = time.Hour
)

// refine cleans and bounds what gofeed read.
func refine(raw rawDocument, in Input, o Options, ns notes) Document {
	base := parseBase(in.BaseURL)
	link := func(written string) string {
		out, _ := webLink(written, base)
		if out == "" && written != "" {
			ns.add(NoteBadDocumentLink)
		}
		return out
	}
	site, hub, self := link(raw.link), link(raw.hub), link(raw.self)
	if siteURL := parseBase(site); siteURL != nil && (raw.siteFirst || base == nil) {
		base = siteURL
	}
	doc := Document{
		Title:     cutNoted(oneLine(raw.title), maxTitle, ns),
		Language:  languageTag(raw.language),
		Link:      site,
		Hub:       hub,
		Self:      self,
		TTL:       raw.ttl,
		Update:    raw.update,
		SkipHours: sortedUnique(raw.skipHours),
		SkipDays:  sortedUnique(raw.skipDays),
	}
	doc.Items = refineItems(raw.items, in.Now, o.MaxItems, base, doc.Language, ns)
	doc.Notes = ns.list()
	return doc
}

// refineItems cleans and bounds the items, at most so many of the newest, each once.
func refineItems(raw []rawItem, now time.Time, most int, base *url.URL, language string, ns notes) (items []Item) {
	published := make([]time.Time, len(raw))
	for i := range raw {
		published[i] = itemDate(raw[i].dates, now, ns)
	}
	seen := make(map[string]bool, len(raw))
	for _, i := range newest(published, most, ns) {
		it, ok := refineItem(raw[i], base, language, ns)
		if !ok {
			continue
		}
		it.Published = published[i]
		id := strings.Join([]string{it.GUID, it.Link, it.Title, it.Summary}, "\x00")
		if seen[id] {
			ns.add(NoteDuplicateItem)
			continue
		}
		seen[id] = true
		items = append(items, it)
	}
	return items
}

func refineItem(raw rawItem, base *url.URL, language string, ns notes) (Item, bool) {
	it := Item{
		GUID:    itemGUID(raw.guid, ns),
		Title:   cutNoted(oneLine(raw.title), maxTitle, ns),
		Summary: cutNoted(paragraphs(raw.summary), maxSummary, ns),
		Content: cutNoted(paragraphs(raw.content), maxContent, ns),
		Author:  text.Cut(oneLine(raw.author), maxShortText),
		Link:    itemLink(raw.links, base, ns),
	}
	if it.Summary == "" {
		it.Summary = text.Cut(it.Content, maxSummary)
	}
	if len(it.Content) <= len(it.Summary) {
		it.Content = ""
	}
	if it.Title == "" && it.Summary == "" {
		ns.add(NoteEmptyItem)
		return Item{}, false
	}
	if it.Title == "" {
		ns.add(NoteMissingTitle)
		it.Title = madeTitle(it.Summary)
	}
	if u, ok := webLink(raw.image, base); ok && strings.HasPrefix(u, "https://") {
		it.Image = u
	}
	it.Categories = categories(raw.categories)
	it.Language = text.Language(it.Title+"\n"+text.Cut(it.Summary, maxSample), language)
	return it, true
}

// madeTitle takes the first sentence of a text that has no title, as posts of
// channels and microblogs do.
func madeTitle(summary string) string {
	line, _, _ := strings.Cut(summary, "\n")
	if spans := text.Sentences(line); len(spans) > 0 {
		line = line[spans[0].Start:spans[0].End]
	}
	return text.Cut(line, maxMadeTitle)
}

// newest returns the indices of at most limit items: the newest, in document
// order. Items without a date count as new, since feeds list those first.
func newest(published []time.Time, limit int, ns notes) []int {
	index := make([]int, len(published))
	for i := range index {
		index[i] = i
	}
	if len(index) <= limit {
		return index
	}
	for range len(index) - limit {
		ns.add(NoteItemsDropped)
	}
	slices.SortStableFunc(index, func(a, b int) int {
		ta, tb := published[a], published[b]
		switch {
		case ta.IsZero() && tb.IsZero():
			return 0
		case ta.IsZero():
			return -1
		case tb.IsZero():
			return 1
		}
		return tb.Compare(ta)
	})
	index = index[:limit]
	slices.Sort(index)
	return index
}

// itemDate takes the first candidate that can be read.
func itemDate(candidates []string, now time.Time, ns notes) time.Time {
	given := false
	for _, s := range candidates {
		if strings.TrimSpace(s) == "" {
			continue
		}
		given = true
		t, ok := Date(s)
		if !ok || t.Year() < earliestYear {
			continue
		}
		if t.After(now) {
			if t.After(now.Add(maxAhead)) {
				ns.add(NoteFutureDate)
			}
			return now.UTC()
		}
		return t
	}
	if given {
		ns.add(NoteBadDate)
	} else {
		ns.add(NoteMissingDate)
	}
	return time.Time{}
}

func itemGUID(s string, ns notes) string {
	s = strings.TrimSpace(s)
	if len(s) <= maxGUID {
		return strings.Clone(s)
	}
	ns.add(NoteGUIDHashed)
	sum := sha256.Sum256([]byte(s))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// itemLink takes the first candidate that is a web address.
func itemLink(candidates []string, base *url.URL, ns notes) string {
	given := false
	for _, s := range candidates {
		if strings.TrimSpace(s) == "" {
			continue
		}
		given = true
		if u, ok := webLink(s, base); ok {
			return u
		}
	}
	if given {
		ns.add(NoteBadLink)
	} else {
		ns.add(NoteMissingLink)
	}
	return ""
}

// parseBase parses an address that links may be relative to; nil when it is
// none.
func parseBase(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil
	}
	return u
}

// isWebLink tells whether s claims to be an absolute web address.
func isWebLink(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// webLink makes an absolute http or https address of a link as feeds write
// them, and refuses everything else: other schemes, user names, missing hosts,
// over maxURL bytes.
func webLink(s string, base *url.URL) (string, bool) {
	if s = strings.TrimSpace(s); len(s) <= maxURL && isPlainLink(s) {
		return strings.Clone(s), true
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	if s == "" || len(s) > maxURL {
		return "", false
	}
	if strings.HasPrefix(strings.ToLower(s), "www.") {
		s = "https://" + s
	}
	u, err := url.Parse(strings.ReplaceAll(s, " ", "%20"))
	if err != nil {
		return "", false
	}
	if !u.IsAbs() {
		switch {
		case base != nil:
			u = base.ResolveReference(u)
		case u.Host != "":
			u.Scheme = "https"
		}
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "http" && u.Scheme != "https" || u.Opaque != "" || u.Hostname() == "" || u.User != nil {
		return "", false
	}
	// What could end a link early in the texts that it is put in.
	out := linkEscapes.Replace(u.String())
	if len(out) > maxURL {
		return "", false
	}
	if _, err := url.Parse(out); err != nil { // a host that holds such a character is none
		return "", false
	}
	return out, true
}

// isPlainLink recognises the absolute addresses, most of all, that stay as they
// are: a host and a path of letters, digits and marks without meaning.
func isPlainLink(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(s, "http://")
	}
	host := strings.IndexByte(rest, '/')
	if !ok || host <= 0 {
		return false
	}
	for i := range len(rest) {
		switch c := rest[i]; {
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', c == '-', c == '.':
		case i >= host && (c == '/' || c == '_'):
		default:
			return false
		}
	}
	return true
}

var linkEscapes = strings.NewReplacer("<", "%3C", ">", "%3E", `"`, "%22", "`", "%60", "\\", "%5C", " ", "%20", "|", "%7C")

func categories(raw []string) []string {
	var out []string
	for _, c := range raw {
		c = text.Cut(oneLine(c), maxShortText)
		if c != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
		if len(out) == maxCategories {
			break
		}
	}
	return out
}

// languageTag keeps what has the form of a language tag.
func languageTag(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxLanguageTag || strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	}) {
		return ""
	}
	return strings.Clone(s)
}

func cutNoted(s string, limit int, ns notes) string {
	out := text.Cut(s, limit)
	if len(out) != len(s) {
		ns.add(NoteTextCut)
	}
	return out
}

func sortedUnique[T int | time.Weekday](s []T) []T {
	slices.Sort(s)
	return slices.Compact(s)
}
