package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

const subscriptionColumns = "s.id, s.guild, s.channel, s.topic, s.role, s.mention, s.updates, s.stages, s.standings, " +
	"s.countries, s.languages, s.tiers, s.independent, s.silent, s.way, s.per_hour, s.unpublished, s.created_by, s.created_at"

func scanSubscription(s scanner) (subscription.Subscription, error) {
	var sub subscription.Subscription
	var created int64
	var stages, standings, countries, languages, tiers string
	var independent, silent int64
	err := s.Scan(&sub.ID, &sub.Guild, &sub.Channel, &sub.Topic, &sub.Role, &sub.Mention, &sub.Updates, &stages, &standings,
		&countries, &languages, &tiers, &independent, &silent, &sub.Way, &sub.PerHour, &sub.Unpublished, &sub.CreatedBy, &created)
	if err != nil {
		return sub, err
	}
	sub.Created, sub.Independent, sub.Silent = at(created), independent != 0, silent != 0
	return sub, errors.Join(fromJSON(stages, &sub.Stages), fromJSON(standings, &sub.Standings),
		fromJSON(countries, &sub.Countries), fromJSON(languages, &sub.Languages), fromJSON(tiers, &sub.Tiers))
}

// wishes are what a subscription asks for, as it is stored: in the order of
// wishColumns.
func wishes(sub subscription.Subscription) ([]any, error) {
	out := []any{
		sub.Role, string(cmp.Or(sub.Mention, subscription.AnyReport)), string(cmp.Or(sub.Updates, subscription.Reply)),
		flag(sub.Independent), flag(sub.Silent), string(cmp.Or(sub.Way, subscription.Instant)), sub.PerHour, flag(sub.Unpublished),
	}
	lists := [5]string{}
	var errs [5]error
	lists[0], errs[0] = listJSON(sub.Stages)
	lists[1], errs[1] = listJSON(sub.Standings)
	lists[2], errs[2] = listJSON(sub.Countries)
	lists[3], errs[3] = listJSON(sub.Languages)
	lists[4], errs[4] = listJSON(sub.Tiers)
	for _, l := range lists {
		out = append(out, l)
	}
	return out, errors.Join(errs[:]...)
}

const wishColumns = "role, mention, updates, independent, silent, way, per_hour, unpublished, stages, standings, countries, languages, tiers"

// Subscribe stores a subscription and returns it with its id. It returns
// [subscription.ErrExists] when the channel has the topic already,
// [subscription.ErrQuota] when the guild has as many as it may have,
// [*guild.TooSoonError] when it has subscribed too often within the hour,
// [guild.ErrForeignChannel] when the channel is known in another guild, and
// [guild.ErrTopicNotFound] for an own topic that the guild does not have. A guild
// that is not stored yet is: only one that has the bot can ask.
func (s *Store) Subscribe(ctx context.Context, sub subscription.Subscription) (subscription.Subscription, error) {
	sub.Mention, sub.Updates = cmp.Or(sub.Mention, subscription.AnyReport), cmp.Or(sub.Updates, subscription.Reply)
	sub.Way = cmp.Or(sub.Way, subscription.Instant)
	asked, err := wishes(sub)
	if err != nil {
		return subscription.Subscription{}, err
	}
	err = s.write(ctx, "subscribe", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO guilds (id, name, joined_at) VALUES ($1, '', $2) ON CONFLICT (id) DO NOTHING",
			sub.Guild, ms(sub.Created))
		if err != nil {
			return fmt.Errorf("save guild: %w", err)
		}
		// The quota is the guild's, so its subscribers take turns.
		if err := lockGuild(ctx, tx, s.db, sub.Guild); err != nil {
			return err
		}
		if err := ownChannel(ctx, tx, sub.Guild, sub.Channel); err != nil {
			return err
		}
		if err := topicKept(ctx, tx, sub.Guild, sub.Topic); err != nil {
			return err
		}
		if err := roomFor(ctx, tx, sub); err != nil {
			return err
		}
		if err := admit(ctx, tx, sub.Guild, guild.AddsSubscription, 1, sub.Created); err != nil {
			return err
		}
		args := append([]any{sub.Guild, sub.Channel, string(sub.Topic), sub.CreatedBy, ms(sub.Created)}, asked...)
		err = tx.QueryRowContext(ctx, "INSERT INTO subscriptions (guild, channel, topic, created_by, created_at, "+wishColumns+") VALUES "+
			placeholders(1, len(args))+" RETURNING id", args...).Scan(&sub.ID)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, guild.Change{Guild: sub.Guild, Act: guild.ActSubscribe, Channel: sub.Channel, Topic: sub.Topic})
	})
	if err != nil {
		return subscription.Subscription{}, err
	}
	sub.Created = at(ms(sub.Created))
	return sub, nil
}

// roomFor says why a subscription cannot be added beside those that the guild has,
// or nil when it can.
func roomFor(ctx context.Context, tx *sql.Tx, sub subscription.Subscription) error {
	var exists, count int
	err := tx.QueryRowContext(ctx, `
		SELECT COALESCE(SUM(CASE WHEN channel = $2 AND topic = $3 THEN 1 ELSE 0 END), 0), COUNT(*)
		FROM subscriptions WHERE guild = $1`, sub.Guild, sub.Channel, string(sub.Topic)).Scan(&exists, &count)
	switch {
	case err != nil:
		return err
	case exists > 0:
		return subscription.ErrExists
	case count >= subscription.MaxPerGuild, guild.IsPersonal(sub.Guild) && count >= guild.MaxPersonal:
		return subscription.ErrQuota
	}
	return nil
}

// ChangeSubscription gives a guild's subscription other wishes, or another channel.
// It returns [subscription.ErrNotFound] when the guild has none with that id,
// [subscription.ErrExists] when the channel has one for the topic already, and
// [guild.ErrForeignChannel] when it is known in another guild. Topic, and who
// subscribed when, stay.
func (s *Store) ChangeSubscription(ctx context.Context, sub subscription.Subscription) error {
	asked, err := wishes(sub)
	if err != nil {
		return err
	}
	return s.write(ctx, "change subscription", func(ctx context.Context, tx *sql.Tx) error {
		if err := lockGuild(ctx, tx, s.db, sub.Guild); err != nil {
			return err
		}
		var held int
		err := tx.QueryRowContext(ctx, "SELECT topic FROM subscriptions WHERE id = $1 AND guild = $2", int64(sub.ID), sub.Guild).Scan(&sub.Topic)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return subscription.ErrNotFound
		case err != nil:
			return err
		}
		if err := ownChannel(ctx, tx, sub.Guild, sub.Channel); err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM subscriptions WHERE channel = $1 AND topic = $2 AND id <> $3`,
			sub.Channel, string(sub.Topic), int64(sub.ID)).Scan(&held)
		switch {
		case err != nil:
			return err
		case held > 0:
			return subscription.ErrExists
		}
		args := append([]any{int64(sub.ID), sub.Guild, sub.Channel}, asked...)
		err = one(tx.ExecContext(ctx, "UPDATE subscriptions SET channel = $3, ("+wishColumns+") = "+placeholders(4, len(asked))+
			" WHERE id = $1 AND guild = $2", args...))
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, guild.Change{Guild: sub.Guild, Act: guild.ActSubscription, Channel: sub.Channel, Topic: sub.Topic})
	})
}

// topicKept makes sure that a topic of a guild's own is that guild's and was not
// deleted: who confirms a subscription may have chosen it a while ago.
func topicKept(ctx context.Context, tx querier, guildID string, id topic.ID) error {
	number, own := guild.TopicNumber(id)
	if !own {
		return nil
	}
	var kept int
	err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM own_topics WHERE id = $1 AND guild = $2 AND gone_at = 0", number, guildID).Scan(&kept)
	if err == nil && kept == 0 {
		return guild.ErrTopicNotFound
	}
	return err
}

// ownChannel makes sure that the channel is stored and the guild's.
func ownChannel(ctx context.Context, tx querier, guildID, channel string) error {
	var owner string
	_, err := tx.ExecContext(ctx, "INSERT INTO channels (id, guild) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", channel, guildID)
	if err == nil {
		err = tx.QueryRowContext(ctx, "SELECT guild FROM channels WHERE id = $1", channel).Scan(&owner)
	}
	if err != nil {
		return fmt.Errorf("save channel: %w", err)
	}
	if owner != guildID {
		return guild.ErrForeignChannel
	}
	return nil
}

// Unsubscribe removes a channel's subscription for a topic, or returns
// [subscription.ErrNotFound] when the guild has none. Alerts that were planned
// before are still delivered: one message may tell of several topics.
func (s *Store) Unsubscribe(ctx context.Context, guildID, channel string, t topic.ID) error {
	return s.write(ctx, "unsubscribe", func(ctx context.Context, tx *sql.Tx) error {
		err := one(tx.ExecContext(ctx, "DELETE FROM subscriptions WHERE guild = $1 AND channel = $2 AND topic = $3",
			guildID, channel, string(t)))
		switch {
		case errors.Is(err, archive.ErrNotFound):
			return subscription.ErrNotFound
		case err != nil:
			return err
		}
		return s.audit(ctx, tx, guild.Change{Guild: guildID, Act: guild.ActUnsubscribe, Channel: channel, Topic: t})
	})
}

// Subscriptions returns a guild's subscriptions by channel, and by age within
// a channel.
func (s *Store) Subscriptions(ctx context.Context, guild string) ([]subscription.Subscription, error) {
	rows, err := s.read.QueryContext(ctx,
		"SELECT "+subscriptionColumns+" FROM subscriptions s WHERE s.guild = $1 ORDER BY s.channel, s.id", guild)
	out, err := collect(rows, err, scanSubscription)
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	return out, nil
}
