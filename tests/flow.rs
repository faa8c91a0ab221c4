//! The desk in use: key scripts against the real loop, the real SDK and a market in the same process. What is asserted is
//! what a person sees and what the market's ledger says.

#[path = "common/flow.rs"]
mod driver;

#[path = "flow/arrivals.rs"]
mod arrivals;
#[path = "flow/batches.rs"]
mod batches;
#[path = "flow/bulk.rs"]
mod bulk;
#[path = "flow/decide.rs"]
mod decide;
#[path = "flow/failures.rs"]
mod failures;
#[path = "flow/note.rs"]
mod note;
#[path = "flow/programs.rs"]
mod programs;
#[path = "flow/qualifications.rs"]
mod qualifications;
#[path = "flow/review_file.rs"]
mod review_file;
#[path = "flow/tutorial.rs"]
mod tutorial;
#[path = "flow/workers.rs"]
mod workers;
