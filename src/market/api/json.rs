//! Compact JSON, written straight into the response: no whitespace, `/` not escaped, timestamps as Java prints a double.

use crate::domain::time::Time;

/// A JSON document being written.
#[derive(Debug, Default)]
pub struct Json {
    out: Vec<u8>,
    /// Whether the next member or element needs a comma before it.
    more: bool,
}

impl Json {
    /// An empty document with room for some bytes.
    pub fn with_capacity(bytes: usize) -> Json {
        Json { out: Vec::with_capacity(bytes), more: false }
    }

    /// The document.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Opens an object, as the document or as an element of a list.
    pub fn open(&mut self) -> &mut Json {
        self.comma();
        self.out.push(b'{');
        self.more = false;
        self
    }

    /// Opens an object as a member.
    pub fn open_member(&mut self, name: &str) -> &mut Json {
        self.name(name);
        self.out.push(b'{');
        self.more = false;
        self
    }

    /// Closes an object.
    pub fn close(&mut self) -> &mut Json {
        self.out.push(b'}');
        self.more = true;
        self
    }

    /// Opens a list as a member.
    pub fn open_list(&mut self, name: &str) -> &mut Json {
        self.name(name);
        self.out.push(b'[');
        self.more = false;
        self
    }

    /// Opens a list as the document.
    pub fn open_bare_list(&mut self) -> &mut Json {
        self.out.push(b'[');
        self.more = false;
        self
    }

    /// Closes a list.
    pub fn close_list(&mut self) -> &mut Json {
        self.out.push(b']');
        self.more = true;
        self
    }

    /// A text member.
    pub fn text(&mut self, name: &str, value: &str) -> &mut Json {
        self.name(name);
        self.quote(value);
        self
    }

    /// A text member that is left out when there is none.
    pub fn optional(&mut self, name: &str, value: Option<&str>) -> &mut Json {
        if let Some(value) = value {
            self.text(name, value);
        }
        self
    }

    /// A number.
    pub fn number(&mut self, name: &str, value: i64) -> &mut Json {
        self.name(name);
        self.out.extend_from_slice(value.to_string().as_bytes());
        self
    }

    /// A truth value.
    pub fn boolean(&mut self, name: &str, value: bool) -> &mut Json {
        self.raw(name, if value { "true" } else { "false" })
    }

    /// A timestamp.
    pub fn time(&mut self, name: &str, value: Time) -> &mut Json {
        self.name(name);
        java_double(&mut self.out, value.0);
        self
    }

    /// A timestamp that is left out when there is none.
    pub fn optional_time(&mut self, name: &str, value: Option<Time>) -> &mut Json {
        if let Some(value) = value {
            self.time(name, value);
        }
        self
    }

    /// A member that is JSON already.
    pub fn raw(&mut self, name: &str, json: &str) -> &mut Json {
        self.name(name);
        self.out.extend_from_slice(json.as_bytes());
        self
    }

    /// A number as an element of a list.
    pub fn number_element(&mut self, value: i64) -> &mut Json {
        self.comma();
        self.out.extend_from_slice(value.to_string().as_bytes());
        self.more = true;
        self
    }

    /// Elements that are JSON already, with the commas between them.
    pub fn splice(&mut self, json: &[u8]) -> &mut Json {
        self.out.extend_from_slice(json);
        self
    }

    fn comma(&mut self) {
        if self.more {
            self.out.push(b',');
        }
    }

    fn name(&mut self, name: &str) {
        self.comma();
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.more = true;
    }

    fn quote(&mut self, text: &str) {
        self.out.push(b'"');
        let bytes = text.as_bytes();
        let mut plain = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if *byte >= 0x20 && *byte != b'"' && *byte != b'\\' {
                continue;
            }
            self.out.extend_from_slice(&bytes[plain..at]);
            plain = at + 1;
            match byte {
                b'"' => self.out.extend_from_slice(b"\\\""),
                b'\\' => self.out.extend_from_slice(b"\\\\"),
                b'\n' => self.out.extend_from_slice(b"\\n"),
                b'\r' => self.out.extend_from_slice(b"\\r"),
                b'\t' => self.out.extend_from_slice(b"\\t"),
                other => self.out.extend_from_slice(format!("\\u{other:04x}").as_bytes()),
            }
        }
        self.out.extend_from_slice(&bytes[plain..]);
        self.out.push(b'"');
    }
}

/// `Double.toString` of a whole number: `1.558393704E9`, and `86400.0` below ten million.
fn java_double(out: &mut Vec<u8>, value: i64) {
    let digits = value.unsigned_abs().to_string();
    if value < 0 {
        out.push(b'-');
    }
    if digits.len() <= 7 {
        out.extend_from_slice(digits.as_bytes());
        out.extend_from_slice(b".0");
        return;
    }
    let (first, rest) = digits.split_at(1);
    let rest = rest.trim_end_matches('0');
    out.extend_from_slice(first.as_bytes());
    out.push(b'.');
    out.extend_from_slice(if rest.is_empty() { b"0" } else { rest.as_bytes() });
    out.push(b'E');
    out.extend_from_slice((digits.len() - 1).to_string().as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn timestamps_look_as_java_prints_them() {
        for (value, text) in [
            (1_558_393_704, "1.558393704E9"),
            (1_558_393_700, "1.5583937E9"),
            (1_000_000_000, "1.0E9"),
            (12_345_678, "1.2345678E7"),
            (9_999_999, "9999999.0"),
            (0, "0.0"),
            (-86_400, "-86400.0"),
        ] {
            let mut out = Vec::new();
            java_double(&mut out, value);
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }

    #[test]
    fn documents_are_compact() {
        let mut json = Json::default();
        json.open().text("a", "x/\"y\"").optional("b", None).open_list("c");
        json.open().number("n", -1).close().open().boolean("t", true).close().close_list();
        json.open_member("d").close().open_list("e").number_element(1).number_element(2).close_list().close();
        let text = String::from_utf8(json.into_bytes()).unwrap();
        assert_eq!(text, r#"{"a":"x/\"y\"","c":[{"n":-1},{"t":true}],"d":{},"e":[1,2]}"#);
    }

    proptest! {
        #[test]
        fn any_text_survives(text in any::<String>(), time in -1_000_000_000_000i64..1_000_000_000_000) {
            let mut json = Json::default();
            json.open().text("a", &text).time("t", Time(time)).close();
            let read: serde_json::Value = serde_json::from_slice(&json.into_bytes()).unwrap();
            prop_assert_eq!(read["a"].as_str(), Some(text.as_str()));
            prop_assert_eq!(read["t"].as_f64(), Some(time as f64));
        }
    }
}
