-- Review policies and their results, layouts, what remains of disposed HITs.

-- The pages into which parameters of HITs are put. They never change.
CREATE TABLE layouts (
    id           INTEGER PRIMARY KEY,
    requester    INTEGER NOT NULL REFERENCES requesters,
    layout_id    TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    page         TEXT NOT NULL,
    frame_height INTEGER NOT NULL,
    created      INTEGER NOT NULL,
    UNIQUE (requester, name)
);

ALTER TABLE hits ADD COLUMN layout TEXT; -- the layout_id it was made with
ALTER TABLE hits ADD COLUMN policies INTEGER NOT NULL DEFAULT 0; -- 1: of assignments, 2: of the HIT, 3: both
ALTER TABLE hits ADD COLUMN closed INTEGER; -- since when it is Reviewable or Reviewing
UPDATE hits SET closed = (SELECT latest_ms / 1000 FROM clock) WHERE status IN (2, 3);
CREATE INDEX hits_disposal ON hits (closed) WHERE status IN (2, 3) AND undecided = 0 AND closed IS NOT NULL;

-- As JSON, parsed when the HIT was made.
CREATE TABLE policies (
    hit        INTEGER PRIMARY KEY REFERENCES hits,
    assignment TEXT,
    hit_policy TEXT
);

-- level: 0 of an assignment, 1 of the HIT. kind: 0 a result, 1 an action. An entry is a JSON object as the API shows it.
CREATE TABLE review_entries (
    id    INTEGER PRIMARY KEY,
    hit   INTEGER NOT NULL REFERENCES hits,
    level INTEGER NOT NULL,
    kind  INTEGER NOT NULL,
    entry BLOB NOT NULL
);
CREATE INDEX review_entries_of_hit ON review_entries (hit, id);

-- What never changes about an assignment once it is handed in stands beside its answer, as the members of the JSON object that
-- the API shows: a page is written by copying. What decisions change is in an index, in the order of pages.
UPDATE answers SET answer = CAST(
    '"AssignmentId":"' || a.assignment_id || '","WorkerId":"' || a.worker_id || '","HITId":"' || h.hit_id || '"'
    || coalesce(',"AutoApprovalTime":' || a.auto_approval, '') || coalesce(',"AcceptTime":' || a.accepted, '')
    || coalesce(',"SubmitTime":' || a.submitted, '') || ',"Answer":' || CAST(answers.answer AS TEXT) AS BLOB)
    FROM assignments a JOIN hits h ON h.id = a.hit WHERE a.seq = answers.seq;
DROP INDEX assignments_in_order;
CREATE INDEX assignments_pages ON assignments (hit, seq, phase, approved, rejected, feedback) WHERE seq IS NOT NULL;
