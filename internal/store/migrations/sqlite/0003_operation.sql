-- What an operator can trace, and what retention needs.

-- +goose Up
ALTER TABLE feeds ADD COLUMN newest_at INTEGER NOT NULL DEFAULT 0;   -- when the newest report that it brought appeared
ALTER TABLE feeds ADD COLUMN read_at INTEGER NOT NULL DEFAULT 0;     -- when a document of it was last read to its end
ALTER TABLE reports ADD COLUMN placed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN report INTEGER NOT NULL DEFAULT 0;     -- which raised it; it may be gone

-- Why channels that wanted a report got no alert for it. Those that got one
-- have it in alerts.
CREATE TABLE decisions (
    report   INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    verdict  TEXT    NOT NULL,
    channels INTEGER NOT NULL,  -- how many
    named    TEXT    NOT NULL,  -- the first of them
    PRIMARY KEY (report, verdict)
) STRICT, WITHOUT ROWID;

-- The keys of reports that were deleted, so that none comes back as new.
CREATE TABLE old_keys (
    source    TEXT    NOT NULL,
    key       TEXT    NOT NULL,
    listed_at INTEGER NOT NULL,  -- when a feed last listed it, to a day
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX old_keys_listed ON old_keys (listed_at);

-- Deleting a report looks for stories that it leads.
CREATE INDEX stories_lead ON stories (lead);

-- +goose Down
DROP INDEX stories_lead;
DROP TABLE old_keys;
DROP TABLE decisions;
ALTER TABLE alerts DROP COLUMN report;
ALTER TABLE reports DROP COLUMN placed_at;
ALTER TABLE feeds DROP COLUMN read_at;
ALTER TABLE feeds DROP COLUMN newest_at;
