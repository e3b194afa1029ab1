-- Scheduled summaries.

-- +goose Up
CREATE TABLE digests (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    guild      TEXT    NOT NULL,
    channel    TEXT    NOT NULL,
    topic      TEXT    NOT NULL, -- '' for all
    days       INTEGER NOT NULL, -- a bit for each day of the week
    minute     INTEGER NOT NULL, -- of the day
    zone       TEXT    NOT NULL,
    done       TEXT    NOT NULL, -- the last date that it was made for, '' for none
    until_at   INTEGER NOT NULL, -- up to when it has told
    next_at    INTEGER NOT NULL, -- when it is due
    created_by TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX digests_next ON digests (next_at);
CREATE INDEX digests_guild ON digests (guild, id);

-- +goose Down
DROP TABLE digests;
