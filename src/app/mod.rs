//! The desk as a pure state machine: `update(&mut State, Now, Event) -> Vec<Effect>`.

#![allow(dead_code, reason = "update, the writer, is the next commit")]

pub mod activity;
pub mod bits;
pub mod command;
mod command_table;
pub mod counts;
pub mod decide;
pub mod detail;
pub mod document;
pub mod effect;
mod enabled;
pub mod event;
pub mod format;
pub mod guard;
pub mod key;
pub mod keymap;
pub mod layout;
pub mod list;
pub mod model;
pub mod notice;
pub mod options;
pub mod outbox;
pub mod overlay;
pub mod state;
pub mod template;
pub mod tree;
mod undo;
pub mod views;
