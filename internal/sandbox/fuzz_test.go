package sandbox

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// fuzzed is a sandbox with a message, a command and a member.
func fuzzed(f *testing.F) (s *Server, guildID, channelID, messageID, userID string) {
	f.Helper()
	s, err := New(Options{Limits: Limits{Global: -1, InvalidRequests: -1, StoredBytes: 1 << 20, Routes: map[string]Rate{}}})
	if err != nil {
		f.Fatal(err)
	}
	for _, r := range s.routes {
		s.o.Limits.Routes[r.method+" "+r.path] = Rate{}
	}
	f.Cleanup(s.Close)
	guildID = s.AddGuild("Desk")
	userID = s.AddUser("Ann")
	if err := s.AddMember(guildID, userID); err != nil {
		f.Fatal(err)
	}
	if channelID, err = s.AddChannel(guildID, "alerts", Text); err != nil {
		f.Fatal(err)
	}
	if messageID, err = s.Post(channelID, userID, "hello"); err != nil {
		f.Fatal(err)
	}
	return s, guildID, channelID, messageID, userID
}

// send makes a request with the bot's token; an answer of 500 is a failure.
func send(t testing.TB, s *Server, method, path, contentType string, body string) int {
	t.Helper()
	r := httptest.NewRequest(method, "/api/v10"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bot "+s.Token())
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	if w.Code >= 500 {
		t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w.Code
}

func FuzzMessageBody(f *testing.F) {
	s, _, channel, message, _ := fuzzed(f)
	for _, seed := range []string{
		`{"content":"x","embeds":[{"title":"t","image":{"url":"attachment://a"}}],"nonce":1,"enforce_nonce":true}`,
		`{"flags":32768,"components":[{"type":17,"components":[{"type":9,"components":[{"type":10,"content":"x"}],"accessory":{"type":2,"style":1,"label":"x","custom_id":"a"}}]}]}`,
		`{"components":[{"type":1,"components":[{"type":3,"custom_id":"s","options":[{"label":"a","value":"a"}]}]}],"content":"<@1>"}`,
		`{"message_reference":{"message_id":"` + message + `"},"content":"x"}`, `[]`, `null`, `{"embeds":[null]}`, `{"attachments":[{"id":0}]}`,
	} {
		f.Add(seed, "application/json")
	}
	f.Add("--x\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"../a\"\r\n\r\nx\r\n--x--", "multipart/form-data; boundary=x")
	f.Fuzz(func(t *testing.T, body, contentType string) {
		path := "/channels/" + channel + "/messages"
		if send(t, s, "POST", path, contentType, body) == 200 {
			list := s.Messages(channel)
			own := path + "/" + list[len(list)-1].ID
			send(t, s, "PATCH", own, contentType, body)
			send(t, s, "PATCH", own, "application/json", `{"content":"x"}`)
			send(t, s, "DELETE", own, "", "")
		}
	})
}

func FuzzCommands(f *testing.F) {
	s, guild, channel, _, user := fuzzed(f)
	f.Add(`[{"name":"a","description":"b","options":[{"type":3,"name":"o","description":"p","autocomplete":true}]}]`, `{"name":"a","options":[{"name":"o","value":"x","focused":true}]}`)
	f.Add(`[{"name":"a","description":"b","options":[{"type":1,"name":"s","description":"p"}]}]`, `{"name":"a","options":[{"name":"s","options":[]}]}`)
	f.Add(`[{"name":"a","type":2}]`, `{"name":"a"}`)
	f.Add(`[1,null,{"name":{"x":1}}]`, `{"name":1,"options":{}}`)
	f.Fuzz(func(t *testing.T, commands, data string) {
		s.mu.Lock()
		s.rest.creates = nil
		s.mu.Unlock()
		send(t, s, "PUT", "/applications/"+s.BotID()+"/commands", "application/json", commands)
		v, err := decodeJSON([]byte(data))
		m, ok := v.(object)
		if err != nil || !ok {
			return
		}
		for _, kind := range []int{InvokeCommand, InvokeSuggest, InvokeComponent, InvokeModal} {
			_, _ = s.Invoke(Invocation{User: user, Guild: guild, Channel: channel, Type: kind, Data: m})
		}
	})
}

func FuzzGatewayPayload(f *testing.F) {
	s, _, _, _, _ := fuzzed(f)
	for _, seed := range []string{
		`{"op":2,"d":{"token":"` + DefaultToken + `","properties":{},"intents":1,"shard":[0,1]}}`, `{"op":6,"d":{"token":"` + DefaultToken + `","session_id":"x","seq":-1}}`,
		`{"op":1,"d":null}`, `{"op":"1"}`, `null`, `{"op":8}`, `{"op":2,"d":[]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, data []byte) {
		s.mu.Lock()
		defer s.mu.Unlock()
		c := &gatewayConn{s: s, wake: make(chan struct{}, 1), cancel: func() {}, coder: newFrameCoder(""), version: 10}
		c.take(data)
		c.take(data)
		s.detach(c, 1000)
	})
}

func FuzzCallback(f *testing.F) {
	s, _, channel, message, user := fuzzed(f)
	if send(f, s, "PUT", "/applications/"+s.BotID()+"/commands", "application/json", `[{"name":"a","description":"b"}]`) != 200 {
		f.Fatal("the command was refused")
	}
	for _, seed := range []string{
		`{"type":4,"data":{"content":"x","flags":64}}`, `{"type":5}`, `{"type":9,"data":{"custom_id":"m","title":"t","components":[{"type":18}]}}`,
		`{"type":7,"data":null}`, `{"type":8,"data":{"choices":[{"name":"a","value":1}]}}`, `{"type":"4"}`, `{"data":[]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		id, err := s.Invoke(Invocation{User: user, Channel: channel, Command: "a"})
		if err != nil {
			t.Fatal(err)
		}
		s.mu.Lock()
		i := s.inter.byID[id]
		s.mu.Unlock()
		send(t, s, "POST", "/interactions/"+id+"/"+i.token+"/callback", "application/json", body)
		hook := "/webhooks/" + s.BotID() + "/" + i.token
		send(t, s, "POST", hook, "application/json", body)
		send(t, s, "PATCH", hook+"/messages/@original", "application/json", body)
		send(t, s, "DELETE", hook+"/messages/@original", "", "")
		if m, _ := s.world.message(channel, message); m == nil {
			t.Error("a person's message is gone")
		}
	})
}
