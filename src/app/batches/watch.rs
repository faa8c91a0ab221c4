//! Whether the open batch file is still as it was read: looked at while it is shown, so that its check is true.

use super::Checked;
use crate::app::layout::Screen;
use crate::app::state::State;
use crate::domain::time::Millis;

/// Between two looks at the files on the disk, in milliseconds.
const LOOK: i64 = 2_000;

/// Whether the files on the disk are still those that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::app) struct Watch {
    /// When they were last asked to be read.
    pub(in crate::app) read: Millis,
    /// When they were last looked at.
    pub(in crate::app) looked: Millis,
    /// Whether an answer is awaited.
    pub(in crate::app) waiting: bool,
    /// What told them apart then; none before the first look.
    pub(in crate::app) seen: Option<u64>,
}

impl State {
    /// When it is time to see whether the open batch file has changed: only while it is shown and nothing lies over it.
    pub(in crate::app) fn next_look(&self) -> Option<Millis> {
        let batches = &self.batches;
        let shown = self.screen == Screen::Batches && batches.tab.is_of_file() && self.layout().batch_page.is_some();
        let free = self.overlay.is_none() && batches.running.is_none();
        let file = batches.file.as_ref().filter(|file| shown && free && file.asking.is_none())?;
        let resting = file.checked != Checked::Waiting && !file.watch.waiting;
        resting.then(|| file.watch.looked.plus(LOOK))
    }
}
