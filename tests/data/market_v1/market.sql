-- A market's database as the first release wrote it: two requesters, three HITs (one deleted), work approved, rejected, undecided and
-- in hand, a bonus. Made by that program through the API, then: sqlite3 market.db .dump
PRAGMA user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE clock (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    latest_ms INTEGER NOT NULL,
    offset_ms INTEGER NOT NULL
);
INSERT INTO clock VALUES(1,1795327033047,3599838);
CREATE TABLE requesters (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    access_key TEXT NOT NULL UNIQUE,
    created    INTEGER NOT NULL,
    available  INTEGER NOT NULL,
    held       INTEGER NOT NULL
);
INSERT INTO requesters VALUES(1,'requester','HDMKYXR52PITRLWIZOKP',1795323433,999958,24);
INSERT INTO requesters VALUES(2,'lab','HDMKUS0FI8UQM50OIFFB',1795327033,5000,0);
CREATE TABLE workers (
    id        INTEGER PRIMARY KEY,
    worker_id TEXT NOT NULL UNIQUE,
    created   INTEGER NOT NULL
);
INSERT INTO workers VALUES(1,'A1WORKER0',1795323433);
INSERT INTO workers VALUES(2,'A1WORKER1',1795323433);
INSERT INTO workers VALUES(3,'A1WORKER2',1795323433);
CREATE TABLE hit_types (
    id            INTEGER PRIMARY KEY,
    requester     INTEGER NOT NULL REFERENCES requesters,
    type_id       TEXT NOT NULL UNIQUE,
    group_id      TEXT NOT NULL,
    digest        BLOB NOT NULL,
    title         TEXT NOT NULL,
    description   TEXT NOT NULL,
    keywords      TEXT,
    reward        INTEGER NOT NULL,
    duration      INTEGER NOT NULL,
    auto_approval INTEGER NOT NULL,
    requirements  TEXT NOT NULL,
    masters       INTEGER NOT NULL,
    UNIQUE (requester, digest)
);
INSERT INTO hit_types VALUES(1,1,'3SJ55ETQKE3450N44AWTUCMYY54IH3','35ZB78P9VO3SK10KE6ZX8AFPC2ZOKZ',X'1dfe87e5bab3a90344d577c72187c42b0ede29f834b24244595a0eb77f837d62','Tag an image','Give three keywords','image',5,600,1728000,'[{"QualificationTypeId":"000000000000000000L0","Comparator":"GreaterThanOrEqualTo","IntegerValues":[95],"RequiredToPreview":false,"ActionsGuarded":"Accept"}]',0);
CREATE TABLE hits (
    id         INTEGER PRIMARY KEY,
    hit_id     TEXT NOT NULL UNIQUE,
    requester  INTEGER NOT NULL REFERENCES requesters,
    type       INTEGER NOT NULL REFERENCES hit_types,
    created    INTEGER NOT NULL,
    annotation TEXT,
    reward     INTEGER NOT NULL,
    fee        INTEGER NOT NULL,
    max        INTEGER NOT NULL,
    status     INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    lapsed     INTEGER NOT NULL,
    available  INTEGER NOT NULL,
    pending    INTEGER NOT NULL,
    undecided  INTEGER NOT NULL,
    completed  INTEGER NOT NULL,
    funded     INTEGER NOT NULL,
    version    INTEGER NOT NULL DEFAULT 0 -- how often the HIT, or an assignment of it, has changed
);
INSERT INTO hits VALUES(1,'3MV9XW6CCEA6EWFNIT2PTGD2O3QCMT',1,1,1795323433,'batch 0',5,1,3,2,1797915433,0,0,0,1,2,1,8);
INSERT INTO hits VALUES(2,'3CYO2DHQ4H5KQXZM9XVDQ5NMUQC52I',1,1,1795323433,'batch 1',5,1,3,0,1797915433,0,2,1,0,0,1,1);
INSERT INTO hits VALUES(3,'37Z33I0KUEHC2NFBJGA3PVZG909TX6',1,1,1795323433,'batch 2',5,1,3,4,1795327033,1,3,0,0,0,0,2);
CREATE TABLE questions (
    hit      INTEGER PRIMARY KEY REFERENCES hits,
    question TEXT NOT NULL
);
INSERT INTO questions VALUES(1,'<HTMLQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd"><HTMLContent><![CDATA[<!DOCTYPE html><html><body><form action="/mturk/externalSubmit"><input name="a"></form></body></html>]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>');
INSERT INTO questions VALUES(2,'<HTMLQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd"><HTMLContent><![CDATA[<!DOCTYPE html><html><body><form action="/mturk/externalSubmit"><input name="a"></form></body></html>]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>');
INSERT INTO questions VALUES(3,'<HTMLQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd"><HTMLContent><![CDATA[<!DOCTYPE html><html><body><form action="/mturk/externalSubmit"><input name="a"></form></body></html>]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>');
CREATE TABLE assignments (
    id            INTEGER PRIMARY KEY,
    assignment_id TEXT NOT NULL UNIQUE,
    hit           INTEGER NOT NULL REFERENCES hits,
    worker        INTEGER REFERENCES workers,
    worker_id     TEXT, -- of the worker once more: pages of assignments are read without looking for it
    phase         INTEGER NOT NULL,
    seq           INTEGER,
    accepted      INTEGER,
    deadline      INTEGER,
    submitted     INTEGER,
    auto_approval INTEGER,
    approved      INTEGER,
    rejected      INTEGER,
    feedback      TEXT,
    UNIQUE (hit, worker)
);
INSERT INTO assignments VALUES(1,'37AAWWS8KTMVH30HQ6D0ZJL88W5XO9',1,1,'A1WORKER0',3,1,1795323433,1795324033,1795323433,1797051433,1795327033,NULL,'thanks');
INSERT INTO assignments VALUES(2,'38O4PT6HJ014KK9FNLS0SU4R0EIVKZ',1,2,'A1WORKER1',4,2,1795323433,1795324033,1795323433,1797051433,NULL,1795327033,'empty');
INSERT INTO assignments VALUES(3,'37B6Z2DW4ATOQD0SHWSTO7YG6WU5B2',1,3,'A1WORKER2',2,3,1795323433,1795324033,1795323433,1797051433,NULL,NULL,NULL);
INSERT INTO assignments VALUES(4,'3MCKF5HI80DHW8WAQEUQ93RD3BDXJB',2,1,NULL,1,NULL,1795327033,1795327633,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE answers (
    seq    INTEGER PRIMARY KEY,
    answer BLOB NOT NULL
);
INSERT INTO answers VALUES(1,X'223c3f786d6c2076657273696f6e3d5c22312e305c2220656e636f64696e673d5c2241534349495c223f3e3c5175657374696f6e466f726d416e737765727320786d6c6e733d5c22687474703a2f2f6d656368616e6963616c7475726b2e616d617a6f6e6177732e636f6d2f4157534d656368616e6963616c5475726b44617461536368656d61732f323030352d31302d30312f5175657374696f6e466f726d416e73776572732e7873645c223e3c416e737765723e3c5175657374696f6e4964656e7469666965723e613c2f5175657374696f6e4964656e7469666965723e3c46726565546578743e63616626233233333b20303c2f46726565546578743e3c2f416e737765723e3c2f5175657374696f6e466f726d416e73776572733e22');
INSERT INTO answers VALUES(2,X'223c3f786d6c2076657273696f6e3d5c22312e305c2220656e636f64696e673d5c2241534349495c223f3e3c5175657374696f6e466f726d416e737765727320786d6c6e733d5c22687474703a2f2f6d656368616e6963616c7475726b2e616d617a6f6e6177732e636f6d2f4157534d656368616e6963616c5475726b44617461536368656d61732f323030352d31302d30312f5175657374696f6e466f726d416e73776572732e7873645c223e3c416e737765723e3c5175657374696f6e4964656e7469666965723e613c2f5175657374696f6e4964656e7469666965723e3c46726565546578743e63616626233233333b20313c2f46726565546578743e3c2f416e737765723e3c2f5175657374696f6e466f726d416e73776572733e22');
INSERT INTO answers VALUES(3,X'223c3f786d6c2076657273696f6e3d5c22312e305c2220656e636f64696e673d5c2241534349495c223f3e3c5175657374696f6e466f726d416e737765727320786d6c6e733d5c22687474703a2f2f6d656368616e6963616c7475726b2e616d617a6f6e6177732e636f6d2f4157534d656368616e6963616c5475726b44617461536368656d61732f323030352d31302d30312f5175657374696f6e466f726d416e73776572732e7873645c223e3c416e737765723e3c5175657374696f6e4964656e7469666965723e613c2f5175657374696f6e4964656e7469666965723e3c46726565546578743e63616626233233333b20323c2f46726565546578743e3c2f416e737765723e3c2f5175657374696f6e466f726d416e73776572733e22');
CREATE TABLE bonuses (
    id         INTEGER PRIMARY KEY,
    hit        INTEGER NOT NULL REFERENCES hits,
    assignment INTEGER NOT NULL REFERENCES assignments,
    worker     INTEGER NOT NULL REFERENCES workers,
    amount     INTEGER NOT NULL,
    reason     TEXT NOT NULL,
    granted    INTEGER NOT NULL
);
INSERT INTO bonuses VALUES(1,1,1,1,10,'well done',1795327033);
CREATE TABLE ledger (
    id         INTEGER PRIMARY KEY,
    requester  INTEGER NOT NULL REFERENCES requesters,
    at         INTEGER NOT NULL,
    kind       INTEGER NOT NULL,
    amount     INTEGER NOT NULL,
    hit        INTEGER,
    assignment INTEGER,
    token      TEXT
);
INSERT INTO ledger VALUES(1,1,1795323433,0,1000000,NULL,NULL,NULL);
INSERT INTO ledger VALUES(2,1,1795323433,1,18,1,NULL,'token0');
INSERT INTO ledger VALUES(3,1,1795323433,1,18,2,NULL,'token1');
INSERT INTO ledger VALUES(4,1,1795323433,1,18,3,NULL,'token2');
INSERT INTO ledger VALUES(5,1,1795327033,3,5,1,1,NULL);
INSERT INTO ledger VALUES(6,1,1795327033,5,1,1,1,NULL);
INSERT INTO ledger VALUES(7,1,1795327033,2,6,1,2,NULL);
INSERT INTO ledger VALUES(8,1,1795327033,1,12,1,1,'b1');
INSERT INTO ledger VALUES(9,1,1795327033,4,10,1,1,'b1');
INSERT INTO ledger VALUES(10,1,1795327033,5,2,1,1,'b1');
INSERT INTO ledger VALUES(11,1,1795327033,2,18,3,NULL,NULL);
INSERT INTO ledger VALUES(12,2,1795327033,0,5000,NULL,NULL,NULL);
CREATE TABLE tokens (
    requester INTEGER NOT NULL,
    use       TEXT NOT NULL,
    token     TEXT NOT NULL,
    made      TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (requester, use, token)
) WITHOUT ROWID;
INSERT INTO tokens VALUES(1,'bonus','b1','37AAWWS8KTMVH30HQ6D0ZJL88W5XO9',1795327033);
INSERT INTO tokens VALUES(1,'create-hit','token0','3MV9XW6CCEA6EWFNIT2PTGD2O3QCMT',1795323433);
INSERT INTO tokens VALUES(1,'create-hit','token1','3CYO2DHQ4H5KQXZM9XVDQ5NMUQC52I',1795323433);
INSERT INTO tokens VALUES(1,'create-hit','token2','37Z33I0KUEHC2NFBJGA3PVZG909TX6',1795323433);
CREATE INDEX hits_listed ON hits (requester, created DESC, id) WHERE status < 4;
CREATE INDEX hits_reviewable ON hits (requester, status, id) WHERE status IN (2, 3);
CREATE INDEX hits_reviewable_of_type ON hits (type, status, id) WHERE status IN (2, 3);
CREATE INDEX hits_open ON hits (id) WHERE status = 0;
CREATE INDEX hits_due ON hits (expires) WHERE lapsed = 0 AND status < 4;
CREATE INDEX assignments_in_order ON assignments (hit, seq) WHERE seq IS NOT NULL;
CREATE INDEX assignments_undecided ON assignments (hit, seq) WHERE phase = 2;
CREATE INDEX assignments_free ON assignments (hit) WHERE phase = 0;
CREATE INDEX assignments_deadline ON assignments (deadline) WHERE phase = 1;
CREATE INDEX assignments_auto_approval ON assignments (auto_approval) WHERE phase = 2 AND auto_approval IS NOT NULL;
CREATE INDEX bonuses_of_hit ON bonuses (hit, id);
CREATE INDEX bonuses_of_assignment ON bonuses (assignment, id);
CREATE INDEX tokens_by_age ON tokens (at);
COMMIT;
