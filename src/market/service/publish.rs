//! Publishing: HIT types and HITs.

use sha2::{Digest, Sha256};

use super::account::room_for_hit;
use super::notify::announce_created;
use super::{Service, check_requirements, check_usable, move_money};
use crate::domain::fees::FeeSchedule;
use crate::domain::money::Usd;
use crate::domain::time::Seconds;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::hit::HitState;
use crate::market::rules::question::check_question;
use crate::market::storage::{
    Change, HitKey, HitRecord, HitType, HitView, NewHit, NewHitType, Policies, Posting, RequesterKey, View,
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
    /// What the worker sees.
    pub content: Content,
    /// `RequesterAnnotation`.
    pub annotation: Option<String>,
    /// `AssignmentReviewPolicy` and `HITReviewPolicy`.
    pub policies: Policies,
    /// `MaxAssignments`.
    pub max_assignments: u32,
    /// `LifetimeInSeconds`.
    pub lifetime: Seconds,
    /// `UniqueRequestToken`.
    pub token: Option<String>,
}

/// Where the question of a HIT comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// `Question`.
    Question(String),
    /// `HITLayoutId` and `HITLayoutParameters`.
    Layout {
        /// The layout.
        id: String,
        /// Names and values.
        parameters: Vec<(String, String)>,
    },
}

/// The type of a HIT to be made.
enum OfType {
    Known(String),
    Draft(TypeDraft),
}

const CREATE: &str = "create-hit";

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
            group: None,
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
        self.storage
            .change(move |change| {
                check_requirements(change, who, &draft.requirements)?;
                Ok(change.find_or_add_type(who, &draft)?.id)
            })
            .await
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

    /// The question that workers will see, checked, and the layout that it was made with.
    async fn question(&self, who: RequesterKey, of: &Content) -> Result<(String, Option<String>), ServiceError> {
        let (question, layout) = match of {
            Content::Question(question) => (question.clone(), None),
            Content::Layout { id, parameters } => {
                let question = self.question_of_layout(who, id, parameters).await?;
                (question, Some(id.clone()))
            }
        };
        check_question(&question).map_err(|wrong| Refusal::Document(wrong.0))?;
        Ok((question, layout))
    }

    async fn create<T, F>(&self, who: RequesterKey, of: OfType, draft: HitDraft, show: F) -> Result<T, ServiceError>
    where
        T: Send + 'static,
        F: FnOnce(&HitView<'_>) -> T + Send + 'static,
    {
        let (question, layout) = self.question(who, &draft.content).await?;
        let fees = std::sync::Arc::clone(&self.fees);
        self.storage
            .change(move |change| {
                if let Some(token) = &draft.token
                    && let Some(hit) = change.token(who, CREATE, token)?
                {
                    return Err(Refusal::HitAlreadyExists { token: token.clone(), hit }.into());
                }
                let hit_type = match of {
                    OfType::Draft(of) => {
                        check_requirements(change, who, &of.requirements)?;
                        change.find_or_add_type(who, &of.into())?
                    }
                    OfType::Known(id) => {
                        let known = change.hit_type(who, &id)?.ok_or(Refusal::NoHitType(id))?;
                        check_usable(change, who, &known)?;
                        known
                    }
                };
                let hit = publish(change, who, &hit_type, (question, layout), draft, &fees)?;
                Ok(change.show_hit(hit, show)?)
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

fn publish(
    change: &mut Change<'_>,
    who: RequesterKey,
    of: &HitType,
    (question, layout): (String, Option<String>),
    draft: HitDraft,
    fees: &FeeSchedule,
) -> Result<HitKey, ServiceError> {
    room_for_hit(change, who)?;
    let now = change.now();
    let HitDraft { content: _, annotation, policies, max_assignments, lifetime, token } = draft;
    let fee = fees.of_assignment(of.reward, max_assignments, of.masters);
    let (state, moved) = HitState::created(max_assignments, of.reward, fee, now + lifetime);
    let new = NewHit { id: None, question, annotation, layout, policies, created: now, state };
    let hit = change.add_hit(who, of.key, &new)?;
    if let Some(token) = &token {
        change.use_token(who, CREATE, token, &hit.id)?;
    }
    let about = Posting { hit: Some(hit.key), token, ..Posting::default() };
    move_money(change, who, &moved, now, &about)?;
    announce_created(change, &hit)?;
    Ok(hit.key)
}

#[cfg(test)]
mod tests {
    use super::*;

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
