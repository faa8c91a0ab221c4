-- The mirror: a copy of what the endpoint says. It can be thrown away and read again.
CREATE TABLE question (
  id   INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  xml  TEXT NOT NULL
) STRICT;

CREATE TABLE hit (
  key            INTEGER PRIMARY KEY AUTOINCREMENT,
  id             TEXT NOT NULL UNIQUE,
  type_id        TEXT NOT NULL,
  group_id       TEXT,
  title          TEXT NOT NULL,
  batch          TEXT NOT NULL,
  description    TEXT NOT NULL,
  keywords       TEXT NOT NULL,
  annotation     TEXT,
  requirements   TEXT NOT NULL,
  question       INTEGER NOT NULL REFERENCES question (id),
  status         INTEGER NOT NULL,
  review_status  TEXT NOT NULL,
  reward         INTEGER NOT NULL,
  created        INTEGER NOT NULL,
  expires        INTEGER NOT NULL,
  duration       INTEGER NOT NULL,
  delay          INTEGER NOT NULL,
  maximum        INTEGER NOT NULL,
  pending        INTEGER NOT NULL,
  available      INTEGER NOT NULL,
  completed      INTEGER NOT NULL,
  masters        INTEGER NOT NULL,
  gone           INTEGER NOT NULL DEFAULT 0,
  -- The counters at the last reading of its assignments, and when that was.
  read_at        INTEGER,
  read_pending   INTEGER,
  read_available INTEGER,
  read_completed INTEGER
) STRICT;

CREATE TABLE worker (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id  TEXT NOT NULL UNIQUE
) STRICT;

-- Answer documents with their values cut out: the answers to one task have the same few.
CREATE TABLE shape (
  id   INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  text TEXT NOT NULL
) STRICT;

-- Distinct answer documents; many assignments of a choice task share one.
CREATE TABLE answer (
  id     INTEGER PRIMARY KEY,
  hash   BLOB NOT NULL UNIQUE,
  shape  INTEGER REFERENCES shape (id),
  fields TEXT NOT NULL,       -- name 0x1f value 0x1e name ...
  xml    TEXT                 -- where shape and fields do not make the document
) STRICT;
CREATE VIRTUAL TABLE answer_text USING fts5 (text, content = '', columnsize = 0,
  tokenize = 'unicode61 remove_diacritics 2');

CREATE TABLE field_name (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE   -- lower case
) STRICT;
CREATE TABLE field (
  name   INTEGER NOT NULL,
  long   INTEGER NOT NULL,    -- too long to be kept here once more
  value  TEXT NOT NULL,       -- lower case; of a long one nothing
  answer INTEGER NOT NULL,
  json   INTEGER NOT NULL,
  PRIMARY KEY (name, long, value, answer)
) STRICT, WITHOUT ROWID;

-- What the streaming of rows needs comes first: SQLite reads a row from the left.
CREATE TABLE assignment (
  key       INTEGER PRIMARY KEY AUTOINCREMENT,
  hit       INTEGER NOT NULL REFERENCES hit (key),
  worker    INTEGER NOT NULL REFERENCES worker (key),
  status    INTEGER NOT NULL,
  decider   INTEGER NOT NULL DEFAULT 0,  -- 0 unknown, 1 elsewhere, 2 the clock, 3 + n person n
  noted     INTEGER NOT NULL DEFAULT 0,
  gone      INTEGER NOT NULL DEFAULT 0,
  accepted  INTEGER NOT NULL,            -- 0: none
  submitted INTEGER NOT NULL,            -- 0: none
  auto      INTEGER NOT NULL,            -- 4294967295: none, so that it sorts last
  decided   INTEGER NOT NULL,            -- 0: none
  summary   TEXT NOT NULL,
  answer    INTEGER NOT NULL REFERENCES answer (id),
  id        TEXT NOT NULL UNIQUE,
  feedback  TEXT
) STRICT;
CREATE INDEX assignment_urgent ON assignment (auto, hit, submitted) WHERE status = 0 AND gone = 0;
CREATE INDEX assignment_hit ON assignment (hit, status);
CREATE INDEX assignment_answer ON assignment (answer);
CREATE INDEX assignment_worker ON assignment (worker);

CREATE TABLE tally (
  one       INTEGER PRIMARY KEY CHECK (one = 1),
  total     INTEGER NOT NULL,
  undecided INTEGER NOT NULL
) STRICT;
INSERT INTO tally VALUES (1, 0, 0);
CREATE TRIGGER assignment_counts_in AFTER INSERT ON assignment BEGIN
  UPDATE tally SET total = total + (new.gone = 0), undecided = undecided + (new.status = 0 AND new.gone = 0);
END;
CREATE TRIGGER assignment_counts_on AFTER UPDATE OF status, gone ON assignment BEGIN
  UPDATE tally SET total = total + (new.gone = 0) - (old.gone = 0),
    undecided = undecided + (new.status = 0 AND new.gone = 0) - (old.status = 0 AND old.gone = 0);
END;

CREATE TABLE session (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
