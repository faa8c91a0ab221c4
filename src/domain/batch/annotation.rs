//! `RequesterAnnotation` of a batch's HITs: `hitdeck:NAME:KEY`, `hitdeck:NAME:KEY.2` for the third HIT of a row, and behind
//! a `;` what the requester wants to stand there. With it a HIT leads back to its row, whatever else is lost.

use super::{BatchName, RowKey};
use std::fmt;

/// What the annotations of our HITs begin with.
pub(super) const PREFIX: &str = "hitdeck:";

/// Which row of which batch a HIT was made from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RowAnnotation {
    /// The batch.
    pub batch: BatchName,
    /// The row.
    pub key: RowKey,
    /// Which of the row's HITs, from 0.
    pub part: u32,
}

impl RowAnnotation {
    /// Reads an annotation; none if it is not one of ours.
    pub fn read(annotation: &str) -> Option<RowAnnotation> {
        let ours = annotation.strip_prefix(PREFIX)?.split(';').next()?;
        let (batch, rest) = ours.split_once(':')?;
        let (key, part) = rest.split_once('.').map_or((rest, "0"), |(key, part)| (key, part));
        Some(RowAnnotation { batch: BatchName::parse(batch).ok()?, key: RowKey::parse(key)?, part: part.parse().ok()? })
    }

    /// The annotation, with the requester's own words behind it.
    pub fn with(&self, own: Option<&str>) -> String {
        own.filter(|own| !own.is_empty()).map_or_else(|| self.to_string(), |own| format!("{self};{own}"))
    }
}

impl fmt::Display for RowAnnotation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}:{}", self.batch, self.key)?;
        if self.part == 0 { Ok(()) } else { write!(f, ".{}", self.part) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annotation_leads_back_to_its_row() {
        let batch = BatchName::parse("kg.pilot").unwrap();
        let key = RowKey::parse("0123456789abcdef0123").unwrap();
        for part in [0, 2] {
            let annotation = RowAnnotation { batch: batch.clone(), key, part };
            assert_eq!(RowAnnotation::read(&annotation.to_string()), Some(annotation.clone()));
            assert_eq!(RowAnnotation::read(&annotation.with(Some("site: Bonn; x"))), Some(annotation.clone()));
            assert_eq!(super::super::name_of(Some(&annotation.with(None)), "t"), "kg.pilot");
        }
        for other in ["", "hitdeck:kg", "hitdeck:kg:9f2c", "BatchId:1;", "hitdeck:kg:0123456789abcdef0123.x"] {
            assert_eq!(RowAnnotation::read(other), None, "{other}");
        }
    }
}
