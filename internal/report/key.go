package report

// Key is one identity under which a report is recognised again.
type Key string
