//! The shortest way to another place on the screen.

use std::io::Write;

/// Where the terminal's cursor is, as far as it can be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Nowhere we know.
    Unknown,
    /// In this line, at a column that depends on how wide the terminal draws what was written.
    Line(u16),
    /// Column and line.
    Place(u16, u16),
}

/// Writes the shortest sequence that leads from `at` to column `x` of line `y`.
pub fn go(at: At, x: u16, y: u16, out: &mut Vec<u8>) {
    let (from_x, from_y) = match at {
        At::Place(from_x, from_y) if (from_x, from_y) == (x, y) => return,
        At::Place(from_x, from_y) => (Some(from_x), Some(from_y)),
        At::Line(from_y) => (None, Some(from_y)),
        At::Unknown => (None, None),
    };
    let absolute = 4 + digits(y + 1) + digits(x + 1);
    let vertical = from_y.map(|from_y| vertical(from_y, y));
    let horizontal = horizontal(from_x, x);
    match vertical {
        Some(vertical) if vertical.cost() + horizontal.cost() < absolute => {
            vertical.write(out);
            horizontal.write(out);
        }
        _ => {
            // Writing to a Vec cannot fail.
            let _ = match (x, y) {
                (0, 0) => write!(out, "\x1b[H"),
                (0, _) => write!(out, "\x1b[{}H", y + 1),
                _ => write!(out, "\x1b[{};{}H", y + 1, x + 1),
            };
        }
    }
}

/// The bytes that [`go`] would write within a line.
pub fn forward_cost(n: u16) -> usize {
    Step::Sequence(n, b'C').cost()
}

fn digits(n: u16) -> usize {
    n.checked_ilog10().unwrap_or(0) as usize + 1
}

#[derive(Clone, Copy)]
enum Step {
    Nothing,
    Return,
    Feeds(u16),
    Sequence(u16, u8),
}

impl Step {
    fn cost(self) -> usize {
        match self {
            Step::Nothing => 0,
            Step::Return => 1,
            Step::Feeds(n) => n.into(),
            Step::Sequence(1, _) => 3,
            Step::Sequence(n, _) => 3 + digits(n),
        }
    }

    fn write(self, out: &mut Vec<u8>) {
        let _ = match self {
            Step::Nothing => Ok(()),
            Step::Return => out.write_all(b"\r"),
            Step::Feeds(n) => out.write_all(&b"\n\n\n\n"[..usize::from(n)]),
            Step::Sequence(1, last) => out.write_all(&[0x1b, b'[', last]),
            Step::Sequence(n, last) => write!(out, "\x1b[{n}{}", char::from(last)),
        };
    }
}

/// The last line is never left by a line feed, so nothing scrolls.
fn vertical(from: u16, to: u16) -> Step {
    match to.cmp(&from) {
        std::cmp::Ordering::Equal => Step::Nothing,
        std::cmp::Ordering::Less => Step::Sequence(from - to, b'A'),
        std::cmp::Ordering::Greater if to - from <= 4 => Step::Feeds(to - from),
        std::cmp::Ordering::Greater => Step::Sequence(to - from, b'B'),
    }
}

fn horizontal(from: Option<u16>, to: u16) -> Step {
    let absolute = Step::Sequence(to + 1, b'G');
    let relative = match from {
        Some(from) if from == to => return Step::Nothing,
        _ if to == 0 => return Step::Return,
        Some(from) if from < to => Step::Sequence(to - from, b'C'),
        Some(from) => Step::Sequence(from - to, b'D'),
        None => absolute,
    };
    if relative.cost() <= absolute.cost() { relative } else { absolute }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(at: At, x: u16, y: u16) -> String {
        let mut out = Vec::new();
        go(at, x, y, &mut out);
        String::from_utf8(out).unwrap().replace('\x1b', "^")
    }

    #[test]
    fn the_shortest_way_is_taken() {
        assert_eq!(way(At::Unknown, 0, 0), "^[H");
        assert_eq!(way(At::Unknown, 0, 9), "^[10H");
        assert_eq!(way(At::Unknown, 4, 9), "^[10;5H");
        assert_eq!(way(At::Place(4, 9), 4, 9), "");
        assert_eq!(way(At::Place(4, 9), 0, 10), "\n\r");
        assert_eq!(way(At::Place(4, 9), 4, 11), "\n\n");
        assert_eq!(way(At::Place(4, 9), 5, 9), "^[C");
        assert_eq!(way(At::Place(40, 9), 2, 9), "^[3G");
        assert_eq!(way(At::Place(40, 9), 39, 9), "^[D");
        assert_eq!(way(At::Place(40, 9), 40, 8), "^[A");
        assert_eq!(way(At::Line(9), 12, 9), "^[13G");
        assert_eq!(way(At::Line(9), 0, 9), "\r");
    }
}
