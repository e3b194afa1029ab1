package sandbox

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPermissionsIn(t *testing.T) {
	t.Parallel()
	const base = ViewChannel | SendMessages
	cases := []struct {
		name       string
		owner      bool
		role       Permissions
		overwrites []Overwrite
		want       Permissions
	}{
		{"the roles add up", false, EmbedLinks, nil, base | EmbedLinks},
		{"the owner may do everything", true, 0, []Overwrite{{ID: "1", Deny: base}}, AllPermissions},
		{"an administrator may do everything", false, Administrator, []Overwrite{{ID: "1", Deny: base}}, AllPermissions},
		{"a denial for everyone", false, 0, []Overwrite{{ID: "1", Deny: SendMessages}}, ViewChannel},
		{"a role's allowance beats everyone's denial", false, 0, []Overwrite{{ID: "2", Allow: SendMessages}, {ID: "1", Deny: SendMessages}}, base},
		{"the member's own beats the role's", false, 0, []Overwrite{{ID: "9", Type: 1, Deny: SendMessages}, {ID: "2", Allow: SendMessages}}, ViewChannel},
		{"another role's does not count", false, 0, []Overwrite{{ID: "3", Deny: SendMessages}}, base},
		{"who cannot see can do nothing", false, EmbedLinks, []Overwrite{{ID: "1", Deny: ViewChannel}}, 0},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := &guild{id: "1", roles: []*Role{{ID: "1", Permissions: base}, {ID: "2", Permissions: tc.role}, {ID: "3"}}, channels: map[string]*Channel{}}
			if tc.owner {
				g.ownerID = "9"
			}
			m := &Member{User: &User{ID: "9"}, Roles: []string{"2"}}
			parent := &Channel{ID: "5", Overwrites: tc.overwrites}
			g.channels["5"] = parent
			if got := g.permissionsIn(m, parent); got != tc.want {
				t.Errorf("permissions %s, want %s", got, tc.want)
			}
			thread := &Channel{ID: "6", Type: PublicThread, ParentID: &parent.ID}
			if got := g.permissionsIn(m, thread); got != tc.want {
				t.Errorf("permissions in a thread %s, want %s", got, tc.want)
			}
		})
	}
}

func TestSnowflakesRise(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var g snowflakes
		now := time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "start"))
		last := uint64(0)
		for _, step := range rapid.SliceOfN(rapid.Int64Range(-5000, 5000), 1, 50).Draw(t, "steps") {
			now = now.Add(time.Duration(step) * time.Millisecond)
			id := g.next(now)
			if rapid.Bool().Draw(t, "apart") {
				id = g.nextApart(now)
			}
			if n := number(id); n <= last {
				t.Fatalf("%d does not rise above %d", n, last)
			} else {
				last = n
			}
		}
	})
}

// In every span of a window's length that begins with a request no more than
// the limit pass, and whoever waits as told passes.
func TestWindowKeepsItsLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := Rate{Limit: rapid.IntRange(1, 5).Draw(t, "limit"), Per: time.Duration(rapid.IntRange(1, 100).Draw(t, "per")) * time.Millisecond}
		var w window
		now := time.UnixMilli(1e12)
		var passed []time.Time
		for _, step := range rapid.SliceOfN(rapid.IntRange(0, 50), 1, 100).Draw(t, "steps") {
			now = now.Add(time.Duration(step) * time.Millisecond)
			_, wait, ok := w.take(now, r)
			if !ok {
				later := w
				if _, _, ok := later.take(now.Add(wait), r); !ok {
					t.Fatalf("refused after waiting %s as told", wait)
				}
				continue
			}
			passed = append(passed, now)
			recent := slices.DeleteFunc(slices.Clone(passed), func(at time.Time) bool { return at.Before(w.start) })
			if len(recent) > r.Limit {
				t.Fatalf("%d of %d passed since %s", len(recent), r.Limit, w.start)
			}
		}
	})
}

func TestUserName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Ann Moreau": "ann_moreau", "Zoë-1": "zo_1", "Оля": "user"} {
		if got := userName(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}
