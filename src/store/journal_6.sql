-- Which work has left the house in a file: whoever deletes a HIT is told what has not.
CREATE TABLE exported (
  hit         TEXT PRIMARY KEY,
  assignments INTEGER NOT NULL,   -- as many as the fullest export had
  at          INTEGER NOT NULL,   -- of the newest one
  who         INTEGER NOT NULL REFERENCES people (id)
) STRICT, WITHOUT ROWID;
