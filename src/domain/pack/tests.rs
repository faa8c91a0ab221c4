use super::*;
use proptest::prelude::*;

fn row(number: u32, summary: &str) -> AssignmentRow {
    AssignmentRow {
        key: AssignmentKey(number),
        hit: HitKey(number / 10),
        worker: WorkerKey(number % 7),
        status: AssignmentStatus::ALL[number as usize % 3],
        by: [Decider::Unknown, Decider::Clock, Decider::Elsewhere, Decider::Person(4)][number as usize % 4],
        noted: number.is_multiple_of(5),
        accepted: Time(1_700_000_000).into(),
        submitted: Time(1_700_000_000 + i64::from(number)).into(),
        auto_approval: Stamp::NONE,
        decided: Time(1_800_000_000).into(),
        summary: summary.into(),
    }
}

fn hit(number: u32) -> HitRow {
    HitRow {
        key: HitKey(number),
        id: HitId::parse(&format!("3HIT{number:026}")).unwrap(),
        type_id: HitTypeId::parse(&format!("3TYPE{}", number % 3)).unwrap(),
        title: "Größe of the picture".into(),
        batch: format!("batch {}", number / 4).into(),
        status: HitStatus::ALL[number as usize % HitStatus::ALL.len()],
        reward: Usd::cents(5),
        created: Time(1_700_000_000),
        expires: Time(-1),
        auto_approval_delay: Seconds(86_400),
        max_assignments: 10,
        pending: 1,
        available: 2,
        completed: number,
        masters: number.is_multiple_of(2),
    }
}

proptest! {
    #[test]
    fn assignments_come_back_as_they_were(summaries in prop::collection::vec("\\PC{0,80}", 0..40)) {
        let rows: Vec<_> = (1..).zip(&summaries).map(|(number, text)| row(number, text)).collect();
        let book = Codebook::of(summaries.iter().map(String::as_str));
        let pack = RowPack::of(&rows, 3, &book);
        let again = RowPack::parse(pack.as_bytes()).unwrap();
        prop_assert_eq!(&again, &pack);
        prop_assert_eq!((again.book(), again.len()), (3, rows.len()));
        prop_assert!(again.whole(Some(&book)).eq(rows));
    }

    #[test]
    fn what_is_damaged_is_no_pack(cut in 0usize..200, at in 0usize..200, to in any::<u8>()) {
        let rows = [row(1, "label: yes"), row(2, "label: no")];
        let bytes = RowPack::of(&rows, 1, &Codebook::of([])).as_bytes().to_vec();
        prop_assert!(RowPack::parse(&bytes[..cut.min(bytes.len() - 1)]).is_none());
        let mut wrong = bytes.clone();
        let at = at % bytes.len();
        wrong[at] = to;
        if let Some(pack) = RowPack::parse(&wrong) {
            prop_assert_eq!(pack.whole(None).count(), 2);
        }
        let hits = pack_hits(&[hit(1), hit(2)]);
        prop_assert!(unpack_hits(&hits[..cut.min(hits.len() - 1)], &mut Shared::default()).is_none());
        let mut wrong = hits.clone();
        let at = at % hits.len();
        wrong[at] = to;
        unpack_hits(&wrong, &mut Shared::default());
    }
}

#[test]
fn hits_come_back_and_share_their_texts() {
    let hits: Vec<_> = (1..20).map(hit).collect();
    let mut shared = Shared::default();
    let again = unpack_hits(&pack_hits(&hits), &mut shared).unwrap();
    assert_eq!(again, hits);
    assert!(Arc::ptr_eq(&again[0].title, &again[18].title));
    let more = unpack_hits(&pack_hits(&hits[..2]), &mut shared).unwrap();
    assert!(Arc::ptr_eq(&again[0].batch, &more[0].batch));
}
