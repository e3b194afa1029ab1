-- What one process at a time may do, and the turns that all of them take.

-- +goose Up
CREATE TABLE leases (
    role     TEXT    NOT NULL,
    number   INTEGER NOT NULL,            -- tells the shards apart; 0 for other roles
    holder   TEXT    NOT NULL DEFAULT '', -- the process, '' for none
    token    INTEGER NOT NULL DEFAULT 0,  -- rises when the holder changes
    until_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (role, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE turns (
    name    TEXT    NOT NULL PRIMARY KEY,
    next_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE turns;
DROP TABLE leases;
