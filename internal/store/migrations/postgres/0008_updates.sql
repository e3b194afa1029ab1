-- Alerts that live: what they tell, the edits of their messages, who answers whom,
-- and what a subscription wants of a story that goes on.

-- +goose Up
ALTER TABLE stories ADD COLUMN answers BIGINT NOT NULL DEFAULT 0; -- the story whose claim it answers, which may be deleted; 0 for none

-- What the alerts of a story tell beside what first raised each.
CREATE TABLE tellings (
    story    BIGINT PRIMARY KEY REFERENCES stories (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL, -- of the story, when it last had more to tell
    living   TEXT   NOT NULL COLLATE "C" -- JSON
);

-- The wish to edit an alert's message: one for each alert, done when told is
-- wanted. Both are revisions of the story.
CREATE TABLE edits (
    alert     BIGINT PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
    message   TEXT    NOT NULL DEFAULT '' COLLATE "C", -- '' until it is posted, and when it is never edited again
    told      BIGINT NOT NULL,
    wanted    BIGINT NOT NULL,
    due_at    BIGINT NOT NULL,            -- the earliest time of the next edit; while one is tried, the lease's end
    attempt   BIGINT NOT NULL DEFAULT 0,
    failures  BIGINT NOT NULL DEFAULT 0,
    posted_at BIGINT NOT NULL DEFAULT 0,
    edited_at BIGINT NOT NULL DEFAULT 0,
    reason    TEXT   NOT NULL DEFAULT '' COLLATE "C"
);
CREATE INDEX edits_due ON edits (due_at) WHERE wanted > told AND message <> '';

ALTER TABLE alerts ADD COLUMN mentioned TEXT NOT NULL DEFAULT '[]' COLLATE "C"; -- roles, JSON

-- The message that tells of a revision, where a channel wants more than edits.
ALTER TABLE deliveries ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX deliveries_update ON deliveries (alert, revision) WHERE revision <> 0;

ALTER TABLE subscriptions ADD COLUMN updates TEXT NOT NULL DEFAULT 'reply' COLLATE "C";
ALTER TABLE subscriptions ADD COLUMN mention TEXT NOT NULL DEFAULT 'any' COLLATE "C";
ALTER TABLE subscriptions ADD COLUMN stages TEXT NOT NULL DEFAULT '[]' COLLATE "C";    -- JSON, [] for any
ALTER TABLE subscriptions ADD COLUMN standings TEXT NOT NULL DEFAULT '[]' COLLATE "C"; -- JSON, [] for any

-- +goose Down
ALTER TABLE subscriptions DROP COLUMN standings;
ALTER TABLE subscriptions DROP COLUMN stages;
ALTER TABLE subscriptions DROP COLUMN mention;
ALTER TABLE subscriptions DROP COLUMN updates;
DELETE FROM deliveries WHERE revision <> 0;
DROP INDEX deliveries_update;
ALTER TABLE deliveries DROP COLUMN revision;
ALTER TABLE alerts DROP COLUMN mentioned;
DROP TABLE edits;
DROP TABLE tellings;
ALTER TABLE stories DROP COLUMN answers;
