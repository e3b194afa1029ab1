package guild

import "strings"

// personal begins the name of a person's account. Discord's snowflakes are
// numbers, so that it is never a guild's.
const personal = "dm:"

// MaxPersonal bounds the subscriptions of one person in direct messages.
const MaxPersonal = 25

// Personal is the name under which what one person asks for in direct messages is
// kept, as what a guild asks for is kept under its id. user is a snowflake.
func Personal(user string) string { return personal + user }

// IsPersonal reports whether something is kept for one person.
func IsPersonal(id string) bool { return strings.HasPrefix(id, personal) }
