//! MTurk's XML documents, both directions. Pure.

pub mod answer;
pub mod entity;

mod html;
pub mod item;
mod xml;
