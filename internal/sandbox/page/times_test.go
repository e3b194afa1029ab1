package page_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTimesAreInTheReadersZone(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	m := message("130", "<t:1767312000:t>", 0)
	m["timestamp"] = "2026-01-01T23:30:00Z"
	later := message("131", "", 0)
	later["timestamp"] = "2026-01-02T00:30:00Z"
	f.messages[alertsID] = []object{m, later}
	b := open(t, f, window{width: 1280, height: 800, scheme: "dark", zone: "Asia/Kolkata"})
	got := eval[[]string](b, `[document.querySelector('#m-130 .msg-head .when').title, document.querySelector('#m-130 .stamp').textContent,
		String(document.querySelectorAll('.day').length)].map((s) => s.replace(/\s/gu, ' '))`)
	want := []string{"Friday, January 2, 2026 at 5:00 AM", "5:30 AM", "1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("times (-want +got):\n%s", diff)
	}
}

func TestTimesAreInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	stamps := ""
	for _, style := range "tTdDfFsS" {
		stamps += fmt.Sprintf("<t:1767312000:%c>\n", style)
	}
	m := message("130", stamps, 0)
	m["timestamp"] = "2026-01-01T23:30:00Z"
	f.messages[alertsID] = []object{m}
	b := open(t, f, window{width: 1280, height: 800, scheme: "dark", zone: "Europe/Berlin", language: "de-DE"})
	got := eval[[]string](b, `[...document.querySelectorAll('.stamp')].map((e) => e.textContent.replace(/\s/gu, ' '))`)
	want := []string{"01:00", "01:00:00", "02.01.2026", "2. Januar 2026", "2. Januar 2026 um 01:00", "Freitag, 2. Januar 2026 um 01:00", "02.01.2026, 01:00", "02.01.2026, 01:00:00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("times (-want +got):\n%s", diff)
	}
}

func TestNearTimesAreInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	stamp := fmt.Sprintf("<t:%d:R>", time.Now().Add(-2*time.Hour).Unix())
	f.messages[alertsID] = []object{message("130", "Nachts", 24*time.Hour), message("131", stamp, 0)}
	b := open(t, f, window{width: 1280, height: 800, scheme: "dark", language: "de-DE"})
	got := eval[[]string](b, `[...document.querySelectorAll('.stamp, .day')].map((e) => e.textContent)`)
	if diff := cmp.Diff([]string{"Gestern", "Heute", "vor 2 Stunden"}, got); diff != "" {
		t.Errorf("times (-want +got):\n%s", diff)
	}
	b.wait(`document.querySelector('#m-131 .stamp').title.includes('20') && document.querySelector('#m-131 .stamp').lang === 'de-DE' && document.querySelector('.when').textContent.startsWith('Gestern, ')`)
}

// TestRelativeTimesCount turns the page's clock on: the words follow.
func TestRelativeTimesCount(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.messages[alertsID] = []object{message("130", fmt.Sprintf("<t:%d:R>", time.Now().Unix()), 0)}
	b := open(t, f, desktop)
	b.wait(`/second|now/.test(document.querySelector('#m-130 .stamp').textContent) && document.querySelector('.day').textContent === 'Today'`)
	eval[bool](b, `(() => { const RealDate = Date; const late = 86400000 + 120000; window.Date = class extends RealDate { constructor(...a) { super(...(a.length ? a : [RealDate.now() + late])); } }; return true; })()`)
	b.wait(`document.querySelector('#m-130 .stamp').textContent === 'yesterday' && document.querySelector('.day').textContent === 'Yesterday'`)
}
