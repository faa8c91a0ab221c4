//! Members that are lists.

use serde_json::Value;

use super::{Input, is_customer, kind, lower_camel, whole};

impl<'a> Input<'a> {
    /// A list of 32-bit numbers.
    pub fn integers(&mut self, name: &str) -> Vec<i32> {
        let mut found = Vec::new();
        for value in self.list(name) {
            match whole(value).and_then(|number| i32::try_from(number).ok()) {
                Some(number) => found.push(number),
                None => self.malform(format!("'{name}' must hold 32-bit numbers")),
            }
        }
        found
    }

    /// A list of texts.
    pub fn texts(&mut self, name: &str) -> Vec<&'a str> {
        let mut found = Vec::new();
        for value in self.list(name) {
            match value {
                Value::String(text) => found.push(text.as_str()),
                other => self.malform(format!("'{name}' must hold texts, not {}", kind(other))),
            }
        }
        found
    }

    /// A list of objects; `read` reads each.
    pub fn objects<T>(&mut self, name: &str, mut read: impl FnMut(&mut Input<'a>) -> T) -> Vec<T> {
        let mut found = Vec::new();
        for (number, value) in self.list(name).iter().enumerate() {
            match value {
                Value::Object(members) => {
                    let path = format!("{}{}.{}.member.", self.path, lower_camel(name), number + 1);
                    found.push(self.inside(members, path, &mut read));
                }
                other => self.malform(format!("'{name}' must hold objects, not {}", kind(other))),
            }
        }
        found
    }

    /// A list of `CustomerId`s that must be there.
    pub fn required_customers(&mut self, name: &str) -> Vec<&'a str> {
        self.required(name);
        let mut found = Vec::new();
        for value in self.list(name) {
            match value {
                Value::String(text) if (1..=64).contains(&text.len()) && is_customer(text) => found.push(text.as_str()),
                Value::String(text) => {
                    let rule = "Member must satisfy constraint: [Member must have length less than or equal to 64, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ^A[A-Z0-9]+$]";
                    self.violation(name, &format!("[{text}]"), rule);
                }
                other => self.malform(format!("'{name}' must hold texts, not {}", kind(other))),
            }
        }
        found
    }

    /// A list of words of an enum that must be there.
    pub fn required_list_of(&mut self, name: &str, words: &[&'static str]) -> Vec<&'static str> {
        self.required(name);
        self.list_of(name, words)
    }
}
