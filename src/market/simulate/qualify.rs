//! How simulated workers come to be allowed more: they say who they are, and try to qualify for HITs they can find and not accept.

use std::collections::HashMap;

use super::crew::{Character, Member, stream};
use super::exam;
use crate::domain::id::WorkerId;
use crate::domain::requirement::{Comparator, Locale, Standing};
use crate::domain::system_type::SystemType;
use crate::domain::time::Seconds;
use crate::market::error::ServiceError;
use crate::market::rules::eligibility::{Profile, Verdict};
use crate::market::service::{Requested, Service};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

/// How often somebody asks for the same qualification at most.
const PATIENCE: u32 = 3;
/// What a question of a test takes a careful worker, in seconds.
const A_QUESTION: i64 = 20;

/// Where they live; a place that stands here more often is more common.
const PLACES: [(&str, Option<&str>); 14] = [
    ("US", Some("CA")),
    ("US", Some("NY")),
    ("US", Some("TX")),
    ("US", Some("FL")),
    ("US", Some("OH")),
    ("US", Some("WA")),
    ("IN", None),
    ("IN", None),
    ("GB", None),
    ("CA", None),
    ("DE", None),
    ("BR", None),
    ("PH", None),
    ("IT", None),
];

/// A test that somebody works on.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exam {
    /// The type it is for.
    pub qualification: String,
    /// What will be handed in.
    pub answer: String,
    /// How long it takes.
    pub takes: Seconds,
}

/// Somebody's wish to do more, beside their work: chance of its own, so that it never shifts what else they do.
pub struct Ambition {
    rng: StdRng,
    tried: HashMap<String, u32>,
    is_introduced: bool,
}

impl Ambition {
    /// That of the `number`th worker of a seed.
    pub fn new(seed: u64, number: usize) -> Ambition {
        let rng = stream(seed, 30_000 + number as u64);
        Ambition { rng, tried: HashMap::new(), is_introduced: false }
    }

    /// Whether they change their mind about a task that they have just accepted, and give it back.
    pub fn changes_mind(&mut self, character: Character) -> bool {
        let chance = match character {
            Character::Careful => 0.02,
            Character::Hasty => 0.04,
            Character::CopyPaster => 0.03,
            Character::Spammer | Character::Silent => 0.0,
        };
        self.rng.random_bool(chance)
    }

    /// Says who they are, if nothing is known of them yet.
    pub async fn introduce(&mut self, service: &Service, member: &Member) -> Result<(), ServiceError> {
        if std::mem::replace(&mut self.is_introduced, true) {
            return Ok(());
        }
        let profile = self.profile(member.character);
        service.introduce(&member.id, profile).await
    }

    fn profile(&mut self, character: Character) -> Profile {
        let (country, part) = PLACES.choose(&mut self.rng).copied().unwrap_or(("US", None));
        Profile {
            locale: Some(Locale { country: country.into(), subdivision: part.map(Into::into) }),
            adult: self.rng.random_bool(0.7),
            masters: character == Character::Careful && self.rng.random_bool(0.3),
        }
    }

    /// Now and then: looks for HITs that they can find and not accept, and asks for what they lack. Returns the test that they
    /// have before them, if that is what it takes.
    pub async fn qualify(&mut self, service: &Service, member: &Member) -> Result<Option<Exam>, ServiceError> {
        let chance = match member.character {
            Character::Careful | Character::Spammer => 0.5,
            Character::Hasty | Character::CopyPaster => 0.3,
            Character::Silent => 0.1,
        };
        if !self.rng.random_bool(chance) {
            return Ok(None);
        }
        for verdict in service.out_of_reach(&member.id).await? {
            for qualification in worth_asking(&verdict) {
                let tried = self.tried.entry(qualification.to_owned()).or_default();
                if *tried >= PATIENCE {
                    continue;
                }
                *tried += 1;
                let exam = self.ask(service, &member.id, member.character, qualification).await?;
                if exam.is_some() {
                    return Ok(exam);
                }
            }
        }
        Ok(None)
    }

    async fn ask(
        &mut self,
        service: &Service,
        worker: &WorkerId,
        character: Character,
        qualification: &str,
    ) -> Result<Option<Exam>, ServiceError> {
        let asked = match service.request_qualification(qualification, worker, None).await {
            Ok(asked) => asked,
            Err(ServiceError::Refused(_)) => return Ok(None),
            Err(failed) => return Err(failed),
        };
        let Requested::Test { test, deadline } = asked else { return Ok(None) };
        let key = service.answer_key(qualification).await?;
        let answer = exam::answer(&test, key.as_deref(), character, &mut self.rng);
        let questions = answer.matches("<Answer>").count() as i64;
        let left = deadline - service.clock().now().time();
        let takes = character.work_time(A_QUESTION * questions.max(1), &mut self.rng);
        let takes = takes.min(Seconds((left.0 - 1).max(0)));
        Ok(Some(Exam { qualification: qualification.to_owned(), answer, takes }))
    }
}

/// The types of a verdict that one can ask for and that would help.
fn worth_asking(verdict: &Verdict) -> impl Iterator<Item = &str> {
    let open = verdict.unmet.iter().filter(|(required, standing)| {
        // Who has a value can only hope for a better one, and who must not have any cannot help it.
        let helps = required.comparator != Comparator::DoesNotExist;
        let is_possible = SystemType::of(&required.qualification).is_none();
        helps && is_possible && !matches!(standing, Standing::Place(_))
    });
    open.map(|(required, _)| required.qualification.as_str())
}

#[cfg(test)]
mod tests {
    use super::super::crew::crew;
    use super::super::driver::tests::{market, steps};
    use super::*;
    use crate::domain::money::Usd;
    use crate::domain::requirement::{Guard, Required};
    use crate::market::api::requirements_json;
    use crate::market::rules::qualification::{QualificationStatus, TypeStatus};
    use crate::market::service::{Content, HitDraft, TypeDraft};
    use crate::market::storage::{NewQualificationType, NewTest, Policies, Qualification, RequesterKey};
    use crate::question::write::html_question;

    const SCHEMAS: &str = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/";

    fn test() -> NewTest {
        let selection = |name| {
            format!("<Selection><SelectionIdentifier>{name}</SelectionIdentifier><Text>{name}</Text></Selection>")
        };
        let question = |name| {
            format!(
                "<Question><QuestionIdentifier>{name}</QuestionIdentifier><QuestionContent><Text>?</Text></QuestionContent>\
                 <AnswerSpecification><SelectionAnswer><Selections>{}{}{}</Selections></SelectionAnswer>\
                 </AnswerSpecification></Question>",
                selection("a"),
                selection("b"),
                selection("c")
            )
        };
        let worth = |name| {
            format!(
                "<Question><QuestionIdentifier>{name}</QuestionIdentifier><AnswerOption><SelectionIdentifier>b\
                 </SelectionIdentifier><AnswerScore>1</AnswerScore></AnswerOption></Question>"
            )
        };
        let (asked, worth) = (["p", "q", "r"].map(question).concat(), ["p", "q", "r"].map(worth).concat());
        NewTest {
            test: format!("<QuestionForm xmlns='{SCHEMAS}2017-11-06/QuestionForm.xsd'>{asked}</QuestionForm>"),
            answer_key: Some(format!("<AnswerKey xmlns='{SCHEMAS}2005-10-01/AnswerKey.xsd'>{worth}</AnswerKey>")),
            duration: Seconds(600),
        }
    }

    /// A type with the test, and HITs for those who have at least two of its three points.
    async fn guarded(service: &Service, who: RequesterKey) -> String {
        let new = NewQualificationType {
            name: "Knows B".into(),
            keywords: None,
            description: "Three questions".into(),
            status: TypeStatus::Active,
            retry: Some(Seconds(300)),
            auto_value: None,
            test: Some(test()),
        };
        let id = service.create_qualification_type(who, new, |shown| shown.record.id.clone()).await.unwrap();
        let required = Required {
            qualification: id.clone(),
            comparator: Comparator::GreaterThanOrEqualTo,
            integers: vec![2],
            locales: vec![],
            guard: Guard::PreviewAndAccept,
        };
        let of = TypeDraft {
            title: "t".into(),
            description: "d".into(),
            keywords: None,
            reward: Usd::cents(5),
            duration: Seconds(600),
            auto_approval: Seconds(86_400),
            requirements: requirements_json(&[required]),
            masters: false,
        };
        let draft = HitDraft {
            content: Content::Question(html_question("<form><input name=a></form>")),
            annotation: None,
            policies: Policies::default(),
            max_assignments: 9,
            lifetime: Seconds(86_400),
            token: None,
        };
        for _ in 0..5 {
            service.create_hit(who, of.clone(), draft.clone(), |_| ()).await.unwrap();
        }
        id
    }

    async fn granted(service: &Service, id: &str) -> Vec<Qualification> {
        let id = id.to_owned();
        let found = service.read(move |view| {
            let of = view.qualification_type(&id)?.unwrap();
            Ok(view.qualifications(of.key, QualificationStatus::Granted, None, 100)?)
        });
        found.await.unwrap()
    }

    #[tokio::test]
    async fn people_take_the_test_and_those_who_pass_do_the_work() {
        let (service, who) = market(0).await;
        let id = guarded(&service, who).await;
        let seen = steps(&service, None, 800).await;
        let taken = seen.iter().filter(|step| step.ends_with("hand in test")).count();
        let granted = granted(&service, &id).await;
        assert!(taken >= granted.len() && granted.len() > 4, "{taken} {granted:?}");
        let crew = crew(3, 8);
        let of = |worker: &str| crew.iter().find(|member| member.id.as_str() == worker).unwrap().character;
        let passed: Vec<&Qualification> = granted.iter().filter(|granted| granted.value >= 2).collect();
        assert!(passed.iter().any(|granted| of(&granted.worker) == Character::Careful), "{granted:?}");
        assert!(granted.iter().all(|granted| of(&granted.worker) != Character::Spammer || granted.value == 0));
        assert!(seen.iter().any(|step| step.ends_with("hand in")));
        for step in seen.iter().filter(|step| step.ends_with("hand in")) {
            let number: usize = step.split(' ').nth(1).unwrap().parse().unwrap();
            assert!(passed.iter().any(|granted| granted.worker == crew[number].id.as_str()), "{step}");
        }
    }

    #[tokio::test]
    async fn the_same_seed_qualifies_the_same_way() {
        let mut runs = Vec::new();
        for _ in 0..2 {
            let (service, who) = market(2).await;
            let id = guarded(&service, who).await;
            runs.push((steps(&service, None, 300).await, granted(&service, &id).await));
        }
        assert_eq!(runs[0], runs[1]);
    }

    #[tokio::test]
    async fn who_is_known_is_not_introduced_again() {
        let (service, _) = market(0).await;
        let member = &crew(3, 1)[0];
        let mut first = Ambition::new(3, 0);
        first.introduce(&service, member).await.unwrap();
        let worker = member.id.clone();
        let known = async |service: &Service| {
            let worker = worker.clone();
            service.read(move |view| Ok(view.standings(view.worker(worker.as_str())?.unwrap())?.profile)).await.unwrap()
        };
        let profile = known(&service).await;
        assert!(profile.locale.is_some());
        Ambition::new(4, 9).introduce(&service, member).await.unwrap();
        assert_eq!(known(&service).await, profile);
    }
}
