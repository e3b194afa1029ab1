package command_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/bot/command"
)

// The table of commands stands between these lines of the document.
const (
	document   = "../README.md"
	tableBegin = "<!-- commands: written by ATTACHE_UPDATE=1 go test ./bot/command -->\n"
	tableEnd   = "<!-- end of commands -->\n"
)

func TestTheDocumentListsEveryCommand(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(raw), tableBegin)
	old, after, closed := strings.Cut(rest, tableEnd)
	if !ok || !closed {
		t.Fatalf("%s has no table of commands", document)
	}
	table := commandTable()
	if os.Getenv("ATTACHE_UPDATE") != "" {
		if err := os.WriteFile(document, []byte(before+tableBegin+table+tableEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(table, old); diff != "" {
		t.Errorf("%s is stale; ATTACHE_UPDATE=1 go test ./bot/command writes it:\n%s", document, diff)
	}
}

// commandTable is the tree of commands as a table.
func commandTable() string {
	var b strings.Builder
	b.WriteString("| command | does | options | who may use it |\n|---|---|---|---|\n")
	for _, c := range command.Tree() {
		who := "everybody"
		switch p := c.DefaultMemberPermissions; {
		case p != nil && *p == discordgo.PermissionManageGuild:
			who = "who may *Manage Server*"
		case p != nil:
			who = fmt.Sprintf("who has the permissions %d", *p)
		}
		if c.Type == discordgo.MessageApplicationCommand {
			fmt.Fprintf(&b, "| *%s* | in the menu of a message, under Apps | | %s |\n", c.Name, who)
			continue
		}
		if len(c.Options) == 0 || !isSub(c.Options[0]) {
			row(&b, "/"+c.Name, c.Description, c.Options, who)
			continue
		}
		for _, s := range c.Options {
			row(&b, "/"+c.Name+" "+s.Name, s.Description, s.Options, who)
		}
	}
	return b.String()
}

func row(b *strings.Builder, name, does string, options []*discordgo.ApplicationCommandOption, who string) {
	parts := make([]string, len(options))
	for i, o := range options {
		parts[i] = "`" + o.Name + "`"
		if !o.Required {
			parts[i] = "[" + parts[i] + "]"
		}
		if len(o.Choices) > 0 {
			names := make([]string, len(o.Choices))
			for j, c := range o.Choices {
				names[j] = c.Name
			}
			parts[i] += " (" + strings.Join(names, "; ") + ")"
		}
	}
	cell := strings.NewReplacer("|", `\|`, "\n", " ")
	fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", name, cell.Replace(does), cell.Replace(strings.Join(parts, " ")), who)
}
