-- The journal: what must never be lost. One row, whose store this is.
CREATE TABLE stamp (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  endpoint TEXT NOT NULL,
  account  TEXT NOT NULL,
  store    TEXT NOT NULL      -- random; part of every request token, so that two stores never share one
) STRICT;

CREATE TABLE people (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- state: 0 staged, 1 sending, 2 unknown, 3 done, 4 failed, 5 undone, 6 maybe sent
CREATE TABLE outbox (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  target     TEXT NOT NULL,
  verb       TEXT NOT NULL CHECK (verb IN ('approve', 'override', 'reject', 'bonus', 'expire', 'delete')),
  text       TEXT,            -- feedback, or the reason of a bonus
  worker     TEXT,            -- of a bonus
  amount     INTEGER,         -- of a bonus, in cents
  state      INTEGER NOT NULL DEFAULT 0,
  due        INTEGER NOT NULL,-- staged: when it may leave; unknown: when it is read again
  attempts   INTEGER NOT NULL DEFAULT 0,
  tries      INTEGER NOT NULL DEFAULT 0, -- unlucky tries in a row, for the length of the next back-off
  grp        INTEGER NOT NULL,
  token      TEXT,
  who        INTEGER NOT NULL REFERENCES people (id),
  decided    INTEGER NOT NULL,
  changed    INTEGER NOT NULL,
  first_sent INTEGER,
  reason     TEXT,            -- of a failure
  note       TEXT,
  rev        INTEGER NOT NULL -- grows with every transaction that changes rows
) STRICT;
CREATE UNIQUE INDEX outbox_one_live ON outbox (target)
  WHERE verb IN ('approve', 'override', 'reject') AND state IN (0, 1, 2);
CREATE INDEX outbox_waiting ON outbox (due, id) WHERE state IN (0, 2);
CREATE INDEX outbox_live ON outbox (target, id) WHERE state IN (0, 1, 2);
CREATE INDEX outbox_target ON outbox (target, id);
CREATE INDEX outbox_failed ON outbox (id) WHERE state IN (4, 6);
CREATE INDEX outbox_sending ON outbox (id) WHERE state IN (1, 2);
CREATE INDEX outbox_rev ON outbox (rev);
CREATE INDEX outbox_group ON outbox (grp);

CREATE TABLE audit (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  at       INTEGER NOT NULL,
  who      INTEGER NOT NULL REFERENCES people (id),
  decision INTEGER NOT NULL,
  subject  TEXT NOT NULL,
  event    TEXT NOT NULL,
  text     TEXT NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject, id);
CREATE TRIGGER audit_keeps_its_lines BEFORE DELETE ON audit
  BEGIN SELECT RAISE (ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_keeps_its_words BEFORE UPDATE ON audit
  BEGIN SELECT RAISE (ABORT, 'the audit trail is append-only'); END;

CREATE TABLE note (
  assignment TEXT PRIMARY KEY,
  text       TEXT NOT NULL,
  who        INTEGER NOT NULL REFERENCES people (id),
  at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
