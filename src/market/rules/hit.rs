//! The life of a HIT: slots, states, and the money set aside for it.
//!
//! Slots always add up: `MaxAssignments = Available + Pending + Completed + undecided`, after expiry too, when the unfilled
//! slots stay counted as available although nobody can take them. Money is set aside for every slot that may still have to
//! be paid; what unfilled slots tie up is released when an expired HIT becomes Reviewable.

#[cfg(test)]
mod tests;

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

/// The most slots that a HIT can have.
pub const MOST_ASSIGNMENTS: u32 = 1_000_000_000;
/// A HIT made with fewer slots costs less for each, and never gets as many as this.
const BORDER: u32 = 10;

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
    /// It gets more slots.
    Added(u32),
    /// It becomes one of another type.
    Retyped {
        /// The new type's reward.
        reward: Usd,
        /// The marketplace's fee on one assignment.
        fee: Usd,
    },
    /// The requester marks it as being reviewed.
    Marked,
    /// The requester takes that mark back.
    Unmarked,
    /// The requester deletes it, or it is disposed of by itself.
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
    /// A HIT made with fewer than ten slots cannot have ten.
    #[error("a HIT created with fewer than 10 assignments cannot have 10 or more")]
    Border,
    /// There can be no more slots than that.
    #[error("a HIT has at most {MOST_ASSIGNMENTS} assignments")]
    TooMany,
    /// Somebody has accepted or done some of it.
    #[error("the HIT has accepted or submitted assignments")]
    HasWork,
}

/// The money that moves with a happening, in order.
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

    /// The HIT after several happenings, all or none, and the money that moves with them.
    pub fn after_all(self, happenings: &[Happening]) -> Result<(HitState, Moved), HitRefusal> {
        let mut all = Moved::new();
        let mut state = self;
        for happening in happenings {
            let (next, moved) = state.after(*happening)?;
            state = next;
            all.extend(moved);
        }
        Ok((state, all))
    }

    /// Whether it is over for workers: in one of the two states of review.
    pub fn is_closed(&self) -> bool {
        matches!(self.status, HitStatus::Reviewable | HitStatus::Reviewing)
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
            Happening::Added(more) => {
                let max = self.max.checked_add(more).filter(|max| *max <= MOST_ASSIGNMENTS);
                let max = max.ok_or(HitRefusal::TooMany)?;
                if self.max < BORDER && max >= BORDER {
                    return Err(HitRefusal::Border);
                }
                self.max = max;
                self.available += more;
                // Nobody can take a slot of a HIT that is over: it is paid for when the HIT is opened again.
                if self.lapsed && self.pending == 0 {
                    self.funded = false;
                } else {
                    push(&mut moved, Kind::Hold, self.unit().times(u64::from(more)));
                }
            }
            Happening::Retyped { reward, fee } => {
                if self.available < self.max {
                    return Err(HitRefusal::HasWork);
                }
                push(&mut moved, Kind::Release, self.held());
                (self.reward, self.fee) = (reward, fee);
                push(&mut moved, Kind::Hold, self.held());
            }
            Happening::Marked | Happening::Unmarked => {
                let (from, to) = match happening {
                    Happening::Marked => (HitStatus::Reviewable, HitStatus::Reviewing),
                    _ => (HitStatus::Reviewing, HitStatus::Reviewable),
                };
                if self.status != from {
                    return Err(HitRefusal::State(self.status));
                }
                self.status = to;
                return Ok((self, moved));
            }
            Happening::Deleted => {
                if !self.is_closed() || self.undecided > 0 {
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
        if self.is_closed() && self.available > 0 && self.funded {
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
