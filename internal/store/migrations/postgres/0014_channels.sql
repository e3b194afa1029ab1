-- What kind of channel alerts go to, which of them are published, and what
-- moderators are told of once.

-- +goose Up
ALTER TABLE channels ADD COLUMN kind TEXT NOT NULL DEFAULT '' COLLATE "C"; -- '' for one that takes messages
ALTER TABLE subscriptions ADD COLUMN unpublished BIGINT NOT NULL DEFAULT 0; -- 1 for alerts that stay in their channel

-- Alerts in announcement channels that are to be published.
CREATE TABLE publications (
    delivery   BIGINT PRIMARY KEY REFERENCES deliveries (id) ON DELETE CASCADE,
    guild      TEXT   NOT NULL COLLATE "C",
    channel    TEXT   NOT NULL COLLATE "C",
    message    TEXT   NOT NULL COLLATE "C",
    posted_at  BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,            -- while it is tried: the lease's end
    attempt    BIGINT NOT NULL DEFAULT 0,
    failures   BIGINT NOT NULL DEFAULT 0,
    state      TEXT   NOT NULL DEFAULT 'waits' COLLATE "C",
    reason     TEXT   NOT NULL DEFAULT '' COLLATE "C",
    settled_at BIGINT NOT NULL DEFAULT 0   -- 0 while it is open
);
CREATE INDEX publications_open ON publications (channel, delivery) WHERE settled_at = 0;
CREATE INDEX publications_due ON publications (due_at) WHERE settled_at = 0;
CREATE INDEX publications_settled ON publications (channel, settled_at);

ALTER TABLE guilds ADD COLUMN system_channel TEXT NOT NULL DEFAULT '' COLLATE "C"; -- of Discord's settings, '' for none
ALTER TABLE guilds ADD COLUMN notice_channel TEXT NOT NULL DEFAULT '' COLLATE "C"; -- where moderators are told, '' for the system channel, 'off' for nowhere

-- What does not work in a guild, from when it was first seen until it is mended
-- and that was told.
CREATE TABLE troubles (
    guild     TEXT   NOT NULL COLLATE "C",
    kind      TEXT   NOT NULL COLLATE "C",
    subject   TEXT   NOT NULL COLLATE "C",            -- what it concerns: a channel, a feed
    reason    TEXT   NOT NULL COLLATE "C",
    since_at  BIGINT NOT NULL,
    seen_at   BIGINT NOT NULL,            -- when it was last found
    mended_at BIGINT NOT NULL DEFAULT 0,  -- 0 while it lasts
    told_at   BIGINT NOT NULL DEFAULT 0,  -- when the failure was told, 0 for not yet
    ended_at  BIGINT NOT NULL DEFAULT 0,  -- when it was last told that it is mended
    PRIMARY KEY (guild, kind, subject)
);

-- +goose Down
DROP TABLE troubles;
ALTER TABLE guilds DROP COLUMN notice_channel;
ALTER TABLE guilds DROP COLUMN system_channel;
DROP TABLE publications;
ALTER TABLE subscriptions DROP COLUMN unpublished;
ALTER TABLE channels DROP COLUMN kind;
