//! `ListQualificationTypes`: those of the system, then one's own, oldest first.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::super::qualification::{qualification_type, system_type};
use crate::domain::system_type::SystemType;
use crate::market::Market;
use crate::market::rules::qualification::TypeStatus;
use crate::market::storage::RequesterKey;

/// Before the first of all types; those of the system have places below zero.
const START: i64 = i64::MIN;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let query = Query::new(input.text("Query").unwrap_or_default());
    let requestable = input.required_boolean("MustBeRequestable");
    let owned = input.boolean("MustBeOwnedByCaller").unwrap_or(false);
    let (token, limit) = input.page();
    let token = token.map(str::to_owned);
    input.finish()?;
    let paged = market.paged(format!("ListQualificationTypes {who:?} {requestable} {owned} {:?}", query.words));
    let after = paged.place(token.as_deref())?.unwrap_or(START);
    let body = market.service.read(move |view| {
        let mut json = paged.list(limit as usize * 512);
        let (mut count, mut last) = (0, None);
        for (system, place) in SystemType::ALL.into_iter().zip(-(SystemType::ALL.len() as i64)..) {
            // Nobody can ask for them.
            let wanted = !owned && !requestable && place > after && count < limit;
            if wanted && query.finds([system.name(), system.description()]) {
                system_type(json.open(), system, system.id());
                json.close();
                count += 1;
                last = Some(place);
            }
        }
        if count < limit {
            view.show_qualification_types(who, after, |shown| {
                let texts = [shown.name, shown.description, shown.keywords.unwrap_or_default()];
                let fits = !requestable || shown.record.status == TypeStatus::Active;
                if fits && query.finds(texts) {
                    qualification_type(json.open(), shown);
                    json.close();
                    count += 1;
                    last = Some(shown.record.key.position());
                }
                count < limit
            })?;
        }
        Ok(paged.answer("QualificationTypes", json, count, last))
    });
    Ok(body.await?)
}

/// A search: every word of it must be part of a text, whatever the case.
struct Query {
    words: Vec<String>,
}

impl Query {
    fn new(text: &str) -> Query {
        Query { words: text.split_whitespace().map(str::to_lowercase).collect() }
    }

    fn finds<const N: usize>(&self, texts: [&str; N]) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let texts = texts.map(str::to_lowercase);
        self.words.iter().all(|word| texts.iter().any(|text| text.contains(word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_be_found_somewhere() {
        let texts = ["Sentiment basics", "A short test", "german, text"];
        for query in ["", "  ", "sentiment", "Sentiment basics", "SHORT german", "timent"] {
            assert!(Query::new(query).finds(texts), "{query}");
        }
        for query in ["other", "sentiment other", "basicsA"] {
            assert!(!Query::new(query).finds(texts), "{query}");
        }
    }
}
