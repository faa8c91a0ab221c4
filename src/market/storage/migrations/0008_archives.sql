-- Archives of other accounts that were taken over: what has been done here since is not undone when one is given again.
CREATE TABLE archives (
    requester INTEGER NOT NULL REFERENCES requesters,
    digest    TEXT NOT NULL, -- of its manifest
    at        INTEGER NOT NULL,
    PRIMARY KEY (requester, digest)
) WITHOUT ROWID;
