-- Workers and qualifications, as the endpoint says.
CREATE TABLE qualification_type (
  id            TEXT PRIMARY KEY,
  own           INTEGER NOT NULL,   -- 0: of the system, or another requester's
  created       INTEGER NOT NULL,
  name          TEXT NOT NULL,
  description   TEXT NOT NULL,
  keywords      TEXT,
  status        INTEGER NOT NULL,
  test          TEXT,
  test_duration INTEGER,
  answer_key    TEXT,
  retry_delay   INTEGER,
  requestable   INTEGER NOT NULL,
  auto_granted  INTEGER,
  read_at       INTEGER             -- when its holders were last read whole, on the person's clock
) STRICT, WITHOUT ROWID;

CREATE TABLE qualification (
  type    TEXT NOT NULL,
  worker  TEXT NOT NULL,
  granted INTEGER,
  score   INTEGER,
  revoked INTEGER NOT NULL,
  PRIMARY KEY (type, worker)
) STRICT, WITHOUT ROWID;
CREATE INDEX qualification_worker ON qualification (worker);

CREATE TABLE qualification_request (
  id        TEXT PRIMARY KEY,
  type      TEXT NOT NULL,
  worker    TEXT NOT NULL,
  test      TEXT,
  answer    TEXT,
  submitted INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE block (
  worker TEXT PRIMARY KEY,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Bonuses that were paid, of the HITs whose payments were read.
CREATE TABLE bonus (
  hit        TEXT NOT NULL,
  worker     TEXT NOT NULL,
  assignment TEXT NOT NULL,
  amount     INTEGER NOT NULL,
  reason     TEXT NOT NULL,
  granted    INTEGER,
  nth        INTEGER NOT NULL,   -- equal payments of one HIT are counted
  PRIMARY KEY (hit, assignment, nth)
) STRICT, WITHOUT ROWID;
CREATE INDEX bonus_worker ON bonus (worker);

-- New assignments are counted once a transaction (src/store/additions.rs): a trigger on the way in makes each of them twice
-- as dear. What changes or goes is still counted by the trigger on updates.
DROP TRIGGER assignment_counts_in;
