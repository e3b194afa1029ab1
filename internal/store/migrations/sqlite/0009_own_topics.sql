-- The topics that guilds have made, and which reports bear them.

-- +goose Up
CREATE TABLE own_topics (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
    guild      TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    folded     TEXT    NOT NULL, -- the name as names are compared
    query      TEXT    NOT NULL,
    created_by TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    revision   INTEGER NOT NULL, -- rises with every change of any topic
    gone_at    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX own_topics_name ON own_topics (guild, folded) WHERE gone_at = 0;
CREATE INDEX own_topics_revision ON own_topics (revision);

CREATE TABLE own_clock (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL
) STRICT;
INSERT INTO own_clock (id, revision) VALUES (1, 0);

CREATE TABLE own_matches (
    topic    INTEGER NOT NULL, -- of own_topics
    story    INTEGER NOT NULL,
    report   INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    evidence TEXT    NOT NULL, -- JSON
    PRIMARY KEY (topic, story, report)
) STRICT, WITHOUT ROWID;
CREATE INDEX own_matches_report ON own_matches (report);

-- +goose Down
DROP TABLE own_matches;
DROP TABLE own_clock;
DROP TABLE own_topics;
