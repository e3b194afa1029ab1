-- Alerts that live: what was new in a story and when, and the messages that are
-- edited when their story has more to tell.

-- +goose Up
ALTER TABLE stories ADD COLUMN turns TEXT NOT NULL DEFAULT '' COLLATE "C"; -- JSON, '' where nothing was new

-- +goose Down
ALTER TABLE stories DROP COLUMN turns;
