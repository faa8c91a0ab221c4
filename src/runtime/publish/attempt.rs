//! One HIT of a batch: a request with its token, and what became of it.

use crate::domain::batch::RowAnnotation;
use crate::domain::hit::{Hit, PostDraft};
use crate::domain::id::HitId;
use crate::mturk::{Client, Error};
use crate::runtime::engine::{Engine, Step};
use crate::runtime::limiter::{Priority, Verdict};
use crate::store::PostOutcome;

/// A request that is to leave.
pub(super) struct Attempt {
    pub engine: Engine,
    pub client: Client,
    pub draft: PostDraft,
    /// Which row it is for.
    pub of: RowAnnotation,
    /// Whether an earlier request for it may have got through.
    pub doubted: bool,
}

/// What became of it, beside the outcome that is written down.
#[derive(Debug)]
pub(super) struct Went {
    pub outcome: PostOutcome,
    /// What the endpoint said, if that was in the way.
    pub error: Option<Error>,
    /// The HIT that is there.
    pub hit: Option<Box<Hit>>,
}

impl Attempt {
    pub(super) async fn run(self) -> Went {
        match self.send(self.client.post(self.draft.clone()), true).await {
            Ok(hit) => there(hit),
            // The token was used: the HIT is there.
            Err(error) if error.is_taken() || error.is_repeated() => match self.find(&error).await {
                Ok(Some(hit)) => there(hit),
                Ok(None) => refused(error),
                Err(unread) => unsure(unread),
            },
            Err(error @ Error::Refused { .. }) if self.doubted => match self.search().await {
                Ok(Some(hit)) => there(hit),
                Ok(None) => refused(error),
                Err(unread) => unsure(unread),
            },
            Err(error @ Error::Refused { .. }) => refused(error),
            Err(error) if error.is_certain() && !self.doubted => {
                let outcome = PostOutcome::Later { note: Some(error.to_string()) };
                Went { outcome, error: Some(error), hit: None }
            }
            // The answer itself cannot be read, but there was one: the HIT is looked for.
            Err(error @ Error::Malformed { .. }) => match self.search().await {
                Ok(Some(hit)) => there(hit),
                Ok(None) | Err(_) => unsure(error),
            },
            Err(error) => unsure(error),
        }
    }

    /// The HIT that the refusal of a used token names, or the one with our annotation.
    async fn find(&self, error: &Error) -> Result<Option<Hit>, Error> {
        let Error::Refused { message, .. } = error else { return Ok(None) };
        let words = message.split(|c: char| !c.is_ascii_alphanumeric());
        for id in words.filter(|word| word.len() >= 20).filter_map(|word| HitId::parse(word).ok()) {
            match self.send(self.client.get_hit(&id), false).await {
                Ok(hit) if self.is_ours(&hit) => return Ok(Some(hit)),
                Ok(_) => {}
                Err(error) if error.is_missing() => {}
                Err(error) => return Err(error),
            }
        }
        self.search().await
    }

    /// Looks through all HITs.
    async fn search(&self) -> Result<Option<Hit>, Error> {
        let mut next = None;
        loop {
            let page = self.engine.ask(|| self.client.list_hits(next.clone())).await?;
            let empty = page.items.is_empty();
            if let Some(hit) = page.items.into_iter().find(|hit| self.is_ours(hit)) {
                return Ok(Some(hit));
            }
            next = page.next;
            if next.is_none() || empty {
                return Ok(None);
            }
        }
    }

    fn is_ours(&self, hit: &Hit) -> bool {
        hit.annotation.as_deref().and_then(RowAnnotation::read).as_ref() == Some(&self.of)
    }

    /// One request under the limiter.
    async fn send<T>(&self, call: impl Future<Output = Result<T, Error>>, first: bool) -> Result<T, Error> {
        let permit = self.engine.limiter().acquire(Priority::Decision).await;
        if first {
            self.engine.probe(Step::Send);
        }
        let answer = call.await;
        permit.finish(match &answer {
            Err(Error::Throttled { .. }) => Verdict::Throttled,
            Err(Error::NotSent { .. }) => Verdict::Trouble,
            _ => Verdict::Answered,
        });
        if first {
            self.engine.probe(Step::Answered);
        }
        answer
    }
}

fn there(hit: Hit) -> Went {
    Went { outcome: PostOutcome::Published(hit.id.clone()), error: None, hit: Some(Box::new(hit)) }
}

/// For good, unless it was for want of money.
fn refused(error: Error) -> Went {
    let words = error.to_string();
    let outcome = if error.is_poor() {
        PostOutcome::Later { note: Some(words) }
    } else {
        let reason = words.strip_prefix("refused: ").map_or(words.clone(), str::to_owned);
        PostOutcome::Refused { reason }
    };
    Went { outcome, error: Some(error), hit: None }
}

fn unsure(error: Error) -> Went {
    Went { outcome: PostOutcome::Unsure { note: error.to_string() }, error: Some(error), hit: None }
}
