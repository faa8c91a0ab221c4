//! Pages of assignments as they were written last: programs that wait for work ask again and again for HITs on which nothing
//! has happened. A page is good as long as the HIT has the version that it was written at.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;

use super::buffers::Buffers;
use crate::domain::assignment::AssignmentStatus;
use crate::market::storage::HitKey;

/// So many bytes are kept at most.
const ROOM: usize = 48 << 20;
/// So many pages are known to have been written once.
const MOST_SEEN: usize = 4_096;
/// Smaller pages are written again as quickly as they are found.
const WORTH: usize = 4 << 10;

/// What a page answers. (The HIT stands for its requester.)
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Query {
    /// The HIT.
    pub hit: HitKey,
    /// The states asked for; none for all.
    pub statuses: Vec<AssignmentStatus>,
    /// The place behind which it starts.
    pub after: Option<i64>,
    /// How many it holds at most.
    pub limit: u32,
}

/// The pages that were asked for last, and more than once: of most pages programs want one copy.
#[derive(Default)]
pub struct Pages {
    kept: Mutex<Kept>,
    buffers: Buffers,
}

#[derive(Default)]
struct Kept {
    /// At which version a page was written that is not kept.
    seen: HashMap<Query, i64>,
    pages: HashMap<Query, Page>,
    /// Who was asked for when; the longest ago first.
    order: BTreeMap<u64, Query>,
    asked: u64,
    bytes: usize,
}

struct Page {
    version: i64,
    asked: u64,
    body: Bytes,
}

impl Pages {
    /// The page, if it is here and the HIT has not changed since.
    pub fn find(&self, query: &Query, version: i64) -> Option<Bytes> {
        let mut kept = self.lock();
        kept.asked += 1;
        let now = kept.asked;
        let page = kept.pages.get_mut(query).filter(|page| page.version == version)?;
        let (before, body) = (std::mem::replace(&mut page.asked, now), page.body.clone());
        let query = kept.order.remove(&before)?;
        kept.order.insert(now, query);
        Some(body)
    }

    /// Where pages are written.
    pub fn buffers(&self) -> &Buffers {
        &self.buffers
    }

    /// Keeps a page when it was written before as it is now, in place of those that nobody has asked for the longest.
    pub fn keep(&self, query: Query, version: i64, body: &Bytes) {
        if !(WORTH..=ROOM).contains(&body.len()) {
            return;
        }
        let mut kept = self.lock();
        if kept.seen.get(&query) != Some(&version) {
            if kept.seen.len() >= MOST_SEEN {
                kept.seen.clear();
            }
            kept.seen.insert(query, version);
            return;
        }
        kept.seen.remove(&query);
        kept.asked += 1;
        // Of just its size, and in memory of its own: the buffer that it was written into is for the next page.
        let page = Page { version, asked: kept.asked, body: Bytes::copy_from_slice(body) };
        kept.bytes += page.body.len();
        let asked = page.asked;
        if let Some(old) = kept.pages.insert(query.clone(), page) {
            kept.bytes -= old.body.len();
            kept.order.remove(&old.asked);
        }
        kept.order.insert(asked, query);
        while kept.bytes > ROOM
            && let Some((_, oldest)) = kept.order.pop_first()
        {
            kept.bytes -= kept.pages.remove(&oldest).map_or(0, |page| page.body.len());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(after: i64) -> Query {
        Query { hit: HitKey::default(), statuses: vec![], after: Some(after), limit: 100 }
    }

    /// Writes a page as often as it takes to be kept.
    fn keep(pages: &Pages, query: Query, version: i64, body: &Bytes) {
        pages.keep(query.clone(), version, body);
        assert_eq!(pages.find(&query, version), None, "what is read once is not kept");
        pages.keep(query, version, body);
    }

    #[test]
    fn a_page_is_good_for_its_query_and_version_only() {
        let pages = Pages::default();
        let body = Bytes::from(vec![b'x'; WORTH]);
        keep(&pages, query(1), 7, &body);
        assert_eq!(pages.find(&query(1), 7), Some(body.clone()));
        assert_eq!(pages.find(&query(1), 8), None);
        assert_eq!(pages.find(&query(2), 7), None);
        let all = Query { statuses: vec![AssignmentStatus::Submitted], ..query(1) };
        assert_eq!(pages.find(&all, 7), None);
        let newer = Bytes::from(vec![b'y'; WORTH]);
        keep(&pages, query(1), 8, &newer);
        assert_eq!(pages.find(&query(1), 8), Some(newer));
        assert_eq!(pages.lock().bytes, WORTH);
    }

    #[test]
    fn a_page_that_changes_from_reading_to_reading_is_never_kept() {
        let pages = Pages::default();
        let body = Bytes::from(vec![b'x'; WORTH]);
        for version in 0..10 {
            pages.keep(query(1), version, &body);
            assert_eq!(pages.find(&query(1), version), None);
        }
        for number in 0..2 * MOST_SEEN as i64 {
            pages.keep(query(number), 1, &body);
        }
        assert!(pages.lock().seen.len() <= MOST_SEEN && pages.lock().pages.is_empty());
    }

    #[test]
    fn what_nobody_asks_for_makes_room() {
        let pages = Pages::default();
        let body = Bytes::from(vec![b'x'; ROOM / 4]);
        for number in 1..=4 {
            keep(&pages, query(number), 1, &body);
        }
        assert!(pages.find(&query(1), 1).is_some());
        keep(&pages, query(5), 1, &body);
        let here: Vec<i64> = (1..=5).filter(|number| pages.find(&query(*number), 1).is_some()).collect();
        assert_eq!(here, [1, 3, 4, 5]);
        let kept = pages.lock();
        assert_eq!((kept.pages.len(), kept.order.len(), kept.bytes), (4, 4, ROOM));
    }
}
