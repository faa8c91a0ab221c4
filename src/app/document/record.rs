//! How the worker has fared with this requester: "41 sent, 39 approved, 0:35 on average".

use super::super::format;
use super::{Facts, Line, Page, SafeText, Tone};

/// Under the others' answers it is a part of the evidence; `alone` it is a section of its own.
pub(super) fn write(page: &mut Page, facts: &Facts<'_>, alone: bool) {
    let Some(record) = facts.record else { return };
    let counts = record.counts;
    let mut words = vec![format!("{} sent", format::count(counts.total() as usize))];
    for (count, what) in [(counts.approved, "approved"), (counts.rejected, "rejected")] {
        if count > 0 {
            words.push(format!("{} {what}", format::count(count as usize)));
        }
    }
    words.extend(record.mean_time().map(|time| format!("{} on average", format::work_time(time))));
    if alone {
        page.section("With you");
    } else {
        page.lines.push(Line::default());
        page.span(0, Tone::Heading, SafeText::line("With you"));
    }
    page.paragraph(&words.join(", "), if counts.rejected > 0 { Tone::Warn } else { Tone::Text });
}
