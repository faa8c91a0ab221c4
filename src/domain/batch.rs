//! Which batch a HIT belongs to.

/// The batch name of a HIT: what a batch file wrote into the annotation (`hitdeck:NAME:row`), the requester website's
/// `BatchId:123;…`, the annotation as it stands up to the first `;`, else the title.
pub fn name_of(annotation: Option<&str>, title: &str) -> String {
    let annotation = annotation.unwrap_or("").trim();
    if annotation.is_empty() {
        return title.trim().to_owned();
    }
    if let Some(rest) = annotation.strip_prefix("hitdeck:") {
        return rest.split(':').next().unwrap_or(rest).to_owned();
    }
    if let Some(rest) = annotation.strip_prefix("BatchId:") {
        let id = rest.split(';').next().unwrap_or(rest).trim();
        return format!("batch {id}");
    }
    annotation.split(';').next().unwrap_or(annotation).trim().to_owned()
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
