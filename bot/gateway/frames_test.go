package gateway

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// encodeFrame makes a final frame, masked as a client's when asked to.
func encodeFrame(op byte, payload []byte, masked bool) []byte {
	b := []byte{0x80 | op}
	bit := byte(0)
	if masked {
		bit = 0x80
	}
	switch n := len(payload); {
	case n < 126:
		b = append(b, bit|byte(n))
	case n < 1<<16:
		b = append(b, bit|126)
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	default:
		b = append(b, bit|127)
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	if !masked {
		return append(b, payload...)
	}
	mask := []byte{1, 2, 3, 4}
	b = append(b, mask...)
	for i, c := range payload {
		b = append(b, c^mask[i%4])
	}
	return b
}

const upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"

func TestScannerFindsFramesHoweverTheyAreCut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		stream := []byte(upgrade)
		var want []string
		for range rapid.IntRange(0, 5).Draw(t, "frames") {
			n := rapid.SampledFrom([]int{0, 1, 125, 126, 127, 1023, 1024, 1025, 70000}).Draw(t, "length")
			payload := bytes.Repeat([]byte{byte(rapid.IntRange('a', 'z').Draw(t, "letter"))}, n)
			stream = append(stream, encodeFrame(wsText, payload, rapid.Bool().Draw(t, "masked"))...)
			want = append(want, string(payload[:min(n, headBytes)]))
		}
		var s frameScanner
		var got []string
		for len(stream) > 0 {
			n := min(len(stream), rapid.SampledFrom([]int{1, 2, 7, 100, 5000, 100000}).Draw(t, "piece"))
			if _, err := s.scan(stream[:n], func(f frame) error {
				got = append(got, string(f.head))
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			stream = stream[n:]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("wrong frames (-want +got):\n%s", diff)
		}
	})
}

func TestScannerRefusesWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	huge := binary.BigEndian.AppendUint64([]byte{0x81, 127}, maxMessage+1)
	var s frameScanner
	if _, err := s.scan(append([]byte(upgrade), huge...), func(frame) error { return nil }); !errors.Is(err, errTooLarge) {
		t.Errorf("a huge frame: %v", err)
	}
	// A message in many frames, none of them final.
	s = frameScanner{upgraded: true}
	part := encodeFrame(wsText, make([]byte, 1<<20), false)
	part[0] &^= 0x80
	var err error
	for i := 0; i < 64 && err == nil; i++ {
		_, err = s.scan(part, func(frame) error { return nil })
		part[0] = wsContinuation
	}
	if !errors.Is(err, errTooLarge) {
		t.Errorf("a message without end: %v", err)
	}
	s = frameScanner{}
	if _, err := s.scan(bytes.Repeat([]byte("x"), maxHandshake+1), nil); !errors.Is(err, errTooLarge) {
		t.Errorf("a handshake without end: %v", err)
	}
}

// guarded is a guard with its two ends: what Discord sends and what it gets.
func guarded(t *testing.T) (g *guard, discord net.Conn, permits *int) {
	t.Helper()
	client, discord := net.Pipe()
	permits = new(int)
	g = newGuard(client, time.Hour, func() bool {
		*permits--
		return *permits >= 0
	})
	g.in.upgraded, g.out.upgraded = true, true
	t.Cleanup(func() {
		_ = g.Close()
		_ = discord.Close()
	})
	return g, discord, permits
}

// sent is a message as discordgo writes it.
func sent(text string) []byte { return encodeFrame(wsText, []byte(text), true) }

func TestGuardOnTheWayOut(t *testing.T) {
	t.Parallel()
	t.Run("lets one identify out for each that was paid for", func(t *testing.T) {
		t.Parallel()
		g, discord, permits := guarded(t)
		*permits = 1
		go func() { _, _ = io.Copy(io.Discard, discord) }()
		if _, err := g.Write(sent(`{"op":2,"d":{}}`)); err != nil {
			t.Fatal(err)
		}
		if _, err := g.Write(sent(`{"op":2,"d":{}}`)); !errors.Is(err, errUnpaidIdentify) || !errors.Is(g.reason(), errUnpaidIdentify) {
			t.Errorf("the second identify: %v, reason %v", err, g.reason())
		}
	})
	t.Run("keeps a close frame back unless it is the farewell", func(t *testing.T) {
		t.Parallel()
		bye := encodeFrame(wsClose, []byte{3, 232}, true)
		for _, farewell := range []bool{false, true} {
			g, discord, _ := guarded(t)
			if farewell {
				g.sayGoodbye()
			}
			got := make(chan int)
			go func() {
				n, _ := io.ReadFull(discord, make([]byte, len(bye)))
				got <- n
			}()
			if _, err := g.Write(bye); err != nil {
				t.Fatal(err)
			}
			if n := <-got; (n > 0) != farewell {
				t.Errorf("farewell %v: Discord got %d bytes", farewell, n)
			}
		}
	})
}

func TestGuardOnTheWayIn(t *testing.T) {
	t.Parallel()
	t.Run("delivers what came before the frame that ends it", func(t *testing.T) {
		t.Parallel()
		g, discord, _ := guarded(t)
		first := encodeFrame(wsText, []byte(`{"op":0,"t":"X","d":{}}`), false)
		go func() {
			_, _ = discord.Write(append(bytes.Clone(first), encodeFrame(wsText, []byte(`{"op":7}`), false)...))
		}()
		b := make([]byte, 4096)
		n, err := g.Read(b)
		if err != nil || !bytes.Equal(b[:n], first) {
			t.Errorf("got %q, %v", b[:n], err)
		}
		if _, err := g.Read(b); !errors.Is(err, errReconnect) {
			t.Errorf("then %v", err)
		}
	})
	t.Run("remembers Discord's close code, also when the network ends after it", func(t *testing.T) {
		t.Parallel()
		g, discord, _ := guarded(t)
		go func() {
			_, _ = discord.Write(encodeFrame(wsClose, append([]byte{0x0f, 0xa4}, "Authentication\nfailed"...), false))
			_ = discord.Close()
		}()
		_, _ = io.Copy(io.Discard, g)
		var closed *closeError
		if !errors.As(g.reason(), &closed) || closed.code != 4004 || closed.text != "Authentication failed" {
			t.Errorf("reason %v", g.reason())
		}
	})
	t.Run("measures heartbeats", func(t *testing.T) {
		t.Parallel()
		g, discord, _ := guarded(t)
		go func() { _, _ = io.Copy(io.Discard, discord) }()
		if _, err := g.Write(sent(`{"op":1,"d":5}`)); err != nil {
			t.Fatal(err)
		}
		if err := g.received(frame{op: wsText, length: 8, head: []byte(`{"op":11}`)[:8]}); err != nil || g.lag() != 0 {
			t.Errorf("a cut answer counts: %v, %s", err, g.lag())
		}
		ack := []byte(`{"op":11}`)
		if err := g.received(frame{op: wsText, length: uint64(len(ack)), head: ack}); err != nil || g.lag() <= 0 {
			t.Errorf("%v, latency %s", err, g.lag())
		}
	})
	t.Run("refuses what discordgo cannot take", func(t *testing.T) {
		t.Parallel()
		for _, text := range []string{
			`null`, ``, `[1]`, strings.Repeat(" ", 5000) + "null",
			`{"op":10,"d":{"heartbeat_interval":0}}`, `{"op":10,"d":{"heartbeat_interval":-1}}`,
			`{"op":10,"d":{"heartbeat_interval":1e18}}`, `{"op":10,"d":{"heartbeat_interval":1.5}}`, `{"op":10,"d":null}`,
			`{"op":0,"t":"GUILD_CREATE","d":null}`, `{"op":0,"t":"GUILD_CREATE","d":[1,2]}`, `{"op":0,"t":"GUILD_CREATE"} trailing`,
			`{"d":{"id":"1","name":"` + strings.Repeat("x", 5000) + `","channels":[{"id":"2"},null]},"t":"GUILD_CREATE","op":0}`,
			`{"op":0,"t":"GUILD_UPDATE","d":{"id":"1","members":[null]}}`, `{"op":0,"t":"READY","d":{"guilds":[null]}}`,
			`{"op":0,"t":"READY","d":{"guilds":[{"id":"1","voice_states":[null]}]}}`, `{"op":0,"t":"VOICE_STATE_UPDATE","d":null}`,
		} {
			g, _, _ := guarded(t)
			f := frame{op: wsText, length: uint64(len(text)), head: []byte(text)}
			if err := g.received(f); !errors.Is(err, errProtocol) {
				t.Errorf("%.50q: %v", text, err)
			}
		}
	})
}

func TestGuardReadsMessagesInParts(t *testing.T) {
	t.Parallel()
	g, _, _ := guarded(t)
	for _, f := range []frame{
		{op: wsText, more: true, head: []byte(`{"op":0,"t":"GUILD_CR`)},
		{op: 9, head: []byte("ping")},
		{op: wsContinuation, more: true, head: []byte(`EATE","d":{"id":"1",`)},
	} {
		if err := g.received(f); err != nil {
			t.Fatalf("%q: %v", f.head, err)
		}
	}
	if err := g.received(frame{op: wsContinuation, head: []byte(`"channels":[null]}}`)}); !errors.Is(err, errProtocol) {
		t.Errorf("the end of the message: %v", err)
	}
	if err := g.received(frame{op: wsText, head: []byte(`{"op":0,"t":"GUILD_CREATE","d":{"id":"1","channels":[]}}`)}); err != nil {
		t.Errorf("a sound message after it: %v", err)
	}
}

// FuzzCrashes looks for events that panic where discordgo decodes them, which
// nothing could recover, or where they are checked beforehand.
func FuzzCrashes(f *testing.F) {
	for _, kind := range []string{"READY", "GUILD_CREATE", "GUILD_UPDATE", "VOICE_STATE_UPDATE", "CHANNEL_CREATE", "INTERACTION_CREATE"} {
		f.Add(kind, []byte(`{"id":"1","guilds":[{"channels":[null]}],"channels":[{}],"members":[null]}`))
		f.Add(kind, []byte(`null`))
	}
	f.Fuzz(func(_ *testing.T, kind string, data []byte) {
		crashes(kind, data)
		for _, into := range []any{
			new(discordgo.InteractionCreate), new(discordgo.ChannelUpdate), new(discordgo.ThreadUpdate),
			new(discordgo.GuildRoleUpdate), new(discordgo.GuildMemberUpdate), new(discordgo.GuildDelete),
		} {
			_ = json.Unmarshal(data, into) // what matters is that it returns
		}
	})
}

// FuzzGuard feeds any bytes to a guard in both directions.
func FuzzGuard(f *testing.F) {
	f.Add([]byte(upgrade+"\x81\x08{\"op\":7}"), true)
	f.Add([]byte("\x88\x02\x0f\xa4"), false)
	f.Fuzz(func(t *testing.T, b []byte, handshake bool) {
		client, discord := net.Pipe()
		defer func() { _ = discord.Close() }()
		g := newGuard(client, time.Hour, func() bool { return false })
		defer func() { _ = g.Close() }()
		g.in.upgraded, g.out.upgraded = !handshake, !handshake
		good, err := g.in.scan(b, g.received)
		if good < 0 || good > len(b) || (err == nil && !handshake && good > len(b)) {
			t.Errorf("good is %d of %d", good, len(b))
		}
		if len(g.in.current.head) > len(b) || len(g.in.handshake) > maxHandshake+len(b) {
			t.Error("keeps too much")
		}
		_, _ = g.out.scan(b, g.sending)
	})
}
