//! The `[review]` and `[ui]` tables: how decisions are made, and how the desk looks.

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
