//! A worker's answer to a rejection. The API has no member for it: the market puts it behind the feedback that it answers, under a
//! line of its own, and the desk takes the two apart.

/// The line between the feedback and the answer.
const MARK: &str = "--- The worker's answer ---";
/// The longest answer, in characters.
pub const LONGEST_ANSWER: usize = 1_000;

/// A feedback with an answer behind it.
pub fn join(feedback: &str, answer: &str) -> String {
    format!("{feedback}\n\n{MARK}\n{answer}")
}

/// A feedback, and the answer that stands behind it. What a requester wrote can hold the line as well; a worker's answer begins at
/// the first one.
pub fn split(feedback: &str) -> (&str, Option<&str>) {
    match feedback.split_once(&format!("\n\n{MARK}\n")) {
        Some((feedback, answer)) => (feedback, Some(answer)),
        None => (feedback, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_answer_stands_behind_the_feedback() {
        let joined = join("Too short.", "I wrote two pages.\n\nSee the second one.");
        assert_eq!(split(&joined), ("Too short.", Some("I wrote two pages.\n\nSee the second one.")));
        assert_eq!(split("Too short."), ("Too short.", None));
        assert_eq!(split(&join("", "Why?")), ("", Some("Why?")));
    }

    proptest! {
        #[test]
        fn what_was_joined_is_taken_apart(feedback in "[a-z\n-]{0,40}", answer in "(?s).{0,80}") {
            let joined = join(&feedback, &answer);
            prop_assert_eq!(split(&joined), (feedback.as_str(), Some(answer.as_str())));
        }
    }
}
