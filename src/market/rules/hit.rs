//! The life of a HIT: slots, states, and the money set aside for it.
//!
//! Slots always add up: `MaxAssignments = Available + Pending + Completed + undecided`, after expiry too, when the unfilled
//! slots stay counted as available although nobody can take them. Money is set aside for every slot that may still have to
//! be paid; what unfilled slots tie up is released when an expired HIT becomes Reviewable.

use crate::domain::hit::HitStatus;
use crate::domain::money::Usd;
use crate::domain::time::Time;

use super::account::{Kind, Movement};

/// What the rules need to know of a HIT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HitState {
    /// `HITStatus`.
    pub status: HitStatus,
    /// `Expiration`.
    pub expires: Time,
    /// Whether the expiration has been acted on.
    pub lapsed: bool,
    /// `MaxAssignments`.
    pub max: u32,
    /// `NumberOfAssignmentsAvailable`.
    pub available: u32,
    /// `NumberOfAssignmentsPending`: accepted, not yet submitted.
    pub pending: u32,
    /// Submitted, not yet decided.
    pub undecided: u32,
    /// `NumberOfAssignmentsCompleted`: approved or rejected.
    pub completed: u32,
    /// `Reward` of one assignment.
    pub reward: Usd,
    /// The marketplace's fee on one assignment.
    pub fee: Usd,
    /// Whether money is still set aside for the available slots.
    pub funded: bool,
}

/// What happens to a HIT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// A worker takes a slot.
    Accepted,
    /// A worker hands in.
    Submitted,
    /// A worker gives a slot back, or lets its deadline pass.
    GivenBack,
    /// A submission is approved, by a person or by the clock.
    Approved,
    /// A submission is rejected.
    Rejected,
    /// A rejection is reversed: approved and paid after all.
    Overridden,
    /// Its lifetime ends.
    Lapsed,
    /// Its lifetime is changed to end at a later time than now.
    Extended(Time),
    /// The requester deletes it.
    Deleted,
}

/// Why something cannot happen to a HIT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HitRefusal {
    /// It is in the wrong state.
    #[error("the HIT is {}", .0.name())]
    State(HitStatus),
    /// There is nothing of that kind to act on.
    #[error("the HIT has no such assignment")]
    NoSlot,
}

/// The money that moves with a happening, in order. Never more than three movements.
pub type Moved = Vec<Movement>;

impl HitState {
    /// A HIT just created, and the money to set aside for it.
    pub fn created(max: u32, reward: Usd, fee: Usd, expires: Time) -> (HitState, Moved) {
        let hit = HitState {
            status: HitStatus::Assignable,
            expires,
            lapsed: false,
            max,
            available: max,
            pending: 0,
            undecided: 0,
            completed: 0,
            reward,
            fee,
            funded: true,
        };
        let held = hit.held();
        (hit, vec![Movement::new(Kind::Hold, held)])
    }

    /// What one assignment costs.
    pub fn unit(&self) -> Usd {
        self.reward + self.fee
    }

    /// The money set aside for this HIT.
    pub fn held(&self) -> Usd {
        let open = if self.funded { self.available } else { 0 };
        self.unit().times(u64::from(open) + u64::from(self.pending) + u64::from(self.undecided))
    }

    /// The HIT after `happening`, and the money that moves with it.
    pub fn after(mut self, happening: Happening) -> Result<(HitState, Moved), HitRefusal> {
        let mut moved = Moved::new();
        if self.status == HitStatus::Disposed {
            return Err(HitRefusal::State(self.status));
        }
        match happening {
            Happening::Accepted => {
                if self.status != HitStatus::Assignable {
                    return Err(HitRefusal::State(self.status));
                }
                self.available = self.available.checked_sub(1).ok_or(HitRefusal::NoSlot)?;
                self.pending += 1;
            }
            Happening::Submitted => {
                self.pending = self.pending.checked_sub(1).ok_or(HitRefusal::NoSlot)?;
                self.undecided += 1;
            }
            Happening::GivenBack => {
                self.pending = self.pending.checked_sub(1).ok_or(HitRefusal::NoSlot)?;
                self.available += 1;
            }
            Happening::Approved => {
                self.undecided = self.undecided.checked_sub(1).ok_or(HitRefusal::NoSlot)?;
                self.completed += 1;
                self.pay(&mut moved);
            }
            Happening::Rejected => {
                self.undecided = self.undecided.checked_sub(1).ok_or(HitRefusal::NoSlot)?;
                self.completed += 1;
                push(&mut moved, Kind::Release, self.unit());
            }
            Happening::Overridden => {
                if self.completed == 0 {
                    return Err(HitRefusal::NoSlot);
                }
                push(&mut moved, Kind::Hold, self.unit());
                self.pay(&mut moved);
            }
            Happening::Lapsed => self.lapsed = true,
            Happening::Extended(expires) => {
                self.expires = expires;
                self.lapsed = false;
                if !self.funded {
                    self.funded = true;
                    push(&mut moved, Kind::Hold, self.unit().times(u64::from(self.available)));
                }
            }
            Happening::Deleted => {
                let closed = matches!(self.status, HitStatus::Reviewable | HitStatus::Reviewing);
                if !closed || self.undecided > 0 {
                    return Err(HitRefusal::State(self.status));
                }
                self.status = HitStatus::Disposed;
                return Ok((self, moved));
            }
        }
        self.settle(&mut moved);
        Ok((self, moved))
    }

    fn pay(&self, moved: &mut Moved) {
        moved.push(Movement::new(Kind::Reward, self.reward));
        push(moved, Kind::Fee, self.fee);
    }

    /// The state that follows from the counters, and the release of what can no longer be spent.
    fn settle(&mut self, moved: &mut Moved) {
        let open = !self.lapsed && self.available > 0;
        self.status = match self.status {
            _ if open => HitStatus::Assignable,
            _ if self.pending > 0 => HitStatus::Unassignable,
            HitStatus::Reviewing => HitStatus::Reviewing,
            _ => HitStatus::Reviewable,
        };
        let closed = matches!(self.status, HitStatus::Reviewable | HitStatus::Reviewing);
        if closed && self.available > 0 && self.funded {
            self.funded = false;
            push(moved, Kind::Release, self.unit().times(u64::from(self.available)));
        }
    }
}

fn push(moved: &mut Moved, kind: Kind, amount: Usd) {
    if amount > Usd::ZERO {
        moved.push(Movement::new(kind, amount));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(max: u32) -> HitState {
        HitState::created(max, Usd::cents(5), Usd::cents(1), Time(1_000)).0
    }

    fn after(hit: HitState, happenings: &[Happening]) -> HitState {
        happenings.iter().fold(hit, |hit, happening| hit.after(*happening).unwrap().0)
    }

    use Happening::*;

    /// The trace of the developer guide (RetrievingHitStatus), MaxAssignments 5: available, pending, status.
    #[test]
    fn counters_and_states_follow_the_documented_trace() {
        let start = hit(5);
        let steps: [(&[Happening], u32, u32, HitStatus); 6] = [
            (&[], 5, 0, HitStatus::Assignable),
            (&[Accepted; 3], 2, 3, HitStatus::Assignable),
            (&[Accepted, Accepted, Submitted, Submitted], 0, 3, HitStatus::Unassignable),
            (&[GivenBack], 1, 2, HitStatus::Assignable),
            (&[Accepted, Submitted, Submitted, Submitted], 0, 0, HitStatus::Reviewable),
            (&[Approved, Rejected], 0, 0, HitStatus::Reviewable),
        ];
        let mut state = start;
        for (happenings, available, pending, status) in steps {
            state = after(state, happenings);
            assert_eq!((state.available, state.pending, state.status), (available, pending, status), "{happenings:?}");
        }
        assert_eq!((state.completed, state.undecided), (2, 3));
    }

    #[test]
    fn money_is_set_aside_paid_and_released() {
        let (start, moved) = HitState::created(5, Usd::cents(5), Usd::cents(1), Time(1_000));
        assert_eq!(moved, [Movement::new(Kind::Hold, Usd::cents(30))]);
        let submitted = after(start, &[Accepted, Submitted, Accepted, Submitted]);
        let (one, moved) = submitted.after(Approved).unwrap();
        assert_eq!(moved, [Movement::new(Kind::Reward, Usd::cents(5)), Movement::new(Kind::Fee, Usd::cents(1))]);
        let (two, moved) = one.after(Rejected).unwrap();
        assert_eq!(moved, [Movement::new(Kind::Release, Usd::cents(6))]);
        let (over, moved) = two.after(Overridden).unwrap();
        let paid = [
            Movement::new(Kind::Hold, Usd::cents(6)),
            Movement::new(Kind::Reward, Usd::cents(5)),
            Movement::new(Kind::Fee, Usd::cents(1)),
        ];
        assert_eq!(moved, paid);
        let (_, moved) = over.after(Lapsed).unwrap();
        assert_eq!(moved, [Movement::new(Kind::Release, Usd::cents(18))]);
    }

    #[test]
    fn an_expired_hit_waits_for_whoever_still_works_and_releases_the_rest_then() {
        let (hit, moved) = after(hit(3), &[Accepted]).after(Lapsed).unwrap();
        assert_eq!((hit.status, moved.len()), (HitStatus::Unassignable, 0));
        let (hit, moved) = hit.after(GivenBack).unwrap();
        assert_eq!((hit.status, hit.available), (HitStatus::Reviewable, 3));
        assert_eq!(moved, [Movement::new(Kind::Release, Usd::cents(18))]);
        let (hit, moved) = hit.after(Extended(Time(9_000))).unwrap();
        assert_eq!((hit.status, hit.expires), (HitStatus::Assignable, Time(9_000)));
        assert_eq!(moved, [Movement::new(Kind::Hold, Usd::cents(18))]);
    }

    #[test]
    fn expiring_twice_releases_once() {
        let (hit, _) = hit(2).after(Lapsed).unwrap();
        assert_eq!(hit.after(Lapsed).unwrap(), (hit, vec![]));
    }

    #[test]
    fn deleting_needs_a_closed_hit_with_nothing_undecided() {
        assert_eq!(hit(1).after(Deleted), Err(HitRefusal::State(HitStatus::Assignable)));
        let busy = after(hit(1), &[Accepted]);
        assert_eq!(busy.after(Deleted), Err(HitRefusal::State(HitStatus::Unassignable)));
        let waiting = after(busy, &[Submitted]);
        assert_eq!(waiting.after(Deleted), Err(HitRefusal::State(HitStatus::Reviewable)));
        let deleted = after(waiting, &[Approved, Deleted]);
        assert_eq!(deleted.status, HitStatus::Disposed);
        assert_eq!(deleted.held(), Usd::ZERO);
        assert_eq!(deleted.after(Deleted), Err(HitRefusal::State(HitStatus::Disposed)));
    }

    #[test]
    fn nobody_takes_a_slot_that_is_not_open() {
        let full = after(hit(1), &[Accepted]);
        assert_eq!(full.after(Accepted), Err(HitRefusal::State(HitStatus::Unassignable)));
        let expired = after(hit(1), &[Lapsed]);
        assert_eq!(expired.after(Accepted), Err(HitRefusal::State(HitStatus::Reviewable)));
    }
}
