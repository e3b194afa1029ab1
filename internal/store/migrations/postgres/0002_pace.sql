-- When feeds are polled and why, where they moved, and what their hubs bring.

-- +goose Up
ALTER TABLE feeds ADD COLUMN next_reason TEXT NOT NULL DEFAULT '' COLLATE "C"; -- why next_at is when it is
ALTER TABLE feeds ADD COLUMN ttl_ms BIGINT NOT NULL DEFAULT 0; -- what its document asks for, to the hub
ALTER TABLE feeds ADD COLUMN update_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN skip_hours BIGINT NOT NULL DEFAULT 0; -- a bit for each hour in UTC
ALTER TABLE feeds ADD COLUMN skip_days BIGINT NOT NULL DEFAULT 0; -- a bit for each day from Sunday on
ALTER TABLE feeds ADD COLUMN hub TEXT NOT NULL DEFAULT '' COLLATE "C"; -- WebSub
ALTER TABLE feeds ADD COLUMN self TEXT NOT NULL DEFAULT '' COLLATE "C";
ALTER TABLE feeds ADD COLUMN gap_ms BIGINT NOT NULL DEFAULT 0; -- the usual time between two polls with something new
ALTER TABLE feeds ADD COLUMN changes BIGINT NOT NULL DEFAULT 0; -- how many gaps that is made of
ALTER TABLE feeds ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN moved_to TEXT NOT NULL DEFAULT '' COLLATE "C"; -- where it is polled instead of url
ALTER TABLE feeds ADD COLUMN move_target TEXT NOT NULL DEFAULT '' COLLATE "C"; -- where it may have moved, as so many polls agreed
ALTER TABLE feeds ADD COLUMN move_agreed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN move_counted_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN pushed_until BIGINT NOT NULL DEFAULT 0; -- end of the lease of its WebSub subscription
ALTER TABLE feeds ADD COLUMN push_missed_at BIGINT NOT NULL DEFAULT 0; -- when a poll last found what its hub should have brought

-- Subscriptions to the hubs of feeds, https://www.w3.org/TR/websub/. Each has a
-- path of its own that the hub calls, and a secret that it signs with.
CREATE TABLE websub (
    feed        BIGINT  PRIMARY KEY REFERENCES feeds (id) ON DELETE CASCADE,
    hub         TEXT    NOT NULL COLLATE "C",
    topic       TEXT    NOT NULL COLLATE "C",
    callback    TEXT    NOT NULL COLLATE "C",         -- the address that the hub calls; it ends in path
    path        TEXT    NOT NULL UNIQUE COLLATE "C",
    secret      TEXT    NOT NULL COLLATE "C",
    state       TEXT    NOT NULL COLLATE "C",
    reason      TEXT    NOT NULL DEFAULT '' COLLATE "C",
    since_at    BIGINT  NOT NULL,
    asked_at    BIGINT  NOT NULL DEFAULT 0,  -- when the hub was last asked
    next_at     BIGINT  NOT NULL,            -- when it is to be asked
    lease_until BIGINT  NOT NULL DEFAULT 0,  -- as the hub confirmed it
    failures    BIGINT  NOT NULL DEFAULT 0   -- requests that the hub refused, in a row
);

-- +goose Down
DROP TABLE websub;
ALTER TABLE feeds DROP COLUMN push_missed_at;
ALTER TABLE feeds DROP COLUMN pushed_until;
ALTER TABLE feeds DROP COLUMN move_counted_at;
ALTER TABLE feeds DROP COLUMN move_agreed;
ALTER TABLE feeds DROP COLUMN move_target;
ALTER TABLE feeds DROP COLUMN moved_to;
ALTER TABLE feeds DROP COLUMN changed_at;
ALTER TABLE feeds DROP COLUMN changes;
ALTER TABLE feeds DROP COLUMN gap_ms;
ALTER TABLE feeds DROP COLUMN self;
ALTER TABLE feeds DROP COLUMN hub;
ALTER TABLE feeds DROP COLUMN skip_days;
ALTER TABLE feeds DROP COLUMN skip_hours;
ALTER TABLE feeds DROP COLUMN update_ms;
ALTER TABLE feeds DROP COLUMN ttl_ms;
ALTER TABLE feeds DROP COLUMN next_reason;
