//! One line of a file, cut into cells.

/// The cells of a line, without blanks around them; a cell in quotation marks may hold the delimiter.
pub(super) fn cells(line: &str, delimiter: char) -> Result<Vec<String>, &'static str> {
    let mut cells = Vec::new();
    let mut rest = line.trim_end_matches('\r');
    loop {
        let start = rest.trim_start_matches(|c: char| c.is_whitespace() && c != delimiter);
        let (cell, after) = match start.strip_prefix('"') {
            Some(quoted) => {
                let (cell, after) = in_quotes(quoted)?;
                let after = after.trim_start_matches(|c: char| c.is_whitespace() && c != delimiter);
                if !after.is_empty() && !after.starts_with(delimiter) {
                    return Err("something stands behind a closing quotation mark");
                }
                (cell, after)
            }
            None => {
                let end = start.find(delimiter).unwrap_or(start.len());
                (start[..end].trim().to_owned(), &start[end..])
            }
        };
        cells.push(cell);
        match after.strip_prefix(delimiter) {
            Some(more) => rest = more,
            None => return Ok(cells),
        }
    }
}

/// The text up to the closing quotation mark, and what follows it. Two marks stand for one.
fn in_quotes(text: &str) -> Result<(String, &str), &'static str> {
    let mut cell = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"').ok_or("a quotation mark is not closed")?;
        cell.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => return Ok((cell.trim().to_owned(), rest)),
        }
    }
}
