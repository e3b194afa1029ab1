-- What one process at a time may do, and the turns that all of them take.

-- +goose Up
CREATE TABLE leases (
    role     TEXT   NOT NULL COLLATE "C",
    number   BIGINT NOT NULL,             -- tells the shards apart; 0 for other roles
    holder   TEXT   NOT NULL DEFAULT '',  -- the process, '' for none
    token    BIGINT NOT NULL DEFAULT 0,   -- rises when the holder changes
    until_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (role, number)
);

CREATE TABLE turns (
    name    TEXT   NOT NULL PRIMARY KEY COLLATE "C",
    next_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE turns;
DROP TABLE leases;
