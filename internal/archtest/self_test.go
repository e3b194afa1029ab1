package archtest

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestEachRuleCanFail shows each rule a small tree that breaks it and one that
// does not.
func TestEachRuleCanFail(t *testing.T) {
	t.Parallel()
	longFunction := "\tx := 0\n" + strings.Repeat("\tx++\n", maxFunctionLines)
	tests := []struct {
		name, file, text string
		check            func([]file) []string
		want             string // empty when the tree is in order
	}{
		{"topic may use text", "internal/topic/a.go", "package topic\nimport _ \"" + module + "/internal/text\"\n", layerFaults, ""},
		{"topic may not use alert", "internal/topic/a.go", "package topic\nimport _ \"" + module + "/internal/alert\"\n", layerFaults, "internal/topic may not import internal/alert"},
		{"its test may", "internal/topic/a_test.go", "package topic\nimport _ \"" + module + "/internal/alert\"\n", layerFaults, ""},
		{"config imports none of ours", "config/a.go", "package config\nimport _ \"" + module + "/internal/text\"\n", layerFaults, "config may not import internal/text"},
		{"app may use everything", "internal/app/a.go", "package app\nimport _ \"" + module + "/bot/rest\"\n", layerFaults, ""},
		{"the command line may not use the store", "cmd/attache/a.go", "package main\nimport _ \"" + module + "/internal/store\"\n", layerFaults, "may not import internal/store"},
		{"a package outside the table", "internal/util/a.go", "package util\n", layerFaults, "internal/util: this package is not in the table"},
		{"below a package with a pattern", "internal/sandbox/page/a.go", "package page\nimport _ \"" + module + "/internal/sandbox/contract\"\n", layerFaults, ""},
		{"gofeed elsewhere", "internal/feed/a.go", "package feed\nimport _ \"github.com/mmcdole/gofeed/rss\"\n", soleFaults, "only internal/feed/parse may import github.com/mmcdole/gofeed/rss"},
		{"gofeed at home", "internal/feed/parse/a.go", "package parse\nimport _ \"github.com/mmcdole/gofeed\"\n", soleFaults, ""},
		{"discordgo below bot", "bot/gateway/a.go", "package gateway\nimport _ \"github.com/bwmarrin/discordgo\"\n", soleFaults, ""},
		{"discordgo elsewhere", "internal/alert/a.go", "package alert\nimport _ \"github.com/bwmarrin/discordgo\"\n", soleFaults, "only bot/... may import"},
		{"testing in production", "internal/alert/a.go", "package alert\nimport _ \"testing\"\n", soleFaults, "may import testing"},
		{"no package comment", "internal/text/a.go", "package text\n", docFaults, "internal/text: no package comment"},
		{"a package comment", "internal/text/a.go", "// Package text owns what all of us read.\npackage text\n", docFaults, ""},
		{"a long file", "internal/text/a.go", "package text\n" + strings.Repeat("\n", maxFileLines), sizeFaults, "lines, at most 600"},
		{"a long function", "internal/text/a.go", "package text\nfunc f() {\n" + longFunction + "}\n", sizeFaults, "f has 83 lines, at most 80"},
		{"a long function with a reason", "internal/text/a.go", "package text\nfunc f() { //nolint:funlen // one table, read as a whole\n" + longFunction + "}\n", sizeFaults, ""},
		{"a long function with a reason above", "internal/text/a.go", "package text\n\n// f is long.\n//\n//nolint:funlen // one table, read as a whole\nfunc f() {\n" + longFunction + "}\n", sizeFaults, ""},
		{"a long function without a reason", "internal/text/a.go", "package text\nfunc f() { //nolint:funlen\n" + longFunction + "}\n", sizeFaults, "at most 80"},
		{"a long table in a test", "internal/text/a_test.go", "package text\nfunc f() {\n\t_ = []int{\n" + strings.Repeat("\t\t0,\n", 200) + "\t}\n}\n", sizeFaults, ""},
		{"a long table elsewhere", "internal/text/a.go", "package text\nfunc f() {\n\t_ = []int{\n" + strings.Repeat("\t\t0,\n", 200) + "\t}\n}\n", sizeFaults, "f has 204 lines"},
		{"a long test", "internal/text/a_test.go", "package text\nfunc f() {\n" + longFunction + "}\n", sizeFaults, "f has 83 lines"},
		{"a long inner function of a test", "internal/text/a_test.go", "package text\nfunc f() {\n_ = func() {\n" + longFunction + "}\n}\n", sizeFaults, "f has 83 lines"},
		{"a sleeping test", "internal/text/a_test.go", "package text\nimport \"time\"\nfunc f() { time.Sleep(1) }\n", habitFaults, "a test that sleeps"},
		{"a sleep in a bubble", "internal/text/a_test.go", "package text\nfunc TestA(t *testing.T) { synctest.Test(t, func(t *testing.T) { time.Sleep(1) }) }\n", habitFaults, ""},
		{"a sleep in a helper's bubble", "internal/text/a_test.go", "package text\nfunc virtual(f func()) { synctest.Test(nil, nil) }\nfunc TestA(t *testing.T) { virtual(func() { time.Sleep(1) }) }\n", habitFaults, ""},
		{"a sleep beside a bubble", "internal/text/a_test.go", "package text\nfunc TestA(t *testing.T) { synctest.Test(t, nil); time.Sleep(1) }\n", habitFaults, "a test that sleeps"},
		{"a sleep outside tests", "internal/text/a.go", "package text\nimport \"time\"\nfunc f() { time.Sleep(1) }\n", habitFaults, ""},
		{"init", "internal/text/a.go", "package text\nfunc init() {}\n", habitFaults, "init hides work"},
		{"a method named init", "internal/text/a.go", "package text\ntype t int\nfunc (t) init() {}\n", habitFaults, ""},
		{"unfinished work", "internal/text/a.go", "package text\n// TODO: more\n", habitFaults, "unfinished by its own words"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			faults := tt.check(tree(t, fstest.MapFS{tt.file: {Data: []byte(tt.text)}}))
			got := strings.Join(faults, "\n")
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestMachinePathsAreFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`dir := "/home/someone/news"`:                  true,
		"see /Users/me/notes":                          true,
		`path=C:\Users`:                                true,
		"cd /tmp/build":                                true,
		"https://example.org/home/page":                false,
		"token_file: /run/secrets/discord-token":       false,
		"attache --config /etc/attache/attache.yaml":   false,
		"a/tmp/b, and/or":                              false,
		"curl https://example.org/work/x and /workers": false,
	} {
		faults := pathFaults(t, fstest.MapFS{"README.md": {Data: []byte(text)}})
		if (len(faults) > 0) != want {
			t.Errorf("%s: found %v, want %v", text, faults, want)
		}
	}
}
