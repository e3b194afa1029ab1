package config

import (
	"fmt"
	"strings"
)

// Reference returns the table of every setting in Markdown: what it does, what
// it accepts, its default and its variable. It is the middle part of README.md.
func Reference() string {
	c := Default()
	var b strings.Builder
	b.WriteString("| key | what it does | accepts | default | variable |\n|---|---|---|---|---|\n")
	for _, k := range keys() {
		def := strings.Join(k.get(&c), ",")
		if def == "" {
			def = "–"
		} else {
			def = "`" + def + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | `%s` |\n", k.name, k.help, k.accepts, def, k.variable())
	}
	return b.String()
}
