//! The forms of texts in the API's model: lengths and patterns.

/// What a text must be.
#[derive(Clone, Copy)]
pub struct Form {
    /// The least and the most characters.
    pub length: Option<(usize, usize)>,
    /// A pattern.
    pub pattern: Option<Pattern>,
}

/// So much of a wrong value is told, in characters.
pub const MAX_SHOWN: usize = 1_024;

/// A regular expression as the model has it, and what it says.
pub type Pattern = (&'static str, fn(&str) -> bool);

pub const FREE: Form = Form { length: None, pattern: None };
pub const TOKEN: Form = Form { length: Some((1, 64)), pattern: None };
pub const PAGE: Form = Form { length: Some((1, 255)), pattern: None };
pub const ENTITY: Form = Form { length: Some((1, 64)), pattern: Some(("^[A-Z0-9]+$", is_entity)) };
pub const CUSTOMER: Form = Form { length: Some((1, 64)), pattern: Some(("^A[A-Z0-9]+$", is_customer)) };
pub const CURRENCY: Form = Form { length: None, pattern: Some(("^[0-9]+(\\.)?[0-9]{0,2}$", is_currency)) };

pub fn is_entity(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

pub fn is_customer(text: &str) -> bool {
    text.strip_prefix('A').is_some_and(is_entity)
}

pub fn is_currency(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    !whole.is_empty() && digits(whole) && digits(part) && part.len() <= 2
}
