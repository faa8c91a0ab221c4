//! Archives that are interrupted at every moment, and go on.

use super::child::{Death, spawn_archiver, was_killed};
use super::lab::{FAULTS, Lab};
use hitdeck::exchange::archive::Kind;
use hitdeck::runtime::archive::look;
use hitdeck::runtime::engine::Engine;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rstest::rstest;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// HITs of ten assignments: so many that the manifest is written several times.
const HITS: usize = 600;

async fn run(lab: &Lab, folder: &Path, nth: Option<u32>) -> bool {
    let death = nth.map(|nth| Death { step: None, nth });
    let child = spawn_archiver(&lab.address(), death, folder);
    let status = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap().status).await.unwrap();
    assert!(was_killed(status) || status.success(), "{status}");
    was_killed(status)
}

/// How many steps an archive takes that nobody interrupts.
async fn steps(lab: &Lab) -> u32 {
    let counted = Arc::new(AtomicU32::new(0));
    let probe = {
        let counted = Arc::clone(&counted);
        Arc::new(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        })
    };
    let mut address = lab.address();
    address.dir = lab.folder.path().join("counting");
    address.engine(Some(probe)).archive(&lab.folder.path().join("counted"), |_, _| ()).await.unwrap();
    counted.load(Ordering::SeqCst)
}

/// Everything in `folder` is as it was written, as the market says it now, and as an archive made in one go has it.
async fn check(engine: &Engine, folder: &Path, hits: usize) {
    let looked = look(folder).await.unwrap();
    assert_eq!(looked.faults, []);
    assert_eq!(looked.manifest.sums(Kind::Assignments).unwrap().records, hits as u64 * 10);
    assert_eq!(looked.manifest.noted(), Vec::<&hitdeck::exchange::archive::Missing>::new());
    assert_eq!(looked.compare(engine, |_, _| ()).await.unwrap(), []);
    let whole = folder.with_extension("whole");
    engine.archive(&whole, |_, _| ()).await.unwrap();
    for kind in Kind::ALL {
        let read = |folder: &Path| std::fs::read(folder.join(kind.file())).unwrap();
        assert!(read(folder) == read(&whole), "{}", kind.file());
    }
    let left: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".part")), "{left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_archived_before_a_kill_is_not_read_again() {
    let lab = Lab::with(HITS * 10, "", 1).await;
    let folder = lab.folder.path().join("archive");
    // Late enough that the manifest was written with HITs in it, and long before the end.
    assert!(run(&lab, &folder, Some(1_000)).await);
    let before = lab.carried_out("ListAssignmentsForHIT").await;
    assert!(!run(&lab, &folder, None).await);
    let again = lab.carried_out("ListAssignmentsForHIT").await - before;
    // What was on its way to the first process may be counted here too.
    assert!(again <= (HITS - 256 + 64) as u64, "{again} HITs were read again");
    check(&lab.engine(), &folder, HITS).await;
}

#[rstest]
#[case(HITS, "", 1)]
#[case(HITS, "", 2)]
#[case(30, FAULTS, 3)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_it_goes_on(#[case] hits: usize, #[case] faults: &str, #[case] seed: u64) {
    let lab = Lab::with(hits * 10, faults, seed).await;
    let folder = lab.folder.path().join("archive");
    let mut random = StdRng::seed_from_u64(seed);
    let most = hits as u32 * 2;
    for _ in 0..4 {
        run(&lab, &folder, Some(random.random_range(1..most))).await;
    }
    assert!(!run(&lab, &folder, None).await);
    lab.set_faults("").await;
    check(&lab.engine(), &folder, hits).await;
}

/// Once everything is read, each of the last steps is one at which the process may end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_the_files_get_their_names_it_goes_on() {
    let lab = Lab::with(100, "", 1).await;
    let folder = lab.folder.path().join("archive");
    let all = steps(&lab).await;
    assert!(run(&lab, &folder, Some(all - Kind::ALL.len() as u32)).await);
    let mut nth = 1;
    // Each time a little further than the time before.
    while run(&lab, &folder, Some(nth)).await {
        nth += 1;
        assert!(nth < 100, "it never came to its end");
    }
    assert!(nth > Kind::ALL.len() as u32, "it was killed between the names too");
    check(&lab.engine(), &folder, 10).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_beginning_is_not_gone_on_with() {
    let lab = Lab::with(HITS * 10, "", 1).await;
    let folder = lab.folder.path().join("archive");
    assert!(run(&lab, &folder, Some(1_000)).await);
    let part = folder.join("assignments.jsonl.part");
    let mut bytes = std::fs::read(&part).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&part, bytes).unwrap();
    let error = lab.engine().archive(&folder, |_, _| ()).await.unwrap_err().to_string();
    assert!(error.contains("assignments.jsonl.part is not what was written before the interruption"), "{error}");
    let unfinished = look(&folder).await.unwrap_err().to_string();
    assert!(unfinished.contains("is not finished"), "{unfinished}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_archive_has_one_writer() {
    let lab = Lab::with(HITS * 10, "delay=20ms", 1).await;
    let folder = lab.folder.path().join("archive");
    let engine = lab.engine();
    let (begun, mut news) = tokio::sync::mpsc::channel(1);
    let archiving = tokio::spawn({
        let (engine, folder) = (engine.clone(), folder.clone());
        async move { engine.archive(&folder, move |_, _| begun.try_send(()).unwrap_or_default()).await }
    });
    news.recv().await.unwrap();
    let busy = engine.archive(&folder, |_, _| ()).await.unwrap_err().to_string();
    assert!(busy.contains("another hitdeck is writing the archive"), "{busy}");
    archiving.await.unwrap().unwrap();
    lab.set_faults("").await;
    check(&engine, &folder, HITS).await;
}
