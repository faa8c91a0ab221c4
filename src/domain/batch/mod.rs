//! Batches: what a batch file says, which rows there are, which HIT a row became, and which batch a HIT belongs to.

mod annotation;
mod cost;
mod key;
mod name;
mod policy;
mod spec;
mod stored;

pub use annotation::RowAnnotation;
pub use cost::{Cost, FeeTerm, Wage, parts};
pub use key::{RowContent, RowKey, contents, digest, keys};
pub use name::{BatchName, BatchNameError};
pub use policy::{PolicyParameter, PolicySpec};
pub use spec::{BatchSpec, Consent, Source, limits};
pub use stored::{BatchRow, NewBatch, NewRow, Post, PostCounts, PostId, PostState, StoredBatch};

/// The batch name of a HIT: what a batch file wrote into the annotation (`hitdeck:NAME:row`), the requester website's
/// `BatchId:123;…`, the annotation as it stands up to the first `;`, else the title.
pub fn name_of(written: Option<&str>, title: &str) -> String {
    let written = written.unwrap_or("").trim();
    if written.is_empty() {
        return title.trim().to_owned();
    }
    if let Some(rest) = written.strip_prefix(annotation::PREFIX) {
        return rest.split(':').next().unwrap_or(rest).to_owned();
    }
    if let Some(rest) = written.strip_prefix("BatchId:") {
        let id = rest.split(';').next().unwrap_or(rest).trim();
        return format!("batch {id}");
    }
    written.split(';').next().unwrap_or(written).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn batches_are_found_in_the_annotation_first() {
        assert_eq!(name_of(Some("hitdeck:kg-pilot:9f2c"), "Relations"), "kg-pilot");
        assert_eq!(name_of(Some("BatchId:78382;OriginalHitTemplateId:1;"), "Relations"), "batch 78382");
        assert_eq!(name_of(Some("pilot; row 3"), "Relations"), "pilot");
        assert_eq!(name_of(Some("  "), " Relations "), "Relations");
        assert_eq!(name_of(None, "Relations"), "Relations");
    }
}
