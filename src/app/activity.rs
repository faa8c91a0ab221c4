//! The Activity screen: decisions by stage, and the audit trail.

use super::event::{AuditRow, RequestId};
use super::outbox::Stage;
use crate::domain::decision::DecisionId;

/// The tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ActivityTab {
    /// Waiting for their time.
    #[default]
    Staged,
    /// On their way.
    Sending,
    /// Refused for good, with the reason.
    Failed,
    /// Sent without an answer, being verified.
    Unknown,
    /// Done.
    Sent,
    /// Everything that ever happened.
    Audit,
}

impl ActivityTab {
    /// All, in order.
    pub const ALL: [ActivityTab; 6] = [
        ActivityTab::Staged,
        ActivityTab::Sending,
        ActivityTab::Failed,
        ActivityTab::Unknown,
        ActivityTab::Sent,
        ActivityTab::Audit,
    ];

    /// The word on the tab.
    pub const fn title(self) -> &'static str {
        match self.stage() {
            Some(stage) => stage.title(),
            None => "audit trail",
        }
    }

    /// The stage it shows; none for the audit trail.
    pub const fn stage(self) -> Option<Stage> {
        match self {
            ActivityTab::Staged => Some(Stage::Staged),
            ActivityTab::Sending => Some(Stage::Sending),
            ActivityTab::Failed => Some(Stage::Failed),
            ActivityTab::Unknown => Some(Stage::Unknown),
            ActivityTab::Sent => Some(Stage::Sent),
            ActivityTab::Audit => None,
        }
    }
}

/// The Activity screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Activity {
    /// The tab that is shown.
    pub tab: ActivityTab,
    /// The line of the cursor in the tab's list.
    pub cursor: usize,
    /// The first visible line.
    pub offset: usize,
    /// The audit trail as far as it was read, newest first; none before it was asked for.
    pub audit: Option<Vec<AuditRow>>,
    pub(super) waiting: Option<RequestId>,
    /// Something has happened since the trail was last asked for.
    pub(super) outdated: bool,
    /// The decision under the cursor.
    pub(super) on: Option<DecisionId>,
}
