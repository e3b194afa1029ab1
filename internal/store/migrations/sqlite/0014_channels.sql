-- What kind of channel alerts go to, which of them are published, and what
-- moderators are told of once.

-- +goose Up
ALTER TABLE channels ADD COLUMN kind TEXT NOT NULL DEFAULT ''; -- '' for one that takes messages
ALTER TABLE subscriptions ADD COLUMN unpublished INTEGER NOT NULL DEFAULT 0; -- 1 for alerts that stay in their channel

-- Alerts in announcement channels that are to be published.
CREATE TABLE publications (
    delivery   INTEGER PRIMARY KEY REFERENCES deliveries (id) ON DELETE CASCADE,
    guild      TEXT    NOT NULL,
    channel    TEXT    NOT NULL,
    message    TEXT    NOT NULL,
    posted_at  INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,            -- while it is tried: the lease's end
    attempt    INTEGER NOT NULL DEFAULT 0,
    failures   INTEGER NOT NULL DEFAULT 0,
    state      TEXT    NOT NULL DEFAULT 'waits',
    reason     TEXT    NOT NULL DEFAULT '',
    settled_at INTEGER NOT NULL DEFAULT 0   -- 0 while it is open
) STRICT;
CREATE INDEX publications_open ON publications (channel, delivery) WHERE settled_at = 0;
CREATE INDEX publications_due ON publications (due_at) WHERE settled_at = 0;
CREATE INDEX publications_settled ON publications (channel, settled_at);

ALTER TABLE guilds ADD COLUMN system_channel TEXT NOT NULL DEFAULT ''; -- of Discord's settings, '' for none
ALTER TABLE guilds ADD COLUMN notice_channel TEXT NOT NULL DEFAULT ''; -- where moderators are told, '' for the system channel, 'off' for nowhere

-- What does not work in a guild, from when it was first seen until it is mended
-- and that was told.
CREATE TABLE troubles (
    guild     TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    subject   TEXT    NOT NULL,            -- what it concerns: a channel, a feed
    reason    TEXT    NOT NULL,
    since_at  INTEGER NOT NULL,
    seen_at   INTEGER NOT NULL,            -- when it was last found
    mended_at INTEGER NOT NULL DEFAULT 0,  -- 0 while it lasts
    told_at   INTEGER NOT NULL DEFAULT 0,  -- when the failure was told, 0 for not yet
    ended_at  INTEGER NOT NULL DEFAULT 0,  -- when it was last told that it is mended
    PRIMARY KEY (guild, kind, subject)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE troubles;
ALTER TABLE guilds DROP COLUMN notice_channel;
ALTER TABLE guilds DROP COLUMN system_channel;
DROP TABLE publications;
ALTER TABLE subscriptions DROP COLUMN unpublished;
ALTER TABLE channels DROP COLUMN kind;
