//! Simulated workers at work: each looks for a task, takes its time over market time, and hands in.

use super::answers::answer;
use super::crew::{Character, Member, crew, stream};
use super::qualify::{Ambition, Exam};
use super::requester::{LITTLE, ROUND, Requester};
use super::tasks::Library;
use crate::domain::id::{AssignmentId, HitId};
use crate::domain::time::Seconds;
use crate::market::clock::Moment;
use crate::market::error::ServiceError;
use crate::market::service::Service;
use crate::market::storage::{OpenHit, RequesterKey};
use crate::question::item;
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tokio_util::sync::CancellationToken;

/// So many open HITs somebody looks through before choosing one.
const SHELF: u32 = 40;
/// What a task that is not one of the demo usually takes, in seconds.
const USUAL: i64 = 45;

/// Who is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct People {
    /// How many work.
    pub workers: u32,
    /// The account for which more demo work is published whenever they find little to do; none to leave the market as it is.
    pub publisher: Option<RequesterKey>,
    /// What chance is drawn from: the same seed makes the same people choose alike.
    pub seed: u64,
}

/// Lets simulated people work until `cancel`.
pub async fn run(service: Service, people: People, cancel: CancellationToken) -> Result<(), ServiceError> {
    let mut simulation = Simulation::new(service, people);
    while let Some(due) = simulation.due() {
        let clock = simulation.service.clock().clone();
        tokio::select! {
            () = cancel.cancelled() => return Ok(()),
            () = clock.until(due) => simulation.step().await?,
        }
    }
    cancel.cancelled().await;
    Ok(())
}

/// What somebody does next.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Look,
    HandIn { assignment: AssignmentId, answer: String },
    GiveBack { assignment: AssignmentId },
    HandInTest(Exam),
}

/// When, who, what. The number breaks ties, so that the order is always the same.
type Planned = Reverse<(Moment, u64, usize, Step)>;

struct Simulation {
    service: Service,
    library: Library,
    people: Vec<(Member, StdRng)>,
    ambitions: Vec<Ambition>,
    plan: BinaryHeap<Planned>,
    planned: u64,
    /// Who publishes more, and when they look next whether that is wanted.
    requester: Option<(Requester, Moment)>,
    /// Whether somebody has found little to do since then.
    is_short: bool,
}

impl Simulation {
    fn new(service: Service, People { workers, publisher, seed }: People) -> Simulation {
        let people: Vec<_> = crew(seed, workers)
            .into_iter()
            .enumerate()
            .map(|(number, member)| (member, stream(seed, 10_000 + number as u64)))
            .collect();
        let ambitions = (0..people.len()).map(|number| Ambition::new(seed, number)).collect();
        let publisher = publisher.filter(|_| workers > 0).map(|who| Requester::new(who, seed));
        let requester = publisher.map(|requester| (requester, later(&service, ROUND)));
        let (library, plan) = (Library::load(), BinaryHeap::new());
        let mut simulation =
            Simulation { service, library, people, ambitions, plan, planned: 0, requester, is_short: false };
        for who in 0..simulation.people.len() {
            let first = Seconds(simulation.people[who].1.random_range(1..30));
            simulation.plan(who, first, Step::Look);
        }
        simulation
    }

    /// When the next step is due; none when nobody works.
    fn due(&self) -> Option<Moment> {
        let work = self.plan.peek().map(|Reverse((due, ..))| *due);
        work.into_iter().chain(self.requester.as_ref().map(|(_, next)| *next)).min()
    }

    fn plan(&mut self, who: usize, after: Seconds, step: Step) {
        let due = later(&self.service, after);
        self.planned += 1;
        self.plan.push(Reverse((due, self.planned, who, step)));
    }

    /// Does the next step. A refusal (the task was taken or has expired meanwhile) sends the worker on to the next task.
    async fn step(&mut self) -> Result<(), ServiceError> {
        let due = self.due();
        if let Some((requester, next)) = &mut self.requester
            && Some(*next) == due
        {
            *next = later(&self.service, ROUND);
            return if std::mem::take(&mut self.is_short) { requester.publish(&self.service).await } else { Ok(()) };
        }
        let Some(Reverse((_, _, who, step))) = self.plan.pop() else { return Ok(()) };
        let done = match step {
            Step::Look => return self.look(who).await,
            Step::HandIn { assignment, answer } => self.service.submit(&assignment, answer).await.map(drop),
            Step::GiveBack { assignment } => self.service.give_back(&assignment).await,
            Step::HandInTest(Exam { qualification, answer, .. }) => {
                let worker = &self.people[who].0.id;
                self.service.request_qualification(&qualification, worker, Some(answer)).await.map(drop)
            }
        };
        allow_refusal(done)?;
        let (member, rng) = &mut self.people[who];
        let pause = member.character.pause(rng);
        self.plan(who, pause, Step::Look);
        Ok(())
    }

    async fn look(&mut self, who: usize) -> Result<(), ServiceError> {
        let (member, ambition) = (&self.people[who].0, &mut self.ambitions[who]);
        ambition.introduce(&self.service, member).await?;
        if let Some(exam) = ambition.qualify(&self.service, member).await? {
            let takes = exam.takes;
            self.plan(who, takes, Step::HandInTest(exam));
            return Ok(());
        }
        let worker = member.id.clone();
        let open = self.service.open_hits(&worker, None, SHELF).await?;
        self.is_short |= open.len() < LITTLE;
        let (member, rng) = &mut self.people[who];
        let Some((hit, task)) = choose(&open, &self.library, member.character, rng) else {
            let later = Seconds(rng.random_range(60..180));
            self.plan(who, later, Step::Look);
            return Ok(());
        };
        let character = member.character;
        let (work, stays) = (character.work_time(task.usual, rng), rng.random_bool(0.5));
        let work = work.min(Seconds((task.duration.0 - 5).max(1)));
        let pause = character.pause(rng);
        match allow_refusal(self.service.accept(&hit, &worker).await)? {
            None => self.plan(who, pause, Step::Look),
            Some(accepted) if self.ambitions[who].changes_mind(character) => {
                self.plan(who, work, Step::GiveBack { assignment: accepted.assignment });
            }
            Some(accepted) if character != Character::Silent => {
                self.plan(who, work, Step::HandIn { assignment: accepted.assignment, answer: task.answer });
            }
            Some(accepted) if stays => self.plan(who, work, Step::GiveBack { assignment: accepted.assignment }),
            // Walks away; the deadline frees the task.
            Some(_) => self.plan(who, pause, Step::Look),
        }
        Ok(())
    }
}

fn later(service: &Service, after: Seconds) -> Moment {
    Moment(service.clock().now().0.saturating_add(after.0.saturating_mul(1_000)))
}

/// A task that somebody has chosen, and what they will answer.
struct Task {
    answer: String,
    usual: i64,
    duration: Seconds,
}

fn choose(open: &[OpenHit], library: &Library, character: Character, rng: &mut StdRng) -> Option<(HitId, Task)> {
    let chosen = open.choose(rng)?;
    let hit = HitId::parse(&chosen.id).ok()?;
    let answer = answer(&chosen.question, library, character, rng)?;
    let usual = library.find(&item::read(&chosen.question)).map_or(USUAL, |(subject, _)| subject.usual_time());
    Some((hit, Task { answer, usual, duration: chosen.duration }))
}

fn allow_refusal<T>(result: Result<T, ServiceError>) -> Result<Option<T>, ServiceError> {
    match result {
        Ok(done) => Ok(Some(done)),
        Err(ServiceError::Refused(_)) => Ok(None),
        Err(failed) => Err(failed),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::backlog::publish_demo;
    use super::*;
    use crate::domain::fees::FeeSchedule;
    use crate::domain::money::Usd;
    use crate::domain::time::Time;
    use crate::market::clock::Clock;
    use crate::market::id::Mint;
    use crate::market::service::settle;
    use crate::market::storage::{Place, RequesterKey, Storage};
    use std::time::Duration;

    pub(in crate::market::simulate) async fn market(hits: u32) -> (Service, RequesterKey) {
        let clock = Clock::starting_at(Moment::of(Time(1_800_000_000)), 0.0);
        let storage = Storage::open(Place::Memory, &clock, Mint::seeded(1), settle).unwrap();
        let service = Service::new(storage, clock, FeeSchedule::AMAZON);
        let who = service.add_requester("demo", Usd::cents(1_000_000)).await.unwrap().unwrap().key;
        publish_demo(&service, who, hits, 1).await.unwrap();
        (service, who)
    }

    /// Lets so many steps happen, moving the clock to each; returns how often each kind of step was planned.
    pub(in crate::market::simulate) async fn steps(
        service: &Service,
        publisher: Option<RequesterKey>,
        count: usize,
    ) -> Vec<String> {
        let mut simulation = Simulation::new(service.clone(), People { workers: 8, publisher, seed: 3 });
        let mut seen = Vec::new();
        for _ in 0..count {
            let due = simulation.due().unwrap();
            let wait = (due.0 - service.clock().now().0).max(0);
            service.advance(Duration::from_millis(wait as u64)).await.unwrap();
            if let Some(Reverse((at, _, who, step))) = simulation.plan.peek() {
                let kind = match step {
                    Step::Look => "look",
                    Step::HandIn { .. } => "hand in",
                    Step::GiveBack { .. } => "give back",
                    Step::HandInTest(_) => "hand in test",
                };
                seen.push(format!("{} {who} {kind}", at.0));
            }
            simulation.step().await.unwrap();
        }
        seen
    }

    #[tokio::test]
    async fn work_keeps_coming_in() {
        let (service, _) = market(60).await;
        let seen = steps(&service, None, 60).await;
        let handed_in = seen.iter().filter(|step| step.ends_with("hand in")).count();
        assert!(handed_in > 12, "{seen:?}");
    }

    #[tokio::test]
    async fn the_same_seed_works_the_same_way() {
        let (first, who) = market(3).await;
        let (second, other) = market(3).await;
        assert_eq!(steps(&first, Some(who), 400).await, steps(&second, Some(other), 400).await);
    }

    #[tokio::test]
    async fn a_market_with_a_requester_never_runs_dry() {
        let handed_in = |steps: &[String]| steps.iter().filter(|step| step.ends_with("hand in")).count();
        let (service, _) = market(6).await;
        let seen = steps(&service, None, 1_500).await;
        assert_eq!(handed_in(&seen[1_000..]), 0, "nobody publishes: it is dry");
        let (service, who) = market(6).await;
        let before = service.account(who).await.unwrap();
        let seen = steps(&service, Some(who), 1_500).await;
        assert!(handed_in(&seen[1_000..]) > 50, "{}", handed_in(&seen[1_000..]));
        let after = service.account(who).await.unwrap();
        assert_eq!(after.available, before.available, "what is published comes with its money");
    }

    #[tokio::test]
    async fn a_market_without_work_is_looked_at_again_later() {
        let (service, _) = market(0).await;
        let seen = steps(&service, None, 20).await;
        assert!(seen.iter().all(|step| step.ends_with("look")));
    }

    #[tokio::test]
    async fn it_ends_when_it_is_told_to() {
        let (service, _) = market(5).await;
        let cancel = CancellationToken::new();
        let running = tokio::spawn(run(service, People { workers: 4, publisher: None, seed: 1 }, cancel.clone()));
        cancel.cancel();
        assert!(running.await.unwrap().is_ok());
    }
}
