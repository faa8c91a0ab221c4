//! The desk's SQLite: mirror of the account, outbox, audit trail.
