//! MTurk's XML documents, both directions. Pure.

pub mod answer;
pub mod item;
