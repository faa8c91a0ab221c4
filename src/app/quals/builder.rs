//! The requirements of a HIT put together by name: which type, how it is compared, with what, and what is kept from who does
//! not qualify. The result is plain: a `Vec<Required>`.

use crate::domain::place;
use crate::domain::qualification::KnownType;
use crate::domain::requirement::{
    Comparator, Guard, MAX_REQUIREMENTS, Pool, Required, Source, check, comparators, named,
};
use crate::domain::system_type::SystemType;
use tui_input::Input;

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Column {
    /// Which qualification.
    #[default]
    Type,
    /// How it is compared.
    Comparator,
    /// With what.
    Value,
    /// What is kept from who does not qualify.
    Guard,
}

impl Column {
    /// All of them, from the left.
    pub const ALL: [Column; 4] = [Column::Type, Column::Comparator, Column::Value, Column::Guard];

    /// The heading.
    pub const fn title(self) -> &'static str {
        match self {
            Column::Type => "qualification",
            Column::Comparator => "must be",
            Column::Value => "value",
            Column::Guard => "guards",
        }
    }
}

/// What the account says of the requirements.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looked {
    /// Known workers, by all requirements.
    pub all: Pool,
    /// Known workers, by the one under the cursor alone.
    pub one: Pool,
    /// How workers come by what is under the cursor, where that has to be known.
    pub how: Option<String>,
}

/// What may be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// The column under the cursor.
    Cell,
    /// The name of a file to write to.
    File,
}

/// The table of requirements.
#[derive(Debug, Clone)]
pub struct Builder {
    rows: Vec<Required>,
    /// The row under the cursor; behind the last one is the line for a new one.
    pub row: usize,
    /// The column under the cursor.
    pub column: Column,
    /// The line that is being typed.
    pub typing: Option<Input>,
    /// What it is.
    pub what: Typing,
    /// What is wrong with what was typed.
    pub error: Option<String>,
    /// What the account says.
    pub looked: Looked,
    /// The identifiers are those of Amazon's sandbox.
    pub sandbox: bool,
}

impl Builder {
    /// A table that begins with some requirements.
    pub fn new(rows: Vec<Required>, sandbox: bool) -> Builder {
        let (row, column, typing, what) = (0, Column::default(), None, Typing::Cell);
        Builder { rows, row, column, typing, what, error: None, looked: Looked::default(), sandbox }
    }

    /// The requirements as they stand, finished or not.
    pub fn rows(&self) -> &[Required] {
        &self.rows
    }

    /// The requirement under the cursor.
    pub fn current(&self) -> Option<&Required> {
        self.rows.get(self.row)
    }

    /// How many lines it takes: head, rows, the line for a new one, and what is said below.
    pub(in crate::app) fn content_lines(&self) -> usize {
        self.rows.len() + 12
    }

    /// What keeps a row from being sent.
    pub fn problem(&self, row: usize) -> Option<String> {
        let problem = check(self.rows.get(row)?).err()?;
        // The error of the API's rules names the identifier; the row stands beside it.
        Some(problem.split_once(": ").map_or(problem.clone(), |(_, rest)| rest.to_owned()))
    }

    /// The requirements, if all of them can be sent.
    pub fn required(&self) -> Result<Vec<Required>, String> {
        if self.rows.len() > MAX_REQUIREMENTS {
            return Err(format!("a HIT takes at most {MAX_REQUIREMENTS} requirements"));
        }
        match (0..self.rows.len()).find_map(|row| Some((row, self.problem(row)?))) {
            Some((row, problem)) => Err(format!("requirement {}: {problem}", row + 1)),
            None => Ok(self.rows.clone()),
        }
    }

    /// Moves the cursor to another row; one behind the last is where a new one begins.
    pub fn step(&mut self, by: isize) {
        self.row = self.row.saturating_add_signed(by).min(self.rows.len());
        if self.row == self.rows.len() {
            self.column = Column::Type;
        }
    }

    /// Moves the cursor to another column.
    pub fn turn(&mut self, by: isize) {
        let at = Column::ALL.iter().position(|one| *one == self.column).unwrap_or(0);
        if self.row < self.rows.len() {
            self.column = Column::ALL[at.saturating_add_signed(by).min(Column::ALL.len() - 1)];
        }
    }

    /// Goes to the line for a new requirement and begins to type its name.
    pub fn begin(&mut self) {
        (self.row, self.column, self.error) = (self.rows.len(), Column::Type, None);
        (self.typing, self.what) = (Some(Input::default()), Typing::Cell);
    }

    /// Removes the requirement under the cursor.
    pub fn remove(&mut self) {
        if self.row < self.rows.len() {
            self.rows.remove(self.row);
            (self.column, self.error) = (Column::Type, None);
        }
    }

    /// Changes what is under the cursor: names and values are typed, comparators and guards take turns.
    pub fn change(&mut self, forward: bool) {
        self.error = None;
        let Some(one) = self.rows.get_mut(self.row) else { return self.begin() };
        match self.column {
            Column::Comparator => {
                let next = turned(comparators(&one.qualification), one.comparator, forward);
                compare(one, next);
            }
            Column::Guard => one.guard = turned(&Guard::ALL, one.guard, forward),
            Column::Value if one.comparator.is_alone() => {
                self.error = Some(format!("\"{}\" has no value", one.comparator.sign()));
            }
            // A list is gone on with; what stands alone is typed anew, so that nothing is put behind it by mistake.
            Column::Value if one.comparator.takes_many() => {
                (self.typing, self.what) = (Some(Input::new(one.values_words())), Typing::Cell);
            }
            Column::Value | Column::Type => (self.typing, self.what) = (Some(Input::default()), Typing::Cell),
        }
    }

    /// What was typed is the name or the value under the cursor. An error leaves the line open.
    pub fn typed(&mut self, types: &[KnownType]) {
        let Some(input) = &self.typing else { return };
        let text = input.value().trim().to_owned();
        let done = match self.column {
            Column::Value => self.set_values(&text),
            _ => self.set_type(&text, types),
        };
        self.error = done.err();
        if self.error.is_none() {
            self.typing = None;
        }
    }

    fn set_values(&mut self, text: &str) -> Result<(), String> {
        let Some(one) = self.rows.get(self.row) else { return Ok(()) };
        let mut next = Required { integers: Vec::new(), locales: Vec::new(), ..one.clone() };
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            if is_place(&next.qualification) {
                next.locales.push(place::parse(part)?);
            } else {
                let number = part.parse().map_err(|_| format!("{part:?} is no whole number"))?;
                next.integers.push(number);
            }
        }
        check(&next)
            .map_err(|problem| problem.split_once(": ").map_or(problem.clone(), |(_, rest)| rest.to_owned()))?;
        self.rows[self.row] = next;
        Ok(())
    }

    fn set_type(&mut self, text: &str, types: &[KnownType]) -> Result<(), String> {
        // The beginning of one name is enough.
        let fitting = self.names(text, types);
        let meant = match fitting.as_slice() {
            [one] => one.as_str(),
            _ => text,
        };
        let id = named(meant, types, self.sandbox)?;
        if let Some(one) = self.rows.get_mut(self.row) {
            if one.qualification != id.as_str() {
                *one = Required { guard: one.guard, ..usual(id.as_str()) };
            }
        } else if self.rows.len() == MAX_REQUIREMENTS {
            return Err(format!("a HIT takes at most {MAX_REQUIREMENTS} requirements"));
        } else {
            self.rows.push(usual(id.as_str()));
        }
        self.column = Column::Comparator;
        Ok(())
    }

    /// The names that what is typed may become: those that begin so, else those that hold it.
    fn names(&self, typed: &str, types: &[KnownType]) -> Vec<String> {
        let typed = typed.trim().to_lowercase();
        let own = types.iter().filter(|kind| kind.own).map(|kind| kind.it.name.clone());
        let all: Vec<String> =
            own.chain(SystemType::ALL.into_iter().map(|system| system.short_name().to_owned())).collect();
        let some = |fits: &dyn Fn(&str) -> bool| {
            all.iter().filter(|name| fits(&name.to_lowercase())).cloned().collect::<Vec<_>>()
        };
        let begin = some(&|name| name.starts_with(&typed));
        if begin.is_empty() { some(&|name| name.contains(&typed)) } else { begin }
    }

    /// What may be typed here, for the line below.
    pub fn hints(&self, types: &[KnownType]) -> String {
        let Some(input) = &self.typing else { return String::new() };
        match (self.what, self.column, self.current()) {
            (Typing::File, ..) => "a new file; the tables go into a batch file as they are".to_owned(),
            (_, Column::Value, Some(one)) if is_place(&one.qualification) => {
                let last = input.value().rsplit(',').next().unwrap_or("");
                let places = place::completions(last);
                if places.is_empty() {
                    return "countries and states of the US by name or code, with commas between".to_owned();
                }
                places.iter().map(|(code, name)| format!("{name} ({code})")).collect::<Vec<_>>().join("  ")
            }
            (_, Column::Value, Some(one)) if one.comparator.takes_many() => {
                "whole numbers with commas between".to_owned()
            }
            (_, Column::Value, _) => "a whole number".to_owned(),
            _ => self.names(input.value(), types).join("  "),
        }
    }

    /// Goes on with what is typed as far as there is only one way.
    pub fn complete(&mut self, types: &[KnownType]) {
        let Some(input) = &self.typing else { return };
        let typed = input.value().to_owned();
        if self.what == Typing::File {
            return;
        }
        let of_place = self.current().is_some_and(|one| is_place(&one.qualification));
        let text = match self.column {
            Column::Value if of_place => {
                let (before, last) =
                    typed.rsplit_once(',').map_or(("", typed.as_str()), |(before, last)| (before, last));
                let Some((code, name)) = place::completions(last).first().copied() else { return };
                let before = if before.is_empty() { String::new() } else { format!("{before}, ") };
                format!("{before}{name} ({code})")
            }
            Column::Value => return,
            _ => match self.names(&typed, types).as_slice() {
                [one] => one.clone(),
                _ => return,
            },
        };
        self.typing = Some(Input::new(text));
    }
}

fn is_place(qualification: &str) -> bool {
    SystemType::of(qualification) == Some(SystemType::Locale)
}

/// The next of some, or the one before.
fn turned<T: Copy + PartialEq>(all: &[T], now: T, forward: bool) -> T {
    let at = all.iter().position(|one| *one == now).unwrap_or(0);
    all[(at + if forward { 1 } else { all.len() - 1 }) % all.len()]
}

/// Gives a requirement another comparator, and as many of its values as that takes.
fn compare(one: &mut Required, comparator: Comparator) {
    one.comparator = comparator;
    let most = match comparator {
        _ if comparator.is_alone() => 0,
        _ if comparator.takes_many() => usize::MAX,
        _ => 1,
    };
    one.integers.truncate(most);
    one.locales.truncate(most);
}

/// What is usually required of a type.
fn usual(qualification: &str) -> Required {
    use Comparator as C;
    let (comparator, integers) = match SystemType::of(qualification) {
        Some(SystemType::Masters) => (C::Exists, vec![]),
        Some(SystemType::Locale) => (C::In, vec![]),
        Some(SystemType::Adult) => (C::EqualTo, vec![1]),
        Some(SystemType::PercentApproved) => (C::GreaterThanOrEqualTo, vec![95]),
        Some(SystemType::HitsApproved) => (C::GreaterThanOrEqualTo, vec![100]),
        None => (C::Exists, vec![]),
    };
    let (qualification, locales) = (qualification.to_owned(), Vec::new());
    Required { qualification, comparator, integers, locales, guard: Guard::Accept }
}

impl Looked {
    /// What the requirements come to, for people: the warning that each makes the pool smaller goes with the figure.
    pub fn lines(&self, builder: &Builder) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(one) = builder.current() {
            let open = if self.one.open > 0 { format!(", {} open", self.one.open) } else { String::new() };
            let source = Source::of(&one.qualification);
            if !one.locales.is_empty() {
                lines.push(format!("{} {}", one.comparator.sign(), one.values_words()));
            }
            lines.push(format!(
                "this one: {} of {} known workers{open} ({})",
                self.one.satisfy,
                self.one.of,
                source.words()
            ));
            lines.extend(self.how.clone());
        }
        let Pool { of, satisfy, open } = self.all;
        lines.push(match (of, open) {
            (0, _) => "nobody is known here yet, so that nothing can be measured".to_owned(),
            (of, 0) => format!("all of them: {satisfy} of {of} known workers ({} %)", satisfy * 100 / of),
            (of, open) => format!(
                "all of them: {satisfy} of {of} known workers ({} %), {open} more if the market agrees",
                satisfy * 100 / of
            ),
        });
        lines
    }

    /// What has to be thought of.
    pub fn warning(&self, builder: &Builder) -> Option<&'static str> {
        if builder.rows().is_empty() {
            return None;
        }
        Some(match self.all {
            Pool { of, satisfy: 0, open: 0 } if of > 0 => {
                "! nobody who is known here qualifies: only new workers could, if they can at all"
            }
            Pool { of, satisfy, open } if of > 0 && (satisfy + open) * 2 < of => {
                "! less than half of those who are known here qualify. Each requirement makes the pool smaller"
            }
            _ => "Each requirement makes the pool smaller; who would have to ask for something first mostly does not",
        })
    }
}

#[cfg(test)]
mod tests;
