-- Summaries by a cron expression. What was done for a date was done for a time of
-- it; one that has been is over with its day.

-- +goose Up
ALTER TABLE digests ADD COLUMN cron TEXT NOT NULL DEFAULT ''; -- instead of days and minute, which are 0 then
UPDATE digests SET done = done || 'T23:59' WHERE done <> '';

-- +goose Down
DELETE FROM digests WHERE cron <> '';
UPDATE digests SET done = substr(done, 1, 10);
ALTER TABLE digests DROP COLUMN cron;
