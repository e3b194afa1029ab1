package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// cacheSize bounds the prepared statements that one connection keeps. All
// texts of this package together stay well below it.
const cacheSize = 256

// cachingConnector opens connections that keep their prepared statements, as
// PostgreSQL's driver does by itself: compiling a text costs SQLite about as
// much as running it.
type cachingConnector struct{ driver.Connector }

// Connect implements [driver.Connector].
func (c cachingConnector) Connect(ctx context.Context) (driver.Conn, error) {
	dc, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := dc.(fullConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("connection %T lacks methods", dc), dc.Close())
	}
	return &cachingConn{fullConn: full, stmts: make(map[string]cachedStmt)}, nil
}

// fullConn is what the driver's connection can do; database/sql looks for each
// of these by itself.
type fullConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type cachedStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// cachingConn is used by one goroutine at a time, as every [driver.Conn] is.
type cachingConn struct {
	fullConn
	stmts map[string]cachedStmt
}

// ExecContext implements [driver.ExecerContext].
func (c *cachingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	st, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	res, err := st.ExecContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return res, c.put(query, st)
}

// QueryContext implements [driver.QueryerContext].
func (c *cachingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	st, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return &cachedRows{Rows: rows, done: func() error { return c.put(query, st) }}, nil
}

// take removes a statement from the cache while it is in use: its rows may
// still be open when the same text is run again.
func (c *cachingConn) take(ctx context.Context, query string) (cachedStmt, error) {
	if st, ok := c.stmts[query]; ok {
		delete(c.stmts, query)
		return st, nil
	}
	st, err := c.PrepareContext(ctx, anonymous(steady(query)))
	if err != nil {
		return nil, err
	}
	full, ok := st.(cachedStmt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("statement %T lacks methods", st), st.Close())
	}
	return full, nil
}

// steady keeps SQLite from planning by the value of a limit: it would compile
// the statement again whenever another is bound.
func steady(query string) string { return strings.ReplaceAll(query, "LIMIT $", "LIMIT 0 + $") }

// anonymous replaces $1, $2, ... by question marks where they stand in that very
// order. SQLite looks a name up among all names before it, which makes binding
// long lists quadratic.
func anonymous(query string) string {
	var b strings.Builder
	rest, next := query, 1
	for {
		before, after, found := strings.Cut(rest, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		n := 0
		for n < len(after) && after[n] >= '0' && after[n] <= '9' {
			n++
		}
		if after[:n] != strconv.Itoa(next) {
			return query
		}
		b.WriteByte('?')
		rest = after[n:]
		next++
	}
}

func (c *cachingConn) put(query string, st cachedStmt) error {
	if _, ok := c.stmts[query]; ok || len(c.stmts) >= cacheSize {
		return st.Close()
	}
	c.stmts[query] = st
	return nil
}

// Close implements [driver.Conn].
func (c *cachingConn) Close() error {
	var errs []error
	for _, st := range c.stmts {
		errs = append(errs, st.Close())
	}
	c.stmts = nil
	return errors.Join(append(errs, c.fullConn.Close())...)
}

type cachedRows struct {
	driver.Rows
	done func() error
}

// Close implements [driver.Rows]. It may be called more than once.
func (r *cachedRows) Close() error {
	if r.done == nil {
		return nil
	}
	err := errors.Join(r.Rows.Close(), r.done())
	r.done = nil
	return err
}
