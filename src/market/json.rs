//! Compact JSON, written straight into the response: no whitespace, `/` not escaped, timestamps as Java prints a double.

use axum::body::Bytes;

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

    /// An empty document in a buffer that was used before, with room for some bytes, and `front` bytes before it that
    /// [`Json::fronted`] fills.
    pub fn with_front(mut buffer: Vec<u8>, front: usize, bytes: usize) -> Json {
        buffer.clear();
        buffer.reserve(front + bytes);
        buffer.resize(front, b' ');
        Json { out: buffer, more: false }
    }

    /// The document.
    pub fn into_bytes(self) -> Bytes {
        self.out.into()
    }

    /// The document, with a text put before it that was not known when it was begun: a buffer, and where in it that text
    /// starts. Nothing is moved when the text fits into the `front` bytes that were left free.
    pub fn fronted(mut self, front: usize, text: &[u8]) -> (Vec<u8>, usize) {
        match front.checked_sub(text.len()) {
            Some(start) => {
                self.out[start..front].copy_from_slice(text);
                (self.out, start)
            }
            None => {
                self.out.splice(..front, text.iter().copied());
                (self.out, 0)
            }
        }
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
        decimal(&mut self.out, value);
        self
    }

    /// A truth value.
    pub fn boolean(&mut self, name: &str, value: bool) -> &mut Json {
        self.raw(name, if value { b"true" } else { b"false" })
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
    pub fn raw(&mut self, name: &str, json: &[u8]) -> &mut Json {
        self.name(name);
        self.out.extend_from_slice(json);
        self
    }

    /// Members that are JSON already, separated by commas; at least one.
    pub fn members(&mut self, json: &[u8]) -> &mut Json {
        self.comma();
        self.out.extend_from_slice(json);
        self.more = true;
        self
    }

    /// A number as an element of a list.
    pub fn number_element(&mut self, value: i64) -> &mut Json {
        self.comma();
        decimal(&mut self.out, value);
        self.more = true;
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
        self.out.reserve(text.len() + 2);
        self.out.push(b'"');
        // Most of an answer needs no escape: looking at a block at once, without a way out of it, is what a vector unit is good at.
        for block in text.as_bytes().chunks(BLOCK) {
            if block.iter().fold(false, |found, byte| found | needs_escape(*byte)) {
                self.escape(block);
            } else {
                self.out.extend_from_slice(block);
            }
        }
        self.out.push(b'"');
    }

    fn escape(&mut self, block: &[u8]) {
        let mut plain = 0;
        for (at, byte) in block.iter().enumerate() {
            if !needs_escape(*byte) {
                continue;
            }
            self.out.extend_from_slice(&block[plain..at]);
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
        self.out.extend_from_slice(&block[plain..]);
    }
}

/// How many bytes of a text are looked at together.
const BLOCK: usize = 64;

fn needs_escape(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

/// A number, without the machinery of formatting: a page holds hundreds of them.
fn decimal(out: &mut Vec<u8>, value: i64) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut left = value.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// `Double.toString` of a whole number: `1.558393704E9`, and `86400.0` below ten million.
fn java_double(out: &mut Vec<u8>, value: i64) {
    let from = out.len();
    decimal(out, value);
    let first = from + usize::from(value < 0);
    let digits = out.len() - first;
    if digits <= 7 {
        out.extend_from_slice(b".0");
        return;
    }
    while out.len() > first + 2 && out.last() == Some(&b'0') {
        out.pop();
    }
    out.insert(first + 1, b'.');
    out.push(b'E');
    decimal(out, digits as i64 - 1);
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
        json.open_member("d")
            .members(br#""x":1,"y":2"#)
            .number("z", 3)
            .close()
            .open_list("e")
            .number_element(1)
            .number_element(2)
            .close_list()
            .close();
        let text = String::from_utf8(json.into_bytes().to_vec()).unwrap();
        assert_eq!(text, r#"{"a":"x/\"y\"","c":[{"n":-1},{"t":true}],"d":{"x":1,"y":2,"z":3},"e":[1,2]}"#);
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
