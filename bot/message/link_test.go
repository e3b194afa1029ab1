package message_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/attache-bot/attache/bot/message"
)

func TestCheckLink(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, url, host string }{
		{"an ordinary link", "https://news.example/a?b=c#d", "https://news.example/a?b=c#d", "news.example"},
		{"the scheme and host in capitals", "HTTPS://News.Example/A", "https://news.example/A", "news.example"},
		{"a port", "http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a", "127.0.0.1"},
		{"an IPv6 host", "http://[::1]:8080/a", "http://[::1]:8080/a", "::1"},
		{"a host in Cyrillic is shown in ASCII", "https://новини.укр/а", "https://xn--b1amarcd.xn--j1amh/%D0%B0", "xn--b1amarcd.xn--j1amh"},
		{"a host that imitates another is unmasked", "https://bbс.example/", "https://xn--bb-pmc.example/", "xn--bb-pmc.example"},
		{"brackets cannot end a masked link", "https://news.example/a_(b)", "https://news.example/a_%28b%29", "news.example"},
		{"quotes and angles", "https://news.example/?q=\"<x>`", "https://news.example/?q=%22%3Cx%3E%60", "news.example"},
		{"a bad percent escape in a query", "https://news.example/?q=100%", "https://news.example/?q=100%25", "news.example"},
		{"news of Discord", "https://discord.com/blog/a", "https://discord.com/blog/a", "discord.com"},
		{"nothing", "", "", ""},
		{"script", "javascript:alert(1)", "", ""},
		{"data", "data:text/html,x", "", ""},
		{"a file", "file:///etc/passwd", "", ""},
		{"Discord's own scheme", "discord://-/invite/a", "", ""},
		{"no host", "https:///a", "", ""},
		{"an opaque address", "https:news.example", "", ""},
		{"a relative one", "//news.example/a", "", ""},
		{"a user name that imitates a host", "https://bbc.co.uk@evil.example/", "", ""},
		{"a backslash that browsers read as a slash", `https://evil.example\@bbc.co.uk/`, "", ""},
		{"a space", "https://news.example/a b", "", ""},
		{"a line feed", "https://news.example/a\nb", "", ""},
		{"a direction override", "https://news.example/\u202egnp", "", ""},
		{"an address zone", "http://[fe80::1%25eth0]/", "", ""},
		{"a port that is none", "https://news.example:99999/", "", ""},
		{"an invitation", "https://discord.gg/abc", "", ""},
		{"an invitation on the main host", "https://discord.com//INVITE/abc", "", ""},
		{"an invitation on an older host", "https://ptb.discordapp.com/invite/abc", "", ""},
		{"an authorisation of a bot", "https://discord.com/oauth2/authorize?client_id=1", "", ""},
		{"too long", "https://news.example/" + strings.Repeat("a", 2048), "", ""},
		{"too long once escaped", "https://news.example/" + strings.Repeat("(", 1000), "", ""},
		{"bytes that are no text", "https://news.example/\xff", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, ok := message.CheckLink(c.in)
			if ok != (c.url != "") || got.URL != c.url || got.Host != c.host {
				t.Errorf("got %q at %q (%v), want %q at %q", got.URL, got.Host, ok, c.url, c.host)
			}
		})
	}
}

func FuzzCheckLink(f *testing.F) {
	for _, s := range append([]string{"https://news.example/a?b=c#d", "http://[::1]:80/", "https://a%2fb.example", "https://новини.укр/а"}, nasty...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, ok := message.CheckLink(s)
		if !ok {
			return
		}
		u, err := url.Parse(l.URL)
		if err != nil {
			t.Fatalf("%q from %q: %v", l.URL, s, err)
		}
		if u.User != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() != l.Host {
			t.Fatalf("%q leads to %q, not to %q", l.URL, u.Host, l.Host)
		}
		if strings.ContainsAny(l.URL, "<>()\"` \\") || len(l.URL) > message.MaxURL {
			t.Fatalf("%q can end a link", l.URL)
		}
		if again, ok := message.CheckLink(l.URL); !ok || again != l {
			t.Fatalf("%q is checked otherwise the second time: %q %v", l.URL, again.URL, ok)
		}
	})
}
