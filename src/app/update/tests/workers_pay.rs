use super::workers::{desk, desk_with, id};
use super::workers_act::{error, question};
use super::*;
use crate::app::workers::money::{Money, PayStep, Read};
use crate::domain::assignment::BonusPayment;
use crate::domain::decision::Decision;
use crate::domain::worker::{Payment, PaymentState, bonus_sums};

fn paid(number: u32, cents: i64) -> BonusPayment {
    BonusPayment {
        worker: id(number),
        assignment: AssignmentId::parse("3ASSIGNMENT0").unwrap(),
        amount: Usd::cents(cents),
        reason: "well done".into(),
        granted: None,
    }
}

fn bonuses(decisions: &[NewDecision]) -> Vec<(String, i64)> {
    let of = |new: &NewDecision| match &new.decision {
        Decision::Bonus { worker, amount, .. } => (worker.to_string(), amount.as_cents()),
        other => panic!("{other:?}"),
    };
    decisions.iter().map(of).collect()
}

#[test]
fn bonuses_that_were_paid_are_in_the_list() {
    let mut desk = desk();
    let money = Money { bonuses: bonus_sums(&[paid(0, 50), paid(0, 25), paid(3, 10)]), ..Money::default() };
    desk.event(Event::Money(Box::new(money)));
    let workers = &desk.state.people.workers;
    assert_eq!(workers.named(&id(0)).unwrap().bonuses, Usd::cents(75));
    desk.keys(":sort bonuses<enter>/bonuses>0<enter>");
    let shown: Vec<_> = desk.state.people.workers.shown().map(|one| one.id.clone()).collect();
    assert_eq!(shown, [id(0), id(3)]);
}

#[test]
fn a_bonus_says_what_was_paid_and_what_it_costs_before_it_is_staged() {
    let mut desk = desk();
    desk.event(Event::Money(Box::new(Money { bonuses: bonus_sums(&[paid(0, 50)]), ..Money::default() })));
    desk.effects.clear();
    desk.keys("b");
    // All that the worker worked on, not only the latest: the bonus may have been for any of it.
    assert!(matches!(&desk.effects[..], [Effect::LoadMoney(hits)] if hits.len() == 4), "{:?}", desk.effects);
    let hints = |desk: &Desk| match &desk.state.overlay {
        Some(crate::app::overlay::Overlay::Prompt(prompt)) => prompt.hints.join(" "),
        other => panic!("{other:?}"),
    };
    assert!(hints(&desk).contains("0 of 4 HITs read, there may be more"), "{}", hints(&desk));
    let read = |done| Read { done, all: 4 };
    desk.event(Event::Money(Box::new(Money {
        bonuses: bonus_sums(&[paid(0, 75)]),
        read: read(4),
        ..Money::default()
    })));
    assert!(hints(&desk).contains("$0.75") && hints(&desk).contains("4 HITs read, these are all"), "{}", hints(&desk));
    desk.event(Event::Money(Box::new(Money { bonuses: bonus_sums(&[paid(0, 50)]), ..Money::default() })));
    assert!(hints(&desk).contains("4 HITs read, these are all"), "what is read again from the store asks nobody");
    desk.keys("0<enter>");
    assert_eq!(error(&desk), "a bonus is at least $0.01");
    desk.keys("<ctrl-u>5000<enter>");
    assert!(error(&desk).contains("bonus_limit"), "{}", error(&desk));
    desk.keys("<ctrl-u>0.50<enter><enter>");
    assert_eq!(error(&desk), "a bonus needs a reason: the worker reads it");
    desk.keys("Careful work, {{ worker }}<enter>");
    let said = question(&desk);
    assert_eq!(said[0], "pay a bonus to AWORKER0?");
    assert!(said.contains(&"\"Careful work, AWORKER0\"".to_owned()), "{said:?}");
    assert!(said.contains(&"$0.50 and $0.10 in Amazon's fees, $0.60 in all".to_owned()), "{said:?}");
    assert!(said.iter().any(|line| line.starts_with("AWORKER0 had $0.50 in bonuses before (1)")), "{said:?}");
    assert_eq!(desk.persisted(), []);
    desk.keys("y");
    let decisions = desk.persisted();
    assert_eq!(bonuses(&decisions), [("AWORKER0".to_owned(), 50)]);
    // 0, 5, 10 and 15 are theirs; 10 was handed in last.
    let latest = |n: u32| (row(n).submitted, key(n));
    let newest = [0, 5, 10, 15].into_iter().max_by_key(|n| latest(*n)).unwrap();
    assert_eq!(decisions[0].subject, Subject::Assignment(key(newest)));
}

#[test]
fn a_sum_is_shared_out_to_those_who_have_work() {
    let mut desk = desk();
    desk.keys("*btotal 1.00<enter>For all of you<enter>");
    let said = question(&desk);
    assert_eq!(said[0], "pay a bonus to 5 workers?");
    assert!(said.iter().any(|line| line.starts_with("left out: 1 without an assignment")), "{said:?}");
    desk.keys("y");
    let paid = bonuses(&desk.persisted());
    assert_eq!(paid.len(), 5, "worker 9 has never worked here");
    assert_eq!(paid.iter().map(|(_, cents)| cents).sum::<i64>(), 100);
    desk.keys("U/AWORKER9<enter>gb");
    assert!(desk.notice().contains("no work to pay a bonus on"), "{}", desk.notice());
}

#[test]
fn when_a_bonus_is_paid_it_is_read_again_what_was_paid() {
    let mut desk = desk();
    desk.keys("b1<enter>Thanks<enter>y").store();
    desk.event(Event::Money(Box::default()));
    desk.effects.clear();
    desk.becomes(1, OutboxState::Done);
    assert!(desk.effects.contains(&Effect::LoadMoney(Vec::new())), "{:?}", desk.effects);
}

fn desk_on_a_market() -> Desk {
    let mut desk = desk_with(Options::default());
    desk.state.env.worker_site = Some("http://127.0.0.1:7878".into());
    desk
}

fn steps(desk: &Desk) -> Vec<(crate::domain::id::WorkerId, PayStep)> {
    let of = |effect: &Effect| match effect {
        Effect::Pay { steps, .. } => Some(steps.clone()),
        _ => None,
    };
    desk.effects.iter().rev().find_map(of).unwrap_or_default()
}

#[test]
fn who_has_no_work_is_paid_by_a_hit_of_their_own() {
    let mut desk = desk_on_a_market();
    desk.keys("/AWORKER9<enter>gP2.50<enter>For the lost session<enter>");
    let said = question(&desk);
    assert_eq!(said[0], "pay $2.50 to AWORKER9?");
    assert!(said.contains(&"$2.50 and $0.50 in Amazon's fees, $3.00 in all".to_owned()), "{said:?}");
    assert_eq!(steps(&desk), [], "nothing is done before the answer");
    desk.keys("n");
    assert_eq!(steps(&desk), []);
    desk.keys("P2.50<enter>For the lost session<enter>y");
    let begin = PayStep::Begin { amount: Usd::cents(250), reason: "For the lost session".into() };
    assert_eq!(steps(&desk), [(id(9), begin)]);
}

#[test]
fn a_payment_that_waits_goes_on_or_is_taken_back() {
    let mut desk = desk_on_a_market();
    let open = Payment {
        number: 1,
        worker: id(0),
        amount: Usd::cents(250),
        reason: "for the lost session".into(),
        token: "t".into(),
        state: PaymentState::UnderWay,
        cleaned: false,
        type_id: None,
        hit: None,
        begun: Millis(START * 1_000),
    };
    let money = Money { open: [(id(0), open)].into(), ..Money::default() };
    desk.event(Event::Money(Box::new(money)));
    desk.keys("*P");
    assert!(question(&desk)[1].contains("AWORKER0: $2.50"), "{:?}", question(&desk));
    desk.keys("y");
    assert_eq!(steps(&desk), [(id(0), PayStep::GoOn)]);
    desk.keys("Pt");
    assert_eq!(steps(&desk), [(id(0), PayStep::TakeBack)]);
    desk.effects.clear();
    desk.keys("P<esc>");
    assert_eq!(steps(&desk), []);
    desk.keys("g<enter>");
    desk.effects.clear();
    desk.event(Event::Money(Box::default()));
    let again = Effect::LoadHistory(id(0), Vec::new());
    assert!(desk.effects.contains(&again), "what became of it is read for the page: {:?}", desk.effects);
}
