-- Batches: what was asked for, the rows, and the HIT or HITs that each row becomes.
CREATE TABLE batch (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  name        TEXT NOT NULL UNIQUE,
  spec        TEXT NOT NULL,     -- the batch file as it was written
  source      TEXT NOT NULL,     -- the template as it was written
  digest      TEXT NOT NULL,     -- of all that a worker sees beside the row
  terms       TEXT NOT NULL,     -- JSON: what must not change under this name, pairs of key and value
  columns     TEXT NOT NULL,     -- JSON: the columns, in the order of the data
  gold        TEXT,              -- the column that no worker sees
  title       TEXT NOT NULL,
  reward      INTEGER NOT NULL,  -- in cents
  assignments INTEGER NOT NULL,  -- of one row
  expected    INTEGER,           -- seconds that one assignment is expected to take
  target_wage INTEGER,           -- in cents an hour
  hit_type    TEXT,
  hit_group   TEXT,
  who         INTEGER NOT NULL REFERENCES people (id),
  created     INTEGER NOT NULL
) STRICT;

CREATE TABLE batch_row (
  id      INTEGER PRIMARY KEY,
  batch   INTEGER NOT NULL REFERENCES batch (id),
  key     TEXT NOT NULL,         -- of batch and content: part of the annotation and of the request token
  content TEXT NOT NULL,         -- a hash of the cells: equal rows of other batches have the same
  number  INTEGER NOT NULL,      -- in the data, from 1
  cells   TEXT NOT NULL,         -- JSON: column to value
  UNIQUE (batch, key)
) STRICT;
CREATE INDEX batch_row_content ON batch_row (content);

-- state: 0 planned, 1 sending or unknown, 2 published, 3 refused
CREATE TABLE batch_hit (
  row         INTEGER NOT NULL REFERENCES batch_row (id),
  part        INTEGER NOT NULL,  -- ten assignments and more may become several HITs of nine
  assignments INTEGER NOT NULL,
  state       INTEGER NOT NULL DEFAULT 0,
  token       TEXT NOT NULL,
  hit         TEXT,
  attempts    INTEGER NOT NULL DEFAULT 0,
  first_sent  INTEGER,           -- on the person's clock; tokens are remembered for a day
  note        TEXT,              -- why it is not there
  changed     INTEGER NOT NULL,
  PRIMARY KEY (row, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_hit_hit ON batch_hit (hit) WHERE hit IS NOT NULL;
