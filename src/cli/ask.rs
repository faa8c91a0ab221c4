//! Questions: only on a terminal, with No as the answer to everything unexpected.

use super::exit::Failure;
use std::io::{BufRead, IsTerminal, Write};

/// Asks for a yes. Without a terminal nobody can answer, so `--yes` is needed.
pub fn yes(question: &str) -> Result<bool, Failure> {
    let answer = answer(&format!("{question} [y/N] "))?;
    Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
}

/// Asks for a word to be typed, for what must not happen by habit.
pub fn typed(question: &str, word: &str) -> Result<bool, Failure> {
    Ok(answer(&format!("{question}\nType {word} to go on: "))? == word)
}

fn answer(question: &str) -> Result<String, Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        let message =
            format!("{question}\nnobody can answer here (no terminal): give --yes to go on, --dry-run to look");
        return Err(Failure::Usage(message));
    }
    let io = |reason| Failure::File { what: "asking on the terminal".to_owned(), reason };
    let mut err = std::io::stderr().lock();
    write!(err, "{question}").and_then(|()| err.flush()).map_err(io)?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(io)?;
    Ok(line.trim().to_owned())
}
