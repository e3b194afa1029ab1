package digest

import (
	_ "embed" // the names of time zones
	"fmt"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // a machine may have none of its own
)

// zoneNames are the names of the IANA time zone database that stand for places,
// one a line.
//
//go:embed zones.txt
var zoneNames string

// Zones returns the names of the time zones that can be chosen, in order.
func Zones() []string { return strings.Fields(zoneNames) }

// zones are the time zones by their names in lower case, each read when it is asked
// for first: a store asks for that of every channel with quiet hours.
var zones = sync.OnceValue(func() map[string]func() (*time.Location, error) {
	out := make(map[string]func() (*time.Location, error))
	for _, name := range Zones() {
		out[strings.ToLower(name)] = sync.OnceValues(func() (*time.Location, error) { return time.LoadLocation(name) })
	}
	return out
})

// Zone returns the time zone of a name, whatever its case.
func Zone(name string) (*time.Location, error) {
	load, ok := zones()[strings.ToLower(name)]
	if !ok {
		return nil, fmt.Errorf("time zone %q: %w", name, ErrSchedule)
	}
	zone, err := load()
	if err != nil {
		return nil, fmt.Errorf("time zone: %w", err)
	}
	return zone, nil
}
