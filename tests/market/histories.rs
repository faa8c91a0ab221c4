//! Whatever requesters and workers do, and in whatever order: slots add up, the books balance to the cent at every step, and
//! nothing that was answered is lost.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use aws_sdk_mturk::primitives::DateTime;
use aws_sdk_mturk::types::{AssignmentStatus, Hit, HitStatus, PolicyParameter, ReviewPolicy};
use hitdeck::domain::id::{AssignmentId, HitId, WorkerId};
use hitdeck::domain::money::Usd;
use hitdeck::market::answers;
use hitdeck::market::serve::Options;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::support::{Desk, client, desk, desk_with, still};

/// What the API says of one HIT, beside what follows from its assignments.
async fn check_slots(desk: &Desk, id: &str) -> (Hit, i64) {
    let hit = desk.get(id).await;
    let mut by_state: BTreeMap<String, i32> = BTreeMap::new();
    let mut pages = desk.client.list_assignments_for_hit().hit_id(id).max_results(100).into_paginator().send();
    while let Some(page) = pages.next().await {
        for assignment in page.unwrap().assignments.unwrap() {
            *by_state.entry(assignment.assignment_status.unwrap().as_str().to_owned()).or_default() += 1;
        }
    }
    let of = |state: &str| by_state.get(state).copied().unwrap_or(0);
    let (available, pending, completed) = (
        hit.number_of_assignments_available.unwrap(),
        hit.number_of_assignments_pending.unwrap(),
        hit.number_of_assignments_completed.unwrap(),
    );
    assert_eq!(completed, of("Approved") + of("Rejected"), "{hit:?}");
    assert_eq!(hit.max_assignments.unwrap(), available + pending + completed + of("Submitted"), "{hit:?}");
    let status = hit.hit_status.clone().unwrap();
    if status != HitStatus::Disposed && status != HitStatus::Assignable {
        assert_eq!(pending > 0, status == HitStatus::Unassignable, "{hit:?}");
    }
    // Money is set aside for every slot that may still have to be paid.
    let open = if matches!(status, HitStatus::Assignable | HitStatus::Unassignable) { available } else { 0 };
    (hit, i64::from(open + pending + of("Submitted")))
}

/// The ledger, the account, and what the open work of all HITs ties up are three ways to the same sums.
async fn check_books(desk: &Desk, hits: &[String]) {
    let mut tied_up = 0;
    for id in hits {
        let (hit, slots) = check_slots(desk, id).await;
        let reward = Usd::parse(hit.reward.as_deref().unwrap()).unwrap();
        // The fee was fixed when the HIT was made, or given another type; both sides of 9/10 are never mixed.
        let many = hit.max_assignments.unwrap() >= 10;
        let fee = desk.market.service.fees().of_assignment(reward, if many { 10 } else { 1 }, false);
        tied_up += slots * (reward + fee).as_cents();
    }
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for row in desk.market.service.ledger().await.unwrap() {
        *sums.entry(row.movement.kind.name()).or_default() += row.movement.amount.as_cents();
    }
    let of = |kind: &str| sums.get(kind).copied().unwrap_or(0);
    let available = of("deposit") + of("release") - of("hold") - of("withdraw");
    let held = of("hold") - of("release") - of("reward") - of("bonus") - of("fee");
    assert_eq!(desk.money().await, (available, held));
    assert_eq!(held, tied_up, "escrow is what is open");
    assert!(available >= 0);
}

fn policies(random: &mut StdRng) -> Option<ReviewPolicy> {
    if random.random_range(0..3) > 0 {
        return None;
    }
    let given = |key: &str, value: &str| PolicyParameter::builder().key(key).values(value).build();
    let parameters = [
        ("QuestionIds", "q"),
        ("QuestionAgreementThreshold", "60"),
        ("ApproveIfWorkerAgreementScoreIsAtLeast", "100"),
        ("RejectIfWorkerAgreementScoreIsLessThan", "1"),
        ("ExtendIfHITAgreementScoreIsLessThan", "100"),
        ("ExtendMaximumAssignments", "12"),
        ("ExtendMinimumTimeInSeconds", "900"),
    ];
    let policy = parameters
        .into_iter()
        .fold(ReviewPolicy::builder().policy_name("SimplePlurality/2011-09-01"), |policy, (key, value)| {
            policy.parameters(given(key, value))
        });
    Some(policy.build().unwrap())
}

async fn history(seed: u64, steps: usize) {
    // A balance that runs out now and then.
    let desk = desk_with(Options { balance: Usd::cents(600), ..still() }).await;
    let mut random = StdRng::seed_from_u64(seed);
    let mut hits: Vec<String> = Vec::new();
    let (mut held, mut done): (Vec<AssignmentId>, Vec<String>) = (Vec::new(), Vec::new());
    let mut happened = HashSet::new();
    for step in 0..steps {
        let pick = |random: &mut StdRng, of: usize| if of == 0 { None } else { Some(random.random_range(0..of)) };
        let hit = pick(&mut random, hits.len()).map(|at| hits[at].clone()).unwrap_or_else(|| "3NONE".into());
        let assignment = pick(&mut random, done.len()).map(|at| done[at].clone()).unwrap_or_else(|| "3NONE".into());
        let what = random.random_range(0..14);
        // Refusals are part of a history; what they leave behind is checked like everything else.
        let went = match what {
            0 => {
                let policy = policies(&mut random);
                let made =
                    desk.hit().max_assignments(random.random_range(1..13)).reward(["0.01", "0.05", "0.13"][step % 3]);
                let made = made.lifetime_in_seconds(random.random_range(30..5_000)).set_hit_review_policy(policy);
                let made =
                    made.auto_approval_delay_in_seconds([0, 600, 90_000][random.random_range(0..3)]).send().await;
                made.ok().map(|made| hits.push(made.hit.unwrap().hit_id.unwrap())).is_some()
            }
            1..=4 => {
                let worker = WorkerId::parse(&format!("A{}WORKER", random.random_range(0..30))).unwrap();
                let accepted = desk.market.service.accept(&HitId::parse(&hit).unwrap(), &worker).await;
                accepted.ok().map(|accepted| held.push(accepted.assignment)).is_some()
            }
            5 | 6 => match pick(&mut random, held.len()) {
                None => false,
                Some(at) => {
                    let one = held.swap_remove(at);
                    let answer = answers::from_fields([("q", ["a", "b"][random.random_range(0..2)])]);
                    let submitted = desk.market.service.submit(&one, answer).await.is_ok();
                    done.extend(submitted.then(|| one.to_string()));
                    submitted
                }
            },
            7 => match pick(&mut random, held.len()) {
                None => false,
                Some(at) => desk.market.service.give_back(&held.swap_remove(at)).await.is_ok(),
            },
            8 => {
                let approve = desk.client.approve_assignment().assignment_id(assignment);
                approve.override_rejection(random.random()).send().await.is_ok()
            }
            9 => {
                desk.client.reject_assignment().assignment_id(assignment).requester_feedback("no").send().await.is_ok()
            }
            10 => {
                let at = desk.market.clock.now().time().0 + random.random_range(-2_000..4_000);
                let update = desk.client.update_expiration_for_hit().hit_id(hit);
                update.expire_at(DateTime::from_secs(at)).send().await.is_ok()
            }
            11 => {
                let add = desk.client.create_additional_assignments_for_hit().hit_id(hit);
                add.number_of_additional_assignments(random.random_range(1..6)).send().await.is_ok()
            }
            12 if random.random() => {
                let of = pick(&mut random, hits.len()).map(|at| hits[at].clone()).unwrap_or_else(|| "3NONE".into());
                match desk.client.get_hit().hit_id(of).send().await {
                    Err(_) => false,
                    Ok(of) => {
                        let of = of.hit.unwrap().hit_type_id.unwrap();
                        desk.client.update_hit_type_of_hit().hit_id(hit).hit_type_id(of).send().await.is_ok()
                    }
                }
            }
            12 => desk.client.delete_hit().hit_id(hit).send().await.is_ok(),
            _ => {
                desk.advance(random.random_range(0..1_500)).await;
                true
            }
        };
        if went {
            happened.insert(what);
        }
        check_books(&desk, &hits).await;
    }
    desk.advance(40 * 86_400).await;
    check_books(&desk, &hits).await;
    assert_eq!(desk.money().await.1, 0, "in the end everything is decided or given back");
    assert!(happened.len() >= 11, "a history in which hardly anything happens shows nothing: {happened:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slots_add_up_and_books_balance_at_every_step() {
    for seed in 1..=4 {
        history(seed, 250).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_clients_on_one_hit_lose_nothing() {
    const WORKERS: usize = 40;
    let desk = desk().await;
    let id = desk.hit().max_assignments(30).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let (endpoint, market) = (&desk.market.endpoint, &desk.market);
    let requester = || client(endpoint, &market.access_key_id, &market.secret_access_key);

    // Forty workers want thirty slots, while four clients add ten more, each with two tries at one token.
    let mut workers = Vec::new();
    for number in 0..WORKERS {
        let (service, hit) = (market.service.clone(), HitId::parse(&id).unwrap());
        let worker = WorkerId::parse(&format!("A{number}WORKER")).unwrap();
        workers.push(tokio::spawn(async move {
            for _ in 0..10_000 {
                if let Ok(accepted) = service.accept(&hit, &worker).await {
                    service.submit(&accepted.assignment, String::new()).await.unwrap();
                    return accepted.assignment.to_string();
                }
                tokio::task::yield_now().await;
            }
            panic!("{worker} found no slot");
        }));
    }
    let mut adders = Vec::new();
    for number in 0..8 {
        let add = requester()
            .create_additional_assignments_for_hit()
            .hit_id(&id)
            .number_of_additional_assignments([1, 2, 3, 4][number % 4]);
        let add = add.unique_request_token(format!("add-{}", number % 4));
        adders.push(tokio::spawn(async move { add.send().await.is_ok() }));
    }
    let mut added = 0;
    for adder in adders {
        added += usize::from(adder.await.unwrap());
    }
    assert_eq!(added, 4, "each token adds once");
    let mut assignments = HashSet::new();
    for worker in workers {
        assignments.insert(worker.await.unwrap());
    }
    assert_eq!(assignments.len(), WORKERS, "no slot was given twice");

    // Four clients decide about everything, each in its own way; every assignment is decided once.
    let mut clients = Vec::new();
    for number in 0..4 {
        let (client, assignments) = (requester(), assignments.clone());
        clients.push(tokio::spawn(async move {
            let mut decided = 0;
            for id in assignments {
                let went = if number % 2 == 0 {
                    client.approve_assignment().assignment_id(id).send().await.is_ok()
                } else {
                    client.reject_assignment().assignment_id(id).requester_feedback("no").send().await.is_ok()
                };
                decided += usize::from(went);
            }
            decided
        }));
    }
    let mut decided = 0;
    for client in clients {
        decided += client.await.unwrap();
    }
    assert_eq!(decided, WORKERS);
    let (hit, slots) = check_slots(&desk, &id).await;
    assert_eq!((hit.max_assignments, hit.number_of_assignments_completed, slots), (Some(40), Some(40), 0));
    let list = desk.client.list_assignments_for_hit().hit_id(&id).max_results(100);
    let approved = list.assignment_statuses(AssignmentStatus::Approved).send().await.unwrap().num_results.unwrap();
    assert_eq!(desk.money().await, (1_000_000 - 7 * i64::from(approved), 0), "and paid as decided");
    desk.market.clock.advance(Duration::from_secs(1));
    check_books(&desk, &[id]).await;
}
