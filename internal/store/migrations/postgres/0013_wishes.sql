-- What else a subscription may ask for, and the stories that a channel is told of
-- together.

-- +goose Up
ALTER TABLE subscriptions ADD COLUMN countries TEXT COLLATE "C" NOT NULL DEFAULT '[]'; -- JSON, codes, [] for any
ALTER TABLE subscriptions ADD COLUMN languages TEXT COLLATE "C" NOT NULL DEFAULT '[]'; -- JSON, [] for any
ALTER TABLE subscriptions ADD COLUMN tiers TEXT COLLATE "C" NOT NULL DEFAULT '[]'; -- JSON, [] for any
ALTER TABLE subscriptions ADD COLUMN way TEXT COLLATE "C" NOT NULL DEFAULT 'instant';
ALTER TABLE subscriptions ADD COLUMN independent BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN silent BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN per_hour BIGINT NOT NULL DEFAULT 0; -- 0 for any number

-- A story that a channel wants and has no alert for: a message will tell it with
-- others, or has.
CREATE TABLE gathered (
    channel      TEXT NOT NULL COLLATE "C",
    story        BIGINT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    guild        TEXT NOT NULL COLLATE "C",
    subscription BIGINT NOT NULL, -- which may be gone
    report       BIGINT NOT NULL, -- the one for which it was decided
    way          TEXT NOT NULL COLLATE "C",
    gathered_at  BIGINT NOT NULL,
    told_at      BIGINT NOT NULL DEFAULT 0, -- 0 while it waits
    PRIMARY KEY (channel, story)
);
CREATE INDEX gathered_story ON gathered (story);
CREATE INDEX gathered_waiting ON gathered (subscription) WHERE told_at = 0;

-- When a subscription with a limit sent a message: the last hours'.
CREATE TABLE paces (
    subscription BIGINT NOT NULL,
    sent_at      BIGINT NOT NULL
);
CREATE INDEX paces_subscription ON paces (subscription, sent_at);
CREATE INDEX paces_sent ON paces (sent_at);

-- +goose Down
DROP TABLE paces;
DROP TABLE gathered;
ALTER TABLE subscriptions DROP COLUMN per_hour;
ALTER TABLE subscriptions DROP COLUMN silent;
ALTER TABLE subscriptions DROP COLUMN independent;
ALTER TABLE subscriptions DROP COLUMN way;
ALTER TABLE subscriptions DROP COLUMN tiers;
ALTER TABLE subscriptions DROP COLUMN languages;
ALTER TABLE subscriptions DROP COLUMN countries;
