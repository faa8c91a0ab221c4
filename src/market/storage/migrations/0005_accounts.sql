-- Requesters' keys and quotas. `requesters.access_key` stays the key that an account began with; who may sign is said here.

CREATE TABLE access_keys (
    id         INTEGER PRIMARY KEY,
    access_key TEXT NOT NULL UNIQUE,
    requester  INTEGER NOT NULL REFERENCES requesters,
    created    INTEGER NOT NULL,
    revoked    INTEGER
);
CREATE INDEX access_keys_of ON access_keys (requester);
INSERT INTO access_keys (access_key, requester, created) SELECT access_key, id, created FROM requesters ORDER BY id;

ALTER TABLE requesters ADD COLUMN rate INTEGER;      -- requests a second, none for any number
ALTER TABLE requesters ADD COLUMN open_hits INTEGER; -- HITs that workers can accept at one time, none for any number
CREATE INDEX hits_open_of ON hits (requester) WHERE status = 0;

-- A keyed hash that tells whether a key file is the one from which this market's secrets follow. It reveals nothing of the key.
CREATE TABLE key_check (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    mac TEXT NOT NULL
);
