//! Times and counts as people read them.

use minijinja::{HtmlEscape, Value};

/// A span of seconds in its two largest units: `1 h 30 min`.
pub fn span(seconds: i64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let first = units.iter().position(|(size, _)| seconds >= *size);
    let Some(first) = first else { return "0 s".into() };
    let (size, name) = units[first];
    let mut text = format!("{} {name}", seconds / size);
    if let Some((next, name)) = units.get(first + 1)
        && (seconds % size) / next > 0
    {
        text.push_str(&format!(" {} {name}", (seconds % size) / next));
    }
    text
}

fn utc(seconds: i64, form: &str) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |at| at.strftime(form).to_string())
}

/// A moment as an element that a script may turn into the reader's own time.
pub fn moment(seconds: i64) -> Value {
    let (machine, people) = (utc(seconds, "%Y-%m-%dT%H:%M:%SZ"), utc(seconds, "%Y-%m-%d %H:%M UTC"));
    Value::from_safe_string(format!("<time datetime=\"{machine}\">{people}</time>"))
}

/// What is left until a deadline, as an element that a script may count down.
pub fn clock(seconds: i64) -> Value {
    let text = span(seconds.max(0));
    let text = HtmlEscape(&text);
    Value::from_safe_string(format!("<span class=\"left\" data-left=\"{}\">{text}</span>", seconds.max(0)))
}

/// A count with its noun: `1 HIT`, `2,000 HITs`.
pub fn plural(count: i64, noun: &str, many: Option<&str>) -> String {
    let word = match many {
        _ if count == 1 => noun.to_owned(),
        Some(many) => many.to_owned(),
        None => format!("{noun}s"),
    };
    format!("{} {word}", grouped(count))
}

/// With separators of thousands.
fn grouped(count: i64) -> String {
    let digits = count.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if count < 0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_two_units_at_most() {
        let said = [0, 1, 59, 60, 61, 3_600, 5_400, 86_399, 86_400, 90_061].map(span);
        assert_eq!(
            said,
            ["0 s", "1 s", "59 s", "1 min", "1 min 1 s", "1 h", "1 h 30 min", "23 h 59 min", "1 d", "1 d 1 h"]
        );
    }

    #[test]
    fn counts_have_their_noun() {
        assert_eq!(plural(1, "HIT", None), "1 HIT");
        assert_eq!(plural(12_000, "HIT", None), "12,000 HITs");
        assert_eq!(plural(0, "reply", Some("replies")), "0 replies");
    }

    #[test]
    fn a_moment_is_for_machines_too() {
        let text = moment(1_795_334_400).to_string();
        assert_eq!(text, "<time datetime=\"2026-11-22T08:00:00Z\">2026-11-22 08:00 UTC</time>");
    }
}
