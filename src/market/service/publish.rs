//! Publishing: HIT types, HITs, their lifetime and their end.

use sha2::{Digest, Sha256};

use super::{Service, move_money};
use crate::domain::fees::FeeSchedule;
use crate::domain::money::Usd;
use crate::domain::time::{Seconds, Time};
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::hit::{Happening, HitRefusal, HitState};
use crate::market::rules::question::check_question;
use crate::market::storage::{
    Change, HitKey, HitRecord, HitType, HitView, NewHit, NewHitType, Posting, RequesterKey, View,
};

/// The attributes of a HIT type, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeDraft {
    /// `Title`.
    pub title: String,
    /// `Description`.
    pub description: String,
    /// `Keywords`.
    pub keywords: Option<String>,
    /// `Reward`.
    pub reward: Usd,
    /// `AssignmentDurationInSeconds`.
    pub duration: Seconds,
    /// `AutoApprovalDelayInSeconds`.
    pub auto_approval: Seconds,
    /// `QualificationRequirements` as they go over the wire: a JSON array.
    pub requirements: String,
    /// Whether they require Masters.
    pub masters: bool,
}

/// What a HIT is made of beside its type, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitDraft {
    /// `Question`.
    pub question: String,
    /// `RequesterAnnotation`.
    pub annotation: Option<String>,
    /// `MaxAssignments`.
    pub max_assignments: u32,
    /// `LifetimeInSeconds`.
    pub lifetime: Seconds,
    /// `UniqueRequestToken`.
    pub token: Option<String>,
}

/// The type of a HIT to be made.
enum OfType {
    Known(String),
    Draft(TypeDraft),
}

const CREATE: &str = "create-hit";
const EXPIRE: &str = "expire";
const DELETABLE: &str = "Reviewing, Reviewable";
const ALIVE: &str = "Assignable, Unassignable, Reviewable, Reviewing";

/// A hash of the seven attributes: types with equal ones are the same type.
pub fn type_digest(draft: &TypeDraft) -> [u8; 32] {
    let TypeDraft { title, description, keywords, reward, duration, auto_approval, requirements, masters: _ } = draft;
    let mut hash = Sha256::new();
    for text in [title, description, keywords.as_deref().unwrap_or("\u{0}"), requirements] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    for number in [reward.as_cents(), duration.0, auto_approval.0] {
        hash.update(number.to_be_bytes());
    }
    hash.finalize().into()
}

impl From<TypeDraft> for NewHitType {
    fn from(draft: TypeDraft) -> NewHitType {
        let digest = type_digest(&draft);
        let TypeDraft { title, description, keywords, reward, duration, auto_approval, requirements, masters } = draft;
        NewHitType {
            id: None,
            digest,
            title,
            description,
            keywords,
            reward,
            duration,
            auto_approval,
            requirements,
            masters,
        }
    }
}

impl Service {
    /// The requester's HIT type with these attributes, made if there is none.
    pub async fn create_type(&self, who: RequesterKey, draft: TypeDraft) -> Result<String, ServiceError> {
        let draft = NewHitType::from(draft);
        self.storage.change(move |change| Ok(change.find_or_add_type(who, &draft)?.id)).await
    }

    /// Publishes a HIT and sets aside what it costs. `show` sees it as it was made.
    pub async fn create_hit<T, F>(
        &self,
        who: RequesterKey,
        of: TypeDraft,
        draft: HitDraft,
        show: F,
    ) -> Result<T, ServiceError>
    where
        T: Send + 'static,
        F: FnOnce(&HitView<'_>) -> T + Send + 'static,
    {
        self.create(who, OfType::Draft(of), draft, show).await
    }

    /// The same with a HIT type that exists.
    pub async fn create_hit_of_type<T, F>(
        &self,
        who: RequesterKey,
        of: &str,
        draft: HitDraft,
        show: F,
    ) -> Result<T, ServiceError>
    where
        T: Send + 'static,
        F: FnOnce(&HitView<'_>) -> T + Send + 'static,
    {
        self.create(who, OfType::Known(of.to_owned()), draft, show).await
    }

    async fn create<T, F>(&self, who: RequesterKey, of: OfType, draft: HitDraft, show: F) -> Result<T, ServiceError>
    where
        T: Send + 'static,
        F: FnOnce(&HitView<'_>) -> T + Send + 'static,
    {
        check_question(&draft.question).map_err(|wrong| Refusal::Document(wrong.0))?;
        let fees = std::sync::Arc::clone(&self.fees);
        self.storage
            .change(move |change| {
                if let Some(token) = &draft.token
                    && let Some(hit) = change.token(who, CREATE, token)?
                {
                    return Err(Refusal::HitAlreadyExists { token: token.clone(), hit }.into());
                }
                let hit_type = match of {
                    OfType::Draft(of) => change.find_or_add_type(who, &of.into())?,
                    OfType::Known(id) => change.hit_type(who, &id)?.ok_or(Refusal::NoHitType(id))?,
                };
                let hit = publish(change, who, &hit_type, draft, &fees)?;
                Ok(change.show_hit(hit, show)?)
            })
            .await
    }

    /// Changes when a HIT expires; a time that has passed expires it at once.
    pub async fn update_expiration(&self, who: RequesterKey, hit: &str, expires: Time) -> Result<(), ServiceError> {
        let hit = hit.to_owned();
        self.storage
            .change(move |change| {
                let mut record = own_hit(change, who, &hit)?;
                if expires > change.now() {
                    let token = format!("{hit}{}", java_date(expires));
                    if change.token(who, EXPIRE, &token)?.is_some() {
                        return Err(Refusal::TokenUsed(token).into());
                    }
                    change.use_token(who, EXPIRE, &token, &hit)?;
                    return happen(change, &record, Happening::Extended(expires), ALIVE);
                }
                if !record.state.lapsed {
                    record.state.expires = change.now();
                }
                happen(change, &record, Happening::Lapsed, ALIVE)
            })
            .await
    }

    /// Deletes a HIT that is in review and has nothing undecided.
    pub async fn delete_hit(&self, who: RequesterKey, hit: &str) -> Result<(), ServiceError> {
        let hit = hit.to_owned();
        self.storage
            .change(move |change| {
                let record = own_hit(change, who, &hit)?;
                happen(change, &record, Happening::Deleted, DELETABLE)
            })
            .await
    }
}

/// A HIT of this requester; another's is as unknown as none.
pub(in crate::market) fn own_hit(view: &View<'_>, who: RequesterKey, id: &str) -> Result<HitRecord, ServiceError> {
    match view.hit(id)? {
        Some(hit) if hit.requester == who => Ok(hit),
        _ => Err(Refusal::NoHit(id.to_owned()).into()),
    }
}

/// Lets something happen to a HIT, money and all. `allowed` names the states in which it can.
fn happen(
    change: &mut Change<'_>,
    hit: &HitRecord,
    happening: Happening,
    allowed: &'static str,
) -> Result<(), ServiceError> {
    let (state, moved) = hit.state.after(happening).map_err(|refusal| {
        let current = match refusal {
            HitRefusal::State(current) => current,
            HitRefusal::NoSlot => hit.state.status,
        };
        Refusal::HitState { current, allowed }
    })?;
    change.save_hit(hit.key, &state)?;
    move_money(change, hit.requester, &moved, change.now(), &Posting { hit: Some(hit.key), ..Posting::default() })
}

fn publish(
    change: &mut Change<'_>,
    who: RequesterKey,
    of: &HitType,
    draft: HitDraft,
    fees: &FeeSchedule,
) -> Result<HitKey, ServiceError> {
    let now = change.now();
    let HitDraft { question, annotation, max_assignments, lifetime, token } = draft;
    let fee = fees.of_assignment(of.reward, max_assignments, of.masters);
    let (state, moved) = HitState::created(max_assignments, of.reward, fee, now + lifetime);
    let hit = change.add_hit(who, of.key, &NewHit { id: None, question, annotation, created: now, state })?;
    if let Some(token) = &token {
        change.use_token(who, CREATE, token, &hit.id)?;
    }
    let about = Posting { hit: Some(hit.key), token, ..Posting::default() };
    move_money(change, who, &moved, now, &about)?;
    Ok(hit.key)
}

/// As Java prints a date: the service builds its own token for a changed expiration out of it.
fn java_date(time: Time) -> String {
    match jiff::Timestamp::from_second(time.0) {
        Ok(stamp) => stamp.strftime("%a %b %d %H:%M:%S UTC %Y").to_string(),
        Err(_) => time.0.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_names_dates_as_java_does() {
        assert_eq!(java_date(Time(1_626_294_366)), "Wed Jul 14 20:26:06 UTC 2021");
    }

    #[test]
    fn every_attribute_of_a_type_counts() {
        let draft = TypeDraft {
            title: "a".into(),
            description: "b".into(),
            keywords: None,
            reward: Usd::cents(5),
            duration: Seconds(60),
            auto_approval: Seconds(0),
            requirements: "[]".into(),
            masters: false,
        };
        let changes: [fn(&mut TypeDraft); 7] = [
            |d| d.title = "x".into(),
            |d| d.description = "x".into(),
            |d| d.keywords = Some(String::new()),
            |d| d.reward = Usd::cents(6),
            |d| d.duration = Seconds(61),
            |d| d.auto_approval = Seconds(1),
            |d| d.requirements = "[{}]".into(),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut other = draft.clone();
            change(&mut other);
            assert_ne!(type_digest(&draft), type_digest(&other), "{number}");
        }
        assert_eq!(type_digest(&draft), type_digest(&draft.clone()));
    }
}
