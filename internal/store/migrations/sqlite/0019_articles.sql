-- The pages behind reports, and stories that turn out to be one, or two.

-- +goose Up
CREATE TABLE articles (
    report   INTEGER PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    state    TEXT    NOT NULL,
    reason   TEXT    NOT NULL DEFAULT '',
    due_at   INTEGER NOT NULL,            -- the earliest time of the next try; while one is made, the lease's end
    attempt  INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    marked   INTEGER NOT NULL DEFAULT 0,  -- its page is being read
    crashes  INTEGER NOT NULL DEFAULT 0,  -- leases that ended while it was marked
    body     TEXT    NOT NULL DEFAULT ''  -- the beginning of the article; it is never shown whole
) STRICT;
CREATE INDEX articles_due ON articles (due_at) WHERE state = 'waits';
CREATE INDEX articles_read ON articles (report) WHERE state = 'read';

ALTER TABLE stories ADD COLUMN joined INTEGER NOT NULL DEFAULT 0; -- the story that it is a part of by now; 0 for none
CREATE INDEX stories_joined ON stories (joined) WHERE joined <> 0;

-- What is to be done to stories, and what was done and why.
CREATE TABLE story_changes (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind     TEXT    NOT NULL, -- merge, split
    story    INTEGER NOT NULL, -- the older one
    other    INTEGER NOT NULL, -- the one that becomes a part of it, or that parts from it
    reports  TEXT    NOT NULL, -- JSON, those that move with a split
    reason   TEXT    NOT NULL, -- who or what asks for it
    asked_at INTEGER NOT NULL,
    done_at  INTEGER NOT NULL DEFAULT 0,
    outcome  TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX story_changes_open ON story_changes (id) WHERE done_at = 0;
CREATE INDEX story_changes_story ON story_changes (story);
CREATE INDEX story_changes_other ON story_changes (other);

-- +goose Down
DROP TABLE story_changes;
DROP INDEX stories_joined;
ALTER TABLE stories DROP COLUMN joined;
DROP TABLE articles;
