//! The nouns of crowd work, pure: identifiers, exact money, time as a value, HITs, assignments and decisions.
//!
//! Nothing here reads a clock, a file, the network or the environment; everything else in the crate may depend on it.

pub mod assignment;
pub mod batch;
pub mod batch_stats;
pub mod bits;
pub mod codebook;
pub mod decision;
pub mod fees;
pub mod hit;
pub mod id;
pub mod key;
pub mod money;
pub mod nearest;
pub mod pack;
pub mod place;
pub mod policy;
pub mod pseudonym;
pub mod qualification;
pub mod query;
pub mod requirement;
pub mod row;
pub mod span;
pub mod system_type;
pub mod text;
pub mod texts;
pub mod time;
pub mod toml_fault;
pub mod top_up;
pub mod worker;
pub mod worker_answer;
pub mod worker_stats;
