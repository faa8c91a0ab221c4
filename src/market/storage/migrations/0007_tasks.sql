-- Where a task's page is reached while a worker holds the assignment: a random path, made for that one acceptance.
CREATE TABLE task_paths (
    assignment INTEGER PRIMARY KEY REFERENCES assignments,
    secret     TEXT NOT NULL UNIQUE
);

-- It ends with the acceptance, however that ends: handed in, given back, abandoned.
CREATE TRIGGER task_paths_end AFTER UPDATE OF phase ON assignments WHEN OLD.phase = 1 AND NEW.phase <> 1
BEGIN
    DELETE FROM task_paths WHERE assignment = OLD.id;
END;

-- Pay-outs: that workers have been given what the ledger says they earned, in the lines behind those of the pay-out before, up to
-- this one. Rows are only ever added.
CREATE TABLE payouts (
    upto    INTEGER PRIMARY KEY,
    code    TEXT NOT NULL,   -- what it is called: tells that the sums are those that were shown
    paid_ms INTEGER NOT NULL -- when it was marked as paid, in wall time
);
CREATE TABLE payout_lines (
    worker  INTEGER NOT NULL REFERENCES workers,
    payout  INTEGER NOT NULL REFERENCES payouts,
    rewards INTEGER NOT NULL,
    works   INTEGER NOT NULL, -- how many rewards
    bonuses INTEGER NOT NULL,
    extras  INTEGER NOT NULL, -- how many bonuses
    PRIMARY KEY (worker, payout)
) WITHOUT ROWID;
CREATE INDEX payout_lines_of ON payout_lines (payout);

-- What a worker earned is looked up by their assignments.
CREATE INDEX ledger_earned ON ledger (assignment) WHERE kind IN (3, 4);
