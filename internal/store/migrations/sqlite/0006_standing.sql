-- What the parties of a story have said, and what it adds up to.

-- +goose Up
ALTER TABLE stories ADD COLUMN testimony TEXT NOT NULL DEFAULT ''; -- JSON, '' where nobody was heard
ALTER TABLE stories ADD COLUMN standing TEXT NOT NULL DEFAULT '';  -- what it adds up to, '' where nobody was heard

-- +goose Down
ALTER TABLE stories DROP COLUMN standing;
ALTER TABLE stories DROP COLUMN testimony;
