//! Reads a task's HTML as a person would: label/value pairs, paragraphs, and the options of its form. One linear pass
//! over the tags; malformed markup is met as it comes, scripts and styles are skipped.

mod form;
mod reader;
mod table;
pub(super) mod tags;

pub(super) use reader::read;
