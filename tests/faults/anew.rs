//! HITs published anew under fire: whatever cuts a run off, in the end each is made up for by one new HIT.

use super::child::{Death, spawn_renewer, was_killed};
use super::lab::{Lab, PATIENCE};
use super::publish::{hits_by_row, lab, run, write_batch};
use hitdeck::domain::time::Seconds;
use hitdeck::domain::top_up::AnewWanted;
use hitdeck::runtime::engine::Engine;
use hitdeck::runtime::publish::{AnewOrder, Published, Until};
use std::process::ExitStatus;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What [`spawn_renewer`] does: reads the account, and publishes anew whatever a batch does not get any more.
pub async fn renew(engine: &Engine, name: &str) -> Published {
    engine.sync(None, CancellationToken::new()).await.unwrap().unwrap();
    let store = engine.store();
    let asked = store.read(hitdeck::store::Reader::asked_of_hits).unwrap();
    let mut hits = Vec::new();
    let mut take = |chunk: hitdeck::store::Changes| {
        for hit in chunk.hits.into_iter().filter(|hit| *hit.batch == *name && hit.is_closed()) {
            let before = asked.anew(hit.key).assignments;
            hits.push(AnewWanted { hit: hit.id.clone(), add: hit.available - before, before });
        }
        true
    };
    store.read(|reader| reader.stream(&mut take)).unwrap();
    let until = Until { patience: PATIENCE, stop: CancellationToken::new() };
    engine.publish_anew(AnewOrder { hits, lifetime: Seconds::DAY, until }, &|_| ()).await.unwrap()
}

async fn again(lab: &Lab, name: &str, death: Option<Death>) -> ExitStatus {
    let child = spawn_renewer(&lab.address(), death, name);
    tokio::task::spawn_blocking(move || child.wait_with_output().unwrap().status).await.unwrap()
}

/// Each step of a run, until a run is over before the step comes; throttled and cut off all the while.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_every_step_each_hit_is_made_up_for_once() {
    let lab = lab("", 3).await;
    write_batch(&lab, 3, 2);
    let mut steps = 0;
    for nth in 1..60 {
        let name = format!("rows-{nth}");
        lab.set_faults("").await;
        assert!(run(&lab, &name, None).await.success());
        lab.market.service.advance(Duration::from_secs(3_700)).await.unwrap();
        lab.set_faults("throttle=0.2,reset_after=0.2").await;
        let first = again(&lab, &name, Some(Death { step: None, nth })).await;
        assert!(was_killed(first) || first.success(), "{first}");
        assert!(again(&lab, &name, None).await.success());
        assert!(again(&lab, &name, None).await.success());
        lab.set_faults("").await;
        let found = hits_by_row(&lab.engine(), &name).await;
        let parts: Vec<u32> = found.keys().map(|(_, part)| *part).collect();
        assert_eq!((found.len(), parts), (6, vec![0, 1, 0, 1, 0, 1]), "{name}: {found:?}");
        assert!(found.values().all(|hits| hits.len() == 1), "{name}: {found:?}");
        if !was_killed(first) {
            break;
        }
        steps = nth;
    }
    assert!((6..59).contains(&steps), "{steps} steps");
}
