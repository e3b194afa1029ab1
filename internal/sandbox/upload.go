package sandbox

import (
	"errors"
	"io"
	"net/http"
)

// serveUpload takes a file that a user picks for a command's option, as Discord's
// client sends it beforehand. The option's value is then the id that it answers.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Content-Type") != "application/octet-stream" {
		pageError(w, http.StatusUnsupportedMediaType, "send the file's bytes as application/octet-stream")
		return
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(s.o.Limits.FileBytes)))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		pageError(w, http.StatusRequestEntityTooLarge, "The file is too large.")
		return
	case err != nil:
		pageError(w, http.StatusBadRequest, "the file did not come whole")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	me := s.viewer(r)
	g, c := s.world.channel(r.PathValue("id"))
	if me == nil || c == nil || !g.permissionsIn(g.member(me.ID), c).Has(ViewChannel) {
		pageError(w, http.StatusNotFound, "there is no such channel, or you cannot see it")
		return
	}
	name := fileName(r.URL.Query().Get("name"))
	a := s.storeFiles(c.ID, []upload{{name: name, data: data, by: me.ID}}, nil)[0]
	pageJSON(w, http.StatusCreated, a)
}
