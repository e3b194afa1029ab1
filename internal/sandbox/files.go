package sandbox

import (
	"bytes"
	"image"
	_ "image/gif" // the kinds of pictures that pictureSize knows
	_ "image/jpeg"
	_ "image/png"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// fileState holds uploaded files in memory, the oldest first to go.
type fileState struct {
	byID  map[string]storedFile
	order []string
	bytes int
}

type storedFile struct {
	channel, name, contentType string
	data                       []byte
	by                         string     // who sent it for a command's option; empty for files of messages
	said                       Attachment // how it is told of
}

func newFileState() fileState { return fileState{byID: map[string]storedFile{}} }

// storeFiles keeps the uploads of a message and describes them. meta are the
// attachments of the body, which may name and describe them. Called with the
// lock held.
func (s *Server) storeFiles(channelID string, uploads []upload, meta []object) []Attachment {
	var out []Attachment
	for _, u := range uploads {
		a := Attachment{ID: s.ids.next(s.o.Now()), Filename: u.name, Size: len(u.data), ContentType: contentType(u)}
		for _, m := range meta {
			if numberText(m["id"]) != strconv.Itoa(u.index) {
				continue
			}
			if n, _ := m["filename"].(string); n != "" {
				a.Filename = fileName(n)
			}
			a.Description, _ = m["description"].(string)
		}
		a.Width, a.Height = pictureSize(u.data)
		a.URL = s.publicURL() + "/attachments/" + channelID + "/" + a.ID + "/" + url.PathEscape(a.Filename)
		a.ProxyURL = a.URL
		s.files.byID[a.ID] = storedFile{channel: channelID, name: a.Filename, contentType: a.ContentType, data: u.data, by: u.by, said: a}
		s.files.order = append(s.files.order, a.ID)
		s.files.bytes += len(u.data)
		out = append(out, a)
	}
	for s.files.bytes > s.o.Limits.StoredBytes && len(s.files.order) > 0 {
		s.dropFile(s.files.order[0])
	}
	return out
}

// pictureSize reads the size of a picture; 0 for everything else.
func pictureSize(data []byte) (width, height int) {
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return 0, 0
	}
	return c.Width, c.Height
}

func (s *Server) dropFile(id string) {
	s.files.bytes -= len(s.files.byID[id].data)
	delete(s.files.byID, id)
	s.files.order = slices.DeleteFunc(s.files.order, func(e string) bool { return e == id })
}

func numberText(v any) string {
	switch t := v.(type) {
	case string:
		return t
	case interface{ String() string }:
		return t.String()
	}
	return ""
}

func contentType(u upload) string {
	if t := mime.TypeByExtension(path.Ext(u.name)); t != "" {
		return t
	}
	if _, _, err := mime.ParseMediaType(u.contentType); err == nil {
		return u.contentType
	}
	return "application/octet-stream"
}

// showable are the types that a browser may show; everything else downloads, so
// that a file cannot act as a page of the sandbox.
var showable = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

func (s *Server) serveAttachment(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f, ok := s.files.byID[r.PathValue("id")]
	s.mu.Unlock()
	if !ok || f.channel != r.PathValue("channel") || f.name != r.PathValue("name") {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Type", f.contentType)
	if base, _, _ := strings.Cut(f.contentType, ";"); !slices.Contains(showable, base) {
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
	}
	h.Set("Content-Length", strconv.Itoa(len(f.data)))
	_, _ = w.Write(f.data)
}

// linkFiles replaces attachment://name in embeds and components by the file's
// address. The files that embeds show leave the list of attachments.
func linkFiles(m *Message) {
	byName := map[string]Attachment{}
	all := append(slices.Clone(m.Attachments), m.held...)
	for _, a := range all {
		byName[a.Filename] = a
	}
	shown := map[string]bool{}
	embeds := make([]Embed, len(m.Embeds))
	for i, e := range m.Embeds {
		e.Image, e.Thumbnail = linkImage(e.Image, byName, shown), linkImage(e.Thumbnail, byName, shown)
		if e.Footer != nil {
			f := *e.Footer
			f.IconURL = linkURL(f.IconURL, byName, shown)
			e.Footer = &f
		}
		if e.Author != nil {
			a := *e.Author
			a.IconURL = linkURL(a.IconURL, byName, shown)
			e.Author = &a
		}
		embeds[i] = e
	}
	m.Embeds = embeds
	m.Attachments, m.held = []Attachment{}, nil
	for _, a := range all {
		if shown[a.ID] {
			m.held = append(m.held, a)
		} else {
			m.Attachments = append(m.Attachments, a)
		}
	}
	linkMedia(m.Components, byName)
}

func linkImage(i *EmbedImage, byName map[string]Attachment, shown map[string]bool) *EmbedImage {
	if i == nil {
		return nil
	}
	out := &EmbedImage{URL: linkURL(i.URL, byName, shown)}
	for _, a := range byName {
		if a.URL == out.URL {
			out.Width, out.Height = a.Width, a.Height
		}
	}
	return out
}

func linkURL(u string, byName map[string]Attachment, shown map[string]bool) string {
	for _, a := range byName {
		if u == a.URL { // linked by an earlier edit
			shown[a.ID] = true
			return u
		}
	}
	name, ok := strings.CutPrefix(u, "attachment://")
	if !ok {
		return u
	}
	a, ok := byName[name]
	if !ok {
		return u
	}
	shown[a.ID] = true
	return a.URL
}

// linkMedia does the same for components, which are this message's own.
func linkMedia(list []object, byName map[string]Attachment) {
	for _, c := range list {
		for _, key := range []string{"media", "file"} {
			m, _ := c[key].(object)
			u, _ := m["url"].(string)
			if a, ok := byName[strings.TrimPrefix(u, "attachment://")]; ok && strings.HasPrefix(u, "attachment://") {
				m["url"], m["proxy_url"], m["content_type"], m["attachment_id"], m["id"] = a.URL, a.URL, a.ContentType, a.ID, a.ID
				if a.Width > 0 {
					m["width"], m["height"] = a.Width, a.Height
				}
				if key == "file" {
					c["name"], c["size"] = a.Filename, a.Size
				}
			}
		}
		for _, key := range []string{"components", "items"} {
			kids, _ := c[key].([]object)
			linkMedia(kids, byName)
		}
		if a, ok := c["accessory"].(object); ok {
			linkMedia([]object{a}, byName)
		}
	}
}
