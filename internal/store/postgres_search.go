package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/attache-bot/attache/internal/report"
)

// PostgreSQL finds reports by their lexemes, and what lexemes cannot tell it
// reads from the words themselves: where they stand, since a tsvector holds 256
// places a lexeme and none beyond the 16,383rd, and how a word goes on that is
// longer than a lexeme can be. So it finds what SQLite finds, whatever the
// length.
const (
	maxLexeme = 1 << 10
	// maxLexemes bounds a report's lexemes together, in bytes; the server refuses
	// 1 MiB. No report is that long.
	maxLexemes = 800 << 10
)

// postgresIndex finds reports by a tsvector,
// https://www.postgresql.org/docs/current/textsearch.html.
type postgresIndex struct{}

// put replaces the searchable words of reports.
func (postgresIndex) put(ctx context.Context, tx querier, reports []indexed) error {
	args := make([]any, 0, 4*len(reports))
	for _, r := range reports {
		args = append(args, int64(r.id), tsvector(r.words), " "+strings.Join(r.words, " ")+" ", r.ownFeed)
	}
	err := insert{
		head: "INSERT INTO report_words (report, lexemes, words, own_feed) VALUES",
		tail: "ON CONFLICT (report) DO UPDATE SET lexemes = excluded.lexemes, words = excluded.words", cols: 4,
	}.exec(ctx, tx, args)
	if err != nil {
		return fmt.Errorf("index reports: %w", err)
	}
	return nil
}

// search finds reports that hold every phrase, newest first. How rare the words
// are decides how, and the planner does not know: its statistics hold the most
// frequent words only. So a few of the newest reports are looked through first.
// Where some of them have the words, so have enough of those a little older;
// where hardly one does, the index of words has few reports to read.
func (postgresIndex) search(ctx context.Context, db querier, f find) ([]report.ID, error) {
	return newestWith(ctx, db, f, f.limit)
}

// sampleWindow is how many of the newest reports tell how frequent the words are,
// and leastWindow how many are looked through when they are frequent.
const (
	sampleWindow = 128
	leastWindow  = 1280
)

func newestWith(ctx context.Context, db querier, f find, limit int) ([]report.ID, error) {
	where, args := holds(f)
	args = append(args, limit)
	n := len(args)
	window := max(leastWindow, 4*limit)
	// So many in the sample let enough be expected in the window, and a few over.
	frequent := limit*sampleWindow/window + 2
	// A part whose condition does not hold is not run. OFFSET keeps the order from
	// choosing the index.
	rows, err := db.QueryContext(ctx, fmt.Sprintf(`
		WITH sample AS MATERIALIZED (
			SELECT report FROM (SELECT * FROM report_words WHERE report < $2 ORDER BY report DESC LIMIT %[1]d) looked_through
			WHERE %[3]s),
		often AS MATERIALIZED (SELECT count(*) >= %[2]d AS found FROM sample),
		newest AS MATERIALIZED (
			SELECT report FROM (SELECT * FROM report_words WHERE report < $2 ORDER BY report DESC LIMIT %[5]d) looked_through
			WHERE (SELECT found FROM often) AND %[3]s ORDER BY report DESC LIMIT $%[4]d),
		enough AS MATERIALIZED (SELECT count(*) >= $%[4]d AS found FROM newest)
		SELECT report FROM (
			SELECT report FROM newest WHERE (SELECT found FROM enough)
			UNION ALL
			SELECT report FROM (SELECT report FROM report_words
				WHERE (SELECT NOT found FROM enough) AND %[3]s AND report + 0 < $2 OFFSET 0) by_word) found
		ORDER BY report DESC LIMIT $%[4]d`, sampleWindow, frequent, where, n, window), args...)
	return collect(rows, err, scanOne[report.ID])
}

// rank orders them by the sum of their phrases' weights, each of which grows
// with how often the phrase occurs, ever less, and with how short the report is:
// BM25 without the part that tells how rare the phrases are. That is the same for
// all reports that hold every one of them, but weighs between phrases, so that
// SQLite's order may differ.
func (postgresIndex) rank(ctx context.Context, db querier, f find) ([]report.ID, error) {
	among, err := newestWith(ctx, db, f, f.among)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(among))
	for i, id := range among {
		ids[i] = int64(id)
	}
	args := []any{pgx.QueryExecModeExec, ids, f.limit, f.skip}
	weights := make([]string, len(f.phrases))
	for i, p := range f.phrases {
		phrase := " " + strings.Join(p, " ") + " "
		args = append(args, phrase)
		times := fmt.Sprintf("((size - octet_length(replace(words, $%d::text, ''))) / %d.0::float8)", len(args)-1, len(phrase))
		weights[i] = times + " / (" + times + " + 1.2 * (0.25 + 0.75 * size / usual))"
	}
	rows, err := db.QueryContext(ctx, `
		SELECT report FROM (
			SELECT report, words, octet_length(words) AS size, avg(octet_length(words)) OVER ()::float8 AS usual
			FROM report_words WHERE report = ANY($1)) sized
		ORDER BY `+strings.Join(weights, " + ")+" DESC, report DESC LIMIT $2 OFFSET $3", args...)
	return collect(rows, err, scanOne[report.ID])
}

// holds is the condition for reports that hold every phrase, and its arguments,
// of which the second is what their ids are below.
func holds(f find) (where string, args []any) {
	var lexemes []string
	args = []any{nil, int64(f.before)}
	for _, p := range f.phrases {
		cut := false
		for _, w := range p {
			l := lexeme(w)
			cut = cut || l != w
			lexemes = append(lexemes, quoteLexeme(l))
		}
		if cut || len(p) > 1 {
			args = append(args, " "+strings.Join(p, " ")+" ")
			where += fmt.Sprintf(" AND position($%d::text in words) > 0", len(args))
		}
	}
	slices.Sort(lexemes)
	args[0] = strings.Join(slices.Compact(lexemes), " & ")
	args = append(args, append([]int64{0}, f.own...))
	return "lexemes @@ $1::tsquery" + where + fmt.Sprintf(" AND own_feed = ANY($%d::bigint[])", len(args)), args
}

// tsvector writes words in the form of the server's type, without places.
func tsvector(words []string) string {
	var b strings.Builder
	seen := make(map[string]bool, len(words))
	for _, w := range words {
		if w == border || seen[w] {
			continue
		}
		seen[w] = true
		l := quoteLexeme(lexeme(w))
		if b.Len()+len(l) > maxLexemes {
			break
		}
		b.WriteString(l)
		b.WriteByte(' ')
	}
	return b.String()
}

// lexeme is a word, or its beginning when it is too long for the server.
func lexeme(word string) string {
	if len(word) <= maxLexeme {
		return word
	}
	end := maxLexeme
	for !utf8.RuneStart(word[end]) {
		end--
	}
	return word[:end]
}

func quoteLexeme(s string) string {
	if !strings.ContainsAny(s, `'\`) {
		return "'" + s + "'"
	}
	return "'" + strings.NewReplacer("'", "''", `\`, `\\`).Replace(s) + "'"
}

// drop is left to the reference from the words to their report.
func (postgresIndex) drop(context.Context, querier, []report.ID) error { return nil }
