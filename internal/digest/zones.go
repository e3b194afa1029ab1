package digest

import (
	_ "embed" // the names of time zones
	"fmt"
	"strings"
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

// Zone returns the time zone of a name, whatever its case.
func Zone(name string) (*time.Location, error) {
	for _, z := range Zones() {
		if strings.EqualFold(z, name) {
			loc, err := time.LoadLocation(z)
			if err != nil {
				return nil, fmt.Errorf("time zone: %w", err)
			}
			return loc, nil
		}
	}
	return nil, fmt.Errorf("time zone %q: %w", name, ErrSchedule)
}
