//! The members of a request, read and checked against the API's model: required, types, lengths, patterns, ranges, enums.
//!
//! Every violation is collected; [`Input::finish`] tells them all at once. Until then a member that is wrong reads as empty.

mod forms;
mod lists;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use self::forms::{CURRENCY, CUSTOMER, ENTITY, FREE, Form, MAX_SHOWN, PAGE, TOKEN, is_currency, is_customer};
use super::error::Fault;
use crate::domain::money::Usd;
use crate::domain::time::Time;

/// A JSON object of a request, at the top or inside another one.
pub struct Input<'a> {
    members: &'a Map<String, Value>,
    /// Where this object is, e.g. `qualificationRequirements.1.member.`; empty at the top.
    path: String,
    invalid: Vec<String>,
    malformed: Option<String>,
}

impl<'a> Input<'a> {
    /// The members of a request.
    pub fn of(members: &'a Map<String, Value>) -> Input<'a> {
        Input { members, path: String::new(), invalid: Vec::new(), malformed: None }
    }

    /// Whether all is well; else everything that is wrong.
    pub fn finish(self) -> Result<(), Fault> {
        match self.malformed {
            Some(what) => Err(Fault::Malformed(what)),
            None if self.invalid.is_empty() => Ok(()),
            None => Err(Fault::Invalid(self.invalid)),
        }
    }

    /// Notes when a member that must be there is not.
    pub fn require(&mut self, name: &str) {
        self.required(name);
    }

    /// A text of any length.
    pub fn text(&mut self, name: &str) -> Option<&'a str> {
        self.formed(name, FREE)
    }

    /// A text that must be there.
    pub fn required_text(&mut self, name: &str) -> &'a str {
        self.required(name);
        self.text(name).unwrap_or_default()
    }

    /// An `EntityId`.
    pub fn entity(&mut self, name: &str) -> Option<&'a str> {
        self.formed(name, ENTITY)
    }

    /// An `EntityId` that must be there.
    pub fn required_entity(&mut self, name: &str) -> &'a str {
        self.required(name);
        self.entity(name).unwrap_or_default()
    }

    /// A `CustomerId` that must be there.
    pub fn required_customer(&mut self, name: &str) -> &'a str {
        self.required(name);
        self.formed(name, CUSTOMER).unwrap_or_default()
    }

    /// A `CurrencyAmount` that must be there.
    pub fn required_currency(&mut self, name: &str) -> Usd {
        self.required(name);
        let text = self.formed(name, CURRENCY).unwrap_or("0");
        match Usd::parse(text) {
            Ok(amount) => amount,
            // The pattern held (or its violation is noted already), so it can only be too large.
            Err(_) if is_currency(text) => {
                self.violation(name, text, "Member must have value less than or equal to 9999999999999.99");
                Usd::ZERO
            }
            Err(_) => Usd::ZERO,
        }
    }

    /// A `UniqueRequestToken`.
    pub fn token(&mut self) -> Option<String> {
        self.formed("UniqueRequestToken", TOKEN).map(str::to_owned)
    }

    /// `NextToken` and `MaxResults`.
    pub fn page(&mut self) -> (Option<&'a str>, u32) {
        let token = self.formed("NextToken", PAGE);
        let count = self.integer("MaxResults").unwrap_or(i64::from(super::page::DEFAULT_RESULTS));
        if count < 1 {
            self.violation("MaxResults", &count.to_string(), "Member must have value greater than or equal to 1");
        }
        if count > 100 {
            self.violation("MaxResults", &count.to_string(), "Member must have value less than or equal to 100");
        }
        (token, u32::try_from(count).unwrap_or(1))
    }

    /// A 32-bit number.
    pub fn integer(&mut self, name: &str) -> Option<i64> {
        let number = self.long(name)?;
        if i32::try_from(number).is_err() {
            self.malform(format!("'{name}' is not a 32-bit number"));
            return None;
        }
        Some(number)
    }

    /// A 64-bit number.
    pub fn long(&mut self, name: &str) -> Option<i64> {
        match self.member(name)? {
            number @ Value::Number(_) => {
                let whole = whole(number);
                if whole.is_none() {
                    self.malform(format!("'{name}' is not a whole number"));
                }
                whole
            }
            other => {
                self.malform(format!("'{name}' must be a number, not {}", kind(other)));
                None
            }
        }
    }

    /// A 32-bit number that must be there.
    pub fn required_integer(&mut self, name: &str) -> i64 {
        self.required(name);
        self.integer(name).unwrap_or_default()
    }

    /// A 64-bit number that must be there.
    pub fn required_long(&mut self, name: &str) -> i64 {
        self.required(name);
        self.long(name).unwrap_or_default()
    }

    /// A truth value.
    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        match self.member(name)? {
            Value::Bool(value) => Some(*value),
            other => {
                self.malform(format!("'{name}' must be true or false, not {}", kind(other)));
                None
            }
        }
    }

    /// A timestamp that must be there: seconds since the epoch, whole or not.
    pub fn required_time(&mut self, name: &str) -> Time {
        self.required(name);
        match self.member(name) {
            None => Time(0),
            Some(Value::Number(number)) => Time(number.as_i64().unwrap_or_else(|| {
                // `as` saturates, so that a timestamp beyond all bounds stays one.
                number.as_f64().map_or(0, |seconds| seconds.floor() as i64)
            })),
            Some(other) => {
                self.malform(format!("'{name}' must be a timestamp in seconds, not {}", kind(other)));
                Time(0)
            }
        }
    }

    /// One of the words of an enum.
    pub fn one_of(&mut self, name: &str, words: &[&'static str]) -> Option<&'static str> {
        let text = self.text(name)?;
        let found = words.iter().find(|word| **word == text);
        if found.is_none() {
            self.violation(name, text, &format!("Member must satisfy enum value set: [{}]", words.join(", ")));
        }
        found.copied()
    }

    /// One of the words of an enum, which must be there.
    pub fn required_one_of(&mut self, name: &str, words: &[&'static str]) -> &'static str {
        self.required(name);
        self.one_of(name, words).unwrap_or_default()
    }

    /// A list of words of an enum.
    pub fn list_of(&mut self, name: &str, words: &[&'static str]) -> Vec<&'static str> {
        let mut found = Vec::new();
        for value in self.list(name) {
            match value {
                Value::String(text) => match words.iter().find(|word| *word == text) {
                    Some(word) => found.push(*word),
                    None => {
                        let set = words.join(", ");
                        let rule =
                            format!("Member must satisfy constraint: [Member must satisfy enum value set: [{set}]]");
                        self.violation(name, &format!("[{text}]"), &rule);
                    }
                },
                other => self.malform(format!("'{name}' must hold texts, not {}", kind(other))),
            }
        }
        found
    }

    /// An object; `read` reads it.
    pub fn object<T>(&mut self, name: &str, mut read: impl FnMut(&mut Input<'a>) -> T) -> Option<T> {
        match self.member(name)? {
            Value::Object(members) => {
                let path = format!("{}{}.", self.path, lower_camel(name));
                Some(self.inside(members, path, &mut read))
            }
            other => {
                self.malform(format!("'{name}' must be an object, not {}", kind(other)));
                None
            }
        }
    }

    /// A truth value that must be there.
    pub fn required_boolean(&mut self, name: &str) -> bool {
        self.required(name);
        self.boolean(name).unwrap_or_default()
    }

    fn inside<T>(
        &mut self,
        members: &'a Map<String, Value>,
        path: String,
        read: &mut impl FnMut(&mut Input<'a>) -> T,
    ) -> T {
        let mut inner = Input { members, path, invalid: Vec::new(), malformed: None };
        let value = read(&mut inner);
        self.invalid.append(&mut inner.invalid);
        self.malformed = self.malformed.take().or(inner.malformed);
        value
    }

    /// Notes that a text does not have the length it must have.
    pub fn length(&mut self, name: &str, text: &str, least: usize, most: usize) {
        let length = text.chars().count();
        if length < least {
            self.violation(name, text, &format!("Member must have length greater than or equal to {least}"));
        }
        if length > most {
            self.violation(name, text, &format!("Member must have length less than or equal to {most}"));
        }
    }

    fn member(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    fn required(&mut self, name: &str) {
        if self.member(name).is_none() {
            let at = format!("{}{}", self.path, lower_camel(name));
            self.invalid.push(format!("Value null at '{at}' failed to satisfy constraint: Member must not be null"));
        }
    }

    fn formed(&mut self, name: &str, form: Form) -> Option<&'a str> {
        let text = match self.member(name)? {
            Value::String(text) => text.as_str(),
            other => {
                self.malform(format!("'{name}' must be a text, not {}", kind(other)));
                return None;
            }
        };
        if let Some((least, most)) = form.length {
            self.length(name, text, least, most);
        }
        if let Some((pattern, holds)) = form.pattern
            && !holds(text)
        {
            self.violation(name, text, &format!("Member must satisfy regular expression pattern: {pattern}"));
        }
        Some(text)
    }

    fn list(&mut self, name: &str) -> &'a [Value] {
        match self.member(name) {
            None => &[],
            Some(Value::Array(values)) => values,
            Some(other) => {
                self.malform(format!("'{name}' must be a list, not {}", kind(other)));
                &[]
            }
        }
    }

    fn violation(&mut self, name: &str, value: &str, constraint: &str) {
        let at = format!("{}{}", self.path, lower_camel(name));
        let shown: String = value.chars().take(MAX_SHOWN).collect();
        self.invalid.push(format!("Value '{shown}' at '{at}' failed to satisfy constraint: {constraint}"));
    }

    fn malform(&mut self, what: String) {
        self.malformed.get_or_insert(what);
    }
}

/// A number without a fraction, however it is written: `5`, `5.0`, `5e0`. One beyond all bounds is the largest there is.
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_f64().filter(|f| f.fract() == 0.0).map(|f| f as i64))
}

fn lower_camel(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + letters.as_str())
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
