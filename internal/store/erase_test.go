package store_test

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
)

// schema are the columns of each table, with their types, as the database has
// them: a table that is new is among them from its first day.
func schema(t *testing.T, db *sql.DB) map[string][][2]string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'report_words%' AND m.name <> 'schema_version' ORDER BY m.name, c.cid`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string][][2]string{}
	for rows.Next() {
		var table, column, kind string
		if err := rows.Scan(&table, &column, &kind); err != nil {
			t.Fatal(err)
		}
		out[table] = append(out[table], [2]string{column, kind})
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// namesGuild are columns that say which guild a row belongs to, namesPerson those
// that say whom it tells of.
var (
	namesGuild  = regexp.MustCompile(`guild|server`)
	namesPerson = regexp.MustCompile(`_by$|actor|user|person|member|author|asker`)
)

// furnish gives every table a row of a guild and a person. All numbers in it are
// the given one, so that rows refer to each other as they do in life.
func furnish(t *testing.T, db *sql.DB, number int, guild, person string) {
	t.Helper()
	for table, columns := range schema(t, db) {
		names, values := make([]string, len(columns)), make([]any, len(columns))
		for i, c := range columns {
			names[i] = c[0]
			switch {
			case namesGuild.MatchString(c[0]), table == "guilds" && c[0] == "id":
				values[i] = guild
			case namesPerson.MatchString(c[0]):
				values[i] = person
			case c[1] != "TEXT":
				values[i] = number
			default:
				values[i] = fmt.Sprint("v", number)
			}
			if c[0] == "left_at" || c[0] == "gone_at" {
				values[i] = 0
			}
		}
		if table == "own_clock" { // it has one row
			continue
		}
		text := fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s)", table, strings.Join(names, ", "), strings.Repeat(", ?", len(names)-1))
		if _, err := db.ExecContext(t.Context(), text, values...); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
	}
}

// holding are the tables that name something in a column of a kind.
func holding(t *testing.T, db *sql.DB, kind *regexp.Regexp, what string) []string {
	t.Helper()
	var out []string
	for table, columns := range schema(t, db) {
		for _, c := range columns {
			if !kind.MatchString(c[0]) && (kind != namesGuild || table != "guilds" || c[0] != "id") {
				continue
			}
			if n := query(t, db, fmt.Sprintf("SELECT CAST(COUNT(*) AS TEXT) FROM %s WHERE %s = '%s'", table, c[0], what)); n != "0" {
				out = append(out, table+"."+c[0])
			}
		}
	}
	slices.Sort(out)
	return out
}

// furnished is a store with two guilds and people, each of which every table
// names, and the file behind it.
func furnished(t *testing.T) (*store.Store, *sql.DB) {
	t.Helper()
	path := storetest.SQLite(t)
	s := openAt(t, path)
	db := raw(t, path)
	furnish(t, db, 1, "g", "p")
	furnish(t, db, 2, "h", "q")
	return s, db
}

func TestNothingIsLeftOfAGuildThatRemovedTheBot(t *testing.T) {
	t.Parallel()
	s, db := furnished(t)
	others := holding(t, db, namesGuild, "h")
	if len(others) < 8 {
		t.Fatalf("only %v name a guild", others)
	}
	left := now().Add(-time.Hour)
	if err := s.LeaveGuild(t.Context(), "g", left); err != nil {
		t.Fatal(err)
	}
	if d, err := s.DeleteGuilds(t.Context(), now(), left, 1); err != nil || d.Guilds != 0 || len(holding(t, db, namesGuild, "g")) != len(others) {
		t.Fatalf("before its time %+v is deleted, %v", d, err)
	}
	for range 20 {
		d, err := s.DeleteGuilds(t.Context(), now(), now(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if d.Guilds == 1 {
			break
		}
	}
	if got := holding(t, db, namesGuild, "g"); len(got) > 0 {
		t.Errorf("the guild that is gone stands in %v: add these tables to erase.go", got)
	}
	if got := holding(t, db, namesGuild, "h"); !slices.Equal(got, others) {
		t.Errorf("the other guild stands in %v, want %v", got, others)
	}
}

func TestNothingIsLeftOfAGuildThatIsErased(t *testing.T) {
	t.Parallel()
	s, db := furnished(t)
	others := holding(t, db, namesGuild, "h")
	if err := s.EraseGuild(t.Context(), "g", now()); err != nil {
		t.Fatal(err)
	}
	if got := holding(t, db, namesGuild, "g"); !slices.Equal(got, []string{"guilds.id"}) {
		t.Errorf("the guild stands in %v: it may stand in guilds only, since it has the bot", got)
	}
	for _, c := range schema(t, db)["guilds"] {
		switch c[0] {
		case "id", "joined_at", "greeted_at":
			continue
		}
		if v := query(t, db, "SELECT CAST("+c[0]+" AS TEXT) FROM guilds WHERE id = 'g'"); v != "" && v != "0" {
			t.Errorf("its %s is still %q", c[0], v)
		}
	}
	if got := holding(t, db, namesGuild, "h"); !slices.Equal(got, others) {
		t.Errorf("the other guild stands in %v, want %v", got, others)
	}
}

func TestNothingIsLeftOfAPersonWhoIsForgotten(t *testing.T) {
	t.Parallel()
	s, db := furnished(t)
	named := holding(t, db, namesPerson, "q")
	if len(named) < 5 {
		t.Fatalf("only %v name a person", named)
	}
	if err := s.ForgetPerson(t.Context(), ""); err != nil || len(holding(t, db, namesPerson, "p")) != len(named) {
		t.Fatalf("nobody was forgotten: %v", err)
	}
	if err := s.ForgetPerson(t.Context(), "p"); err != nil {
		t.Fatal(err)
	}
	if got := holding(t, db, namesPerson, "p"); len(got) > 0 {
		t.Errorf("the person who is forgotten stands in %v: add these columns to privacy.go", got)
	}
	if got := holding(t, db, namesPerson, "q"); !slices.Equal(got, named) {
		t.Errorf("another person stands in %v, want %v", got, named)
	}
	for _, table := range []string{"subscriptions", "digests", "own_topics", "audit"} {
		if n := query(t, db, "SELECT CAST(COUNT(*) AS TEXT) FROM "+table); n != "2" {
			t.Errorf("%s has %s rows, want both: what somebody did is the guild's", table, n)
		}
	}
}

func TestAHostThatIsNotAskedAnyMoreIsForgotten(t *testing.T) {
	t.Parallel()
	path := storetest.SQLite(t)
	s := openAt(t, path)
	for host, ago := range map[string]time.Duration{"old.example": 2 * time.Hour, "new.example": 0} {
		if _, _, err := s.TakeHostTurn(t.Context(), host, s.Now().Add(-ago), time.Second, time.Second); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.ForgetFeeds(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := query(t, raw(t, path), "SELECT GROUP_CONCAT(name) FROM turns"); got != "host new.example" {
		t.Errorf("turns of %q are kept", got)
	}
}
