-- What a guild has set, when it was greeted, and what people are about to set.

-- +goose Up
ALTER TABLE guilds ADD COLUMN locale       TEXT    NOT NULL DEFAULT ''; -- as Discord names it
ALTER TABLE guilds ADD COLUMN language     TEXT    NOT NULL DEFAULT ''; -- '' by locale
ALTER TABLE guilds ADD COLUMN zone         TEXT    NOT NULL DEFAULT ''; -- '' for UTC
ALTER TABLE guilds ADD COLUMN manager_role TEXT    NOT NULL DEFAULT ''; -- '' for none
ALTER TABLE guilds ADD COLUMN greeted_at   INTEGER NOT NULL DEFAULT 0;  -- when the bot had joined that was greeted
UPDATE guilds SET greeted_at = joined_at;

-- What people are about to set.
CREATE TABLE drafts (
    guild   TEXT    NOT NULL,
    actor   TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    body    TEXT    NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (guild, actor, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX drafts_made ON drafts (made_at);

-- +goose Down
DROP TABLE drafts;
ALTER TABLE guilds DROP COLUMN greeted_at;
ALTER TABLE guilds DROP COLUMN manager_role;
ALTER TABLE guilds DROP COLUMN zone;
ALTER TABLE guilds DROP COLUMN language;
ALTER TABLE guilds DROP COLUMN locale;
