package schedule

import (
	"errors"
	"fmt"
	"iter"
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Expression is a cron expression that people may write: minute, hour, day of the
// month, month and day of the week, or a name such as @daily. It says what clocks
// show on the wall when something is due, without a zone: which instants those
// are is its user's business. [ParseExpression] makes one; the empty expression
// is never due.
type Expression string

// Fault is why an expression is refused.
type Fault string

// What may be wrong with an expression.
const (
	// Unreadable: it has other than five parts, or one of them is none.
	Unreadable Fault = "unreadable"
	// Interval: it counts from whenever the program was started, as @every does.
	Interval Fault = "interval"
	// Zoned: it brings its own time zone.
	Zoned Fault = "zoned"
	// Never: there is no such date, as 30 February.
	Never Fault = "never"
	// TooOften: two of its times are less than an hour apart.
	TooOften Fault = "too-often"
)

// ExpressionError says why an expression is refused.
type ExpressionError struct {
	Fault Fault
	// Part is which of the five parts cannot be read, from 1; 0 where no single one
	// is at fault. Text is what stands there.
	Part int
	Text string
}

// Error implements error.
func (e *ExpressionError) Error() string {
	if e.Part > 0 {
		return fmt.Sprintf("cron expression: %s: part %d, %q", e.Fault, e.Part, e.Text)
	}
	return "cron expression: " + string(e.Fault)
}

const (
	parts      = 5
	minutePart = 1
	// maxExpression is how long an expression may be, in bytes. The longest that has
	// a use lists a dozen days.
	maxExpression = 100
)

// part is how each part must look. Cron's own parser takes more, and reads some
// of it as something else: "*-5" as a star, "," as nothing at all, for which it
// then looks minute by minute through five years.
var part = regexp.MustCompile(`^(?:\*|\?|[a-z0-9]{1,3}(?:-[a-z0-9]{1,3})?)(?:/[0-9]{1,2})?(?:,(?:\*|\?|[a-z0-9]{1,3}(?:-[a-z0-9]{1,3})?)(?:/[0-9]{1,2})?)*$`)

// named are the names for whole expressions that are taken.
func named() []string {
	return []string{"@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"}
}

// ParseExpression reads what a person wrote, whatever its case and spaces, or
// returns an [*ExpressionError]. Whatever it accepts is due within five years and
// at most once an hour.
func ParseExpression(s string) (Expression, error) {
	if len(s) > maxExpression {
		return "", &ExpressionError{Fault: Unreadable}
	}
	fields := strings.Fields(strings.ToLower(s))
	e := Expression(strings.Join(fields, " "))
	switch {
	case strings.HasPrefix(string(e), "tz=") || strings.HasPrefix(string(e), "cron_tz="):
		return "", &ExpressionError{Fault: Zoned}
	case strings.HasPrefix(string(e), "@every"):
		return "", &ExpressionError{Fault: Interval}
	case strings.HasPrefix(string(e), "@"):
		if !slices.Contains(named(), string(e)) {
			return "", &ExpressionError{Fault: Unreadable}
		}
	case len(fields) != parts:
		return "", &ExpressionError{Fault: Unreadable}
	}
	spec, err := e.spec()
	if err != nil {
		return "", err
	}
	// Any five years hold a leap day, so that where one begins changes nothing.
	from := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	if spec.Next(from).IsZero() {
		return "", &ExpressionError{Fault: Never}
	}
	// Times within one hour differ by their minute, and whenever an hour is due all
	// of its minutes are; with a single minute no two times are closer than an hour.
	if bits.OnesCount64(spec.Minute&(1<<60-1)) > 1 {
		return "", &ExpressionError{Fault: TooOften}
	}
	return e, nil
}

// spec reads an expression part by part, so that an error can name the part.
func (e Expression) spec() (*cron.SpecSchedule, error) {
	parser := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)
	read := func(s string) (*cron.SpecSchedule, error) {
		got, err := parser.Parse(s)
		if err != nil {
			return nil, err
		}
		spec, ok := got.(*cron.SpecSchedule)
		if !ok {
			return nil, errors.New("not by the clock")
		}
		spec.Location = time.UTC
		return spec, nil
	}
	fields := strings.Fields(string(e))
	if len(fields) == parts {
		for i, f := range fields {
			alone := slices.Repeat([]string{"*"}, parts)
			alone[i] = f
			if !part.MatchString(f) {
				return nil, &ExpressionError{Unreadable, i + minutePart, f}
			}
			if _, err := read(strings.Join(alone, " ")); err != nil {
				return nil, &ExpressionError{Unreadable, i + minutePart, f}
			}
		}
	}
	spec, err := read(string(e))
	if err != nil {
		return nil, &ExpressionError{Fault: Unreadable}
	}
	return spec, nil
}

// After returns what clocks show when it is due, after what they show at one
// time, in order. Both are written as times in UTC, which skips and repeats
// nothing. It ends where nothing comes within five years.
func (e Expression) After(wall time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		spec, err := e.spec()
		if err != nil {
			return
		}
		for wall = spec.Next(wall); !wall.IsZero() && yield(wall); {
			wall = spec.Next(wall)
		}
	}
}
