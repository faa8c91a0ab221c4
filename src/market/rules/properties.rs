//! Whatever happens to HITs, their slots add up and the ledger balances at every step.

use proptest::prelude::*;

use super::account::{Account, Kind, Movement};
use super::hit::{Happening, HitState};
use crate::domain::hit::HitStatus;
use crate::domain::money::Usd;
use crate::domain::time::Time;

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        4 => Just(Happening::Accepted),
        4 => Just(Happening::Submitted),
        2 => Just(Happening::GivenBack),
        3 => Just(Happening::Approved),
        2 => Just(Happening::Rejected),
        1 => Just(Happening::Overridden),
        1 => Just(Happening::Lapsed),
        1 => (0i64..10_000).prop_map(|time| Happening::Extended(Time(time))),
        1 => (1u32..12).prop_map(Happening::Added),
        1 => (0i64..50, 0i64..20).prop_map(|(reward, fee)| {
            Happening::Retyped { reward: Usd::cents(reward), fee: Usd::cents(fee) }
        }),
        1 => prop_oneof![Just(Happening::Marked), Just(Happening::Unmarked)],
        1 => Just(Happening::Deleted),
    ]
}

/// Sums of the ledger, by kind.
fn total(ledger: &[Movement], kinds: &[Kind]) -> Usd {
    ledger.iter().filter(|m| kinds.contains(&m.kind)).map(|m| m.amount).sum()
}

proptest! {
    #[test]
    fn slots_add_up_and_the_ledger_balances(
        sizes in prop::collection::vec((1u32..6, 0i64..50, 0i64..20), 1..4),
        script in prop::collection::vec((any::<prop::sample::Index>(), happening()), 0..120),
        deposit in 0i64..3_000,
    ) {
        let deposit = Movement::new(Kind::Deposit, Usd::cents(deposit));
        let mut account = Account::default().after(deposit).unwrap();
        let mut ledger = vec![deposit];
        let mut hits = Vec::new();

        for (max, reward, fee) in sizes {
            let (hit, moved) = HitState::created(max, Usd::cents(reward), Usd::cents(fee), Time(100));
            if let Ok(after) = moved.iter().try_fold(account, |a, m| a.after(*m)) {
                account = after;
                ledger.extend(moved);
                hits.push(hit);
            }
        }
        for (which, happening) in script {
            if hits.is_empty() {
                break;
            }
            let hit = which.get_mut(&mut hits);
            let Ok((next, moved)) = hit.after(happening) else { continue };
            // A happening that the account cannot pay for does not happen.
            let Ok(after) = moved.iter().try_fold(account, |a, m| a.after(*m)) else { continue };
            *hit = next;
            account = after;
            ledger.extend(moved);

            for hit in &hits {
                prop_assert_eq!(hit.max, hit.available + hit.pending + hit.completed + hit.undecided);
                prop_assert!(hit.status != HitStatus::Disposed || hit.held() == Usd::ZERO);
                prop_assert!(hit.status != HitStatus::Assignable || (hit.available > 0 && hit.funded));
                prop_assert!(!hit.is_closed() || hit.pending == 0);
            }
            prop_assert_eq!(account.held, hits.iter().map(HitState::held).sum::<Usd>());
            let available = total(&ledger, &[Kind::Deposit, Kind::Release]) - total(&ledger, &[Kind::Hold, Kind::Withdraw]);
            prop_assert_eq!(account.available, available);
            let paid = [Kind::Release, Kind::Reward, Kind::Bonus, Kind::Fee];
            prop_assert_eq!(account.held, total(&ledger, &[Kind::Hold]) - total(&ledger, &paid));
        }
    }
}
