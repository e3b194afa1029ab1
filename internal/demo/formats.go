package demo

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"time"
)

type rssFeed struct {
	XMLName xml.Name  `xml:"rss"`
	Version string    `xml:"version,attr"`
	Title   string    `xml:"channel>title"`
	Link    string    `xml:"channel>link"`
	About   string    `xml:"channel>description"`
	Lang    string    `xml:"channel>language"`
	Items   []rssItem `xml:"channel>item"`
}

type rssItem struct {
	Title string `xml:"title"`
	Link  string `xml:"link"`
	GUID  string `xml:"guid"`
	Date  string `xml:"pubDate"`
	Text  string `xml:"description"`
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Entries []atomEntry `xml:"entry"`
}

type atomEntry struct {
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Link      atomLink `xml:"link"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
	Summary   string   `xml:"summary"`
}

type atomLink struct {
	Href string `xml:"href,attr"`
}

type jsonFeed struct {
	Version  string     `json:"version"`
	Title    string     `json:"title"`
	HomePage string     `json:"home_page_url"`
	Language string     `json:"language"`
	Items    []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string `json:"id"`
	URL       string `json:"url"`
	Title     string `json:"title"`
	Text      string `json:"content_text"`
	Published string `json:"date_published"`
}

// write renders the entries in the outlet's format and names its media type.
func write(o Outlet, base string, entries []entry) (body []byte, contentType string, err error) {
	switch o.Format {
	case "atom":
		return writeAtom(o, base, entries)
	case "json":
		return writeJSON(o, base, entries)
	}
	return writeRSS(o, base, entries)
}

func writeRSS(o Outlet, base string, entries []entry) ([]byte, string, error) {
	f := rssFeed{Version: "2.0", Title: o.Name, Link: base + "/" + o.ID, About: "Sample news of Attaché's demo", Lang: o.Language}
	for _, e := range entries {
		// Tracking marks in links are what real feeds have.
		f.Items = append(f.Items, rssItem{
			Title: e.Title, Link: base + e.path(o) + "?utm_source=rss&utm_medium=feed",
			GUID: base + e.path(o), Date: e.Time.Format(time.RFC1123Z), Text: "<p>" + e.Text + "</p>",
		})
	}
	return marshal(f, "application/rss+xml; charset=utf-8")
}

func writeAtom(o Outlet, base string, entries []entry) ([]byte, string, error) {
	f := atomFeed{Lang: o.Language, ID: base + "/" + o.ID, Title: o.Name, Updated: "2026-01-01T00:00:00Z"}
	for i, e := range entries {
		at := e.Time.Format(time.RFC3339)
		if i == 0 {
			f.Updated = at
		}
		f.Entries = append(f.Entries, atomEntry{
			ID: "tag:" + o.ID + ".example," + e.path(o), Title: e.Title, Link: atomLink{Href: base + e.path(o)},
			Published: at, Updated: at, Summary: e.Text,
		})
	}
	return marshal(f, "application/atom+xml; charset=utf-8")
}

func writeJSON(o Outlet, base string, entries []entry) ([]byte, string, error) {
	f := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: o.Name, HomePage: base + "/" + o.ID, Language: o.Language, Items: []jsonItem{}}
	for _, e := range entries {
		f.Items = append(f.Items, jsonItem{ID: e.path(o), URL: base + e.path(o), Title: e.Title, Text: e.Text, Published: e.Time.Format(time.RFC3339)})
	}
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil, "", fmt.Errorf("write JSON feed: %w", err)
	}
	return b, "application/feed+json; charset=utf-8", nil
}

func marshal(v any, contentType string) ([]byte, string, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(v); err != nil {
		return nil, "", fmt.Errorf("write feed: %w", err)
	}
	return b.Bytes(), contentType, nil
}
