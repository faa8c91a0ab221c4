//! HITs published anew: a HIT that does not get its answers any more is made up for by a new one of the same row, with the
//! same question, of the same type. It is written down before it leaves, with a token of its own, as every HIT of a batch.

use super::drive::{Drive, Until};
use super::{Progress, PublishError, Published};
use crate::domain::batch::{BatchName, PolicySpec, RowAnnotation, StoredBatch};
use crate::domain::hit::PostDraft;
use crate::domain::id::HitTypeId;
use crate::domain::time::Seconds;
use crate::domain::top_up::AnewWanted;
use crate::exchange::batch::read_spec;
use crate::question::template::Template;
use crate::runtime::engine::Engine;
use crate::store::{AnewPost, Reader, StoreError};

/// What is to be published anew.
#[derive(Debug, Clone)]
pub struct AnewOrder {
    /// The HITs that are made up for, and by how much.
    pub hits: Vec<AnewWanted>,
    /// How long workers can accept the new ones.
    pub lifetime: Seconds,
    /// How long it goes on.
    pub until: Until,
}

/// The HITs of one batch that are to be made.
struct Group {
    stored: StoredBatch,
    hit_type: HitTypeId,
    posts: Vec<(AnewPost, PostDraft)>,
}

impl Engine {
    /// Publishes HITs in place of others, and what an earlier run of this left. `tell` hears how far it is.
    pub async fn publish_anew(
        &self,
        order: AnewOrder,
        tell: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Published, PublishError> {
        self.may_write()?;
        let store = self.store().clone();
        let Some(_lock) = store.try_publish_lock()? else { return Err(PublishError::Busy) };
        let at = self.clock().now().wall;
        let posts = store.plan_anew(order.hits, at).await?;
        let all = posts.len();
        let groups = store.reading(move |reader| groups(reader, posts, order.lifetime)).await?;
        let mut sum = Published::default();
        let mut before = 0;
        for Group { stored, hit_type, posts } in groups {
            let (name, count) = (stored.name.clone(), posts.len());
            store.note_batch(&name, "planned", format!("HITs to be made anew: {count}"), at).await?;
            let mut drive = Drive::ready(self.clone(), stored, hit_type, posts, order.until.clone());
            drive.settle_old().await?;
            let published = drive.run(&|progress| tell(Progress { done: before + progress.done, all })).await?;
            before += count;
            store.note_batch(&name, "published", published.words(), self.clock().now().wall).await?;
            sum.made += published.made;
            sum.left += published.left;
            sum.unsure += published.unsure;
            sum.refused.extend(published.refused);
            sum.trouble = published.trouble.or(sum.trouble);
            sum.group = published.group.or(sum.group);
            sum.hit_type = published.hit_type.or(sum.hit_type);
        }
        Ok(sum)
    }
}

/// The requests, by batch.
fn groups(reader: &Reader, posts: Vec<AnewPost>, lifetime: Seconds) -> Result<Vec<Group>, StoreError> {
    let mut groups: Vec<Group> = Vec::new();
    for post in posts {
        let gone = || StoreError::Damaged(format!("HIT {} is not in the mirror: sync brings it", post.of));
        let row = reader.hit_row(&post.of)?.ok_or_else(gone)?;
        let at = match groups.iter().position(|group| group.stored.name == post.batch) {
            Some(at) => at,
            None => {
                let stored = reader.batch(&post.batch)?.ok_or_else(gone)?;
                groups.push(Group { stored, hit_type: row.type_id.clone(), posts: Vec::new() });
                groups.len() - 1
            }
        };
        let old = reader.stored_hit(row.key)?.ok_or_else(gone)?;
        let (assignment_policy, hit_policy) = policies(&groups[at].stored, &post)?;
        let own = old.annotation.as_deref().and_then(|annotation| annotation.split_once(';')).map(|(_, own)| own);
        let of = RowAnnotation { batch: post.batch.clone(), key: post.key, part: post.post.id.part };
        let draft = PostDraft {
            hit_type: row.type_id,
            max_assignments: post.post.assignments,
            lifetime,
            question: old.question,
            annotation: of.with(own),
            assignment_policy,
            hit_policy,
            token: post.key.token(post.post.id.part),
        };
        groups[at].posts.push((post, draft));
    }
    Ok(groups)
}

/// The review policies of a row's HITs: no reading of the service tells of them, the batch file does.
fn policies(stored: &StoredBatch, post: &AnewPost) -> Result<(Option<PolicySpec>, Option<PolicySpec>), StoreError> {
    let damaged = |name: &BatchName, words: String| StoreError::Damaged(format!("batch {name}: {words}"));
    let spec = read_spec("its file", &stored.spec).map_err(|faults| damaged(&stored.name, faults.to_string()))?;
    let fill = |policy: Option<PolicySpec>| {
        let fill = |text: &str| Template::of(text).fill(|name| post.cells.get(name).map(String::as_str));
        policy.map(|policy| policy.map(fill)).transpose().map_err(|missing| damaged(&stored.name, missing.to_string()))
    };
    Ok((fill(spec.assignment_policy)?, fill(spec.hit_policy)?))
}
