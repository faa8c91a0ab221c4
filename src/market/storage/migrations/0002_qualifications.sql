-- Qualification types, requests for them, qualifications; what workers are judged by.

-- status: 0 active, 1 inactive, 2 deleted. A type is granted automatically when there is an auto_value.
CREATE TABLE qualification_types (
    id            INTEGER PRIMARY KEY,
    type_id       TEXT NOT NULL UNIQUE,
    requester     INTEGER NOT NULL REFERENCES requesters,
    created       INTEGER NOT NULL,
    name          TEXT NOT NULL,
    keywords      TEXT,
    description   TEXT NOT NULL,
    status        INTEGER NOT NULL,
    retry_delay   INTEGER,
    auto_value    INTEGER,
    test          INTEGER REFERENCES qualification_tests,
    test_duration INTEGER
);
CREATE INDEX qualification_types_named ON qualification_types (requester, name);
CREATE INDEX qualification_types_listed ON qualification_types (requester, id) WHERE status < 2;

-- A test is never changed: a type gets another one, and requests keep the one that was taken.
CREATE TABLE qualification_tests (
    id         INTEGER PRIMARY KEY,
    test       TEXT NOT NULL,
    answer_key TEXT
);

-- Tests that were begun and not handed in.
CREATE TABLE qualification_attempts (
    worker   INTEGER NOT NULL REFERENCES workers,
    type     INTEGER NOT NULL REFERENCES qualification_types,
    test     INTEGER NOT NULL REFERENCES qualification_tests,
    started  INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    PRIMARY KEY (worker, type)
) WITHOUT ROWID;

-- state: 0 pending, 1 accepted, 2 rejected. The order of the rows is that of submission.
CREATE TABLE qualification_requests (
    id         INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL UNIQUE,
    type       INTEGER NOT NULL REFERENCES qualification_types,
    requester  INTEGER NOT NULL REFERENCES requesters,
    worker     INTEGER NOT NULL REFERENCES workers,
    requested  INTEGER NOT NULL,
    submitted  INTEGER NOT NULL,
    state      INTEGER NOT NULL,
    test       INTEGER REFERENCES qualification_tests,
    answer     TEXT,
    reason     TEXT -- for the worker
);
CREATE INDEX qualification_requests_waiting ON qualification_requests (requester, id) WHERE state = 0;
CREATE INDEX qualification_requests_waiting_of_type ON qualification_requests (type, id) WHERE state = 0;
CREATE INDEX qualification_requests_of_worker ON qualification_requests (worker, type, requested);

-- status: 0 granted, 1 revoked.
CREATE TABLE qualifications (
    id       INTEGER PRIMARY KEY,
    worker   INTEGER NOT NULL REFERENCES workers,
    type     INTEGER NOT NULL REFERENCES qualification_types,
    value    INTEGER NOT NULL,
    granted  INTEGER NOT NULL,
    status   INTEGER NOT NULL,
    reason   TEXT, -- of the revocation, for the worker
    UNIQUE (worker, type)
);
CREATE INDEX qualifications_listed ON qualifications (type, status, id);

-- Which qualification types a HIT type requires. Kept by a trigger, so that no way of making a HIT type forgets it.
CREATE TABLE required_qualifications (
    qualification TEXT NOT NULL,
    type          INTEGER NOT NULL REFERENCES hit_types,
    PRIMARY KEY (qualification, type)
) WITHOUT ROWID;
CREATE TRIGGER hit_type_requires AFTER INSERT ON hit_types WHEN NEW.requirements <> '[]' BEGIN
    INSERT OR IGNORE INTO required_qualifications (qualification, type)
    SELECT json_extract(value, '$.QualificationTypeId'), NEW.id FROM json_each(NEW.requirements);
END;
INSERT OR IGNORE INTO required_qualifications (qualification, type)
    SELECT json_extract(r.value, '$.QualificationTypeId'), t.id FROM hit_types t, json_each(t.requirements) r;
CREATE INDEX hit_types_guarded ON hit_types (id) WHERE requirements <> '[]';
CREATE INDEX hits_of_type ON hits (type, id) WHERE status < 4;

-- What workers are: set by the control interface and by the worker themselves.
ALTER TABLE workers ADD COLUMN country TEXT;
ALTER TABLE workers ADD COLUMN subdivision TEXT;
ALTER TABLE workers ADD COLUMN adult INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workers ADD COLUMN masters INTEGER NOT NULL DEFAULT 0;

-- What workers did, counted as it happens: an approval rate is read with every acceptance and never summed up. Triggers count,
-- so that a decision of any kind (by hand, by time, by policy, imported) is counted once, with the row that says so. The rows are
-- short and apart from the workers', as every decision writes one.
CREATE TABLE worker_records (
    worker    INTEGER PRIMARY KEY REFERENCES workers,
    submitted INTEGER NOT NULL DEFAULT 0,
    approved  INTEGER NOT NULL DEFAULT 0,
    rejected  INTEGER NOT NULL DEFAULT 0
);
INSERT INTO worker_records (worker, submitted, approved, rejected)
    SELECT worker, count(*), sum(phase = 3), sum(phase = 4) FROM assignments WHERE phase >= 2 GROUP BY worker;
INSERT OR IGNORE INTO worker_records (worker) SELECT id FROM workers;
CREATE TRIGGER worker_known AFTER INSERT ON workers BEGIN
    INSERT INTO worker_records (worker) VALUES (NEW.id);
END;
CREATE TRIGGER assignment_counted AFTER UPDATE OF phase ON assignments WHEN NEW.phase >= 2 AND NEW.phase <> OLD.phase BEGIN
    UPDATE worker_records SET
        submitted = submitted + (OLD.phase < 2),
        approved = approved + (NEW.phase = 3) - (OLD.phase = 3),
        rejected = rejected + (NEW.phase = 4) - (OLD.phase = 4)
    WHERE worker = NEW.worker;
END;
CREATE TRIGGER assignment_imported AFTER INSERT ON assignments WHEN NEW.phase >= 2 BEGIN
    UPDATE worker_records SET
        submitted = submitted + 1,
        approved = approved + (NEW.phase = 3),
        rejected = rejected + (NEW.phase = 4)
    WHERE worker = NEW.worker;
END;
