package sandbox

import (
	"regexp"
	"slices"
)

var (
	userMention = regexp.MustCompile(`<@!?([0-9]{1,20})>`)
	roleMention = regexp.MustCompile(`<@&([0-9]{1,20})>`)
	allMention  = regexp.MustCompile(`@(everyone|here)\b`)
)

// mention decides whom a message of the bot notifies.
func (s *Server) mention(g *guild, ch *Channel, m *Message, a *allowedMentions, defaults bool) {
	s.mentionAs(g, s.botPermissions(g, ch), m, a, defaults)
}

// mentionAs decides whom a message of somebody with permissions notifies.
func (s *Server) mentionAs(g *guild, have Permissions, m *Message, a *allowedMentions, defaults bool) {
	m.Mentions, m.MentionRoles, m.MentionEveryone = []*User{}, []string{}, false
	if a == nil {
		a = &allowedMentions{parse: map[string]bool{"users": true, "roles": defaults, "everyone": defaults}, repliedUser: true}
	}
	text := m.Content
	if m.Flags&FlagComponentsV2 != 0 {
		text = textOf(m.Components)
	}
	mayAll := have.Has(MentionEveryone)
	m.MentionEveryone = allMention.MatchString(text) && a.parse["everyone"] && mayAll
	for _, f := range userMention.FindAllStringSubmatch(text, -1) {
		if u := s.world.user(f[1]); u != nil && (a.parse["users"] || slices.Contains(a.users, u.ID)) && !slices.Contains(m.Mentions, u) {
			m.Mentions = append(m.Mentions, u)
		}
	}
	for _, f := range roleMention.FindAllStringSubmatch(text, -1) {
		r := g.role(f[1])
		if r != nil && (a.parse["roles"] || slices.Contains(a.roles, r.ID)) && (r.Mentionable || mayAll) && !slices.Contains(m.MentionRoles, r.ID) {
			m.MentionRoles = append(m.MentionRoles, r.ID)
		}
	}
	if to := m.ReferencedMessage; to != nil && a.repliedUser && !slices.Contains(m.Mentions, to.Author) {
		m.Mentions = append(m.Mentions, to.Author)
	}
}

// textOf joins the texts of components.
func textOf(list []object) string {
	out := ""
	for _, c := range list {
		if t, ok := c["content"].(string); ok {
			out += t + "\n"
		}
		kids, _ := c["components"].([]object)
		out += textOf(kids)
	}
	return out
}
