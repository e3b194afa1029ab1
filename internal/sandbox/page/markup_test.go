package page_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outline renders markup in the page and writes the elements down: tag, class
// in short, and text. Directions and titles are left away.
const outline = `(async (sources) => {
	const { rich } = await import('/js/markup.js');
	const refs = {
		user: (id) => (id === '101' ? {username: 'Ann'} : undefined), everyone: true, role: (id) => (id === '2002' ? {name: 'editor'} : undefined),
		channel: (id) => (id === '3001' ? {name: 'alerts'} : undefined), openChannel() {}, useCommand() {},
	};
	const write = (node) => {
		if (node.nodeType === Node.TEXT_NODE) return node.data;
		const tag = node.localName;
		const inner = [...node.childNodes].map(write).join('');
		if (tag === 'bdi') return inner;
		if (tag === 'a') return '<a ' + node.getAttribute('href') + '>' + inner + '</a>';
		if (tag === 'time') return '<time ' + node.dateTime + (node.dataset.relative ? ' live' : '') + '>';
		const cls = ['div', 'span'].includes(tag) || node.classList.contains('mention') ? node.className.replace(/^h h/, 'h') : '';
		return '<' + (cls || tag) + '>' + inner + '</' + (cls || tag) + '>';
	};
	return sources.map((source) => rich(source, refs).map(write).join(''));
})`

func TestMarkup(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, source, want string }{
		{"emphasis nests", "**bold _it_** __u__ ~~s~~ ***both***", "<p><strong>bold <em>it</em></strong> <u>u</u> <s>s</s> <strong><em>both</em></strong></p>"},
		{"a star inside bold", "**a *b* c**", "<p><strong>a <em>b</em> c</strong></p>"},
		{"underscores in words are letters", "snake_case_name", "<p>snake_case_name</p>"},
		{"a lone marker is text", "5 * 3 = 15 and **no end", "<p>5 * 3 = 15 and **no end</p>"},
		{"a backslash takes the meaning away", `\*not\* \<@101>`, "<p>*not* <@101></p>"},
		{"code keeps its marks", "`**x**` ``a`b``", "<p><code>**x**</code> <code>a`b</code></p>"},
		{"a fence keeps lines and language", "a\n```go\nx := 1\n\ny\n```\nb", "<p>a</p><pre><code>x := 1\n\ny</code></pre><p>b</p>"},
		{"an open fence is text", "```go\nx", "<p>```go\nx</p>"},
		{"headings of three levels", "# A\n## B\n### C\n#### D", "<h1>A</h1><h2>B</h2><h3>C</h3><p>#### D</p>"},
		{"an empty line after small text", "-# note\n\n**x**", "<small>note</small><p>\n<strong>x</strong></p>"},
		{"small text", "-# note **x**", "<small>note <strong>x</strong></small>"},
		{"quotes gather lines", "> a\n> b\nc", "<blockquote><p>a\nb</p></blockquote><p>c</p>"},
		{"a long quote takes the rest", ">>> a\nb", "<blockquote><p>a\nb</p></blockquote>"},
		{"lists nest", "- a\n  - b\n- c\n1. d\n2. e", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><ol><li>d</li><li>e</li></ol>"},
		{"masked links", `[text **b**](https://example.org/a_(b) "title")`, "<p><a https://example.org/a_(b)>text <strong>b</strong></a></p>"},
		{"bare links end before the full stop", "See https://example.org/a?b=c_d_e.", "<p>See <a https://example.org/a?b=c_d_e>https://example.org/a?b=c_d_e</a>.</p>"},
		{"links in angles", "<https://example.org/x>", "<p><a https://example.org/x>https://example.org/x</a></p>"},
		{"a link that poses as another stays raw", "[https://bank.example](https://evil.example)", "<p>[<a https://bank.example/>https://bank.example</a>](<a https://evil.example/>https://evil.example</a>)</p>"},
		{"no link but to the web", "[x](javascript:alert(1)) [y](data:text/html,z) javascript:alert(1)", "<p>[x](javascript:alert(1)) [y](data:text/html,z) javascript:alert(1)</p>"},
		{"times", "<t:0:D> <t:0:R> <t:99999999999999:R>", "<p><time 1970-01-01T00:00:00.000Z> <time 1970-01-01T00:00:00.000Z live> <t:99999999999999:R></p>"},
		{"a time beyond all calendars stays text", "<t:9999999999999:f>", "<p><t:9999999999999:f></p>"},
		{"mentions", "<@101> <@!101> <@&2002> <#3001> </topics list:808> <@5> @everyone", "<p><mention>@Ann</mention> <mention>@Ann</mention> <mention>@editor</mention> <mention>#alerts</mention> <mention>/topics list</mention> <mention>@unknown user</mention> <mention>@everyone</mention></p>"},
		{"spoilers hide", "||**x**||", "<p><spoiler><spoiler-text><strong>x</strong></spoiler-text></spoiler></p>"},
		{"elements are text", "<script>alert(1)</script><img src=x onerror=alert(1)>", "<p><script>alert(1)</script><img src=x onerror=alert(1)></p>"},
		{"an address ends at a mark of direction", "https://example.org/\u202egpj.exe", "<p><a https://example.org/>https://example.org/</a>\u202egpj.exe</p>"},
	}
	b := open(t, newFake(t), desktop)
	var sources []string
	for _, c := range cases {
		sources = append(sources, c.source)
	}
	got := eval[[]string](b, outline+"("+quote(sources)+")")
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, got[i]); diff != "" {
				t.Errorf("%q (-want +got):\n%s", c.source, diff)
			}
		})
	}
}

// TestMarkupSurvivesAnything renders heaps of random markup and deep nesting:
// nothing throws, no letter is lost, and every link leads to the web.
func TestMarkupSurvivesAnything(t *testing.T) {
	t.Parallel()
	b := open(t, newFake(t), desktop)
	deep := []string{
		strings.Repeat("> ", 2000) + "x", strings.Repeat("**", 3000), strings.Repeat("[", 3000) + "](https://a.example)",
		strings.Repeat("*_", 2000), strings.Repeat("||", 2999), strings.Repeat("`", 4001), strings.Repeat("(", 50) + "https://a.example/" + strings.Repeat(")", 3000),
		strings.Repeat("- a\n", 1500), strings.Repeat(" ", 5000) + "- x", "<t:-9999999999999:R>", strings.Repeat("<@", 3000),
	}
	bad := eval[[]string](b, `(async (deep) => {
		const { rich } = await import('/js/markup.js');
		const refs = {user: () => undefined, role: () => undefined, channel: () => undefined};
		const parts = ['**', '*', '_', '__', '~~', '||', '\x60', '\x60\x60\x60', '\n', '> ', '>>> ', '- ', '1. ', '# ', '-# ', '[a](', ')', '](', 'https://x.example', 'javascript:x',
			'<t:1:R>', '<@1>', '<#2>', '</c:3>', '\\', ' ', 'word', 'é', '\u202e', '<script>', '&lt;', '\ud800', '(', '['];
		let seed = 20260601;
		const random = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 65536) % n; };
		const inputs = [...deep];
		for (let i = 0; i < 3000; i++) inputs.push(Array.from({length: 1 + random(30)}, () => parts[random(parts.length)]).join(''));
		const known = new Set('div span strong em u s small blockquote pre code ul ol li a time bdi button'.split(' '));
		const bad = [];
		for (const input of inputs) {
			try {
				const box = document.createElement('div');
				box.append(...rich(input, refs));
				for (const el of box.querySelectorAll('*')) {
					if (!known.has(el.localName) || (el.href && !/^https?:/.test(el.href))) bad.push(input.slice(0, 200) + ' gives ' + el.outerHTML.slice(0, 200));
				}
				const words = (s) => (s.match(/word/g) ?? []).length;
				if (words(box.textContent) !== words(input)) bad.push('a word is lost of ' + JSON.stringify(input) + ': ' + JSON.stringify(box.textContent));
			} catch (error) {
				bad.push(JSON.stringify(input.slice(0, 200)) + ' throws ' + error);
			}
		}
		return bad.slice(0, 10);
	})(`+quote(deep)+`)`)
	for _, s := range bad {
		t.Error(s)
	}
}
