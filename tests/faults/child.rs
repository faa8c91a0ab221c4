//! A sender in a process of its own, which ends itself with SIGKILL at a chosen place in the journal, or is killed from
//! outside.

use super::lab::{Address, PATIENCE};
use hitdeck::domain::money::Usd;
use hitdeck::runtime::engine::{Probe, Step};
use hitdeck::runtime::pay::Payer;
use hitdeck::store::Wanted;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const ADDRESS: &str = "HITDECK_FAULTS_CHILD";

/// Where a sender ends itself: the `nth` time it comes to `step` (to any step if none).
#[derive(Clone, Copy, Debug)]
pub struct Death {
    pub step: Option<Step>,
    pub nth: u32,
}

const STEPS: [Step; 7] =
    [Step::Staged, Step::Claim, Step::Claimed, Step::Send, Step::Answered, Step::Mirrored, Step::Archived];

/// Starts a sender on this store. It exits with 0 when nothing is left unsent.
pub fn spawn(address: &Address, death: Option<Death>) -> Child {
    spawn_as("child::sender", address, death, "")
}

/// Starts a payment to a worker, or goes on with it. It exits with 0 when it waits for the worker, or is over.
pub fn spawn_payer(address: &Address, death: Option<Death>, worker: &str) -> Child {
    spawn_as("child::payer", address, death, worker)
}

/// Starts an archive in a folder, or goes on with it. It exits with 0 when it is whole.
pub fn spawn_archiver(address: &Address, death: Option<Death>, folder: &std::path::Path) -> Child {
    spawn_as("child::archiver", address, death, folder.to_str().unwrap())
}

/// Starts publishing, or goes on with it: `FOLDER;NAME`. It exits with 0 when nothing is left.
pub fn spawn_publisher(address: &Address, death: Option<Death>, orders: &str) -> Child {
    spawn_as("child::publisher", address, death, orders)
}

/// Starts publishing anew what a batch does not get, or goes on with it. It exits with 0 when nothing is left.
pub fn spawn_renewer(address: &Address, death: Option<Death>, batch: &str) -> Child {
    spawn_as("child::renewer", address, death, batch)
}

fn spawn_as(test: &str, address: &Address, death: Option<Death>, subject: &str) -> Child {
    let death = death.map_or(String::new(), |death| {
        let step = death.step.and_then(|step| STEPS.iter().position(|it| *it == step));
        format!("{}:{}", step.map_or(String::new(), |step| step.to_string()), death.nth)
    });
    let dir = address.dir.display();
    let line = format!("{dir}|{}|{}|{}|{death}", address.endpoint, address.access_key_id, address.secret_access_key);
    let line = format!("{line}|{subject}");
    Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--ignored", "--nocapture"])
        .env(ADDRESS, line)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Whether it was killed rather than done or failed.
pub fn was_killed(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(9)
}

fn probe(death: &str) -> Option<Probe> {
    let (step, nth) = death.split_once(':')?;
    let step = step.parse::<usize>().ok().map(|step| STEPS[step]);
    let left = Arc::new(AtomicU32::new(nth.parse().unwrap()));
    Some(Arc::new(move |now| {
        if step.is_none_or(|step| step == now) && left.fetch_sub(1, Ordering::SeqCst) == 1 {
            let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
            // The signal is on its way; nothing more may happen here.
            loop {
                std::thread::park();
            }
        }
    }))
}

/// What the environment says: how to reach market and store, where to die, and the worker or the folder.
fn orders() -> (Address, Option<Probe>, String) {
    let line = std::env::var(ADDRESS).expect("started by another test");
    let parts: Vec<&str> = line.split('|').collect();
    let [dir, endpoint, id, secret, death, worker] = parts[..] else { panic!("{line}") };
    let address = Address {
        dir: dir.into(),
        endpoint: endpoint.into(),
        access_key_id: id.into(),
        secret_access_key: secret.into(),
    };
    (address, probe(death), worker.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a process that the other tests start"]
async fn sender() {
    let (address, probe, _) = orders();
    let left = address.engine(probe).send_until_idle(PATIENCE).await.unwrap();
    assert_eq!(left.unsettled, 0, "{left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a process that the other tests start"]
async fn payer() {
    let (address, probe, worker) = orders();
    let engine = address.engine(probe);
    let (worker, reason) = (worker.parse().unwrap(), "For the lost session".to_owned());
    let wanted = Wanted { worker, amount: Usd::cents(250), reason, again: false };
    let payment = engine.store().begin_payment(wanted, engine.clock().now().wall).await.unwrap();
    let site = address.endpoint.clone();
    Payer { engine: &engine, tell: &|_| (), events: None }.pay(payment, &site).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a process that the other tests start"]
async fn archiver() {
    let (address, probe, folder) = orders();
    let made = address.engine(probe).archive(folder.as_ref(), |_, _| ()).await.unwrap();
    assert!(made.manifest.is_finished());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a process that the other tests start"]
async fn publisher() {
    let (address, probe, orders) = orders();
    let (folder, name) = orders.split_once(';').unwrap();
    let published = super::publish::publish(&address.engine(probe), folder.as_ref(), name).await;
    assert_eq!((published.left, published.unsure, published.refused.len()), (0, 0, 0), "{published:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a process that the other tests start"]
async fn renewer() {
    let (address, probe, batch) = orders();
    let published = super::anew::renew(&address.engine(probe), &batch).await;
    assert_eq!((published.left, published.unsure, published.refused.len()), (0, 0, 0), "{published:?}");
}
