//! The market through Amazon's own SDK, over HTTP on loopback.

#[path = "market/support.rs"]
mod support;

#[path = "market/accounts.rs"]
mod accounts;
#[path = "market/control.rs"]
mod control;
#[path = "market/faults.rs"]
mod faults;
#[path = "market/lists.rs"]
mod lists;
#[path = "market/publish.rs"]
mod publish;
#[path = "market/review.rs"]
mod review;
#[path = "market/storage.rs"]
mod storage;
#[path = "market/time.rs"]
mod time;
#[path = "market/wire.rs"]
mod wire;
