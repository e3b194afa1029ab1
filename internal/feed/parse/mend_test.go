package parse

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAMemberOfAnotherKindCostsNoOtherItem(t *testing.T) {
	t.Parallel()
	const sound = `{"id":"2","title":"Envoys meet in Oslo","url":"https://a.example/2"}`
	for name, c := range map[string]struct {
		odd  string
		want string // the title of the odd item, "" for one that is left out
	}{
		"an author who is a name":    {`{"id":"1","title":"Truce holds","author":"A. Writer"}`, "Truce holds"},
		"authors that are names":     {`{"id":"1","title":"Truce holds","authors":["A. Writer", 5, null]}`, "Truce holds"},
		"one author for all":         {`{"id":"1","title":"Truce holds","authors":{"name":"A. Writer"}}`, "Truce holds"},
		"a date in seconds":          {`{"id":"1","title":"Truce holds","date_published":1687521600}`, "Truce holds"},
		"a tag":                      {`{"id":"1","title":"Truce holds","tags":"war"}`, "Truce holds"},
		"a title that is a number":   {`{"id":"1","title":1945}`, "1945"},
		"a title that is none":       {`{"id":"1","title":{"en":"Truce"},"content_text":"The truce holds."}`, "The truce holds."},
		"attachments of another age": {`{"id":"1","title":"Truce holds","attachments":"a.mp3"}`, "Truce holds"},
		"another writing of a name":  {`{"id":"1","title":"Truce holds","Summary":{}}`, "Truce holds"},
		"nothing":                    {`null`, ""},
		"no object":                  {`["Truce holds"]`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := `{"version":"https://jsonfeed.org/version/1.1","title":"Wire","hubs":[{"url":"https://hub.example/"}],"items":[` + c.odd + `,` + sound + `]}`
			doc := mustParse(t, body)
			var got []string
			for _, it := range doc.Items {
				got = append(got, it.Title)
			}
			want := []string{c.want, "Envoys meet in Oslo"}
			if c.want == "" {
				want = want[1:]
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("titles: %s", diff)
			}
			if doc.Title != "Wire" || doc.Hub != "https://hub.example/" {
				t.Errorf("the feed is %q of hub %q", doc.Title, doc.Hub)
			}
			if at := time.Unix(1687521600, 0); name == "a date in seconds" && !doc.Items[0].Published.Equal(at) {
				t.Errorf("published %v", doc.Items[0].Published)
			}
		})
	}
}
