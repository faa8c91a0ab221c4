-- Decisions about workers and qualifications. The list of verbs was part of the first outbox: it moves into a new one.
CREATE TABLE outbox_new (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  target     TEXT NOT NULL,   -- identifiers, separated by blanks
  verb       TEXT NOT NULL,
  text       TEXT,            -- feedback, reason, message
  detail     TEXT,            -- JSON: what else the verb needs
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
INSERT INTO outbox_new (id, target, verb, text, worker, amount, state, due, attempts, tries, grp, token, who, decided,
    changed, first_sent, reason, note, rev)
  SELECT id, target, verb, text, worker, amount, state, due, attempts, tries, grp, token, who, decided, changed,
    first_sent, reason, note, rev FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
-- Conditions that hold at each row written are worded without lists, which SQLite makes anew for each row.
-- state <= 2: staged, sending, unknown.
CREATE UNIQUE INDEX outbox_one_live ON outbox (target)
  WHERE state <= 2 AND verb <> 'bonus' AND verb <> 'expire' AND verb <> 'delete' AND verb <> 'notify';
CREATE INDEX outbox_waiting ON outbox (due, id) WHERE state IN (0, 2);
CREATE INDEX outbox_live ON outbox (target, id) WHERE state <= 2;
CREATE INDEX outbox_target ON outbox (target, id);
CREATE INDEX outbox_failed ON outbox (id) WHERE state IN (4, 6);
CREATE INDEX outbox_sending ON outbox (id) WHERE state IN (1, 2);
CREATE INDEX outbox_rev ON outbox (rev);
CREATE INDEX outbox_group ON outbox (grp);

-- Who a message went to: one decision is for up to 100 workers.
CREATE TABLE message (
  worker   TEXT NOT NULL,
  decision INTEGER NOT NULL,
  PRIMARY KEY (worker, decision)
) STRICT, WITHOUT ROWID;

CREATE TABLE worker_note (
  worker TEXT PRIMARY KEY,
  text   TEXT NOT NULL,
  who    INTEGER NOT NULL REFERENCES people (id),
  at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
