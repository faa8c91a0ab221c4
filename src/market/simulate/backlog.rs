//! The demo as it is found: batches that were published some time ago, and the work that has come in since. Some of it was
//! decided, most waits, some of that not for long.

use super::answers::answer;
use super::crew::{Character, Member, crew, letters, stream};
use super::tasks::{BATCHES, Batch, Library};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::id::{AssignmentId, HitId};
use crate::domain::time::{Seconds, Time};
use crate::market::error::ServiceError;
use crate::market::service::{ImportReport, Service, TypeDraft};
use crate::market::storage::{ImportedAssignment, ImportedHit, NewHitType, RequesterKey};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

/// Who did the work so far.
const CREW: u32 = 24;
/// How long HITs are open from now on.
pub const LIFETIME: Seconds = Seconds(7 * 86_400);

/// What was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demo {
    /// HITs.
    pub hits: u64,
    /// Work that has come in.
    pub assignments: u64,
    /// Of it, undecided.
    pub undecided: u64,
}

/// Publishes the demo: `hits` HITs in three batches, with the work of the hours before. The account is credited with what
/// they hold. The same seed publishes the same demo; one that is there already is left alone.
pub async fn publish_demo(service: &Service, who: RequesterKey, hits: u32, seed: u64) -> Result<Demo, ServiceError> {
    let hits = make(hits, seed, service.clock().now().time());
    let all = hits.iter().flat_map(|hit| &hit.assignments);
    let undecided = all.filter(|done| done.status == AssignmentStatus::Submitted).count() as u64;
    let ImportReport { hits, assignments, .. } = service.import(who, hits).await?;
    // A demo that was kept is there already: nothing new comes in.
    Ok(Demo { hits, assignments, undecided: undecided.min(assignments) })
}

fn make(hits: u32, seed: u64, now: Time) -> Vec<ImportedHit> {
    let library = Library::load();
    let people = crew(seed, CREW);
    let mut made = Vec::new();
    let mut left = hits;
    for (number, batch) in BATCHES.iter().enumerate() {
        let is_last = number + 1 == BATCHES.len();
        let count = if is_last { left } else { (hits * batch.share).div_ceil(100).min(left) };
        left -= count;
        let mut rng = stream(seed, 1_000 + number as u64);
        let rows = batch.rows();
        for index in 0..count {
            let row = &rows[index as usize % rows.len()];
            let place = Place { index, of: count, now };
            made.push(hit(batch, &batch.question(row), place, &library, &people, &mut rng));
        }
    }
    made
}

/// Where a HIT stands in its batch.
#[derive(Clone, Copy)]
struct Place {
    index: u32,
    of: u32,
    now: Time,
}

impl Place {
    /// How many of `max` assignments are in: the first HITs of a batch are done, the last ones untouched.
    fn done(self, max: u32, rng: &mut StdRng) -> u32 {
        match self.index * 100 / self.of.max(1) {
            0..55 => max,
            55..80 => rng.random_range(1..=max),
            _ => 0,
        }
    }

    /// Whether somebody has reviewed it.
    fn is_reviewed(self) -> bool {
        self.index * 100 / self.of.max(1) < 12
    }
}

fn hit(
    batch: &Batch,
    question: &str,
    place: Place,
    library: &Library,
    people: &[Member],
    rng: &mut StdRng,
) -> ImportedHit {
    let created = place.now - batch.age + Seconds(i64::from(place.index) * 2 % 600);
    let mut workers: Vec<&Member> = people.iter().filter(|member| member.character != Character::Silent).collect();
    workers.shuffle(rng);
    let done = place.done(batch.assignments, rng);
    let mut assignments = Vec::new();
    for member in workers.into_iter().take(done as usize) {
        let Some(answer) = answer(question, library, member.character, rng) else { continue };
        let work = member.character.work_time(batch.usual_time(), rng);
        let latest = (batch.age.0 - 700).max(1);
        let accepted = created + Seconds(rng.random_range(0..latest));
        let submitted = (accepted + work).min(place.now - Seconds(5));
        assignments.push(assignment(batch, member, place, submitted - work, submitted, answer, rng));
    }
    ImportedHit {
        id: HitId::parse(&format!("3{}", letters(rng, 29))).ok(),
        hit_type: hit_type(batch),
        question: question.to_owned(),
        annotation: Some(format!("hitdeck:{}:{}", batch.name, place.index + 1)),
        created,
        expires: place.now + LIFETIME,
        max: batch.assignments,
        assignments,
    }
}

/// The type of a batch's HITs.
pub fn hit_type(batch: &Batch) -> NewHitType {
    NewHitType::from(TypeDraft {
        title: batch.title.to_owned(),
        description: batch.description.to_owned(),
        keywords: Some(batch.keywords.to_owned()),
        reward: batch.reward,
        duration: Seconds(1_200),
        auto_approval: batch.auto_approval,
        requirements: "[]".to_owned(),
        masters: false,
    })
}

fn assignment(
    batch: &Batch,
    member: &Member,
    place: Place,
    accepted: Time,
    submitted: Time,
    answer: String,
    rng: &mut StdRng,
) -> ImportedAssignment {
    let status = match (place.is_reviewed(), member.character) {
        (false, _) => AssignmentStatus::Submitted,
        (true, Character::Spammer) => AssignmentStatus::Rejected,
        (true, _) => AssignmentStatus::Approved,
    };
    let waited = Seconds(rng.random_range(600..7_200));
    let decided = (submitted + waited).min(place.now - Seconds(1));
    let is = |wanted: AssignmentStatus| (status == wanted).then_some(decided);
    ImportedAssignment {
        id: AssignmentId::parse(&format!("3{}", letters(rng, 29))).ok(),
        worker: member.id.clone(),
        status,
        accepted: Some(accepted),
        submitted: Some(submitted),
        auto_approval: Some(submitted + batch.auto_approval),
        approved: is(AssignmentStatus::Approved),
        rejected: is(AssignmentStatus::Rejected),
        feedback: (status == AssignmentStatus::Rejected)
            .then(|| "The answer has nothing to do with the question.".to_owned()),
        answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fees::FeeSchedule;
    use crate::domain::money::Usd;
    use crate::market::clock::{Clock, Moment};
    use crate::market::id::Mint;
    use crate::market::service::settle;
    use crate::market::storage::{Place as DataPlace, Storage};

    const NOW: Time = Time(1_800_000_000);

    #[test]
    fn the_demo_has_work_at_once_and_some_of_it_is_urgent() {
        let hits = make(150, 1, NOW);
        assert_eq!(hits.len(), 150);
        let all: Vec<_> = hits.iter().flat_map(|hit| &hit.assignments).collect();
        let waiting: Vec<_> = all.iter().filter(|a| a.status == AssignmentStatus::Submitted).collect();
        assert!((200..450).contains(&waiting.len()), "{}", waiting.len());
        assert!(all.iter().any(|a| a.status == AssignmentStatus::Rejected));
        assert!(all.iter().all(|a| a.submitted < Some(NOW) && a.accepted < a.submitted));
        let left = |a: &ImportedAssignment| a.auto_approval.map(|due| (due - NOW).0);
        assert!(waiting.iter().all(|a| left(a) > Some(0)), "nothing is approved by the clock at once");
        assert!(waiting.iter().filter(|a| left(a) < Some(4 * 3_600)).count() > 3, "some of it is urgent");
        let open: u32 = hits.iter().map(|hit| hit.max - hit.assignments.len() as u32).sum();
        assert!(open > 80, "{open} slots are open for more");
    }

    #[test]
    fn a_seed_makes_the_same_demo() {
        let print = |seed| format!("{:?}", make(40, seed, NOW));
        assert_eq!(print(5), print(5));
        assert_ne!(print(5), print(6));
        assert_eq!(make(0, 1, NOW).len(), 0);
        assert_eq!(make(1, 1, NOW).len(), 1);
    }

    #[tokio::test]
    async fn publishing_credits_what_is_held() {
        let clock = Clock::starting_at(Moment::of(NOW), 0.0);
        let storage = Storage::open(DataPlace::Memory, &clock, Mint::seeded(1), settle).unwrap();
        let service = Service::new(storage, clock, FeeSchedule::AMAZON);
        let who = service.add_requester("demo", Usd::cents(1_000_000)).await.unwrap().unwrap();
        let demo = publish_demo(&service, who.key, 60, 1).await.unwrap();
        assert_eq!(demo.hits, 60);
        assert!(demo.undecided > 60 && demo.undecided < demo.assignments);
        let account = service.account(who.key).await.unwrap();
        assert_eq!(account.available, Usd::cents(1_000_000));
        assert!(account.held > Usd::ZERO);
        let again = publish_demo(&service, who.key, 60, 1).await.unwrap();
        assert_eq!(again, Demo { hits: 0, assignments: 0, undecided: 0 });
    }
}
