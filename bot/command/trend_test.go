package command_test

import (
	"bytes"
	"context"
	"image/png"
	"sync"
	"testing"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
)

// pictures is a far side that keeps the files of answers.
type pictures struct {
	discord
	mu    sync.Mutex
	files []message.File
}

func (p *pictures) Respond(ctx context.Context, t interaction.Ticket, r interaction.Response) error {
	if payload, ok := r.Data.(message.Payload); ok {
		p.mu.Lock()
		p.files = payload.Files
		p.mu.Unlock()
	}
	return p.discord.Respond(ctx, t, r)
}

func (p *pictures) Edit(ctx context.Context, t interaction.Ticket, payload message.Payload) error {
	p.mu.Lock()
	p.files = payload.Files
	p.mu.Unlock()
	return p.discord.Edit(ctx, t, payload)
}

func TestATrendIsAPictureWithWordsForIt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.tellNews(t)
	far := &pictures{}
	r := newRouter(t, b.store, far)
	s := answer(t, r, &far.discord, use("trend", about("ceasefire")))
	if len(far.files) != 1 || far.files[0].Name != "trend.png" {
		t.Fatalf("%d files", len(far.files))
	}
	if c, err := png.DecodeConfig(bytes.NewReader(far.files[0].Data)); err != nil || c.Width == 0 {
		t.Errorf("picture: %+v, %v", c, err)
	}
	files := s.body["data"].(object)["attachments"].([]any)
	if d := files[0].(object)["description"].(string); len(files) != 1 || d != "Bar chart: stories about Ceasefire, by day, 1 January 2026 to 30 January 2026 UTC. 2 in all. Most: 1, 30 January 2026. None: 28 of 30. The last 7: 0, 0, 0, 0, 0, 1, 1." {
		t.Errorf("described as %q", d)
	}
}
