//! Tokens of pages: opaque, 67 characters, and good only for the query that they came from.

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::buffers::Buffers;
use crate::market::accounts::Keyring;
use crate::market::error::Refusal;
use crate::market::json::Json;

const PREFIX: &str = "p1:";
/// Eight bytes of place, six of padding, a keyed hash: 46, as in the tokens that were seen.
const BYTES: usize = 46;
const MAC_FROM: usize = 14;
/// Room for what comes before the list of an answer.
const FRONT: usize = 160;

/// How many results a page holds when nothing was said.
pub const DEFAULT_RESULTS: u32 = 10;

/// A query that is answered in pages.
#[derive(Debug, Clone)]
pub struct Paged {
    ring: Keyring,
    query: String,
    buffers: Buffers,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring(..)")
    }
}

impl Paged {
    /// A query, described by everything that makes it this one and no other. Its pages are written into these buffers.
    pub fn new(ring: &Keyring, query: String, buffers: &Buffers) -> Paged {
        Paged { ring: ring.clone(), query, buffers: buffers.clone() }
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

    /// The token of the page that starts behind a place.
    pub fn token(&self, place: i64) -> String {
        let mut bytes = [0_u8; BYTES];
        bytes[..8].copy_from_slice(&place.to_be_bytes());
        bytes[MAC_FROM..].copy_from_slice(&self.ring.mac(&format!("page {place} of {}", self.query)));
        format!("{PREFIX}{}", STANDARD.encode(bytes))
    }

    /// The list of a page, to be written element by element.
    pub fn list(&self, bytes: usize) -> Json {
        Json::with_front(self.buffers.take(), FRONT, bytes)
    }

    /// The whole answer around a list of `count` results, the last of which is at `last`. A page that is not empty has a token,
    /// even when it is the last one; an empty one has none.
    pub fn answer(&self, name: &str, mut list: Json, count: u32, last: Option<i64>) -> Bytes {
        list.close_list().close();
        let token = last.map_or_else(String::new, |place| format!("\"NextToken\":\"{}\",", self.token(place)));
        let front = format!("{{{token}\"NumResults\":{count},\"{name}\":[");
        let (buffer, start) = list.fronted(FRONT, front.as_bytes());
        self.buffers.lend(buffer, start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_own_query_only() {
        let ring = Keyring::random();
        let paged = |ring: &Keyring, query: &str| Paged::new(ring, query.into(), &Buffers::default());
        let mine = paged(&ring, "ListHITs 1");
        let token = mine.token(42);
        assert_eq!(token.len(), 67);
        assert_eq!(mine.place(Some(&token)), Ok(Some(42)));
        assert_eq!(mine.place(None), Ok(None));
        assert!(paged(&ring, "ListHITs 2").place(Some(&token)).is_err());
        assert!(paged(&Keyring::random(), "ListHITs 1").place(Some(&token)).is_err());
        for forged in ["", "p1:", "p1:AAAA", "x", &token[..66]] {
            assert!(mine.place(Some(forged)).is_err(), "{forged}");
        }
    }

    #[test]
    fn only_an_empty_page_has_no_token() {
        let paged = Paged::new(&Keyring::random(), "q".into(), &Buffers::default());
        let said =
            |list: Json, count, last| String::from_utf8(paged.answer("HITs", list, count, last).to_vec()).unwrap();
        assert_eq!(said(paged.list(0), 0, None), r#"{"NumResults":0,"HITs":[]}"#);
        let mut list = paged.list(0);
        list.open().close().open().close();
        let two = said(list, 2, Some(1));
        assert!(
            two.starts_with(r#"{"NextToken":"p1:"#) && two.ends_with(r#","NumResults":2,"HITs":[{},{}]}"#),
            "{two}"
        );
    }

    #[test]
    fn a_front_that_does_not_fit_is_put_before_all_the_same() {
        for (front, text, start) in [(2, "[1,2,", 0), (5, "[1,2,", 0), (7, "[1,2,", 2)] {
            let mut json = Json::with_front(b"of an earlier page".to_vec(), front, 0);
            json.open().close();
            let (buffer, from) = json.fronted(front, text.as_bytes());
            assert_eq!((&buffer[from..], from), (b"[1,2,{}".as_slice(), start));
        }
    }
}
