-- A story may carry on with what an earlier one told of.

-- +goose Up
ALTER TABLE stories ADD COLUMN follows BIGINT NOT NULL DEFAULT 0; -- that story, which may be deleted; 0 for none

-- +goose Down
ALTER TABLE stories DROP COLUMN follows;
