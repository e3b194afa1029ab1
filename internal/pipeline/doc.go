// Package pipeline owns the steps that lead from a report to alerts, in order:
//
//	report ──▶ topic matches ──▶ story ──▶ alerts ──▶ store
//
// [Placer.Place] is that page: it takes the reports that polls have stored, in
// their sequence, and decides for each which topics it bears, which story it
// tells and which channels are alerted. A batch's decisions are committed in one
// transaction, and only then acted on: the deliverer is woken. A crash in
// between loses nothing, because unplaced reports are taken up again and stories
// and alerts have names that do not depend on when they were decided.
//
// Placing is serial. Two sibling feeds that bring one development at once would
// otherwise open two stories.
package pipeline
