//! The market through Amazon's own SDK, over HTTP on loopback.

#[path = "market/mailbox.rs"]
mod mailbox;
#[path = "market/signing.rs"]
mod signing;
#[path = "market/support.rs"]
mod support;

#[path = "market/accounts.rs"]
mod accounts;
#[path = "market/blocks.rs"]
mod blocks;
#[path = "market/constraints.rs"]
mod constraints;
#[path = "market/control.rs"]
mod control;
#[path = "market/extend.rs"]
mod extend;
#[path = "market/faults.rs"]
mod faults;
#[path = "market/histories.rs"]
mod histories;
#[path = "market/hostile.rs"]
mod hostile;
#[path = "market/keep.rs"]
mod keep;
#[path = "market/lists.rs"]
mod lists;
#[path = "market/messages.rs"]
mod messages;
#[path = "market/notifications.rs"]
mod notifications;
#[path = "market/payout.rs"]
mod payout;
#[path = "market/policies.rs"]
mod policies;
#[path = "market/publish.rs"]
mod publish;
#[path = "market/qualifications.rs"]
mod qualifications;
#[path = "market/qualifications_requests.rs"]
mod qualifications_requests;
#[path = "market/qualifications_required.rs"]
mod qualifications_required;
#[path = "market/qualifications_tests.rs"]
mod qualifications_tests;
#[path = "market/review.rs"]
mod review;
#[path = "market/serve.rs"]
mod serve;
#[path = "market/storage.rs"]
mod storage;
#[path = "market/time.rs"]
mod time;
#[path = "market/wire.rs"]
mod wire;
