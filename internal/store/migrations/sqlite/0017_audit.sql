-- Who changed what.

-- +goose Up
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    guild   TEXT    NOT NULL,
    actor   TEXT    NOT NULL, -- who did it, '' for a name that was erased
    done_at INTEGER NOT NULL,
    act     TEXT    NOT NULL,
    channel TEXT    NOT NULL, -- '' where it is about none, and so topic and detail
    topic   TEXT    NOT NULL,
    detail  TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_guild ON audit (guild, id);
CREATE INDEX audit_actor ON audit (actor, guild, id);
CREATE INDEX audit_done ON audit (done_at);

-- +goose Down
DROP TABLE audit;
