package fetch

import (
	"net/http"
	"net/url"
	"testing"
	"time"
)

func TestPostSendsAForm(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	s := serve(t, mux.ServeHTTP)
	got := make(chan url.Values, 1)
	mux.HandleFunc("POST /hub", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		got <- r.PostForm
		w.WriteHeader(http.StatusAccepted)
	})
	mux.Handle("/old", http.RedirectHandler("/hub", http.StatusPermanentRedirect))
	c := newClient(t, nil, s)
	for _, path := range []string{"/hub", "/old"} {
		form := url.Values{"hub.topic": {"https://a.example/?a=b&c"}}
		if err := c.Post(t.Context(), s.URL+path, form); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if topic := (<-got).Get("hub.topic"); topic != "https://a.example/?a=b&c" {
			t.Errorf("%s: the topic came as %q", path, topic)
		}
	}
}

func TestPostRefuses(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	s := serve(t, mux.ServeHTTP)
	mux.Handle("/get", http.RedirectHandler("/hub", http.StatusSeeOther))
	mux.Handle("/loop", http.RedirectHandler("/loop", http.StatusTemporaryRedirect))
	mux.HandleFunc("/busy", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	mux.Handle("/inside", http.RedirectHandler("http://169.254.169.254/latest", http.StatusTemporaryRedirect))
	c := newClient(t, nil, s)
	for address, want := range map[string]Class{
		s.URL + "/get":                  ClassBadRedirect,
		s.URL + "/loop":                 ClassRedirectLoop,
		s.URL + "/busy":                 ClassRateLimited,
		s.URL + "/inside":               ClassBlockedAddress,
		s.URL + "/nowhere":              ClassNotFound,
		"ftp://hub.example/":            ClassBadURL,
		"http://user:pass@hub.example/": ClassBadURL,
		"http://169.254.169.254/":       ClassBlockedAddress,
	} {
		wantClass(t, c.Post(t.Context(), address, url.Values{}), want)
	}
	if e := wantClass(t, c.Post(t.Context(), s.URL+"/busy", nil), ClassRateLimited); e.RetryAfter != time.Minute {
		t.Errorf("asked to wait %v", e.RetryAfter)
	}
}
