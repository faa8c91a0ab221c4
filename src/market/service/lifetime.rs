//! What a requester does with a HIT that is published: its lifetime, its slots, its type, its mark, its end.

use super::account::room_for_hit;
use super::publish::own_hit;
use super::transition::{after_closing, happen};
use super::{Service, check_usable};
use crate::domain::time::Time;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::hit::{Happening, HitRefusal};
use crate::market::storage::{Change, HitRecord, Posting, RequesterKey};

const EXPIRE: &str = "expire";
const ADD: &str = "add-assignments";
const DELETABLE: &str = "Reviewing, Reviewable";
const ALIVE: &str = "Assignable, Unassignable, Reviewable, Reviewing";
/// HITs from before this moment, 2015-07-22 (when fees changed), get no more assignments.
const EXTENSIBLE_SINCE: Time = Time(1_437_523_200);

impl Service {
    /// Changes when a HIT expires; a time that has passed expires it at once.
    pub async fn update_expiration(&self, who: RequesterKey, hit: &str, expires: Time) -> Result<(), ServiceError> {
        let hit = hit.to_owned();
        self.storage
            .change(move |change| {
                let mut record = own_hit(change, who, &hit)?;
                let now = change.now();
                if expires > now {
                    let token = format!("{hit}{}", java_date(expires));
                    if change.token(who, EXPIRE, &token)?.is_some() {
                        return Err(Refusal::TokenUsed(token).into());
                    }
                    change.use_token(who, EXPIRE, &token, &hit)?;
                    if record.state.is_closed() {
                        room_for_hit(change, who)?;
                    }
                    return step(change, &record, Happening::Extended(expires), ALIVE);
                }
                if !record.state.lapsed {
                    record.state.expires = now;
                }
                step(change, &record, Happening::Lapsed, ALIVE)?;
                after_closing(change, &record, now)
            })
            .await
    }

    /// Adds slots to a HIT and sets aside what they cost. `request` is the ID of this request, told to whoever repeats it.
    pub async fn add_assignments(
        &self,
        who: RequesterKey,
        hit: &str,
        more: u32,
        token: Option<String>,
        request: String,
    ) -> Result<(), ServiceError> {
        let hit = hit.to_owned();
        self.storage
            .change(move |change| {
                if let Some(token) = &token {
                    if let Some(request) = change.token(who, ADD, token)? {
                        return Err(Refusal::RequestRepeated { token: token.clone(), request }.into());
                    }
                    change.use_token(who, ADD, token, &request)?;
                }
                let record = own_hit(change, who, &hit)?;
                if change.created(record.key)? < EXTENSIBLE_SINCE {
                    return Err(Refusal::HitTooOld.into());
                }
                if record.state.is_closed() {
                    room_for_hit(change, who)?;
                }
                let (at, about) = (change.now(), Posting { hit: Some(record.key), token, ..Posting::default() });
                happen(change, &record, &[Happening::Added(more)], at, &about, |why| refusal(&record, why, ALIVE))
            })
            .await
    }

    /// Makes a HIT one of another type, as long as nobody has accepted it.
    pub async fn update_type(&self, who: RequesterKey, hit: &str, of: &str) -> Result<(), ServiceError> {
        let (hit, of) = (hit.to_owned(), of.to_owned());
        let fees = std::sync::Arc::clone(&self.fees);
        self.storage
            .change(move |change| {
                let record = own_hit(change, who, &hit)?;
                let of = change.hit_type(who, &of)?.ok_or(Refusal::NoHitType(of))?;
                check_usable(change, who, &of)?;
                let fee = fees.of_assignment(of.reward, record.state.max, of.masters);
                step(change, &record, Happening::Retyped { reward: of.reward, fee }, ALIVE)?;
                Ok(change.set_type(record.key, of.key)?)
            })
            .await
    }

    /// Marks a HIT as being reviewed, or with `revert` takes the mark back.
    pub async fn update_review_status(&self, who: RequesterKey, hit: &str, revert: bool) -> Result<(), ServiceError> {
        let hit = hit.to_owned();
        let (happening, allowed) =
            if revert { (Happening::Unmarked, "Reviewing") } else { (Happening::Marked, "Reviewable") };
        self.storage
            .change(move |change| {
                let record = own_hit(change, who, &hit)?;
                step(change, &record, happening, allowed)
            })
            .await
    }

    /// Deletes a HIT that is in review and has nothing undecided.
    pub async fn delete_hit(&self, who: RequesterKey, hit: &str) -> Result<(), ServiceError> {
        let hit = hit.to_owned();
        self.storage
            .change(move |change| {
                let record = own_hit(change, who, &hit)?;
                step(change, &record, Happening::Deleted, DELETABLE)
            })
            .await
    }
}

/// Lets something happen to a HIT, money and all. `allowed` names the states in which it can.
fn step(
    change: &mut Change<'_>,
    hit: &HitRecord,
    happening: Happening,
    allowed: &'static str,
) -> Result<(), ServiceError> {
    let (at, about) = (change.now(), Posting { hit: Some(hit.key), ..Posting::default() });
    happen(change, hit, &[happening], at, &about, |why| refusal(hit, why, allowed))
}

fn refusal(hit: &HitRecord, why: HitRefusal, allowed: &'static str) -> Refusal {
    match why {
        HitRefusal::State(current) => Refusal::HitState { current, allowed },
        HitRefusal::NoSlot => Refusal::HitState { current: hit.state.status, allowed },
        HitRefusal::Border => Refusal::Increase,
        HitRefusal::HasWork => Refusal::HitHasWork(hit.id.clone()),
        HitRefusal::TooMany => Refusal::Parameters(format!("HIT {}: {why}.", hit.id)),
    }
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
}
