//! Keys as the desk knows them, free of any terminal library.

/// A key without modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A character; Shift is part of it (`A`, `$`).
    Char(char),
    /// Return.
    Enter,
    /// Escape, alone.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

/// One key press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// With Ctrl held.
    pub ctrl: bool,
    /// With Alt held; nothing is bound to it by default.
    pub alt: bool,
}

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: Code) -> Self {
        Key { code, ctrl: false, alt: false }
    }

    /// A character with Ctrl.
    pub const fn ctrl(c: char) -> Self {
        Key { code: Code::Char(c), ctrl: true, alt: false }
    }
}

/// Names of keys without a character, as written in key files: `<enter>`, `<ctrl-d>`.
const NAMES: [(&str, Code); 15] = [
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("backtab", Code::BackTab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
    ("space", Code::Char(' ')),
];

/// Why a text is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a key: expected one character, or a name such as <enter>, <space>, <ctrl-d>, <pagedown>")]
pub struct KeyError(pub String);

impl std::str::FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        match parse_keys(text)?.as_slice() {
            [key] => Ok(*key),
            _ => Err(KeyError(text.to_owned())),
        }
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = NAMES.iter().find(|(_, code)| *code == self.code).map(|(name, _)| *name);
        let text = match (self.code, name) {
            (_, Some(name)) => name.to_owned(),
            (Code::Char(c), None) => c.to_string(),
            // Every other code has a name in the table above.
            (code, None) => format!("{code:?}").to_lowercase(),
        };
        let modifiers = format!("{}{}", if self.ctrl { "ctrl-" } else { "" }, if self.alt { "alt-" } else { "" });
        match (self.code, modifiers.is_empty()) {
            (Code::Char(c), true) if c != ' ' && c != '<' => f.pad(&text),
            _ => f.pad(&format!("<{modifiers}{text}>")),
        }
    }
}

/// Reads a row of keys as people write them: `a`, `<esc>`, `/status:submitted<enter>`. `<<>` is the character `<`.
pub fn parse_keys(text: &str) -> Result<Vec<Key>, KeyError> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c != '<' {
            keys.push(Key::plain(Code::Char(c)));
            rest = &rest[c.len_utf8()..];
            continue;
        }
        // The first `>` may be the key itself: `<ctrl->>`.
        let ends = rest[1..].char_indices().skip(1).filter(|(_, c)| *c == '>').map(|(at, _)| at + 1).take(2);
        let (end, key) = ends
            .filter_map(|end| Some((end, parse_name(&rest[1..end])?)))
            .next()
            .ok_or_else(|| KeyError(rest.split_inclusive('>').next().unwrap_or(rest).to_owned()))?;
        keys.push(key);
        rest = &rest[end + 1..];
    }
    Ok(keys)
}

fn parse_name(name: &str) -> Option<Key> {
    let (mut rest, mut ctrl, mut alt) = (name, false, false);
    loop {
        if let Some(tail) = rest.strip_prefix("ctrl-").filter(|tail| !tail.is_empty()) {
            (rest, ctrl) = (tail, true);
        } else if let Some(tail) = rest.strip_prefix("alt-").filter(|tail| !tail.is_empty()) {
            (rest, alt) = (tail, true);
        } else {
            break;
        }
    }
    let mut chars = rest.chars();
    let single = chars.next().filter(|_| chars.next().is_none());
    let code = match single {
        Some(c) => Code::Char(c),
        None => NAMES.iter().find(|(known, _)| *known == rest)?.1,
    };
    Some(Key { code, ctrl, alt })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_people_write_them() {
        let keys = parse_keys("a/x <esc><ctrl-d><space><<>").unwrap();
        let plain = |c| Key::plain(Code::Char(c));
        let expected = [
            plain('a'),
            plain('/'),
            plain('x'),
            plain(' '),
            Key::plain(Code::Esc),
            Key::ctrl('d'),
            plain(' '),
            plain('<'),
        ];
        assert_eq!(keys, expected);
    }

    #[test]
    fn what_is_no_key_is_named() {
        assert_eq!(parse_keys("a<entr>").unwrap_err(), KeyError("<entr>".into()));
        assert!("ab".parse::<Key>().is_err());
        assert!("<esc".parse::<Key>().is_err());
        assert!("".parse::<Key>().is_err());
    }

    #[test]
    fn every_key_is_written_as_it_is_read() {
        let codes = NAMES.iter().map(|(_, code)| *code).chain("aZ$<>é".chars().map(Code::Char));
        for code in codes {
            for (ctrl, alt) in [(false, false), (true, false), (false, true), (true, true)] {
                let key = Key { code, ctrl, alt };
                assert_eq!(key.to_string().parse::<Key>(), Ok(key), "{key}");
            }
        }
    }
}
