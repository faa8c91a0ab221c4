-- Money is in cents, time in seconds since 1970 unless a name says otherwise. What changes with every decision lies apart
-- from long texts, so that a decision never rewrites a question or an answer.

CREATE TABLE clock (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    latest_ms INTEGER NOT NULL,
    offset_ms INTEGER NOT NULL
);

CREATE TABLE requesters (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    access_key TEXT NOT NULL UNIQUE,
    created    INTEGER NOT NULL,
    available  INTEGER NOT NULL,
    held       INTEGER NOT NULL
);

CREATE TABLE workers (
    id        INTEGER PRIMARY KEY,
    worker_id TEXT NOT NULL UNIQUE,
    created   INTEGER NOT NULL
);

CREATE TABLE hit_types (
    id            INTEGER PRIMARY KEY,
    requester     INTEGER NOT NULL REFERENCES requesters,
    type_id       TEXT NOT NULL UNIQUE,
    group_id      TEXT NOT NULL,
    digest        BLOB NOT NULL,
    title         TEXT NOT NULL,
    description   TEXT NOT NULL,
    keywords      TEXT,
    reward        INTEGER NOT NULL,
    duration      INTEGER NOT NULL,
    auto_approval INTEGER NOT NULL,
    requirements  TEXT NOT NULL,
    masters       INTEGER NOT NULL,
    UNIQUE (requester, digest)
);

CREATE TABLE hits (
    id         INTEGER PRIMARY KEY,
    hit_id     TEXT NOT NULL UNIQUE,
    requester  INTEGER NOT NULL REFERENCES requesters,
    type       INTEGER NOT NULL REFERENCES hit_types,
    created    INTEGER NOT NULL,
    annotation TEXT,
    reward     INTEGER NOT NULL,
    fee        INTEGER NOT NULL,
    max        INTEGER NOT NULL,
    status     INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    lapsed     INTEGER NOT NULL,
    available  INTEGER NOT NULL,
    pending    INTEGER NOT NULL,
    undecided  INTEGER NOT NULL,
    completed  INTEGER NOT NULL,
    funded     INTEGER NOT NULL,
    version    INTEGER NOT NULL DEFAULT 0 -- how often the HIT, or an assignment of it, has changed
);
CREATE INDEX hits_listed ON hits (requester, created DESC, id) WHERE status < 4;
CREATE INDEX hits_reviewable ON hits (requester, status, id) WHERE status IN (2, 3);
CREATE INDEX hits_reviewable_of_type ON hits (type, status, id) WHERE status IN (2, 3);
CREATE INDEX hits_open ON hits (id) WHERE status = 0;
CREATE INDEX hits_due ON hits (expires) WHERE lapsed = 0 AND status < 4;

CREATE TABLE questions (
    hit      INTEGER PRIMARY KEY REFERENCES hits,
    question TEXT NOT NULL
);

-- phase: 0 free, 1 accepted, 2 submitted, 3 approved, 4 rejected. seq is the order of submission.
CREATE TABLE assignments (
    id            INTEGER PRIMARY KEY,
    assignment_id TEXT NOT NULL UNIQUE,
    hit           INTEGER NOT NULL REFERENCES hits,
    worker        INTEGER REFERENCES workers,
    worker_id     TEXT, -- of the worker once more: pages of assignments are read without looking for it
    phase         INTEGER NOT NULL,
    seq           INTEGER,
    accepted      INTEGER,
    deadline      INTEGER,
    submitted     INTEGER,
    auto_approval INTEGER,
    approved      INTEGER,
    rejected      INTEGER,
    feedback      TEXT,
    UNIQUE (hit, worker)
);
CREATE INDEX assignments_in_order ON assignments (hit, seq) WHERE seq IS NOT NULL;
CREATE INDEX assignments_undecided ON assignments (hit, seq) WHERE phase = 2;
CREATE INDEX assignments_free ON assignments (hit) WHERE phase = 0;
CREATE INDEX assignments_deadline ON assignments (deadline) WHERE phase = 1;
CREATE INDEX assignments_auto_approval ON assignments (auto_approval) WHERE phase = 2 AND auto_approval IS NOT NULL;

-- An answer is a JSON string, quotes and all: it is written once and read many times.
CREATE TABLE answers (
    seq    INTEGER PRIMARY KEY,
    answer BLOB NOT NULL
);

CREATE TABLE bonuses (
    id         INTEGER PRIMARY KEY,
    hit        INTEGER NOT NULL REFERENCES hits,
    assignment INTEGER NOT NULL REFERENCES assignments,
    worker     INTEGER NOT NULL REFERENCES workers,
    amount     INTEGER NOT NULL,
    reason     TEXT NOT NULL,
    granted    INTEGER NOT NULL
);
CREATE INDEX bonuses_of_hit ON bonuses (hit, id);
CREATE INDEX bonuses_of_assignment ON bonuses (assignment, id);

-- kind: 0 deposit, 1 hold, 2 release, 3 reward, 4 bonus, 5 fee, 6 withdraw. Rows are only ever added.
CREATE TABLE ledger (
    id         INTEGER PRIMARY KEY,
    requester  INTEGER NOT NULL REFERENCES requesters,
    at         INTEGER NOT NULL,
    kind       INTEGER NOT NULL,
    amount     INTEGER NOT NULL,
    hit        INTEGER,
    assignment INTEGER,
    token      TEXT
);

-- What was done with a token, for the 24 hours in which it must not be done again.
CREATE TABLE tokens (
    requester INTEGER NOT NULL,
    use       TEXT NOT NULL,
    token     TEXT NOT NULL,
    made      TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (requester, use, token)
) WITHOUT ROWID;
CREATE INDEX tokens_by_age ON tokens (at);
