// Package quiet owns when a channel is not to be disturbed: what a guild has
// muted, which channels are paused, and their quiet hours. What is muted is never
// told; what is held is told by one summary at the end.
package quiet
