package metrics_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// monitorFile reads a file for Prometheus or Grafana.
func monitorFile(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "config", "monitor", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// expressions are the queries of the rules and of the dashboard, each with the
// place where it stands.
func expressions(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(monitorFile(t, "dashboard.json"), &dashboard); err != nil {
		t.Fatal(err)
	}
	for _, p := range dashboard.Panels {
		if len(p.Targets) == 0 {
			t.Errorf("panel %q shows nothing", p.Title)
		}
		for _, q := range p.Targets {
			out[q.Expr] = "panel " + p.Title
		}
	}
	for _, r := range rules(t) {
		out[r.Expr] = "rule " + r.Alert
	}
	return out
}

type alertRule struct {
	Alert, Expr, For    string
	Labels, Annotations map[string]string
}

func rules(t *testing.T) []alertRule {
	t.Helper()
	var file struct {
		Groups []struct{ Rules []alertRule }
	}
	if err := yaml.Unmarshal(monitorFile(t, "alerts.yaml"), &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Groups) != 1 || len(file.Groups[0].Rules) < 5 {
		t.Fatalf("%+v", file)
	}
	return file.Groups[0].Rules
}

// foreign are the metrics of others: of Prometheus itself, of Go, of the process.
var (
	foreign  = regexp.MustCompile(`^(up|process_[a-z_]+|go_[a-z_]+)$`)
	selector = regexp.MustCompile(`([a-z_][a-zA-Z0-9_]*)(\{[^}]*\})?`)
	label    = regexp.MustCompile(`([a-z_]+)=~?"`)
	grouping = regexp.MustCompile(`\b(by|without) \(([^)]*)\)`)
)

// TestEveryMetricThatIsWatchedExists holds the names and labels in rules and
// dashboard against what the bot exposes.
func TestEveryMetricThatIsWatchedExists(t *testing.T) {
	t.Parallel()
	exposed, err := os.ReadFile(filepath.Join("testdata", "metrics.txt"))
	if err != nil {
		t.Fatal(err)
	}
	labels := map[string]string{} // by the name of the metric: a line of it
	for line := range strings.Lines(string(exposed)) {
		if !strings.HasPrefix(line, "#") {
			name, _, _ := strings.Cut(strings.Fields(line)[0], "{")
			labels[name] += line
		}
	}
	watched := 0
	for expr, place := range expressions(t) {
		bare := grouping.ReplaceAllString(expr, "")
		named := ""
		for _, m := range selector.FindAllStringSubmatch(bare, -1) {
			if !strings.HasPrefix(m[1], "attache_") {
				continue
			}
			watched++
			lines, ok := labels[m[1]]
			if !ok {
				t.Errorf("%s asks for %s, which there is not", place, m[1])
			}
			named += lines
			for _, l := range label.FindAllStringSubmatch(m[2], -1) {
				if !strings.Contains(lines, l[1]+"=") {
					t.Errorf("%s asks for the label %s of %s, which it has not", place, l[1], m[1])
				}
			}
		}
		if named == "" && !foreign.MatchString(strings.SplitN(bare, "{", 2)[0]) {
			t.Errorf("%s watches nothing known: %s", place, expr)
		}
		for _, g := range grouping.FindAllStringSubmatch(expr, -1) {
			for l := range strings.SplitSeq(g[2], ",") {
				if !strings.Contains(named, strings.TrimSpace(l)+"=") {
					t.Errorf("%s groups by %s, which no metric of it has", place, l)
				}
			}
		}
	}
	if watched < 20 {
		t.Errorf("only %d metrics are watched", watched)
	}
}

// TestOperatorsReadTheRulesThatHold keeps the table in the operators' document
// in step with the rules, and each rule with a way to act on it.
func TestOperatorsReadTheRulesThatHold(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("..", "..", "cmd", "attache", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules(t) {
		if r.Annotations["summary"] == "" || r.Annotations["action"] == "" || r.Labels["severity"] == "" || r.For == "" {
			t.Errorf("%s does not say what happened, what to do, how urgent it is, or for how long it must hold", r.Alert)
		}
		if !strings.Contains(string(raw), "| `"+r.Expr+"` | "+words(r.For)+" |") {
			t.Errorf("cmd/attache/README.md lacks the line of %s: | `%s` | %s |", r.Alert, r.Expr, words(r.For))
		}
	}
}

// words is a duration as the document writes it.
func words(d string) string {
	return strings.NewReplacer("m", " min", "h", " h").Replace(d)
}
