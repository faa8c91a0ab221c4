//! The person's rules, read once: what each finds, and what it does with it.

use super::decide::Act;
use super::options::{Rule, RuleAction};
use crate::domain::policy::{self, Refusal};
use crate::domain::query::{Query, parse};

/// A rule and its query, or why it cannot be run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ReadRule {
    pub(super) rule: Rule,
    pub(super) query: Result<Query, String>,
}

impl ReadRule {
    pub(super) fn new(rule: &Rule) -> Self {
        ReadRule { query: read(rule), rule: rule.clone() }
    }

    /// What the rule decides; nothing when it only marks.
    pub(super) fn act(&self) -> Option<Act> {
        let feedback = self.rule.feedback.clone();
        match self.rule.action {
            RuleAction::Flag => None,
            RuleAction::Approve => Some(Act::Approve { feedback }),
            RuleAction::Reject => Some(Act::Reject { reason: feedback.unwrap_or_default() }),
        }
    }

    /// What the rule does, for people.
    pub(super) const fn does(&self) -> &'static str {
        match self.rule.action {
            RuleAction::Flag => "marks",
            RuleAction::Approve => "stages approvals",
            RuleAction::Reject => "stages rejections",
        }
    }
}

fn read(rule: &Rule) -> Result<Query, String> {
    let query = parse(&rule.query).map_err(|error| error.to_string())?;
    if rule.action == RuleAction::Reject {
        let reason = rule.feedback.as_deref().ok_or(Refusal::ReasonMissing);
        reason.and_then(policy::check_reason).and(policy::may_reject_by(&query)).map_err(|why| why.to_string())?;
    }
    Ok(query)
}
