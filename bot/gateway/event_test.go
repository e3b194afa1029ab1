package gateway

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
)

func TestDecodeEvents(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind, raw string
		want      any
	}{
		{"GUILD_CREATE", `{"id":"1","name":"n","unavailable":false,"channels":[{"id":5,"type":99}]}`, GuildCreate{ID: "1", Name: "n"}},
		{
			"GUILD_CREATE", `{"id":"1","system_channel_id":"6","channels":[{"id":"6","type":0},"x",{"id":"7","type":15},{}]}`,
			GuildCreate{ID: "1", SystemChannel: "6", Channels: []Channel{{"6", 0}, {"7", discordgo.ChannelTypeGuildForum}}},
		},
		{"GUILD_CREATE", `{"id":"1","roles":[{"id":"1","name":"@everyone"},{"id":"8"}]}`, GuildCreate{ID: "1", Roles: []string{"1", "8"}}},
		{"GUILD_CREATE", `{"id":"1","roles":[{"id":"1"},{"name":"x"}]}`, GuildCreate{ID: "1"}},
		{"GUILD_CREATE", `{"id":"1","roles":{"id":"1"}}`, GuildCreate{ID: "1"}},
		{"GUILD_CREATE", `{"id":"1","channels":{}}`, GuildCreate{ID: "1"}},
		{"GUILD_CREATE", `{"id":"1","joined_at":"2026-01-30T12:00:00.5+00:00"}`, GuildCreate{ID: "1", Joined: time.Date(2026, 1, 30, 12, 0, 0, 5e8, time.UTC)}},
		{"GUILD_CREATE", `{"id":"1","joined_at":"yesterday"}`, GuildCreate{ID: "1"}},
		{"GUILD_CREATE", `{"id":"1","joined_at":7}`, GuildCreate{ID: "1"}},
		{"CHANNEL_UPDATE", `{"id":"2","guild_id":"1","type":5}`, ChannelUpdate{"2", "1", discordgo.ChannelTypeGuildNews}},
		{"GUILD_UPDATE", `{"id":"1","name":"Desk","preferred_locale":"uk","system_channel_id":"5"}`, GuildUpdate{"1", "Desk", "uk", "5"}},
		{"GUILD_DELETE", `{"id":"1"}`, GuildDelete{ID: "1"}},
		{"GUILD_DELETE", `{"id":"1","unavailable":true}`, GuildDelete{ID: "1", Unavailable: true}},
		{"CHANNEL_UPDATE", `{"id":"2","guild_id":"1"}`, ChannelUpdate{ID: "2", GuildID: "1"}},
		{"CHANNEL_DELETE", `{"id":"2","guild_id":"1"}`, ChannelDelete{"2", "1"}},
		{"THREAD_UPDATE", `{"id":"2","guild_id":"1"}`, ThreadUpdate{"2", "1"}},
		{"THREAD_DELETE", `{"id":"2","guild_id":"1"}`, ThreadDelete{"2", "1"}},
		{"GUILD_ROLE_UPDATE", `{"guild_id":"1","role":{"id":"3"}}`, RoleUpdate{"3", "1"}},
		{"GUILD_ROLE_DELETE", `{"guild_id":"1","role_id":"3"}`, RoleDelete{"3", "1"}},
		{"GUILD_MEMBER_UPDATE", `{"guild_id":"1","user":{"id":"4"}}`, MemberUpdate{"4", "1"}},
		{"RESUMED", `null`, Resumed{}},
		{"TYPING_START", `{`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.kind, func(t *testing.T) {
			t.Parallel()
			got, err := decode(tt.kind, json.RawMessage(tt.raw))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("wrong event (-want +got):\n%s", diff)
			}
		})
	}
	for kind, raw := range map[string]string{
		"GUILD_DELETE": `{}`, "READY": `[`, "INTERACTION_CREATE": `{"id":"1"}`, "CHANNEL_DELETE": `{"id":[]}`,
	} {
		if v, err := decode(kind, json.RawMessage(raw)); err == nil {
			t.Errorf("%s %s is read as %+v", kind, raw, v)
		}
	}
}

func TestInteractionsSurviveUnknownParts(t *testing.T) {
	t.Parallel()
	const head = `"id":"1","application_id":"2","token":"tok","guild_id":"3","channel_id":"4","locale":"de",`
	tests := []struct {
		name, raw string
		// data tells that the interaction's own data could be read.
		data, clean bool
	}{
		{"a command", `{` + head + `"type":2,"data":{"id":"9","name":"status","type":1}}`, true, true},
		{"a button below an unknown component", `{` + head + `"type":3,"data":{"custom_id":"b","component_type":2},"message":{"id":"5","components":[{"type":99}]}}`, true, false},
		{"a modal with an unknown component", `{` + head + `"type":5,"data":{"custom_id":"m","components":[{"type":99}]}}`, true, false},
		{"a command with broken data", `{` + head + `"type":2,"data":7}`, true, false},
		{"a command without data", `{` + head + `"type":2}`, true, false},
		{"an unknown type", `{` + head + `"type":77,"data":{}}`, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v, err := decode("INTERACTION_CREATE", json.RawMessage(tt.raw))
			if err != nil {
				t.Fatal(err)
			}
			got := v.(Interaction)
			i := got.Interaction
			if i.ID != "1" || i.AppID != "2" || i.Token != "tok" || i.GuildID != "3" || i.ChannelID != "4" {
				t.Errorf("lost its head: %+v", i)
			}
			if (i.Data != nil) != tt.data || (got.Err == nil) != tt.clean {
				t.Errorf("data %v, error %v", i.Data, got.Err)
			}
			if string(got.Raw) != tt.raw {
				t.Error("the raw event was changed")
			}
		})
	}
}

// FuzzDecode checks that no event panics and that an interaction can always be
// answered.
func FuzzDecode(f *testing.F) {
	f.Add("INTERACTION_CREATE", []byte(`{"id":"1","application_id":"2","token":"t","type":3,"data":{"custom_id":"b"},"message":{"id":"5","components":[{"type":99}]}}`))
	f.Add("INTERACTION_CREATE", []byte(`{"id":"1","token":"t","type":2,"data":{"options":[null],"resolved":{"users":null}}}`))
	f.Add("READY", []byte(`{"guilds":[null]}`))
	f.Add("GUILD_ROLE_UPDATE", []byte(`{"guild_id":"1","role":null}`))
	f.Fuzz(func(t *testing.T, kind string, raw []byte) {
		v, err := decode(kind, raw)
		if i, ok := v.(Interaction); ok && err == nil && (i.Interaction == nil || i.Interaction.ID == "" || i.Interaction.Token == "") {
			t.Errorf("an interaction that cannot be answered: %+v", i)
		}
		_ = discordgo.APIVersion
	})
}
