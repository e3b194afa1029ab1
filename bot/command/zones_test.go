package command_test

import (
	"strings"
	"testing"
)

// TestZonesAreMeantByTheirCities types cities where a time zone is asked for, and picks
// none from the list.
func TestZonesAreMeantByTheirCities(t *testing.T) {
	t.Parallel()
	for typed, zone := range map[string]string{
		"New York": "America/New_York", "new_york": "America/New_York", "kyiv": "Europe/Kyiv", "Україна": "Europe/Kyiv", "europe/kyiv": "Europe/Kyiv", "UTC": "UTC", "Kiev": "Europe/Kiev", "Warsza": "", "Moscow": "Europe/Moscow", "Tel Aviv": "Asia/Tel_Aviv", "bogota": "America/Bogota",
		"Atlantis": "", "America": "", "🙂": "",
	} {
		b := newBench(t)
		for _, in := range []object{
			use("digest", within("add", "at", "8:00", "zone", typed)),
			use("quiet", within("set", "from", "22:00", "to", "7:00", "zone", typed)),
		} {
			got := b.do(t, in).text()
			if known := !strings.Contains(got, "know the time zone"); known != (zone != "") || !strings.Contains(strings.ReplaceAll(got, "\\", ""), zone) {
				t.Errorf("%q: %s", typed, got)
			}
		}
		offered := b.do(t, typingWithin("digest", "add", "zone", typed)).text()
		if zone != "" && !strings.Contains(offered, "= "+zone) {
			t.Errorf("%q offers %s", typed, offered)
		}
	}
}
