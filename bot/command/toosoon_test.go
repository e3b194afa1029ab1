package command_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/internal/guild"
)

// TestOneHourHasItsLimit: a server that has added as much as an hour allows is told
// when it may go on, whichever command it uses, and nothing is added; what it does
// otherwise, and other servers, go on.
func TestOneHourHasItsLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	full := now.Add(-40 * time.Minute)
	for _, kind := range []guild.Addition{guild.AddsSubscription, guild.AddsTopic, guild.AddsDigest} {
		if err := b.store.Admit(ctx, guildID, kind, kind.PerHour(), full); err != nil {
			t.Fatal(err)
		}
	}
	want := fmt.Sprintf("You can go on <t:%d:R>.", full.Add(time.Hour).Unix())
	said := b.confirm(t, b.do(t, use("subscribe", about("ceasefire"))))
	for name, got := range map[string]string{
		"subscribe":    said.text(),
		"topic create": b.do(t, use("topic", within("create", "name", "Hormuz", "query", "hormuz tanker"))).text(),
		"digest add":   b.do(t, use("digest", within("add", "at", "8:00"))).text(),
	} {
		if !strings.Contains(got, want) {
			t.Errorf("/%s: %q, want %q", name, got, want)
		}
	}
	subs, err := b.store.Subscriptions(ctx, guildID)
	topics, err2 := b.store.OwnTopics(ctx, guildID)
	digests, err3 := b.store.Digests(ctx, guildID)
	if len(subs)+len(topics)+len(digests) > 0 || err != nil || err2 != nil || err3 != nil {
		t.Errorf("added are %v, %v, %v (%v, %v, %v)", subs, topics, digests, err, err2, err3)
	}
	if got := b.do(t, use("digest", within("add", "at", "8:00"), with("guild_id", foreignID))).text(); strings.Contains(got, want) {
		t.Errorf("another server waits too: %q", got)
	}
}

// TestSetupGoesOnAfterTheHour presses Finish where an hour's limit leaves room for
// one topic of three: that one is set, the answer says when to go on, and then the
// same button sets the rest.
func TestSetupGoesOnAfterTheHour(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	full := now.Add(-40 * time.Minute)
	if err := b.store.Admit(t.Context(), guildID, guild.AddsSubscription, guild.AddsSubscription.PerHour()-1, full); err != nil {
		t.Fatal(err)
	}
	b.do(t, use("setup"))
	finish := b.do(t, choosing("a1:setup-topics:1", []string{"ceasefire", "sanctions", "peace-talks"})).labelled("Finish")
	set := func() int {
		subs, err := b.store.Subscriptions(t.Context(), guildID)
		if err != nil {
			t.Fatal(err)
		}
		return len(subs)
	}
	want := fmt.Sprintf("You can go on <t:%d:R>.", full.Add(time.Hour).Unix())
	for range 2 {
		if got := b.do(t, press(finish)).text(); !strings.Contains(got, want) || set() != 1 {
			t.Errorf("%d topics are set: %q, want %q", set(), got, want)
		}
	}
	later, err := command.New(b.store, b.discord, command.Options{Desk: desk.Options{Topics: topics, Sources: sources(t)}, Interaction: atTime(full.Add(time.Hour + time.Second))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(later.Wait)
	if got := answer(t, later, b.discord, press(finish)).text(); !strings.Contains(got, "[Ready]") || set() != 3 {
		t.Errorf("afterwards %d topics are set: %q", set(), got)
	}
}
