//! The archive of an account: everything the endpoint tells of it, as JSON lines under the API's own names, one file a kind
//! of record, and a manifest that says how much there is, how it hashes, and what is missing and why.
//!
//! Here is the form: records, manifest, reading and writing them. Who asks the endpoint and writes the files is in
//! `runtime::archive`. A record is what came over the wire, member by member, whether this program knows the member or not;
//! only times are written as text in UTC, and members stand in the order in which the API's pages name them, so that two
//! archives of the same account can be compared line by line.

mod check;
mod compare;
mod folder;
mod kind;
mod lines;
mod manifest;
mod members;
mod read;
mod record;
#[cfg(test)]
mod tests;
mod work;

pub use check::{Checker, Fault};
pub use compare::{Change, Difference, Index};
pub use folder::{OpenError, Records, is_archive, look, manifest_in, open, records};
pub use kind::Kind;
pub use lines::{LineReader, LineWriter, Sums};
pub use manifest::{FORMAT, File, MANIFEST, Manifest, ManifestError, Missing, Soonest, VERSION};
pub use read::RecordError;
pub use record::Record;
pub use work::{UseError, Worked, Works, worked};
