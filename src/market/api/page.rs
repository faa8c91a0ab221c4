//! Tokens of pages: opaque, 67 characters, and good only for the query that they came from.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::json::Json;
use crate::market::accounts::Keyring;
use crate::market::error::Refusal;

const PREFIX: &str = "p1:";
/// Eight bytes of place, six of padding, a keyed hash: 46, as in the tokens that were seen.
const BYTES: usize = 46;
const MAC_FROM: usize = 14;

/// How many results a page holds when nothing was said.
pub const DEFAULT_RESULTS: u32 = 10;

/// A query that is answered in pages.
#[derive(Debug, Clone)]
pub struct Paged {
    ring: Keyring,
    query: String,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring(..)")
    }
}

impl Paged {
    /// A query, described by everything that makes it this one and no other.
    pub fn new(ring: &Keyring, query: String) -> Paged {
        Paged { ring: ring.clone(), query }
    }

    /// The place behind which the page of `token` starts.
    pub fn place(&self, token: Option<&str>) -> Result<Option<i64>, Refusal> {
        let Some(token) = token else { return Ok(None) };
        let wrong = || Refusal::Parameter {
            parameter: "NextToken",
            value: token.chars().take(80).collect(),
            hint: "It is not a token of this query.".into(),
        };
        let bytes = token.strip_prefix(PREFIX).and_then(|text| STANDARD.decode(text).ok()).ok_or_else(wrong)?;
        let place = bytes.first_chunk::<8>().map(|place| i64::from_be_bytes(*place)).ok_or_else(wrong)?;
        if self.token(place) == token { Ok(Some(place)) } else { Err(wrong()) }
    }

    fn token(&self, place: i64) -> String {
        let mut bytes = [0_u8; BYTES];
        bytes[..8].copy_from_slice(&place.to_be_bytes());
        bytes[MAC_FROM..].copy_from_slice(&self.ring.mac(&format!("page {place} of {}", self.query)));
        format!("{PREFIX}{}", STANDARD.encode(bytes))
    }

    /// The whole answer around a list of `count` results, the last of which is at `last`. A page that is not empty has a token,
    /// even when it is the last one; an empty one has none.
    pub fn answer(&self, name: &str, results: Vec<u8>, count: u32, last: Option<i64>) -> Vec<u8> {
        let mut json = Json::with_capacity(results.len() + 160);
        json.open();
        if let Some(place) = last {
            json.text("NextToken", &self.token(place));
        }
        json.number("NumResults", i64::from(count)).open_list(name).splice(&results).close_list().close();
        json.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_own_query_only() {
        let ring = Keyring::random();
        let mine = Paged::new(&ring, "ListHITs 1".into());
        let token = mine.token(42);
        assert_eq!(token.len(), 67);
        assert_eq!(mine.place(Some(&token)), Ok(Some(42)));
        assert_eq!(mine.place(None), Ok(None));
        assert!(Paged::new(&ring, "ListHITs 2".into()).place(Some(&token)).is_err());
        assert!(Paged::new(&Keyring::random(), "ListHITs 1".into()).place(Some(&token)).is_err());
        for forged in ["", "p1:", "p1:AAAA", "x", &token[..66]] {
            assert!(mine.place(Some(forged)).is_err(), "{forged}");
        }
    }

    #[test]
    fn only_an_empty_page_has_no_token() {
        let paged = Paged::new(&Keyring::random(), "q".into());
        assert_eq!(paged.answer("HITs", vec![], 0, None), br#"{"NumResults":0,"HITs":[]}"#);
        let one = String::from_utf8(paged.answer("HITs", b"{}".to_vec(), 1, Some(1))).unwrap();
        assert!(one.starts_with(r#"{"NextToken":"p1:"#) && one.ends_with(r#","NumResults":1,"HITs":[{}]}"#), "{one}");
    }
}
