-- The first schema. Migrations are append-only: a released file never changes.
--
-- Times are milliseconds since 1970 UTC, 0 for none. Truth values are 0 or 1.

-- +goose Up
CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE feeds (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    url           TEXT    NOT NULL UNIQUE,
    source        TEXT    NOT NULL,
    every_ms      INTEGER NOT NULL,
    wanted        INTEGER NOT NULL DEFAULT 1,
    etag          TEXT    NOT NULL DEFAULT '',
    last_modified TEXT    NOT NULL DEFAULT '',
    body_hash     TEXT    NOT NULL DEFAULT '',
    polled_at     INTEGER NOT NULL DEFAULT 0,
    succeeded_at  INTEGER NOT NULL DEFAULT 0,
    next_at       INTEGER NOT NULL,
    held_until    INTEGER NOT NULL DEFAULT 0,
    failures      INTEGER NOT NULL DEFAULT 0,
    state         TEXT    NOT NULL,
    reason        TEXT    NOT NULL DEFAULT '',
    since_at      INTEGER NOT NULL,
    parsing       TEXT,                       -- hash of the body that is being parsed
    crashes       INTEGER NOT NULL DEFAULT 0  -- starts that found parsing set, in a row
) STRICT;
CREATE INDEX feeds_due ON feeds (next_at) WHERE wanted = 1;

CREATE TABLE reports (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    story        INTEGER REFERENCES stories (id),  -- NULL until placed
    placed       TEXT    NOT NULL DEFAULT '',      -- why it opened or joined the story
    feed         INTEGER NOT NULL REFERENCES feeds (id),
    source       TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    published_at INTEGER NOT NULL,
    seen_at      INTEGER NOT NULL,
    hush         TEXT    NOT NULL,
    overdue      INTEGER NOT NULL,                 -- it came with the first reading after a gap
    digest       INTEGER NOT NULL,                 -- of the five texts below, to notice changes
    link         TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    description  TEXT    NOT NULL,
    body         TEXT    NOT NULL
) STRICT;
CREATE INDEX reports_story ON reports (story, id);
CREATE INDEX reports_seen ON reports (seen_at);

CREATE TABLE report_keys (
    source   TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    report   INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_keys_report ON report_keys (report, position);

CREATE TABLE matches (
    report   INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    topic    TEXT    NOT NULL,
    position INTEGER NOT NULL,
    score    REAL    NOT NULL,
    stage    TEXT    NOT NULL,
    flags    INTEGER NOT NULL,
    evidence TEXT    NOT NULL,
    PRIMARY KEY (report, topic)
) STRICT, WITHOUT ROWID;

CREATE TABLE stories (
    id         INTEGER PRIMARY KEY,
    lead       INTEGER NOT NULL REFERENCES reports (id),
    title      TEXT    NOT NULL,
    language   TEXT    NOT NULL,
    opened_at  INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    reports    INTEGER NOT NULL,
    sources    INTEGER NOT NULL,
    revision   INTEGER NOT NULL
) STRICT;
CREATE INDEX stories_updated ON stories (updated_at);
CREATE INDEX stories_opened ON stories (opened_at, id);

CREATE TABLE story_topics (
    story    INTEGER NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    topic    TEXT    NOT NULL,
    position INTEGER NOT NULL,
    stage    TEXT    NOT NULL,
    PRIMARY KEY (story, topic)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_topics_topic ON story_topics (topic, story);

CREATE TABLE guilds (
    id        TEXT    NOT NULL PRIMARY KEY,
    name      TEXT    NOT NULL,
    joined_at INTEGER NOT NULL,
    left_at   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- A channel is also the queue of its deliveries: head is its oldest open
-- delivery, ready_at when that one may be claimed. Both are NULL when there is
-- none.
CREATE TABLE channels (
    id         TEXT    NOT NULL PRIMARY KEY,
    guild      TEXT    NOT NULL,
    blocked_at INTEGER NOT NULL DEFAULT 0,
    reason     TEXT    NOT NULL DEFAULT '',
    head       INTEGER,
    ready_at   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX channels_ready ON channels (ready_at) WHERE head IS NOT NULL AND blocked_at = 0;
CREATE INDEX channels_guild ON channels (guild);

CREATE TABLE subscriptions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    guild      TEXT    NOT NULL REFERENCES guilds (id),
    channel    TEXT    NOT NULL REFERENCES channels (id),
    topic      TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    created_by TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (channel, topic)
) STRICT;
CREATE INDEX subscriptions_guild ON subscriptions (guild);
CREATE INDEX subscriptions_topic ON subscriptions (topic);

CREATE TABLE alerts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    story      INTEGER NOT NULL REFERENCES stories (id),
    channel    TEXT    NOT NULL,
    guild      TEXT    NOT NULL,
    planned_at INTEGER NOT NULL,
    UNIQUE (story, channel)
) STRICT;

-- The order of a channel's deliveries is that of their ids.
CREATE TABLE deliveries (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    alert      INTEGER REFERENCES alerts (id),  -- NULL for a catch-up line
    kind       TEXT    NOT NULL,
    guild      TEXT    NOT NULL,
    channel    TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    form       TEXT    NOT NULL,
    attempt    INTEGER NOT NULL DEFAULT 0,
    failures   INTEGER NOT NULL DEFAULT 0,
    series     INTEGER NOT NULL DEFAULT 0,
    doubt      INTEGER NOT NULL DEFAULT 0,
    kept       INTEGER NOT NULL DEFAULT 0,      -- late, but to be posted
    created_at INTEGER NOT NULL,
    first_at   INTEGER NOT NULL DEFAULT 0,
    due_at     INTEGER NOT NULL,                -- while it is sending: the lease's end
    told_at    INTEGER NOT NULL,                -- when the report appeared
    waits_at   INTEGER NOT NULL,                -- since when the channel waits for it
    settled_at INTEGER NOT NULL DEFAULT 0,      -- 0 while it is open
    message    TEXT    NOT NULL DEFAULT '',
    reason     TEXT    NOT NULL DEFAULT '',
    roles      TEXT    NOT NULL,
    content    TEXT    NOT NULL
) STRICT;
CREATE INDEX deliveries_open ON deliveries (channel, id) WHERE settled_at = 0;
CREATE INDEX deliveries_waits ON deliveries (waits_at) WHERE settled_at = 0;
CREATE INDEX deliveries_told ON deliveries (told_at) WHERE settled_at = 0;
CREATE INDEX deliveries_alert ON deliveries (alert);
CREATE INDEX deliveries_guild ON deliveries (guild, created_at);
CREATE INDEX deliveries_kept ON deliveries (settled_at) WHERE kept = 1;

-- The folded words of each report, one blank between them. It keeps the index
-- only: the texts are in reports.
CREATE VIRTUAL TABLE report_words USING fts5 (
    words,
    content = '',
    contentless_delete = 1,
    tokenize = "ascii tokenchars '.,'"
);

-- +goose Down
DROP TABLE report_words;
DROP TABLE deliveries;
DROP TABLE alerts;
DROP TABLE subscriptions;
DROP TABLE channels;
DROP TABLE guilds;
DROP TABLE story_topics;
DROP TABLE matches;
DROP TABLE report_keys;
DROP TABLE reports;
DROP TABLE stories;
DROP TABLE feeds;
DROP TABLE meta;
