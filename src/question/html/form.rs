//! Forms, reduced to the options of their fields: what a worker could choose from.

use super::reader::Reader;
use super::tags::Attributes;
use crate::question::{entity, form};

/// The options of one form field.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) options: Vec<String>,
    /// The last option still waits for the text beside it.
    pub(super) open: bool,
}

impl Reader {
    pub(super) fn input(&mut self, attributes: Attributes<'_>) {
        match attributes.get("type").unwrap_or("text").to_ascii_lowercase().as_str() {
            "hidden" => {}
            "radio" | "checkbox" => {
                self.option(attributes.get("name").unwrap_or(""), attributes.get("value").unwrap_or("on"));
            }
            _ => self.controls += 1,
        }
    }

    /// An option begins; its label is the text behind it, its value stands in where there is none.
    pub(super) fn option(&mut self, group: &str, value: &str) {
        self.end_option();
        self.controls += 1;
        let name = entity::decode(group).into_owned();
        // A crowd-radio-button belongs to the group around it.
        let fits = self.groups.last().is_some_and(|last| last.name == name || name.is_empty());
        if !fits {
            self.start_group(group);
        }
        if let Some(group) = self.groups.last_mut() {
            group.options.push(entity::decode(value).into_owned());
            group.open = true;
        }
        self.option_from = Some(self.line.len());
    }

    pub(super) fn start_group(&mut self, name: &str) {
        let name = entity::decode(name).into_owned();
        self.groups.push(Group { name, options: Vec::new(), open: false });
    }

    /// The text of the option is complete: it names the option, and leaves the paragraph.
    pub(super) fn end_option(&mut self) {
        let Some(from) = self.option_from.take() else { return };
        let label = self.line.get(from..).unwrap_or("").trim().to_owned();
        self.line.truncate(from);
        if let Some(group) = self.groups.last_mut()
            && std::mem::take(&mut group.open)
            && !label.is_empty()
            && let Some(option) = group.options.last_mut()
        {
            *option = label;
        }
    }

    /// `categories="['Positive', 'Negative']"`.
    pub(super) fn categories(&mut self, attributes: Attributes<'_>) {
        self.start_group(attributes.get("name").unwrap_or(""));
        if let Some(group) = self.groups.last_mut() {
            group.options = form::categories(attributes);
        }
    }
}
