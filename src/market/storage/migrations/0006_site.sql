-- The worker site: who signs in, what they answer to rejections. Times that end in _ms are wall time in milliseconds: people and
-- their browsers do not live in market time.

CREATE TABLE worker_accounts (
    worker     INTEGER PRIMARY KEY REFERENCES workers,
    passcode   TEXT,                       -- an argon2 hash; none until the worker has chosen one
    joined_ms  INTEGER,                    -- when the worker agreed to the privacy notice
    active_ms  INTEGER NOT NULL,           -- when the worker was last here, to the hour
    suspended  TEXT,                       -- why, in words for the worker; none who may work
    auto_next  INTEGER NOT NULL DEFAULT 0, -- whether the next HIT of a group is accepted after a submission
    read_to    INTEGER NOT NULL DEFAULT 0, -- the messages up to this one were seen
    hook       TEXT                        -- where messages are also sent
);

-- A link by which a worker signs up, or chooses another passcode. Only a hash of its secret part is kept.
CREATE TABLE invitations (
    id         INTEGER PRIMARY KEY,
    digest     BLOB NOT NULL UNIQUE,
    worker     INTEGER REFERENCES workers, -- who it is for; a new worker when none
    note       TEXT,                       -- the operator's own
    made_ms    INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
);
CREATE INDEX invitations_of ON invitations (worker) WHERE worker IS NOT NULL;

-- Only a hash of what the browser holds is kept.
CREATE TABLE sessions (
    digest   BLOB PRIMARY KEY,
    worker   INTEGER NOT NULL REFERENCES workers,
    begun_ms INTEGER NOT NULL,
    seen_ms  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_of ON sessions (worker);
CREATE INDEX sessions_seen ON sessions (seen_ms);

-- What a worker answers to a rejection, once.
CREATE TABLE replies (
    assignment INTEGER PRIMARY KEY REFERENCES assignments,
    text       TEXT NOT NULL,
    at         INTEGER NOT NULL
);

-- What the site is called and where it is reached, as the market was last served: for those who write invitations beside it.
CREATE TABLE site (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    name      TEXT NOT NULL,
    url       TEXT NOT NULL,
    retention INTEGER -- days after which what is left of a person goes; never when none
);

-- What is open is counted for each type, and what a worker holds is shown on every page.
CREATE INDEX hits_open_of_type ON hits (type) WHERE status = 0;
CREATE INDEX assignments_held ON assignments (worker) WHERE phase = 1;
-- What a worker has handed in is read newest first. Decisions touch neither of these columns.
CREATE INDEX assignments_done ON assignments (worker, seq) WHERE seq IS NOT NULL;
CREATE INDEX bonuses_of_worker ON bonuses (worker, id);
-- Web hooks of workers are destinations as those of requesters are, and are not counted as theirs.
ALTER TABLE destinations ADD COLUMN worker INTEGER REFERENCES workers;
CREATE INDEX destinations_of_worker ON destinations (worker) WHERE worker IS NOT NULL;
CREATE INDEX hit_types_of_group ON hit_types (group_id);
