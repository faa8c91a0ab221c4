//! Things to tell the person: the last one in the footer, all of them in `:messages`.

use super::event::Level;
use crate::domain::time::Millis;
use std::collections::VecDeque;

/// How many notices are kept.
const KEPT: usize = 200;

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// When.
    pub at: Millis,
    /// How bad.
    pub level: Level,
    /// The words (may quote untrusted text).
    pub text: String,
    /// How often in a row it was said.
    pub times: u32,
}

/// What a notice on the notice line is about, when it is true only for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    /// Decisions of an earlier run are not sent yet.
    Before,
    /// So many decisions are on their way.
    Sending(usize),
    /// Answers are being read.
    Reading,
    /// The endpoint cannot be read.
    Endpoint,
    /// Decisions wait for the endpoint.
    Waiting,
}

/// The notices of this run of the desk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notices {
    history: VecDeque<Notice>,
    current: bool,
    topic: Option<Topic>,
}

impl Notices {
    /// Says something. The same words again are counted, not repeated.
    pub fn say(&mut self, at: Millis, level: Level, text: impl Into<String>) {
        let text = text.into();
        self.current = true;
        self.topic = None;
        if let Some(last) = self.history.back_mut()
            && last.text == text
        {
            last.at = at;
            last.times += 1;
            return;
        }
        if self.history.len() == KEPT {
            self.history.pop_front();
        }
        self.history.push_back(Notice { at, level, text, times: 1 });
    }

    /// Says something that is true only for a while: who knows that it is over looks at [`Notices::topic`].
    pub(super) fn say_for_now(&mut self, at: Millis, level: Level, topic: Topic, text: impl Into<String>) {
        self.say(at, level, text);
        self.topic = Some(topic);
    }

    /// What the notice line is about, if that is true only for a while.
    pub(super) fn topic(&self) -> Option<Topic> {
        self.topic.filter(|_| self.current)
    }

    /// What the notice line shows: the last notice, until the person goes on.
    pub fn current(&self) -> Option<&Notice> {
        self.history.back().filter(|_| self.current)
    }

    /// All of them, newest first.
    pub fn history(&self) -> impl DoubleEndedIterator<Item = &Notice> + ExactSizeIterator {
        self.history.iter().rev()
    }

    /// Takes the last notice off the notice line; it stays in the history.
    pub fn clear(&mut self) {
        self.current = false;
    }
}
