-- Blocks, messages to workers, notification settings and events on their way.

CREATE TABLE blocks (
    id        INTEGER PRIMARY KEY,
    requester INTEGER NOT NULL REFERENCES requesters,
    worker    INTEGER NOT NULL REFERENCES workers,
    reason    TEXT NOT NULL,
    at        INTEGER NOT NULL,
    UNIQUE (requester, worker)
);
CREATE INDEX blocks_listed ON blocks (requester, id);

-- A text sent to a hundred workers is kept once.
CREATE TABLE letters (
    id      INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    text    TEXT NOT NULL
);

-- What a worker is told. kind: 0 message, 1 qualification granted, 2 qualification revoked, 3 request rejected, 4 blocked,
-- 5 unblocked. about is the qualification type's ID.
CREATE TABLE messages (
    id        INTEGER PRIMARY KEY,
    worker    INTEGER NOT NULL REFERENCES workers,
    requester INTEGER NOT NULL REFERENCES requesters,
    at        INTEGER NOT NULL,
    kind      INTEGER NOT NULL,
    letter    INTEGER REFERENCES letters,
    about     TEXT,
    reason    TEXT
);
CREATE INDEX messages_of_worker ON messages (worker, id);

-- Where documents about events go. Times are wall time in milliseconds: the other end does not live in market time.
-- transport: 0 SQS, 1 SNS.
CREATE TABLE destinations (
    id         INTEGER PRIMARY KEY,
    requester  INTEGER NOT NULL REFERENCES requesters,
    transport  INTEGER NOT NULL,
    address    TEXT NOT NULL,
    waiting    INTEGER NOT NULL DEFAULT 0, -- documents that are on their way
    failures   INTEGER NOT NULL DEFAULT 0, -- attempts that failed since the last one that did not
    retry_ms   INTEGER NOT NULL DEFAULT 0, -- not before
    delivered  INTEGER NOT NULL DEFAULT 0,
    dropped    INTEGER NOT NULL DEFAULT 0, -- too old, or too many
    last_ms    INTEGER,
    last_error TEXT,
    UNIQUE (requester, transport, address)
);
CREATE INDEX destinations_waiting ON destinations (retry_ms) WHERE waiting > 0;

CREATE TABLE notification_settings (
    type        INTEGER PRIMARY KEY REFERENCES hit_types ON DELETE CASCADE,
    destination INTEGER NOT NULL REFERENCES destinations,
    events      INTEGER NOT NULL, -- a bit for each
    active      INTEGER NOT NULL
);

CREATE TABLE documents (
    id          INTEGER PRIMARY KEY,
    destination INTEGER NOT NULL REFERENCES destinations,
    body        TEXT NOT NULL,
    queued_ms   INTEGER NOT NULL
);
CREATE INDEX documents_waiting ON documents (destination, id);

-- Who worked for whom is asked when a message is sent. An approval does not touch it.
CREATE INDEX assignments_of_worker ON assignments (worker) WHERE worker IS NOT NULL;
