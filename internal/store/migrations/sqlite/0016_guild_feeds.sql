-- Feeds that guilds have added for themselves.

-- +goose Up
ALTER TABLE feeds ADD COLUMN own INTEGER NOT NULL DEFAULT 0; -- guilds have added it, the catalogue has not
ALTER TABLE feeds ADD COLUMN title TEXT NOT NULL DEFAULT ''; -- as it calls itself; '' for the catalogue's

-- The own feed whose guilds alone see it, 0 where everybody does.
ALTER TABLE reports ADD COLUMN own_feed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN own_feed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX reports_own_feed ON reports (own_feed) WHERE own_feed <> 0;
CREATE INDEX stories_own_feed ON stories (own_feed) WHERE own_feed <> 0;

CREATE TABLE guild_feeds (
    guild    TEXT    NOT NULL,
    feed     INTEGER NOT NULL REFERENCES feeds (id),
    added_by TEXT    NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (guild, feed)
) STRICT, WITHOUT ROWID;
CREATE INDEX guild_feeds_feed ON guild_feeds (feed);

-- What guilds have added lately: so much an hour.
CREATE TABLE additions (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    guild    TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    added_at INTEGER NOT NULL
) STRICT;
CREATE INDEX additions_guild ON additions (guild, kind, added_at);

-- How much of the sending is a guild's.
CREATE INDEX deliveries_sending ON deliveries (guild) WHERE settled_at = 0 AND state = 'sending';

-- +goose Down
DROP INDEX deliveries_sending;
DROP TABLE additions;
DROP TABLE guild_feeds;
DROP INDEX stories_own_feed;
DROP INDEX reports_own_feed;
ALTER TABLE stories DROP COLUMN own_feed;
ALTER TABLE reports DROP COLUMN own_feed;
ALTER TABLE feeds DROP COLUMN title;
ALTER TABLE feeds DROP COLUMN own;
