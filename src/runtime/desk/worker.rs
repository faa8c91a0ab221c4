//! One worker for the desk: what they were sent and paid; and paying who has no work to pay.

use super::bonuses::Reading;
use crate::app::event::{Event, Level};
use crate::app::workers::money::{Money, PayStep, Read};
use crate::app::workers::page::History;
use crate::domain::id::WorkerId;
use crate::domain::worker::bonus_sums;
use crate::runtime::engine::{Engine, EngineError};
use crate::runtime::pay::{PayError, Payer, Paying};
use crate::store::{Reader, StoreError, Wanted};
use tokio::sync::mpsc;

/// Tells the desk what a worker was sent and paid from here; then reads the bonuses of HITs, and tells it again and again.
pub async fn load_history(engine: Engine, worker: WorkerId, mut reading: Reading, data: mpsc::Sender<Event>) {
    let told = async {
        tell_history(&engine, &worker, &reading, &data).await?;
        while reading.go_on(&engine).await? {
            tell_history(&engine, &worker, &reading, &data).await?;
        }
        Ok::<_, EngineError>(())
    };
    fail(told.await, "what the worker was paid could not be read", &data).await;
}

async fn tell_history(
    engine: &Engine,
    worker: &WorkerId,
    reading: &Reading,
    data: &mpsc::Sender<Event>,
) -> Result<(), EngineError> {
    let (of, far) = (worker.clone(), reading.far());
    let read = move |reader: &Reader| {
        let mut bonuses = reader.bonuses()?;
        bonuses.retain(|bonus| bonus.worker == of);
        let (messages, payments) = (reader.messages(&of)?, reader.payments(&of)?);
        Ok((History { messages, bonuses, payments, read: far }, money(reader)?))
    };
    let (history, money) = engine.store().reading(read).await?;
    // A desk that is gone needs no news.
    let _ = data.send(Event::History(worker.clone(), Box::new(history))).await;
    let _ = data.send(Event::Money(Box::new(money))).await;
    Ok(())
}

fn money(reader: &Reader) -> Result<Money, StoreError> {
    let open = reader.open_payments()?.into_iter().map(|payment| (payment.worker.clone(), payment)).collect();
    Ok(Money { bonuses: bonus_sums(&reader.bonuses()?), open, ..Money::default() })
}

/// Reads the bonuses of HITs, and tells the desk what is known of bonuses and payments: at once, and again and again.
pub async fn load_money(engine: Engine, mut reading: Reading, data: mpsc::Sender<Event>) {
    let told = async {
        tell_money(&engine, reading.far(), &data).await?;
        while reading.go_on(&engine).await? {
            tell_money(&engine, reading.far(), &data).await?;
        }
        Ok::<_, EngineError>(())
    };
    fail(told.await, "the bonuses paid before could not be read", &data).await;
}

async fn tell_money(engine: &Engine, read: Read, data: &mpsc::Sender<Event>) -> Result<(), EngineError> {
    let money = engine.store().reading(money).await?;
    let _ = data.send(Event::Money(Box::new(Money { read, ..money }))).await;
    Ok(())
}

async fn fail(result: Result<(), EngineError>, what: &str, data: &mpsc::Sender<Event>) {
    if let Err(error) = result {
        let _ = data.send(Event::Notice { level: Level::Error, text: format!("{what}: {error}") }).await;
    }
}

/// Pays workers, one after the other, as far as that goes now. What it decides is told on `outcomes`, how it went on `data`.
pub async fn pay(
    engine: Engine,
    site: String,
    steps: Vec<(WorkerId, PayStep)>,
    outcomes: mpsc::Sender<Event>,
    data: mpsc::Sender<Event>,
) {
    let all = steps.len();
    for (nth, (worker, step)) in (1..).zip(steps) {
        let of = if all > 1 { format!(" ({nth} of {all})") } else { String::new() };
        let (level, text) = match pay_one(&engine, &site, &worker, step, &outcomes).await {
            Ok((level, words)) => (level, format!("{worker}: {words}{of}")),
            Err(error) => (Level::Error, format!("{worker} was not paid{of}: {error}")),
        };
        let _ = data.send(Event::Notice { level, text }).await;
    }
    fail(tell_money(&engine, Read::default(), &data).await, "the payments could not be read", &data).await;
}

async fn pay_one(
    engine: &Engine,
    site: &str,
    worker: &WorkerId,
    step: PayStep,
    outcomes: &mpsc::Sender<Event>,
) -> Result<(Level, String), PayError> {
    let log = |words: String| tracing::info!(%words, "a payment goes on");
    let payer = Payer { engine, tell: &log, events: Some(outcomes.clone()) };
    let of = worker.clone();
    let open = move |reader: &Reader| reader.open_payment(&of);
    let payment = match step.clone() {
        PayStep::Begin { amount, reason } => {
            let wanted = Wanted { worker: worker.clone(), amount, reason, again: true };
            Some(engine.store().begin_payment(wanted, engine.clock().now().wall).await?)
        }
        PayStep::GoOn | PayStep::TakeBack => engine.store().reading(open).await?,
    };
    let Some(payment) = payment else { return Ok((Level::Info, "no payment is under way".to_owned())) };
    let amount = payment.amount.display();
    let paying = match step {
        PayStep::TakeBack => payer.withdraw(payment).await?,
        PayStep::Begin { .. } | PayStep::GoOn => payer.pay(payment, site).await?,
    };
    Ok(match paying {
        Paying::Waiting { link, .. } => {
            (Level::Info, format!("{amount} waits for the worker at {link}; P goes on with it"))
        }
        Paying::Paid => (Level::Info, format!("{amount} paid")),
        Paying::Withdrawn => (Level::Info, format!("the payment of {amount} was taken back")),
    })
}
