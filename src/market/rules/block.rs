//! Blocks and messages: what a requester may say to and about a worker.

/// The most workers that a requester can block.
pub const MAX_BLOCKS: i64 = 100_000;
/// The longest `Subject` of a message, in characters.
pub const MAX_SUBJECT: usize = 200;
/// The longest `MessageText`, in characters.
pub const MAX_MESSAGE: usize = 4_096;
/// The most workers that one call notifies.
pub const MAX_NOTIFIED: usize = 100;

/// Why a worker was not notified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNotified {
    /// Nobody of that ID works here.
    Unknown,
    /// The requester has never approved or rejected work of theirs.
    Stranger,
}

impl NotNotified {
    /// `NotifyWorkersFailureMessage`. All failures are for good: `HardFailure`.
    pub const fn message(self) -> &'static str {
        match self {
            NotNotified::Unknown => "The value is not valid for the parameter WorkerId: there is no such worker",
            NotNotified::Stranger => "Cannot send a notification to a worker who has not done any work for you",
        }
    }
}

/// Whether a worker can be notified: `known` and `decided` say whether they are known here and whether work of theirs was
/// approved or rejected by this requester.
pub const fn may_notify(known: bool, decided: bool) -> Result<(), NotNotified> {
    match (known, decided) {
        (false, _) => Err(NotNotified::Unknown),
        (true, false) => Err(NotNotified::Stranger),
        (true, true) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_workers_whose_work_was_decided_are_notified() {
        let table = [
            (false, false, Err(NotNotified::Unknown)),
            (true, false, Err(NotNotified::Stranger)),
            (true, true, Ok(())),
        ];
        for (known, decided, expected) in table {
            assert_eq!(may_notify(known, decided), expected, "{known} {decided}");
        }
        assert_eq!(
            NotNotified::Stranger.message(),
            "Cannot send a notification to a worker who has not done any work for you"
        );
    }
}
