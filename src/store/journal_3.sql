-- Payments to workers who have no payable assignment: what was promised, and what was made for it.
CREATE TABLE payment (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  worker  TEXT NOT NULL,
  amount  INTEGER NOT NULL,      -- in cents, without the fee
  reason  TEXT NOT NULL,
  token   TEXT NOT NULL UNIQUE,  -- of CreateHIT, and part of the qualification's name
  state   INTEGER NOT NULL,      -- 0 under way, 1 paid, 2 withdrawn
  cleaned INTEGER NOT NULL,      -- whether its HIT and its qualification are gone
  type    TEXT,                  -- the qualification that one person holds
  hit     TEXT,                  -- once it is known, no other is made
  who     INTEGER NOT NULL REFERENCES people (id),
  begun   INTEGER NOT NULL,
  changed INTEGER NOT NULL
) STRICT;
-- One at a time for each worker: the same command again goes on with it.
CREATE UNIQUE INDEX payment_open ON payment (worker) WHERE cleaned = 0;
