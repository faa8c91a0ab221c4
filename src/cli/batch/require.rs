//! `hitdeck batch require`: a requirement written into a batch file; and the same for those whom `worker exclude` keeps out.

use super::super::context::Context;
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::super::{ask, worker::args::Way as WayName};
use super::args::RequireArgs;
use crate::domain::policy::Refusal;
use crate::domain::qualification::KnownType;
use crate::domain::requirement::{Required, Value, Values, Way, Written, pool};
use crate::domain::system_type::SystemType;
use crate::domain::text::SafeText;
use crate::exchange::batch::{Addition, require};
use crate::runtime::replace;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// Batch files with what they are to require as well. Nothing is written yet.
#[derive(Default)]
pub struct Additions(Vec<(PathBuf, String, Addition)>);

impl Additions {
    /// Looks at all files; one that cannot be changed refuses them all.
    pub fn look(files: &[PathBuf], wanted: &[Required], people: &People) -> Result<Additions, Failure> {
        let sandbox = people.session.settings.environment.endpoint.is_sandbox();
        Additions::of(files, wanted, &people.types, sandbox)
    }

    fn of(files: &[PathBuf], wanted: &[Required], types: &[KnownType], sandbox: bool) -> Result<Additions, Failure> {
        let look = |path: &PathBuf| {
            let text = replace::read(path).map_err(|error| Failure::Failed(error.to_string()))?;
            let addition = require(&path.display().to_string(), &text, wanted, types, sandbox)
                .map_err(|error| Failure::Failed(error.to_string()))?;
            Ok((path.clone(), text, addition))
        };
        files.iter().map(look).collect::<Result<_, Failure>>().map(Additions)
    }

    /// What is going to be written, file by file and line by line.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for (path, _, addition) in &self.0 {
            let name = path.display();
            notes.extend(addition.there.iter().map(|one| format!("{name} requires {one} already")));
            notes.extend(addition.added.iter().map(|one| format!("{name} gets the requirement {one}:")));
            notes.extend(addition.lines.iter().map(|(line, text)| format!("  {line:>4} + {text}")));
        }
        notes
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, _, addition)| addition.added.is_empty())
    }

    /// Writes the files, each as a whole.
    pub fn write(&self, context: &Context) -> Result<(), Failure> {
        for (path, before, addition) in self.0.iter().filter(|(_, _, addition)| !addition.added.is_empty()) {
            replace::replace(path, before, &addition.text).map_err(|error| Failure::Failed(error.to_string()))?;
            context.say(format_args!("written: {}", path.display()));
        }
        Ok(())
    }
}

impl From<WayName> for Way {
    fn from(name: WayName) -> Way {
        match name {
            WayName::Absent => Way::Absent,
            WayName::Above => Way::Above,
        }
    }
}

/// Runs `hitdeck batch require`.
pub async fn run(context: &Context, args: &RequireArgs, out: &mut impl Write) -> Result<Exit, Failure> {
    let people = People::open(context, Fresh::People).await?;
    let sandbox = people.session.settings.environment.endpoint.is_sandbox();
    let required = written(args).required(&people.types, sandbox).map_err(Failure::Usage)?;
    let additions = Additions::look(std::slice::from_ref(&args.spec), std::slice::from_ref(&required), &people)?;
    let own = people.types.iter().find(|of| of.own && of.it.id.as_str() == required.qualification);
    let holders = match own {
        Some(of) => people.read_holders(&of.it.id).await?,
        None => Vec::new(),
    };
    let everybody = people.stats.iter().map(|(worker, stats)| (worker, stats.lifetime));
    let left = pool(std::slice::from_ref(&required), everybody, &holders);
    let open = if left.open > 0 { format!(", {} more if the market agrees", left.open) } else { String::new() };
    let mut notes = additions.notes();
    if left.of > 0 {
        notes.push(format!("{} of {} known workers meet it{open}", left.satisfy, left.of));
    }
    notes.push(
        "each requirement makes the pool smaller; who would have to ask for something first mostly does not".into(),
    );
    notes.iter().for_each(|line| context.say(SafeText::line(line)));
    if people.session.settings.read_only && !context.global.dry_run {
        return Err(Failure::Failed(Refusal::ReadOnly.to_string()));
    }
    if context.global.dry_run {
        context.say("dry run: nothing was written");
    } else if !additions.is_empty() {
        let on_terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        if on_terminal && !context.global.yes && !ask::yes(&format!("write {}?", args.spec.display()))? {
            return Err(Failure::Failed("nothing was written".into()));
        }
        additions.write(context)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// The requirement as a batch file would have it.
fn written(args: &RequireArgs) -> Written {
    let of_place = args.qualification.trim_start_matches("Worker_") == SystemType::Locale.short_name();
    let value = |text: &String| match text.parse() {
        Ok(number) if !of_place => Value::Number(number),
        _ => Value::Place(text.clone()),
    };
    let mut values: Vec<Value> = args.values.iter().map(value).collect();
    let value = match values.len() {
        0 => None,
        1 => values.pop().map(Values::One),
        _ => Some(Values::Many(values)),
    };
    Written {
        qualification: args.qualification.clone(),
        comparator: args.comparator.clone(),
        value,
        action: Some(args.action.clone()),
    }
}
