//! The `[review]`, `[refresh]` and `[ui]` tables: how decisions are made, how often the endpoint is read, and how the
//! desk looks.

use super::value::{Share, Span, Sum};
use crate::domain::money::Usd;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use toml::Spanned;

/// How decisions are made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Review {
    /// How long a decision can be undone before it is sent.
    pub grace: Span,
    /// Where the cursor goes after a decision.
    pub after_decision: AfterDecision,
    /// Decisions over this many, or over this much money, are confirmed first.
    pub confirm_over: ConfirmOver,
    /// More rejections than both of these, of a batch's or of one worker's decided work, need a typed confirmation.
    pub reject_brake: RejectBrake,
    /// More decisions than this within so short a time stop and ask: a paste, a cat, a stuck key.
    pub burst: Burst,
    /// A single bonus above this is refused.
    pub bonus_limit: Sum,
}

impl Default for Review {
    fn default() -> Self {
        Review {
            grace: Span::millis(5_000),
            after_decision: AfterDecision::default(),
            confirm_over: ConfirmOver::default(),
            reject_brake: RejectBrake::default(),
            burst: Burst::default(),
            bonus_limit: Sum(Usd::cents(10_000)),
        }
    }
}

/// Where the cursor goes after a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AfterDecision {
    /// To the next undecided assignment.
    #[default]
    NextUndecided,
    /// One row down.
    Next,
    /// Nowhere.
    Stay,
}

/// From where on the desk asks before it pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConfirmOver {
    /// More decisions than this are confirmed.
    pub count: u32,
    /// More money than this is confirmed.
    pub sum: Sum,
}

impl Default for ConfirmOver {
    fn default() -> Self {
        ConfirmOver { count: 25, sum: Sum(Usd::cents(1_000)) }
    }
}

/// From where on rejections need a typed confirmation: more than both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RejectBrake {
    /// More than this share of the decided work of a batch or a worker.
    pub share: Share,
    /// More than this many.
    pub count: u32,
}

impl Default for RejectBrake {
    fn default() -> Self {
        RejectBrake { share: Share { basis_points: 2_000 }, count: 10 }
    }
}

/// How many decisions in how short a time are taken for an accident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Burst {
    /// More than this many stop and ask; 0 turns the brake off.
    pub count: u32,
    /// Within this time.
    pub within: Span,
}

impl Default for Burst {
    fn default() -> Self {
        Burst { count: 5, within: Span::millis(300) }
    }
}

/// How often an open desk reads the endpoint again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Refresh {
    /// The pause between two reads while something changes.
    #[schemars(with = "Span")]
    pub every: Spanned<Span>,
    /// While nothing changes the pause doubles, up to this.
    #[schemars(with = "Span")]
    pub at_most: Spanned<Span>,
}

impl Default for Refresh {
    fn default() -> Self {
        let span = |millis| Spanned::new(0..0, Span::millis(millis));
        Refresh { every: span(10_000), at_most: span(60_000) }
    }
}

impl Refresh {
    /// Which of the two cannot be meant: where, and why.
    pub(super) fn check(&self) -> Result<(), (usize, String)> {
        let (every, at_most) = (self.every.as_ref(), self.at_most.as_ref());
        if every.millis < 1_000 {
            return Err((self.every.span().start, format!("{every} is too often: expected 1s or more")));
        }
        if at_most < every {
            let place = if self.at_most.span().is_empty() { self.every.span() } else { self.at_most.span() };
            let message = format!("`at_most` ({at_most}) is shorter than `every` ({every})");
            return Err((place.start, message));
        }
        Ok(())
    }
}

/// How the desk looks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ui {
    /// The colours.
    pub theme: Theme,
    /// Single styles of the theme that shall look otherwise, by name.
    #[schemars(with = "BTreeMap<String, String>")]
    pub style: BTreeMap<String, Spanned<String>>,
    /// Whether the mouse is taken from the terminal at the start (`:mouse` switches it).
    pub mouse: bool,
    /// How long an Esc may be the beginning of another key; 50ms, or 100ms over SSH, where this does not say it.
    #[schemars(with = "Option<Span>")]
    pub escape_delay: Option<Spanned<Span>>,
}

impl Ui {
    /// A delay that cannot be meant: where, and why.
    pub(super) fn check(&self) -> Result<(), (usize, String)> {
        match &self.escape_delay {
            // With less, the bytes of an arrow key that come apart would be keys of their own.
            Some(delay) if !(10..=2_000).contains(&delay.as_ref().millis) => {
                Err((delay.span().start, format!("{} is no delay for Esc: expected 10ms to 2s", delay.as_ref())))
            }
            _ => Ok(()),
        }
    }
}

/// A built-in theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// `dark`, or `mono` where colour is not wanted (`NO_COLOR`, `--color never`).
    #[default]
    Auto,
    /// For dark backgrounds.
    Dark,
    /// For light backgrounds.
    Light,
    /// No colour.
    Mono,
    /// Plain ASCII without frames: for screen readers and poor terminals.
    Ascii,
}
