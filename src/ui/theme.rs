//! Themes: what each role looks like. Presets are TOML files in `assets/themes/`; the configuration may change single
//! roles of one.
//! Only the eight named colours with bold, dim and reverse are allowed, so that every terminal can show them.

use crate::domain::nearest::nearest;
use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a piece of text is, for the eye. The meaning of a role never depends on its colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// Secondary: units, hints, column heads.
    Quiet,
    /// What the eye should find first.
    Strong,
    /// The one accent.
    Accent,
    /// Headings of panes and overlays.
    Title,
    /// Names of keys.
    Key,
    /// Approved, paid, done.
    Good,
    /// Rejected, failed.
    Bad,
    /// Staged, unknown, needs a look.
    Warn,
    /// Real money.
    Danger,
    /// Play money.
    Play,
    /// The row of the cursor in the focused pane.
    Cursor,
    /// The row of the cursor in the other panes.
    Idle,
    /// Marks.
    Mark,
    /// Lines between panes.
    Border,
    /// Lines between panes where money is real.
    Edge,
    /// Names of fields.
    Label,
}

const ROLES: usize = Role::Label as usize + 1;

/// A parsed theme.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    styles: [Style; ROLES],
    /// The characters that are not text.
    pub glyphs: Glyphs,
}

/// The characters a theme draws with; each one cell wide, except the ellipsis.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Glyphs {
    /// Between panes side by side.
    pub vertical: char,
    /// Between panes above each other.
    pub horizontal: char,
    /// Where the two meet.
    pub joint: char,
    /// For text that was cut.
    pub ellipsis: String,
    /// Before a group whose members are shown.
    pub open: char,
    /// Before a group whose members are folded away.
    pub closed: char,
    /// Beside the column that the list is sorted by, smallest first.
    pub up: char,
    /// Beside the column that the list is sorted by, largest first.
    pub down: char,
    /// For [`crate::domain::text::MARK`].
    pub removed: char,
    /// For [`crate::domain::text::BREAK`].
    pub line_break: char,
    /// For [`crate::domain::text::ELLIPSIS`], where text was cut before it came to a view.
    pub cut: char,
    /// The levels of a bar of one cell, the lowest first; the last one fills the cell.
    pub bars: String,
    /// Whether lines are drawn at all.
    pub frames: bool,
}

/// What is wrong with a theme file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// It is not TOML, or not of this shape.
    #[error("{0}")]
    Shape(String),
    /// A style has a word that means nothing here.
    #[error(
        "style `{role}`: \"{word}\" is not known; use black, red, green, yellow, blue, magenta, cyan, white, \
         `on COLOUR`, bold, dim, reverse"
    )]
    Word {
        /// The style.
        role: &'static str,
        /// The word.
        word: String,
    },
    /// A role that does not exist.
    #[error("there is no style `{0}`{hint}", hint = known_role(.0))]
    Role(String),
    /// Blue on black cannot be read.
    #[error("style `{role}`: blue on black cannot be read on most screens; choose another pair")]
    Unreadable {
        /// The style.
        role: &'static str,
    },
    /// A glyph does not fill exactly one cell.
    #[error("glyph `{name}`: '{glyph}' is not one cell wide")]
    Glyph {
        /// Which.
        name: &'static str,
        /// As written.
        glyph: char,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    style: BTreeMap<String, String>,
    glyphs: Glyphs,
}

/// The names of the roles, in the order of [`Role`].
const ROLE_NAMES: [&str; ROLES] = [
    "text", "quiet", "strong", "accent", "title", "key", "good", "bad", "warn", "danger", "play", "cursor", "idle",
    "mark", "border", "edge", "label",
];

fn known_role(typed: &str) -> String {
    match nearest(typed, ROLE_NAMES) {
        Some(name) => format!("; did you mean `{name}`?"),
        None => format!("; there are {}", ROLE_NAMES.join(", ")),
    }
}

/// The names of the presets, for `--help`, completions and errors.
pub const PRESETS: [&str; 4] = ["dark", "light", "mono", "ascii"];

impl Theme {
    /// A theme that ships with the program, by name.
    pub fn preset(name: &str) -> Option<Theme> {
        let text = match name {
            "dark" => include_str!("../../assets/themes/dark.toml"),
            "light" => include_str!("../../assets/themes/light.toml"),
            "mono" => include_str!("../../assets/themes/mono.toml"),
            "ascii" => include_str!("../../assets/themes/ascii.toml"),
            _ => return None,
        };
        Theme::parse(text).ok()
    }

    /// Reads a theme file. An error names the style or glyph and what is allowed there.
    pub fn parse(text: &str) -> Result<Theme, ThemeError> {
        let File { style, glyphs } = toml::from_str(text).map_err(|error| ThemeError::Shape(error.to_string()))?;
        let bars = glyphs.bars.chars().map(|glyph| ("bars", glyph));
        let single = [
            ("vertical", glyphs.vertical),
            ("horizontal", glyphs.horizontal),
            ("joint", glyphs.joint),
            ("open", glyphs.open),
            ("closed", glyphs.closed),
            ("up", glyphs.up),
            ("down", glyphs.down),
            ("removed", glyphs.removed),
            ("line-break", glyphs.line_break),
            ("cut", glyphs.cut),
        ];
        for (name, glyph) in single.into_iter().chain(bars) {
            if unicode_width::UnicodeWidthChar::width(glyph) != Some(1) {
                return Err(ThemeError::Glyph { name, glyph });
            }
        }
        if let Some(unknown) = style.keys().find(|name| !ROLE_NAMES.contains(&name.as_str())) {
            return Err(ThemeError::Role(unknown.clone()));
        }
        let mut parsed = [Style::new(); ROLES];
        for (slot, role) in parsed.iter_mut().zip(ROLE_NAMES) {
            let words = style.get(role).ok_or_else(|| ThemeError::Shape(format!("there is no style `{role}`")))?;
            *slot = parse_style(role, words)?;
        }
        Ok(Theme { styles: parsed, glyphs })
    }

    /// The theme with some styles changed, by the names of the roles; the rest stays as it is. An error comes with the
    /// name as it was given.
    pub fn with<'a>(
        mut self,
        styles: impl IntoIterator<Item = (&'a String, &'a String)>,
    ) -> Result<Theme, (String, ThemeError)> {
        for (name, words) in styles {
            let role = ROLE_NAMES.iter().position(|known| known == name);
            let role = role.ok_or_else(|| (name.clone(), ThemeError::Role(name.clone())))?;
            self.styles[role] = parse_style(ROLE_NAMES[role], words).map_err(|error| (name.clone(), error))?;
        }
        Ok(self)
    }

    /// How a role looks.
    pub const fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }
}

fn parse_style(role: &'static str, words: &str) -> Result<Style, ThemeError> {
    let mut style = Style::new();
    let mut background = false;
    for word in words.split_whitespace() {
        let unknown = || ThemeError::Word { role, word: word.to_owned() };
        match word {
            "on" => background = true,
            "bold" => style = style.add_modifier(Modifier::BOLD),
            "dim" => style = style.add_modifier(Modifier::DIM),
            "reverse" => style = style.add_modifier(Modifier::REVERSED),
            _ => {
                let color = named(word).ok_or_else(unknown)?;
                style = if background { style.bg(color) } else { style.fg(color) };
                background = false;
            }
        }
    }
    if style.fg == Some(Color::Blue) && style.bg == Some(Color::Black) {
        return Err(ThemeError::Unreadable { role });
    }
    Ok(style)
}

fn named(word: &str) -> Option<Color> {
    Some(match word {
        "black" => Color::Black,
        "red" => Color::Red,
        "green" => Color::Green,
        "yellow" => Color::Yellow,
        "blue" => Color::Blue,
        "magenta" => Color::Magenta,
        "cyan" => Color::Cyan,
        // The eighth of the eight colours (37); ratatui calls bright white "White".
        "white" => Color::Gray,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_sound() {
        for name in PRESETS {
            assert!(Theme::preset(name).is_some(), "{name}");
        }
        assert!(Theme::preset("neon").is_none());
    }

    #[test]
    fn mono_and_ascii_use_no_colour_and_ascii_only_ascii() {
        for name in ["mono", "ascii"] {
            let theme = Theme::preset(name).unwrap();
            assert!(theme.styles.iter().all(|style| style.fg.is_none() && style.bg.is_none()), "{name}");
        }
        let glyphs = Theme::preset("ascii").unwrap().glyphs;
        assert!(!glyphs.frames && glyphs.ellipsis.is_ascii());
        let Glyphs {
            vertical, horizontal, joint, ellipsis: _, open, closed, up, down, removed, line_break, cut, ..
        } = glyphs;
        for glyph in [vertical, horizontal, joint, open, closed, up, down, removed, line_break, cut] {
            assert!(glyph.is_ascii());
        }
    }

    #[test]
    fn single_styles_can_be_changed() {
        let change = |name: &str, words: &str| {
            Theme::preset("dark").unwrap().with(&BTreeMap::from([(name.to_owned(), words.to_owned())]))
        };
        let changed = change("cursor", "bold on yellow").unwrap();
        assert_eq!(changed.style(Role::Cursor), Style::new().bg(Color::Yellow).add_modifier(Modifier::BOLD));
        assert_eq!(changed.style(Role::Label), Theme::preset("dark").unwrap().style(Role::Label));
        assert_eq!(
            change("cursr", "bold").unwrap_err().1.to_string(),
            "there is no style `cursr`; did you mean `cursor`?"
        );
        assert!(change("cursor", "pink").unwrap_err().1.to_string().starts_with("style `cursor`: \"pink\""));
    }

    #[test]
    fn a_mistake_is_named() {
        let dark = include_str!("../../assets/themes/dark.toml");
        let error = |from: &str, to: &str| Theme::parse(&dark.replace(from, to)).unwrap_err().to_string();
        assert!(error("\"cyan bold\"", "\"pink\"").starts_with("style `title`: \"pink\" is not known"));
        assert!(error("\"cyan bold\"", "\"blue on black\"").contains("cannot be read"));
        assert!(error("▾", "界").contains("glyph `open`"));
        assert!(error("quiet ", "quite ").contains("quite"));
    }
}
