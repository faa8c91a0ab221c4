//! Who works: identifiers, characters and their pace.

use crate::domain::id::WorkerId;
use crate::domain::time::Seconds;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// How somebody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Character {
    /// Reads, thinks, is right nine times of ten.
    Careful,
    /// Skims, is often right, writes little.
    Hasty,
    /// Pastes what is at hand into every text field.
    CopyPaster,
    /// Takes the first option and types anything.
    Spammer,
    /// Accepts and never hands in.
    Silent,
}

/// Of twelve workers so many are so; the order is that of a crew, so that a small crew is mixed too.
const MIX: [Character; 12] = [
    Character::Careful,
    Character::Hasty,
    Character::Careful,
    Character::Spammer,
    Character::Careful,
    Character::CopyPaster,
    Character::Hasty,
    Character::Careful,
    Character::Silent,
    Character::Careful,
    Character::Hasty,
    Character::Careful,
];

/// One simulated worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Their identifier.
    pub id: WorkerId,
    /// How they work.
    pub character: Character,
}

/// The first `count` workers of a seed; a longer crew begins with the shorter one.
pub fn crew(seed: u64, count: u32) -> Vec<Member> {
    (0..count)
        .filter_map(|number| {
            let id = WorkerId::parse(&format!("A{}", letters(&mut stream(seed, u64::from(number)), 13))).ok()?;
            Some(Member { id, character: MIX[number as usize % MIX.len()] })
        })
        .collect()
}

/// A source of chance of its own for each purpose, so that one never shifts another.
pub fn stream(seed: u64, purpose: u64) -> StdRng {
    StdRng::seed_from_u64(seed ^ purpose.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// Letters and digits as identifiers have them.
pub fn letters(rng: &mut StdRng, count: usize) -> String {
    const ALPHABET: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    (0..count).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())])).collect()
}

impl Character {
    /// How long they work on a task that takes a careful worker about `usual` seconds.
    pub fn work_time(self, usual: i64, rng: &mut StdRng) -> Seconds {
        let share = match self {
            Character::Careful => rng.random_range(60..180),
            Character::Hasty => rng.random_range(15..45),
            Character::CopyPaster => rng.random_range(15..60),
            Character::Spammer => rng.random_range(5..14),
            Character::Silent => rng.random_range(50..200),
        };
        Seconds((usual * share / 100).max(3))
    }

    /// How long until they look for the next task; now and then somebody takes a break.
    pub fn pause(self, rng: &mut StdRng) -> Seconds {
        let break_chance = match self {
            Character::Careful | Character::CopyPaster => 0.15,
            Character::Hasty => 0.08,
            Character::Spammer => 0.03,
            Character::Silent => 0.9,
        };
        if rng.random_bool(break_chance) {
            return Seconds(rng.random_range(240..1_200));
        }
        match self {
            Character::Spammer => Seconds(rng.random_range(15..60)),
            _ => Seconds(rng.random_range(5..40)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crew_follows_from_its_seed() {
        let crew_of_seven = crew(7, 30);
        assert_eq!(crew_of_seven, crew(7, 30));
        assert_eq!(crew_of_seven[..5], crew(7, 5));
        assert_ne!(crew_of_seven[0].id, crew(8, 1)[0].id);
        let distinct: std::collections::HashSet<_> = crew_of_seven.iter().map(|member| &member.id).collect();
        assert_eq!(distinct.len(), 30);
    }

    #[test]
    fn characters_differ_in_pace() {
        let mean = |character: Character| {
            let mut rng = stream(1, 1);
            (0..200).map(|_| character.work_time(60, &mut rng).0).sum::<i64>() / 200
        };
        assert!(mean(Character::Spammer) < mean(Character::Hasty));
        assert!(mean(Character::Hasty) < mean(Character::Careful));
    }
}
