//! Money under fire: throttling, server errors, connections cut before and after the market has acted, and senders killed
//! at every step. In the end the market's ledger is held against the decisions: each of them exactly once.

mod anew;
mod archive;
mod child;
mod endpoint;
mod hits;
mod kill;
mod lab;
mod pay;
mod publish;
mod race;
mod refresh;
mod scores;
