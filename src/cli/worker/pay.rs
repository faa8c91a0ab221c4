//! `hitdeck worker pay`: a worker who has no assignment to pay.

use super::super::context::Context;
use super::super::decide::Stake;
use super::super::exit::{Exit, Failure};
use super::super::session::Session;
use crate::app::format::coarse;
use crate::domain::fees::FeeSchedule;
use crate::domain::id::{HitId, WorkerId};
use crate::domain::money::Usd;
use crate::domain::policy::{Refusal, check_bonus_reason};
use crate::domain::worker::Payment;
use crate::exchange::output::{Column, record};
use crate::runtime::pay::{LIFETIME, PayError, Payer, Paying};
use crate::store::Wanted;
use std::io::Write;

/// Runs `hitdeck worker pay`.
pub async fn run(context: &Context, wanted: Wanted, out: &mut impl Write) -> Result<Exit, Failure> {
    check_bonus_reason(&wanted.reason).map_err(|refusal| Failure::Usage(format!("--reason: {refusal}")))?;
    let Wanted { worker, amount, .. } = wanted.clone();
    if amount < Usd::cents(1) {
        return Err(Failure::Usage("--amount: a payment is at least $0.01".into()));
    }
    let session = Session::open(context).await?;
    let asked = wanted.clone();
    let before = session.engine.store().reading(move |reader| reader.same_payment(&asked)).await?;
    if let Some(payment) = before.as_ref().filter(|payment| payment.amount != amount) {
        return Err(Failure::Failed(format!(
            "a payment of {} to {worker} is under way: go on with that amount, or take it back with --cancel",
            payment.amount.display()
        )));
    }
    if let Some(payment) = before.as_ref().filter(|payment| payment.cleaned) {
        context.say(format_args!(
            "{worker} was paid this amount for this reason: it was begun at {}; --again pays it once more",
            begun(payment)
        ));
        return print(context, payment, &Paying::Paid, out);
    }
    let fee = FeeSchedule::AMAZON.of_assignment(amount, 1, false);
    context.say(format_args!(
        "pay {worker}: {} and {} in fees (Amazon's schedule), {} together",
        amount.display(),
        fee.display(),
        (amount + fee).display()
    ));
    context.say(match &before {
        Some(payment) => format!("it is under way since {}; this goes on with it", begun(payment)),
        None => format!(
            "a qualification that only {worker} holds, a HIT that requires it (open for {}), a message with the link; \
             when the worker has submitted, the same command approves and clears everything away",
            coarse(LIFETIME)
        ),
    });
    may_write(context, &session)?;
    if context.global.dry_run {
        context.say("dry run: nothing was written down or sent");
        return Ok(Exit::Done);
    }
    if before.is_none() {
        let what = format!("pay {worker} {}", amount.display());
        Stake { what, decisions: 1, cost: (amount, fee), brake: None, by_query: false }.confirm(context, &session)?;
    }
    let now = session.engine.clock().now().wall;
    let payment = session.engine.store().begin_payment(wanted, now).await?;
    let tell = |words: String| context.say(words);
    let payer = Payer { engine: &session.engine, tell: &tell, events: None };
    let paying = payer.pay(payment.clone(), &session.settings.environment.worker_site).await?;
    print(context, &payment, &paying, out)
}

/// Runs `hitdeck worker pay --cancel`.
pub async fn cancel(context: &Context, worker: WorkerId, out: &mut impl Write) -> Result<Exit, Failure> {
    let session = Session::open(context).await?;
    may_write(context, &session)?;
    let who = worker.clone();
    let open = session.engine.store().reading(move |reader| reader.open_payment(&who)).await?;
    let Some(payment) = open else {
        context.say(format_args!("no payment to {worker} is under way"));
        return Ok(Exit::Done);
    };
    context.say(format_args!("take back the payment of {} to {worker}", payment.amount.display()));
    if context.global.dry_run {
        context.say("dry run: nothing was written down or sent");
        return Ok(Exit::Done);
    }
    let tell = |words: String| context.say(words);
    let payer = Payer { engine: &session.engine, tell: &tell, events: None };
    let paying = payer.withdraw(payment.clone()).await?;
    print(context, &payment, &paying, out)
}

fn may_write(context: &Context, session: &Session) -> Result<(), Failure> {
    if session.settings.read_only && !context.global.dry_run {
        return Err(Failure::Failed(Refusal::ReadOnly.to_string()));
    }
    Ok(())
}

fn begun(payment: &Payment) -> String {
    crate::exchange::output::iso(crate::domain::time::Time(payment.begun.0.div_euclid(1_000)))
}

/// Says how far it has come. A payment that waits for the worker is not over: exit code 5.
fn print(context: &Context, payment: &Payment, paying: &Paying, out: &mut impl Write) -> Result<Exit, Failure> {
    let (state, exit) = match paying {
        Paying::Waiting { .. } => ("waiting for the worker", Exit::Unsent),
        Paying::Paid => ("paid", Exit::Done),
        Paying::Withdrawn => ("withdrawn", Exit::Done),
    };
    let (hit, link) = match paying {
        Paying::Waiting { hit, link } => (Some(hit), Some(link.as_str())),
        Paying::Paid | Paying::Withdrawn => (None, None),
    };
    let cells = vec![
        (Column::new("WorkerId", "worker"), payment.worker.as_str().into()),
        (Column::new("Amount", "amount"), payment.amount.into()),
        (Column::new("State", "state"), state.into()),
        (Column::new("HITId", "hit"), hit.map(HitId::as_str).into()),
        (Column::new("PreviewURL", "link"), link.into()),
    ];
    record(out, context.global.output, cells)?;
    if exit == Exit::Unsent {
        context.say("when the worker has submitted, the same command approves it; --cancel takes it back");
    }
    Ok(exit)
}

impl From<PayError> for Failure {
    fn from(error: PayError) -> Self {
        match error {
            PayError::Engine(error) => error.into(),
            other => Failure::Failed(other.to_string()),
        }
    }
}
