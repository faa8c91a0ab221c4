//! The MTurk-compatible service: API, rules, storage, accounts, simulated workers.
