//! MTurk's XML documents, both directions. Pure.

pub mod answer;
pub mod entity;
pub mod form;

mod html;
pub mod item;
pub mod write;
mod xml;
