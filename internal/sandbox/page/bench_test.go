package page_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// steps scrolls a channel from its end to its begin, half a window a step, and
// gives the mean and the longest time in ms of the page's own work for one:
// scripts, style and layout. Painting is the browser's affair and left out.
const steps = `(() => {
	const s = document.getElementById('scroller');
	const list = document.getElementById('messages');
	let sum = 0, worst = 0, n = 0;
	for (let top = s.scrollHeight; top > 0; top -= s.clientHeight / 2) {
		const begin = performance.now();
		s.scrollTop = top;
		s.dispatchEvent(new Event('scroll'));
		void list.getBoundingClientRect();
		const took = performance.now() - begin;
		sum += took;
		worst = Math.max(worst, took);
		n++;
	}
	return [sum / n, worst];
})()`

// BenchmarkThousandMessages scrolls through 1,000 alerts and through the floor,
// a channel with one page of them.
func BenchmarkThousandMessages(b *testing.B) {
	sample := newsDay()[2]
	f := newFake(b)
	for i := range 1000 {
		m := maps.Clone(sample)
		m["id"], m["timestamp"] = fmt.Sprint(10_000+i), time.Now().Add(time.Duration(i-1000)*time.Minute).UTC().Format(time.RFC3339)
		f.messages[alertsID] = append(f.messages[alertsID], m)
	}
	tab := open(b, f, desktop)
	tab.wait(`document.querySelectorAll('.msg').length === 50`)
	measure := func() (mean, worst float64) {
		for range b.N {
			got := eval[[]float64](tab, steps)
			mean, worst = mean+got[0]/float64(b.N), max(worst, got[1])
		}
		return mean, worst
	}
	// The floor must not load more pages while it scrolls.
	eval[bool](tab, `(() => { window.realFetch = fetch; window.fetch = () => new Promise(() => {}); return true; })()`)
	floor, _ := measure()
	tab.do(chromedp.Reload())
	tab.wait(`document.querySelectorAll('.msg').length === 50`)
	for n := 100; n <= 1000; n += 50 {
		eval[int](tab, `document.getElementById('scroller').scrollTop = 0`)
		tab.wait(fmt.Sprintf(`document.querySelectorAll('.msg').length >= %d`, n))
	}
	mean, worst := measure()
	eval[bool](tab, `document.getElementById('pill').click() ?? true`)
	begin := time.Now()
	const fresh = 20
	for i := range fresh {
		m := maps.Clone(sample)
		m["id"] = fmt.Sprint(20_000 + i)
		f.post(alertsID, m)
		tab.wait(fmt.Sprintf(`document.getElementById('m-%d')`, 20_000+i))
	}
	b.ReportMetric(float64(time.Since(begin).Milliseconds())/fresh, "ms/arrival")
	b.ReportMetric(floor, "floor-ms/step")
	b.ReportMetric(mean, "ms/step")
	b.ReportMetric(worst, "worst-ms/step")
	b.ReportMetric(mean/floor, "ratio")
}
