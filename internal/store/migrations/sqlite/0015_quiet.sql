-- Living with alerts: what is muted, paused or held for a summary, and what
-- people call not relevant.

-- +goose Up
CREATE TABLE mutes (
    guild      TEXT    NOT NULL,
    story      INTEGER NOT NULL, -- 0 where a topic is muted
    topic      TEXT    NOT NULL, -- '' where a story is
    until_at   INTEGER NOT NULL,
    created_by TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (guild, story, topic)
) STRICT, WITHOUT ROWID;
CREATE INDEX mutes_until ON mutes (until_at);

-- What channels have asked for: a pause, quiet hours, or both.
CREATE TABLE quiets (
    channel      TEXT    NOT NULL PRIMARY KEY,
    guild        TEXT    NOT NULL,
    paused_at    INTEGER NOT NULL DEFAULT 0, -- 0 for no pause
    paused_until INTEGER NOT NULL DEFAULT 0,
    paused_by    TEXT    NOT NULL DEFAULT '',
    days         INTEGER NOT NULL DEFAULT 0, -- as in digests; 0 for no quiet hours
    from_minute  INTEGER NOT NULL DEFAULT 0,
    to_minute    INTEGER NOT NULL DEFAULT 0,
    zone         TEXT    NOT NULL DEFAULT '',
    through      TEXT    NOT NULL DEFAULT '[]', -- topics, JSON
    hours_by     TEXT    NOT NULL DEFAULT '',
    hours_at     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX quiets_guild ON quiets (guild);

-- Alerts that a summary tells instead of a message of their own.
CREATE TABLE held (
    alert    INTEGER PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL, -- of the story, when it was held
    guild    TEXT    NOT NULL,
    channel  TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    held_at  INTEGER NOT NULL,
    due_at   INTEGER NOT NULL,           -- when the summary is to be looked at
    told     INTEGER NOT NULL DEFAULT 0  -- the summary's delivery; -1 when none tells it, 0 while it waits
) STRICT;
CREATE INDEX held_due ON held (due_at) WHERE told = 0;
CREATE INDEX held_channel ON held (channel) WHERE told = 0;

-- Alerts that people called not relevant, by the subscription that asked for them.
CREATE TABLE feedback (
    guild      TEXT    NOT NULL,
    story      INTEGER NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    person     TEXT    NOT NULL,
    channel    TEXT    NOT NULL,
    topic      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    seen       INTEGER NOT NULL DEFAULT 0, -- moderators are done with it
    PRIMARY KEY (guild, story, person, topic)
) STRICT, WITHOUT ROWID;
CREATE INDEX feedback_story ON feedback (story);

-- +goose Down
DROP TABLE feedback;
DROP TABLE held;
DROP TABLE quiets;
DROP TABLE mutes;
