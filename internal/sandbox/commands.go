package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Limits of commands.
// https://docs.discord.com/developers/interactions/application-commands
const (
	maxSlash       = 100
	maxContextMenu = 15
	maxOptions     = 25
	maxChoices     = 25
	maxCommandSum  = 8000
)

// commandSet are the commands of the application or of it in a guild.
type commandSet []object

// commandName is Discord's pattern; \p{Devanagari} and \p{Thai} stand for its
// \p{sc=Deva} and \p{sc=Thai}.
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

func (s *Server) commandSet(guildID string) commandSet {
	if guildID == "" {
		return s.rest.commands
	}
	return s.rest.guilds[guildID]
}

func (s *Server) setCommands(guildID string, set commandSet) {
	if guildID == "" {
		s.rest.commands = set
	} else {
		s.rest.guilds[guildID] = set
	}
	s.emitAll("commands", object{"guild_id": guildID})
	s.touch()
}

// commandScope checks application and guild of a path.
func (s *Server) commandScope(c *call) (string, *apiError) {
	if c.params["application_id"] != s.world.bot.ID {
		return "", errApplication()
	}
	id, inGuild := c.params["guild_id"]
	if inGuild {
		if _, err := s.botGuild(c); err != nil {
			return "", errAccess()
		}
	}
	return id, nil
}

func (s *Server) listCommands(c *call) (int, any, *apiError) {
	guildID, err := s.commandScope(c)
	if err != nil {
		return 0, nil, err
	}
	out := []object{}
	for _, cmd := range s.commandSet(guildID) {
		out = append(out, listed(cmd, c.r.URL.Query().Get("with_localizations") == "true"))
	}
	return http.StatusOK, out, nil
}

// listed leaves the localisations out unless they are asked for.
func listed(cmd object, full bool) object {
	if full {
		return cmd
	}
	out := object{}
	for k, v := range cmd {
		switch {
		case k == "name_localizations", k == "description_localizations":
		case k == "options", k == "choices":
			list := []object{}
			for _, o := range objects(v) {
				list = append(list, listed(o, false))
			}
			out[k] = list
		default:
			out[k] = v
		}
	}
	return out
}

func objects(v any) []object {
	switch t := v.(type) {
	case []object:
		return t
	case []any:
		out := make([]object, 0, len(t))
		for _, e := range t {
			if o, ok := e.(object); ok {
				out = append(out, o)
			}
		}
		return out
	}
	return nil
}

// putCommands replaces all commands; those that stay keep their ids.
func (s *Server) putCommands(c *call) (int, any, *apiError) {
	guildID, refused := s.commandScope(c)
	if refused != nil {
		return 0, nil, refused
	}
	v, err := decodeJSON(c.body)
	if err != nil {
		return 0, nil, errJSON()
	}
	list, ok := v.([]any)
	if !ok {
		return 0, nil, invalid("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
	}
	var f form
	old, set, fresh := s.commandSet(guildID), commandSet{}, 0
	for i, e := range list {
		m, _ := e.(object)
		r := reader{&f, join("", i), m}
		cmd := readCommand(r)
		if find(set, cmd) != nil {
			f.fail(join(r.path, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		before := find(old, cmd)
		if before == nil {
			fresh++
		}
		set = append(set, s.complete(cmd, before, guildID, c.now))
	}
	if err := f.err(); err != nil {
		return 0, nil, err
	}
	if err := s.mayRegister(set, fresh, c.now); err != nil {
		return 0, nil, err
	}
	s.setCommands(guildID, set)
	return http.StatusOK, []object(set), nil
}

// mayRegister checks how many commands there are, and how many new ones today.
func (s *Server) mayRegister(set commandSet, fresh int, now time.Time) *apiError {
	kinds := map[int64]int{}
	for _, cmd := range set {
		kinds[intOf(cmd["type"])]++
	}
	for kind, n := range kinds {
		if kind == 1 && n > maxSlash || kind != 1 && n > maxContextMenu {
			return refuse(http.StatusBadRequest, 30032, "Maximum number of application commands reached")
		}
	}
	if s.o.Limits.CommandCreates < 0 {
		return nil
	}
	recent := slices.DeleteFunc(s.rest.creates, func(t time.Time) bool { return now.Sub(t) >= 24*time.Hour })
	if len(recent)+fresh > s.o.Limits.CommandCreates {
		return refuse(http.StatusBadRequest, 30034, "Max number of daily application command creates has been reached (200)")
	}
	for range fresh {
		recent = append(recent, now)
	}
	s.rest.creates = recent
	return nil
}

func (s *Server) postCommand(c *call) (int, any, *apiError) {
	guildID, err := s.commandScope(c)
	if err != nil {
		return 0, nil, err
	}
	m, err := c.object()
	if err != nil {
		return 0, nil, err
	}
	var f form
	cmd := readCommand(reader{&f, "", m})
	if err := f.err(); err != nil {
		return 0, nil, err
	}
	old := s.commandSet(guildID)
	before := find(old, cmd)
	done := s.complete(cmd, before, guildID, c.now)
	set := slices.Clone(old)
	if before == nil {
		set = append(set, done)
		if err := s.mayRegister(set, 1, c.now); err != nil {
			return 0, nil, err
		}
		s.setCommands(guildID, set)
		return http.StatusCreated, done, nil
	}
	for i := range set {
		if set[i]["id"] == before["id"] {
			set[i] = done
		}
	}
	s.setCommands(guildID, set)
	return http.StatusOK, done, nil
}

// pathCommand finds the command of a path.
func (s *Server) pathCommand(c *call) (guildID string, at int, err *apiError) {
	guildID, err = s.commandScope(c)
	if err != nil {
		return "", 0, err
	}
	at = slices.IndexFunc(s.commandSet(guildID), func(cmd object) bool { return cmd["id"] == c.params["command_id"] })
	if at < 0 {
		return "", 0, errUnknownCommand()
	}
	return guildID, at, nil
}

func (s *Server) getCommand(c *call) (int, any, *apiError) {
	guildID, i, err := s.pathCommand(c)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, s.commandSet(guildID)[i], nil
}

func (s *Server) patchCommand(c *call) (int, any, *apiError) {
	guildID, i, err := s.pathCommand(c)
	if err != nil {
		return 0, nil, err
	}
	m, err := c.object()
	if err != nil {
		return 0, nil, err
	}
	set := slices.Clone(s.commandSet(guildID))
	merged, _ := clone(set[i]).(object)
	maps.Copy(merged, m)
	var f form
	cmd := readCommand(reader{&f, "", merged})
	if err := f.err(); err != nil {
		return 0, nil, err
	}
	set[i] = s.complete(cmd, set[i], guildID, c.now)
	s.setCommands(guildID, set)
	return http.StatusOK, set[i], nil
}

func (s *Server) deleteCommand(c *call) (int, any, *apiError) {
	guildID, i, err := s.pathCommand(c)
	if err != nil {
		return 0, nil, err
	}
	s.setCommands(guildID, slices.Delete(slices.Clone(s.commandSet(guildID)), i, i+1))
	return http.StatusNoContent, nil, nil
}

func find(set commandSet, cmd object) object {
	for _, c := range set {
		if c["name"] == cmd["name"] && intOf(c["type"]) == intOf(cmd["type"]) {
			return c
		}
	}
	return nil
}

func intOf(v any) int64 {
	switch t := v.(type) {
	case int64:
		return t
	case int:
		return int64(t)
	case json.Number:
		n, _ := t.Int64() // not a number: 0, as for everything else
		return n
	}
	return 0
}

// complete gives a command its ids; a new version only when something changed.
func (s *Server) complete(cmd, before object, guildID string, now time.Time) object {
	cmd["application_id"] = s.world.bot.ID
	if guildID != "" {
		cmd["guild_id"] = guildID
	}
	if before == nil {
		cmd["id"], cmd["version"] = s.ids.next(now), s.ids.next(now)
		return cmd
	}
	cmd["id"], cmd["version"] = before["id"], before["version"]
	if !reflect.DeepEqual(clone(cmd), clone(before)) {
		cmd["version"] = s.ids.next(now)
	}
	return cmd
}

// Commands lists the application's own commands, and with a guild's id those of
// the guild, as JSON objects.
func (s *Server) Commands(guildID string) []json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []json.RawMessage{}
	for _, cmd := range s.commandSet(guildID) {
		b, err := json.Marshal(cmd)
		if err != nil { // decoded from JSON, so it encodes
			panic(fmt.Sprintf("sandbox: encode command: %v", err))
		}
		out = append(out, b)
	}
	return out
}

// CommandNames lists the names of the application's own commands.
func (s *Server) CommandNames() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []string{}
	for _, cmd := range s.rest.commands {
		out = append(out, cmd["name"].(string))
	}
	return out
}

func lower(s string) bool { return strings.ToLower(s) == s }
