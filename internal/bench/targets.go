package main

import (
	"fmt"
	"slices"
)

// suite is one run of go test.
type suite struct {
	// pkg is the folder of the package, from the top.
	pkg string
	// bench chooses benchmarks, as go test does.
	bench string
	// time is the -benchtime of a whole run; a quick one does everything once.
	time string
	// args are further arguments, quick ones those of a quick run.
	args, quick []string
}

// suites are what is measured.
func suites() []suite {
	return []suite{
		{pkg: "internal/feed/parse", bench: "^BenchmarkRealFeeds$/^all$", time: "3x"},
		{pkg: "internal/feed", bench: "^BenchmarkPoll$", time: "1x", args: []string{"-feeds", "10000"}, quick: []string{"-feeds", "1000"}},
		{pkg: "internal/topic", bench: "^BenchmarkMatchRealReports$", time: "1s"},
		{pkg: "internal/summary", bench: "^BenchmarkStory$", time: "1s"},
		{pkg: "internal/query", bench: "^BenchmarkIndex$", time: "200x", quick: []string{"-rules", "10000"}},
		{pkg: "internal/story", bench: "^BenchmarkPlace$", time: "1s"},
		{pkg: "internal/pipeline", bench: "^BenchmarkReplay$", time: "3x"},
		{pkg: "internal/pipeline", bench: "^BenchmarkFlood$", time: "1x"},
		{pkg: "internal/store", bench: "^BenchmarkSearch$", time: "4x", quick: []string{"-reports", "10000"}},
		{pkg: "bot/rest", bench: "^BenchmarkRoundTrip$", time: "1s"},
		{pkg: "internal/app", bench: "^(BenchmarkDeliveries|BenchmarkSlowChannels|BenchmarkFeedToPost|BenchmarkFirstAnswer|BenchmarkFirstAnswerMeanwhile)$", time: "6x"},
	}
}

// target is one line of the table.
type target struct {
	what string
	// name is the benchmark's, without "Benchmark" and the number of processors.
	name string
	// unit is that of the figure.
	unit string
	// of is the unit that the limit is about: the figure's or "ratio". Empty for
	// what has no target.
	of    string
	limit limit
}

// limit is a bound; the zero limit is none.
type limit struct {
	bound   float64
	atLeast bool
}

func least(n float64) limit { return limit{n, true} }
func most(n float64) limit  { return limit{n, false} }

func (l limit) met(v float64) bool {
	if l.atLeast {
		return v >= l.bound
	}
	return v <= l.bound
}

// targets are the lines of the table, in order.
func targets() []target {
	return slices.Concat(feedTargets(), topicTargets(), pipelineTargets(), discordTargets())
}

// feedTargets are about getting and reading feeds.
func feedTargets() []target {
	out := []target{{"parsing real feeds, time over encoding/xml's", "RealFeeds/all", "ms", "ratio", most(3)}}
	for _, scheme := range []string{"plain", "tls"} {
		for _, phase := range []string{"first", "unchanged", "304"} {
			out = append(out, target{
				fmt.Sprintf("polling 10,000 feeds, %s, %s, speed over bare net/http's", scheme, phase),
				"Poll/" + scheme + "/" + phase, "feeds/s", "ratio", least(0.6),
			})
		}
	}
	return out
}

// topicTargets are about what a report says, and which topics it bears.
func topicTargets() []target {
	out := []target{
		{"matching one report", "MatchRealReports", "ns/op", "", limit{}},
		{"claims and summary of one article", "Story/reports=1", "ms/report", "ms/report", most(1)},
	}
	for _, rules := range []string{"1", "1000", "100000"} {
		l := limit{}
		if rules == "100000" {
			l = most(2.5)
		}
		out = append(out, target{"matching one report against " + rules + " guilds' topics, time over tokenising", "Index/rules=" + rules, "ns/report", "ratio", l})
	}
	return append(out,
		target{"matching one report against 1,000,000, speed over the plain evaluator", "Index/rules=1000000", "times-plain", "times-plain", least(5000)},
		target{"memory of one of 1,000,000 guilds' topics beyond its text", "Index/rules=1000000", "B/rule", "B/rule", most(150)},
		target{"adding one to 1,000,000, one of a thousand takes longer", "Index/rules=1000000", "slow-add-µs", "slow-add-µs", most(100)},
		target{"the slowest by the thread's own time, new memory and other threads left out", "Index/rules=1000000", "slowest-calm-add-µs", "", limit{}},
		target{"the same of work as long that only computes", "Index/rules=1000000", "slowest-floor-add-µs", "", limit{}})
}

// pipelineTargets are about placing and finding reports.
func pipelineTargets() []target {
	var out []target
	for _, open := range []string{"1000", "10000", "100000"} {
		out = append(out, target{"placing among " + open + " open stories", "Place/open=" + open, "ns/op", "", limit{}})
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, every := range []string{"10m0s", "4h0m0s"} {
			name := "Replay/engine=" + engine + "/every=" + every
			out = append(out,
				target{"replay through the pipeline, " + engine + ", polls every " + every, name, "reports/s", "reports/s", least(2000)},
				target{"its peak memory", name, "peak-MB", "peak-MB", most(200)})
		}
	}
	out = append(out, target{"delay of a guild's news by another's flood of 1,000 reports to 450 channels", "Flood", "delay-ms", "delay-ms", most(1000)})
	for _, engine := range []string{"sqlite", "postgres"} {
		name := "Search/engine=" + engine + "/order="
		out = append(out,
			target{"search of 100,000 reports, newest first, " + engine, name + "newest", "ms", "ms", most(1)},
			target{"search of 100,000 reports, most relevant first, " + engine, name + "relevant", "ms", "ms", most(20)})
	}
	return out
}

// discordTargets are about what people wait for.
func discordTargets() []target {
	return []target{
		{"one request through the transport to Discord", "RoundTrip", "ns/op", "", limit{}},
		{"alerts to 1,000 channels, for a minute", "Deliveries", "posts/s", "posts/s", least(43)},
		{"requests refused as too many meanwhile", "Deliveries", "429s", "429s", most(0)},
		{"delay of any alert by 1 slow channel of 100", "SlowChannels/troubled=1", "worst-ms", "worst-ms", most(1000)},
		{"delay of any alert by 20 troubled channels of 100", "SlowChannels/troubled=20", "worst-ms", "", limit{}},
		{"from a feed's change to the post, median", "FeedToPost", "p50-ms", "", limit{}},
		{"from a feed's change to the post, 99th percentile", "FeedToPost", "p99-ms", "p99-ms", most(1000)},
		{"first answer to 100 commands at once in 1,000 guilds, median", "FirstAnswer", "p50-ms", "", limit{}},
		{"first answer to 100 commands at once in 1,000 guilds, 99th percentile", "FirstAnswer", "p99-ms", "p99-ms", most(300)},
		{"the same while Discord tells of 1,000 guilds, median", "FirstAnswerMeanwhile", "p50-ms", "", limit{}},
		{"the same while Discord tells of 1,000 guilds, 99th percentile", "FirstAnswerMeanwhile", "p99-ms", "p99-ms", most(300)},
	}
}
