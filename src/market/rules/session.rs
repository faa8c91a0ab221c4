//! How long a worker stays signed in, and what a passcode must be.

/// A day, in milliseconds.
const DAY: i64 = 24 * 3_600 * 1_000;
/// A session ends when nothing came of it for so long.
pub const IDLE: i64 = 12 * 3_600 * 1_000;
/// A session ends so long after it was begun, whatever comes of it.
pub const LONGEST: i64 = 14 * DAY;
/// That a session is used is written down when this much has passed since it was last.
pub const NOTED: i64 = 60 * 1_000;
/// A passcode has at least so many characters.
pub const SHORTEST_PASSCODE: usize = 10;
/// And at most so many.
pub const LONGEST_PASSCODE: usize = 200;

/// Whether a session that was begun and last used then is still one. Times are wall time in milliseconds.
pub const fn is_live(begun: i64, seen: i64, now: i64) -> bool {
    now - begun < LONGEST && now - seen < IDLE
}

/// Why a passcode cannot be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPasscode {
    /// Too few characters.
    #[error(
        "A passcode has at least {SHORTEST_PASSCODE} characters; a few words that only you would put together are a good one."
    )]
    Short,
    /// Too many.
    #[error("A passcode has at most {LONGEST_PASSCODE} characters.")]
    Long,
    /// One that everybody tries first.
    #[error("This passcode is among the first that somebody would try: choose another one.")]
    Common,
    /// Two different ones were given.
    #[error("The two passcodes are not the same.")]
    Different,
}

/// Checks a passcode that a worker chooses for this ID.
pub fn check_passcode(passcode: &str, again: &str, worker: &str) -> Result<(), WeakPasscode> {
    let count = passcode.chars().count();
    let first = passcode.chars().next().unwrap_or_default();
    let low = passcode.to_lowercase();
    if passcode != again {
        Err(WeakPasscode::Different)
    } else if count < SHORTEST_PASSCODE {
        Err(WeakPasscode::Short)
    } else if count > LONGEST_PASSCODE {
        Err(WeakPasscode::Long)
    } else if passcode.chars().all(|c| c == first)
        || low == worker.to_lowercase()
        || "0123456789012345678901234567890".contains(&low)
        || ["passwordpassword", "password123", "password1234", "qwertyuiop", "passcode123", "mechanicalturk"]
            .contains(&low.as_str())
    {
        Err(WeakPasscode::Common)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_when_it_is_idle_and_when_it_is_old() {
        assert!(is_live(0, 0, IDLE - 1));
        assert!(!is_live(0, 0, IDLE));
        assert!(is_live(0, LONGEST - 2, LONGEST - 1), "used all the time");
        assert!(!is_live(0, LONGEST - 1, LONGEST), "however busy");
    }

    #[test]
    fn what_everybody_tries_is_no_passcode() {
        let check = |text: &str| check_passcode(text, text, "A2BCDEFGHIJKLM");
        for weak in ["123", "aaaaaaaaaaaa", "1234567890", "Password123", "a2bcdefghijklm"] {
            assert!(check(weak).is_err(), "{weak}");
        }
        assert_eq!(check(&"ab".repeat(101)), Err(WeakPasscode::Long));
        assert_eq!(check_passcode("a good passcode", "a god passcode", "A2"), Err(WeakPasscode::Different));
        assert_eq!(check("seven green kettles"), Ok(()));
    }
}
