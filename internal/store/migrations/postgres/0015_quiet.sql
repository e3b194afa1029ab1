-- Living with alerts: what is muted, paused or held for a summary, and what
-- people call not relevant.

-- +goose Up
CREATE TABLE mutes (
    guild      TEXT    NOT NULL COLLATE "C",
    story      BIGINT  NOT NULL, -- 0 where a topic is muted
    topic      TEXT    NOT NULL COLLATE "C", -- '' where a story is
    until_at   BIGINT  NOT NULL,
    created_by TEXT    NOT NULL COLLATE "C",
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (guild, story, topic)
);
CREATE INDEX mutes_until ON mutes (until_at);

-- What channels have asked for: a pause, quiet hours, or both.
CREATE TABLE quiets (
    channel      TEXT    NOT NULL COLLATE "C" PRIMARY KEY,
    guild        TEXT    NOT NULL COLLATE "C",
    paused_at    BIGINT  NOT NULL DEFAULT 0, -- 0 for no pause
    paused_until BIGINT  NOT NULL DEFAULT 0,
    paused_by    TEXT    NOT NULL COLLATE "C" DEFAULT '',
    days         BIGINT  NOT NULL DEFAULT 0, -- as in digests; 0 for no quiet hours
    from_minute  BIGINT  NOT NULL DEFAULT 0,
    to_minute    BIGINT  NOT NULL DEFAULT 0,
    zone         TEXT    NOT NULL COLLATE "C" DEFAULT '',
    through      TEXT    NOT NULL COLLATE "C" DEFAULT '[]', -- topics, JSON
    hours_by     TEXT    NOT NULL COLLATE "C" DEFAULT '',
    hours_at     BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX quiets_guild ON quiets (guild);

-- Alerts that a summary tells instead of a message of their own.
CREATE TABLE held (
    alert    BIGINT PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
    revision BIGINT  NOT NULL, -- of the story, when it was held
    guild    TEXT    NOT NULL COLLATE "C",
    channel  TEXT    NOT NULL COLLATE "C",
    reason   TEXT    NOT NULL COLLATE "C",
    held_at  BIGINT  NOT NULL,
    due_at   BIGINT  NOT NULL,           -- when the summary is to be looked at
    told     BIGINT  NOT NULL DEFAULT 0  -- the summary's delivery; -1 when none tells it, 0 while it waits
);
CREATE INDEX held_due ON held (due_at) WHERE told = 0;
CREATE INDEX held_channel ON held (channel) WHERE told = 0;

-- Alerts that people called not relevant, by the subscription that asked for them.
CREATE TABLE feedback (
    guild      TEXT    NOT NULL COLLATE "C",
    story      BIGINT  NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    person     TEXT    NOT NULL COLLATE "C",
    channel    TEXT    NOT NULL COLLATE "C",
    topic      TEXT    NOT NULL COLLATE "C",
    created_at BIGINT  NOT NULL,
    seen       BIGINT  NOT NULL DEFAULT 0, -- moderators are done with it
    PRIMARY KEY (guild, story, person, topic)
);
CREATE INDEX feedback_story ON feedback (story);

-- +goose Down
DROP TABLE feedback;
DROP TABLE held;
DROP TABLE quiets;
DROP TABLE mutes;
