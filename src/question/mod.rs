//! MTurk's XML documents, both directions. Pure.

pub mod answer;
pub mod answer_key;
pub mod asked;
pub mod constraint;
pub mod crowd;
pub mod entity;
pub mod fault;
pub mod form;
mod html;
pub mod item;
pub mod page;
pub mod question_form;
pub mod render;
pub mod schema;
pub mod sheet;
pub mod template;
mod tree;
pub mod write;
mod xhtml;
mod xml;
