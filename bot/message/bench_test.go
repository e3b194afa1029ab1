package message_test

import (
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/source"
)

func BenchmarkAlert(b *testing.B) {
	m := alert.Message{Kind: alert.Post, Form: alert.Full, Content: alert.Content{
		Headline: "Trump says Putin agreed to a week-long pause in attacks on Kyiv",
		Summary:  "President Trump said that Russia would halt strikes on Kyiv for a week. The Kremlin has not confirmed.",
		Link:     "https://wire.example/pause-2026?utm=x", Time: time.Unix(1769774340, 0),
		Outlet: alert.Outlet{Name: "Example Wire", Tier: source.Wire, Country: "GB"},
		Topics: []alert.Topic{{ID: "ceasefire", Title: "Ceasefire", Stage: "agreed"}},
	}}
	b.ReportAllocs()
	for b.Loop() {
		message.Alert(m, nil)
	}
}

// BenchmarkEscapeHostile cuts a text in which every character needs an escape.
func BenchmarkEscapeHostile(b *testing.B) {
	s := strings.Repeat("*_~|`", 2000)
	b.ReportAllocs()
	for b.Loop() {
		message.Escape(s, message.MaxDescription)
	}
}
