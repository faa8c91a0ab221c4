-- Light rows in packs, so that a desk reads thousands of them in one go. A pack is a copy of the rows that `assignment`
-- and `hit` have in a range of keys; the triggers throw it away in the transaction that changes one of them, and it is
-- made again when there is time.
CREATE TABLE pack (
  kind   INTEGER NOT NULL,   -- 1 assignments, 2 HITs
  bucket INTEGER NOT NULL,   -- of 4096 keys, of 1024
  body   BLOB NOT NULL,
  PRIMARY KEY (kind, bucket)
) STRICT;

-- What the summaries in packs are written by; never changed.
CREATE TABLE codebook (
  id     INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 200),
  pieces BLOB NOT NULL
) STRICT;

CREATE TRIGGER assignment_pack_in AFTER INSERT ON assignment BEGIN
  DELETE FROM pack WHERE kind = 1 AND bucket = new.key >> 12;
END;
CREATE TRIGGER assignment_pack_on AFTER UPDATE OF hit, worker, status, decider, noted, gone, accepted, submitted, auto,
  decided, summary ON assignment BEGIN
  DELETE FROM pack WHERE kind = 1 AND bucket = new.key >> 12;
END;
CREATE TRIGGER assignment_pack_out AFTER DELETE ON assignment BEGIN
  DELETE FROM pack WHERE kind = 1 AND bucket = old.key >> 12;
END;
CREATE TRIGGER hit_pack_in AFTER INSERT ON hit BEGIN
  DELETE FROM pack WHERE kind = 2 AND bucket = new.key >> 10;
END;
CREATE TRIGGER hit_pack_on AFTER UPDATE OF id, type_id, title, batch, status, reward, created, expires, delay, maximum,
  pending, available, completed, masters, gone ON hit BEGIN
  DELETE FROM pack WHERE kind = 2 AND bucket = new.key >> 10;
END;
CREATE TRIGGER hit_pack_out AFTER DELETE ON hit BEGIN
  DELETE FROM pack WHERE kind = 2 AND bucket = old.key >> 10;
END;
