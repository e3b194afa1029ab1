// Package digest owns scheduled summaries: when one is due in a time zone, each
// local date and time once whatever clocks do, and which stories it tells.
package digest
