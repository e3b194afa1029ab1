package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/store/engine"
)

// querier is what a pool and a transaction have in common.
type querier = engine.Querier

// scanner is a row.
type scanner interface{ Scan(dest ...any) error }

// collect reads all rows and closes them.
func collect[T any](rows *sql.Rows, err error, scan func(scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// scanOne reads the only column of a row.
func scanOne[T any](s scanner) (T, error) {
	var v T
	err := s.Scan(&v)
	return v, err
}

// sizes are the lengths that lists in statements come in. Few lengths mean few
// texts, so that prepared statements are found again.
var sizes = [...]int{256, 128, 96, 64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2, 1}

// chunk calls f for runs of a list of n elements whose lengths are in sizes.
func chunk(n int, f func(from, to int) error) error {
	for from := 0; from < n; {
		for _, size := range sizes {
			if n-from >= size {
				if err := f(from, from+size); err != nil {
					return err
				}
				from += size
				break
			}
		}
	}
	return nil
}

// inLists calls f with "($k, $k+1, ...)" and its arguments for parts of list.
// The last part repeats its last element until its length is in sizes. first is
// the number of the first placeholder.
func inLists[T any](list []T, first int, f func(in string, args []any) error) error {
	for len(list) > 0 {
		n := min(len(list), sizes[0])
		size := sizes[0]
		for _, s := range sizes {
			if s >= n {
				size = s
			}
		}
		args := make([]any, size)
		for i := range args {
			args[i] = list[min(i, n-1)]
		}
		if err := f(placeholders(first, size), args); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// inPairs calls f with "(VALUES ($1, $2), ...)" and its arguments for parts of
// list, as inLists does.
func inPairs(list []sourceKey, f func(pairs string, args []any) error) error {
	return inLists(list, 1, func(_ string, padded []any) error {
		args := make([]any, 0, 2*len(padded))
		var values strings.Builder
		for i, p := range padded {
			if i > 0 {
				values.WriteByte(',')
			}
			values.WriteString(placeholders(2*i+1, 2))
			k := p.(sourceKey)
			args = append(args, string(k.source), string(k.key))
		}
		return f("(VALUES "+values.String()+")", args)
	})
}

// placeholders returns "($first, ..., $first+n-1)".
func placeholders(first, n int) string {
	var b strings.Builder
	b.Grow(6 * n)
	b.WriteByte('(')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(first + i))
	}
	b.WriteByte(')')
	return b.String()
}

// insert is a statement that inserts many rows at once.
type insert struct {
	// head ends with VALUES, tail begins after the rows.
	head, tail string
	cols       int
}

func (i insert) text(rows int) string {
	var b strings.Builder
	b.WriteString(i.head)
	for r := range rows {
		if r > 0 {
			b.WriteByte(',')
		}
		b.WriteByte(' ')
		b.WriteString(placeholders(1+r*i.cols, i.cols))
	}
	b.WriteByte(' ')
	b.WriteString(i.tail)
	return b.String()
}

// exec inserts rows whose values stand one after the other in args.
func (i insert) exec(ctx context.Context, tx querier, args []any) error {
	return chunk(len(args)/i.cols, func(from, to int) error {
		_, err := tx.ExecContext(ctx, i.text(to-from), args[from*i.cols:to*i.cols]...)
		return err
	})
}

// query is exec for a statement with RETURNING; each is called with each row.
func (i insert) query(ctx context.Context, tx querier, args []any, each func(scanner) error) error {
	return chunk(len(args)/i.cols, func(from, to int) error {
		rows, err := tx.QueryContext(ctx, i.text(to-from), args[from*i.cols:to*i.cols]...)
		_, err = collect(rows, err, func(s scanner) (struct{}, error) { return struct{}{}, each(s) })
		return err
	})
}

// ms is t as the store keeps it.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// at is the reverse of ms.
func at(v int64) time.Time {
	if v == 0 {
		return time.Time{}
	}
	return time.UnixMilli(v).UTC()
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// storable is s without what PostgreSQL cannot keep, so that both engines keep
// the same: invalid UTF-8 and NUL.
func storable(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return s
}

// toJSON encodes a list or an object; nothing that the store encodes can fail.
func toJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode %T: %w", v, err)
	}
	return string(b), nil
}

func fromJSON(s string, v any) error {
	if err := json.Unmarshal([]byte(s), v); err != nil {
		return fmt.Errorf("decode %T: %w", v, err)
	}
	return nil
}
