//! The desk, opened on what was configured.

use super::args::When;
use super::context::Context;
use super::exit::{Exit, Failure};
use super::keys;
use super::session::Session;
use crate::app::format::{Zone, count, plural};
use crate::app::options::{AfterDecision, Danger, Environment, Layout, Options, Rule, RuleAction, SavedView, Template};
use crate::config::{self, Settings};
use crate::runtime::desk::programs::Programs;
use crate::runtime::desk::{self, DeskOptions, Pauses, Unpublished};
use crate::term::sgr::Colours;
use crate::term::terminal::Surroundings;
use crate::ui::theme::Theme;
use std::io::IsTerminal;
use std::time::Duration;
use tokio::sync::oneshot;

/// Opens the desk on the configured environment.
pub async fn run(context: &Context) -> Result<Exit, Failure> {
    on_terminal(context)?;
    let session = Session::open(context).await?;
    let left = open(context, &session, None).await?;
    Ok(left.say(context))
}

/// How a desk was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// What ended it.
    pub exit: Exit,
    /// Decisions that are in its store and have not been settled.
    pub unsent: u32,
    /// What was being published and is not.
    pub unpublished: Vec<Unpublished>,
}

impl Left {
    /// Says on stderr what is left unsent or unpublished, and makes it the exit code unless something else ended the desk.
    pub fn say(self, context: &Context) -> Exit {
        if self.unsent > 0 {
            context.say(format_args!(
                "{} kept unsent; the desk offers them again, `hitdeck outbox send` sends them",
                plural(self.unsent as usize, "decision")
            ));
        }
        self.say_unpublished(context);
        let is_whole = self.unsent == 0 && self.unpublished.is_empty();
        if self.exit == Exit::Done && !is_whole { Exit::Unsent } else { self.exit }
    }

    /// Says on stderr what is not published.
    fn say_unpublished(&self, context: &Context) {
        for one in &self.unpublished {
            context.say(unpublished(one));
        }
    }
}

/// What is left of something that was being published, and how it goes on.
fn unpublished(Unpublished { what, counts, command }: &Unpublished) -> String {
    let went = match counts {
        Some((made, left)) => format!("{} published, {} not", plural(*made, "HIT"), count(*left)),
        None => "publishing was cut off; nothing is made twice".to_owned(),
    };
    format!("{what}: {went}; the desk, or `{command}`, goes on with it")
}

/// Opens the desk on an account. What comes as `news` is said in it as an error.
pub async fn open(
    context: &Context,
    session: &Session,
    news: Option<oneshot::Receiver<String>>,
) -> Result<Left, Failure> {
    let settings = &session.settings;
    let mut surroundings = Surroundings::read();
    match context.global.color {
        When::Auto => {}
        When::Always if surroundings.colours == Colours::None => surroundings.colours = Colours::Palette,
        When::Always => {}
        When::Never => surroundings.colours = Colours::None,
    }
    if let Some(delay) = &settings.ui.escape_delay {
        surroundings.escape_delay = duration(*delay.as_ref());
    }
    let (ending, unpublished) = desk::run(DeskOptions {
        engine: session.engine.clone(),
        environment: environment(settings, &session.who),
        options: options(settings),
        keymap: keys::keymap(settings)?,
        theme: theme(settings, surroundings.colours)?,
        surroundings,
        programs: Programs::read(),
        pauses: pauses(settings),
        news,
        say: |words| super::context::say(words),
        #[cfg(debug_assertions)]
        panic: context.vars.get("HITDECK_PANIC").map(|place| match place {
            "task" => desk::Panic::Task,
            _ => desk::Panic::Loop,
        }),
    })
    .await
    .map_err(|error| Failure::Failed(error.to_string()))?;
    let exit = match ending.code() {
        0 => Exit::Done,
        code => Exit::Ended(code),
    };
    let unsent = session.engine.store().reading(|reader| reader.unsettled()).await?;
    Ok(Left { exit, unsent, unpublished })
}

/// A desk needs a terminal that can be drawn on.
pub fn on_terminal(context: &Context) -> Result<(), Failure> {
    let why = match context.vars.get("TERM") {
        _ if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() => {
            "standard input and output are not a terminal"
        }
        Some("dumb") => "TERM=dumb says that this terminal cannot be drawn on",
        _ => return Ok(()),
    };
    Err(Failure::Usage(format!(
        "{why}: the desk cannot open here. Subcommands work everywhere: `hitdeck assignment list`, `hitdeck help`"
    )))
}

fn environment(settings: &Settings, user: &str) -> Environment {
    let environment = &settings.environment;
    Environment {
        name: environment.name.clone(),
        danger: match environment.danger {
            config::Danger::RealMoney => Danger::RealMoney,
            config::Danger::Play => Danger::Play,
        },
        host: if environment.is_offline() { "files".to_owned() } else { environment.endpoint.host() },
        profile: environment.profile.clone(),
        user: user.to_owned(),
        worker_site: Some(environment.worker_site.clone()).filter(|_| !environment.is_offline()),
    }
}

fn pauses(settings: &Settings) -> Pauses {
    let refresh = &settings.refresh;
    Pauses { every: duration(*refresh.every.as_ref()), at_most: duration(*refresh.at_most.as_ref()) }
}

/// A span of the configuration; none of them is negative.
fn duration(span: config::Span) -> Duration {
    Duration::from_millis(span.millis.unsigned_abs())
}

fn options(settings: &Settings) -> Options {
    let review = &settings.review;
    let templates = settings.feedback.iter().map(|feedback| Template {
        key: feedback.key.as_ref().0,
        name: feedback.name.clone(),
        text: feedback.text.as_ref().clone(),
    });
    let views =
        settings.views.iter().map(|view| SavedView { name: view.name.clone(), query: view.query.as_ref().clone() });
    let rules = settings.rules.iter().map(|rule| Rule {
        name: rule.name.clone(),
        query: rule.query.as_ref().clone(),
        action: match rule.action {
            config::RuleAction::Flag => RuleAction::Flag,
            config::RuleAction::StageApprove => RuleAction::Approve,
            config::RuleAction::StageReject => RuleAction::Reject,
        },
        feedback: rule.feedback.as_ref().map(|text| text.as_ref().clone()),
    });
    let layouts = settings.layouts.iter().map(|layout| Layout {
        batch: layout.batch.clone(),
        first: layout.first.clone(),
        hide: layout.hide.clone(),
    });
    Options {
        read_only: settings.read_only,
        grace: review.grace.millis,
        after_decision: match review.after_decision {
            config::AfterDecision::NextUndecided => AfterDecision::NextUndecided,
            config::AfterDecision::Next => AfterDecision::Next,
            config::AfterDecision::Stay => AfterDecision::Stay,
        },
        confirm_count: review.confirm_over.count as usize,
        confirm_sum: review.confirm_over.sum.0,
        brake_share: review.reject_brake.share.basis_points,
        brake_count: review.reject_brake.count,
        burst_count: review.burst.count as usize,
        burst_window: review.burst.within.millis,
        bonus_limit: review.bonus_limit.0,
        templates: templates.collect(),
        views: views.collect(),
        rules: rules.collect(),
        layouts: layouts.collect(),
        mouse: settings.ui.mouse,
        zone: Zone { east: jiff::Zoned::now().offset().seconds() },
    }
}

/// The theme with what the person has changed of it.
pub fn theme(settings: &Settings, colours: Colours) -> Result<Theme, Failure> {
    let name = match settings.ui.theme {
        config::Theme::Auto if colours == Colours::None => "mono",
        config::Theme::Auto | config::Theme::Dark => "dark",
        config::Theme::Light => "light",
        config::Theme::Mono => "mono",
        config::Theme::Ascii => "ascii",
    };
    let theme =
        Theme::preset(name).ok_or_else(|| Failure::Failed(format!("the built-in theme \"{name}\" cannot be read")))?;
    let styles = settings.ui.style.iter().map(|(name, words)| (name, words.as_ref()));
    theme.with(styles).map_err(|(name, error)| {
        let place = settings.ui.style.get(&name).map_or(0, |words| words.span().start);
        settings.wrong_at(place, error.to_string()).into()
    })
}
