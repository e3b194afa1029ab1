package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/attache-bot/attache/internal/guild"
)

// What is kept about a person stands in columns that name one. A test reads the
// schema and fails when such a column stands in neither of these lists.

// signedColumns tell who did what for a guild: the deed is the guild's and stays,
// the name goes.
func signedColumns() [][2]string {
	return [][2]string{
		{"subscriptions", "created_by"},
		{"digests", "created_by"},
		{"own_topics", "created_by"},
		{"guild_feeds", "added_by"},
		{"audit", "actor"},
		{"mutes", "created_by"},
		{"quiets", "paused_by"},
		{"quiets", "hours_by"},
	}
}

// personalColumns name whom a row is about: it goes with the person.
func personalColumns() [][2]string { return [][2]string{{"drafts", "actor"}, {"feedback", "person"}} }

// GuildName returns the name of a guild, "" where it is not known.
func (s *Store) GuildName(ctx context.Context, id string) (string, error) {
	var name string
	err := s.read.QueryRowContext(ctx, "SELECT name FROM guilds WHERE id = $1", id).Scan(&name)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", s.failedRead("read a guild's name", err)
	}
	return name, nil
}

// Kept counts what is kept about a person, in all guilds, and about a guild.
func (s *Store) Kept(ctx context.Context, guildID, user string) (guild.Kept, error) {
	var k guild.Kept
	made := make([]string, 0, len(signedColumns()))
	for _, c := range signedColumns() {
		if c[0] != "audit" {
			made = append(made, fmt.Sprintf("(SELECT COUNT(*) FROM %s WHERE %s = $2)", c[0], c[1]))
		}
	}
	err := s.read.QueryRowContext(ctx, "SELECT "+strings.Join(made, " + ")+`,
		(SELECT COUNT(*) FROM audit WHERE actor = $2), (SELECT COUNT(*) FROM drafts WHERE actor = $2), (SELECT COUNT(*) FROM feedback WHERE person = $2),
		(SELECT COUNT(*) FROM subscriptions WHERE guild = $1), (SELECT COUNT(*) FROM digests WHERE guild = $1),
		(SELECT COUNT(*) FROM own_topics WHERE guild = $1 AND gone_at = 0), (SELECT COUNT(*) FROM channels WHERE guild = $1),
		(SELECT COUNT(*) FROM deliveries WHERE guild = $1), (SELECT COUNT(*) FROM audit WHERE guild = $1)`, guildID, user).
		Scan(&k.Made, &k.Changes, &k.Drafts, &k.Complaints, &k.Subscriptions, &k.Digests, &k.Topics, &k.Channels, &k.Messages, &k.Notes)
	if err != nil {
		return k, s.failedRead("count what is kept", err)
	}
	return k, nil
}

// ForgetPerson erases a person everywhere: what they did stays without their
// name, and what is only about them goes. The empty name is nobody's.
func (s *Store) ForgetPerson(ctx context.Context, user string) error {
	if user == "" {
		return nil
	}
	// What they have in direct messages is theirs alone.
	personal := guild.Personal(user)
	if err := s.EraseGuild(ctx, personal, s.Now()); err != nil {
		return err
	}
	return s.write(ctx, "forget person", func(ctx context.Context, tx *sql.Tx) error {
		for _, c := range signedColumns() {
			if _, err := tx.ExecContext(ctx, fmt.Sprintf("UPDATE %s SET %s = '' WHERE %[2]s = $1", c[0], c[1]), user); err != nil {
				return fmt.Errorf("erase the name from %s: %w", c[0], err)
			}
		}
		for _, c := range personalColumns() {
			if _, err := tx.ExecContext(ctx, fmt.Sprintf("DELETE FROM %s WHERE %s = $1", c[0], c[1]), user); err != nil {
				return fmt.Errorf("delete from %s: %w", c[0], err)
			}
		}
		for _, text := range []string{"DELETE FROM audit WHERE guild = $1", "DELETE FROM guilds WHERE id = $1"} {
			if _, err := tx.ExecContext(ctx, text, personal); err != nil {
				return fmt.Errorf("forget the person's own account: %w", err)
			}
		}
		return nil
	})
}
