package parse

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	extensions "github.com/mmcdole/gofeed/extensions"
	jsonfeed "github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
)

// rawDocument is a feed as gofeed read it, still in the publisher's words.
type rawDocument struct {
	title, language, link, hub, self string
	ttl, update                      time.Duration
	skipHours                        []int
	skipDays                         []time.Weekday
	items                            []rawItem
	// siteFirst says that relative links are meant against the site rather
	// than against the feed's own address, as in RSS.
	siteFirst bool
}

// rawItem is an entry as gofeed read it. Links and dates are candidates, best
// first.
type rawItem struct {
	guid, title, summary, content, author, image string
	links, dates                                 []string
	categories                                   []string
}

// decode runs the parser of the format. The package's own detection is not
// used: it looks at the first 4 KiB only.
func decode(t trimmed) (rawDocument, error) {
	switch t.format {
	case formatRSS:
		return decodeRSS(t)
	case formatAtom:
		return decodeAtom(t)
	case formatJSON:
		return decodeJSON(t)
	}
	return rawDocument{}, fmt.Errorf("format %d", t.format)
}

func decodeRSS(t trimmed) (rawDocument, error) {
	src, err := new(rss.Parser).Parse(bytes.NewReader(t.doc))
	if err != nil {
		return rawDocument{}, err
	}
	// The scan would parse the HTML of every item in search of a picture.
	feed, err := (&gofeed.DefaultRSSTranslator{DisableContentImageScan: true}).Translate(src)
	if err != nil {
		return rawDocument{}, err
	}
	d := common(feed, t.restore)
	d.siteFirst = true
	d.ttl = minutes(src.TTL)
	for _, h := range src.SkipHours {
		// 24 is what the first version of the specification called midnight.
		if n, err := strconv.Atoi(strings.TrimSpace(h)); err == nil && n >= 0 && n <= 24 {
			d.skipHours = append(d.skipHours, n%24)
		}
	}
	for _, name := range src.SkipDays {
		for day := time.Sunday; day <= time.Saturday; day++ {
			if strings.EqualFold(strings.TrimSpace(name), day.String()) {
				d.skipDays = append(d.skipDays, day)
			}
		}
	}
	d.hub, d.self = extensionLink(src.Extensions, "hub"), extensionLink(src.Extensions, "self")
	d.update = updateEvery(src.Extensions)
	for i := range d.items {
		it, own := &d.items[i], src.Items[i]
		// An id is a permalink unless it says otherwise.
		if g := own.GUID; g != nil && !strings.EqualFold(strings.TrimSpace(g.IsPermalink), "false") && isWebLink(it.guid) {
			it.links = append(it.links, it.guid)
		}
		it.links = append(it.links, extensionLink(own.Extensions, "alternate"))
		if own.Enclosure != nil {
			it.links = append(it.links, t.restore(own.Enclosure.URL))
		}
	}
	return d, nil
}

func decodeAtom(t trimmed) (rawDocument, error) {
	src, err := new(atom.Parser).Parse(bytes.NewReader(t.doc))
	if err != nil {
		return rawDocument{}, err
	}
	feed, err := new(gofeed.DefaultAtomTranslator).Translate(src)
	if err != nil {
		return rawDocument{}, err
	}
	d := common(feed, t.restore)
	for _, l := range src.Links {
		switch {
		case l.Rel == "hub" && d.hub == "":
			d.hub = l.Href
		case l.Rel == "self" && d.self == "":
			d.self = l.Href
		}
	}
	d.update = updateEvery(src.Extensions)
	for i := range d.items {
		if id := d.items[i].guid; isWebLink(id) {
			d.items[i].links = append(d.items[i].links, id)
		}
	}
	return d, nil
}

func decodeJSON(t trimmed) (rawDocument, error) {
	// gofeed reads any object as a feed; one of the two members that every
	// JSON Feed has must be there, https://www.jsonfeed.org/version/1.1/.
	var probe struct {
		Version *json.RawMessage `json:"version"`
		Items   *json.RawMessage `json:"items"`
		Hubs    []struct {
			URL string `json:"url"`
		} `json:"hubs"`
	}
	if err := json.Unmarshal(t.doc, &probe); err != nil {
		var wrongType *json.UnmarshalTypeError
		if !errors.As(err, &wrongType) {
			return rawDocument{}, err
		}
	}
	if probe.Items == nil || probe.Version == nil && !bytes.HasPrefix(bytes.TrimSpace(*probe.Items), []byte("[")) {
		return rawDocument{}, fail(ClassNotAFeed, "json without items")
	}
	src, err := parseJSON(t.doc)
	if err != nil {
		return rawDocument{}, err
	}
	dates, err := cutDates(src)
	if err != nil {
		return rawDocument{}, err
	}
	feed, err := new(gofeed.DefaultJSONTranslator).Translate(src)
	if err != nil {
		return rawDocument{}, err
	}
	d := common(feed, t.restore)
	for i := range min(len(d.items), len(dates)) {
		d.items[i].dates = dates[i][:]
	}
	if len(probe.Hubs) > 0 {
		d.hub = probe.Hubs[0].URL
	}
	d.self = src.FeedURL
	return d, nil
}

// parseJSON parses a JSON feed, as it is or else as far as it can be mended.
func parseJSON(doc []byte) (*jsonfeed.Feed, error) {
	src, err := new(jsonfeed.Parser).Parse(bytes.NewReader(doc))
	if err == nil {
		return src, nil
	}
	mended, ok := mendJSON(doc)
	if !ok {
		return nil, err
	}
	return new(jsonfeed.Parser).Parse(bytes.NewReader(mended))
}

// cutDates takes the dates out of a JSON feed, so that gofeed does not try 150
// forms for each.
func cutDates(f *jsonfeed.Feed) ([][2]string, error) {
	out := make([][2]string, len(f.Items))
	unusual := 0
	for i, it := range f.Items {
		if it == nil {
			continue
		}
		out[i] = [2]string{it.DatePublished, it.DateModified}
		it.DatePublished, it.DateModified = "", ""
		for _, s := range out[i] {
			if s != "" && !usualDate([]byte(s)) {
				unusual++
			}
		}
	}
	if unusual > maxDates {
		return nil, fail(ClassTooBig, fmt.Sprintf("over %d dates in unusual forms", maxDates))
	}
	return out, nil
}

// common takes what all formats share. restore puts back what stands aside.
func common(f *gofeed.Feed, restore func(string) string) rawDocument {
	d := rawDocument{title: restore(f.Title), language: f.Language, link: f.Link}
	d.items = make([]rawItem, 0, len(f.Items))
	for _, it := range f.Items {
		if it == nil {
			it = &gofeed.Item{}
		}
		raw := rawItem{
			guid:       restore(it.GUID),
			title:      restore(it.Title),
			summary:    restore(it.Description),
			content:    restore(it.Content),
			image:      restore(imageOf(it)),
			categories: it.Categories,
			dates:      []string{it.Published, it.Updated},
		}
		for _, a := range it.Authors {
			if a != nil && a.Name != "" {
				raw.author = a.Name
				break
			}
		}
		// FeedBurner puts its own counting link in front of the article's.
		raw.links = append(raw.links, extensionValue(it.Extensions, "feedburner", "origLink"), restore(it.Link))
		for _, l := range it.Links {
			raw.links = append(raw.links, restore(l))
		}
		if raw.summary == "" {
			raw.summary = extensionValue(it.Extensions, "media", "description")
		}
		d.items = append(d.items, raw)
	}
	return d
}

func imageOf(it *gofeed.Item) string {
	if it.Image != nil && it.Image.URL != "" {
		return it.Image.URL
	}
	for _, e := range it.Extensions["media"]["thumbnail"] {
		if u := e.Attrs["url"]; u != "" {
			return u
		}
	}
	for _, g := range it.Extensions["media"]["group"] {
		for _, c := range g.Children["content"] {
			if c.Attrs["medium"] == "image" || strings.HasPrefix(c.Attrs["type"], "image/") {
				return c.Attrs["url"]
			}
		}
	}
	return ""
}

// minutes reads a count of minutes, up to a week; 0 for anything else.
func minutes(s string) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(min(n, 7*24*60)) * time.Minute
}

// updateEvery is the period of sy:updatePeriod divided by sy:updateFrequency, up
// to a week; 0 when the feed has none that is known. A period alone means once.
func updateEvery(e extensions.Extensions) time.Duration {
	const day = 24 * time.Hour
	period := map[string]time.Duration{
		"hourly": time.Hour, "daily": day, "weekly": 7 * day, "monthly": 30 * day, "yearly": 365 * day,
	}[strings.ToLower(strings.TrimSpace(extensionValue(e, "sy", "updatePeriod")))]
	times, err := strconv.Atoi(strings.TrimSpace(extensionValue(e, "sy", "updateFrequency")))
	if err != nil || times < 1 {
		times = 1
	}
	return min(period/time.Duration(times), 7*day)
}

func extensionValue(e extensions.Extensions, space, name string) string {
	for _, x := range e[space][name] {
		if x.Value != "" {
			return x.Value
		}
	}
	return ""
}

// extensionLink finds an atom:link of the given relation inside RSS.
func extensionLink(e extensions.Extensions, rel string) string {
	for _, space := range []string{"atom", "atom10", "atom03"} {
		for _, x := range e[space]["link"] {
			if r := x.Attrs["rel"]; r == rel || r == "" && rel == "alternate" {
				return x.Attrs["href"]
			}
		}
	}
	return ""
}
