//! The loop: take one event, drain what else is ready, update, carry out, draw once.

use super::files;
use super::office::Office;
use super::programs::{Editing, Programs};
use super::publish::Unpublished;
use super::screen::Screen;
use crate::app::effect::Effect;
use crate::app::event::{Event, Level, RequestId};
use crate::app::state::State;
use crate::app::update::update;
use crate::runtime::clock::Clock;
use crate::term::decode::Input;
use crate::term::reader::Message;
use crate::term::signals::Told;
use crate::ui;
use crate::ui::theme::Theme;
use std::collections::VecDeque;
use std::process::ExitStatus;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Receiver;

/// In so long a time there are at most two frames: the one that shows a key at once, and the one that shows what was read
/// because of it.
const FRAME: Duration = Duration::from_millis(16);
/// How long events are taken in one turn before a frame gets its chance.
const TURN: Duration = Duration::from_millis(8);
/// The shortest wait for a deadline that has just come and is asked for again.
const AGAIN: i64 = 20;

/// How the desk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The person left.
    Quit,
    /// The terminal is gone.
    Hangup,
    /// A signal said so; with the exit code that belongs to it.
    Signal(u8),
    /// A part of the program has panicked.
    Panic,
}

/// What comes from outside the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// A signal.
    Signal(Told),
    /// A thread or task has panicked.
    Panicked,
}

/// Where events come from, in the order in which they are taken.
#[derive(Debug)]
pub struct Sources {
    /// Signals. What does not fit waits at the sender.
    pub outside: Receiver<Outside>,
    /// Keys. What does not fit waits at the sender, which is the input thread; then the kernel buffers.
    pub input: Receiver<Message>,
    /// What became of decisions. What does not fit waits at the sender.
    pub outcomes: Receiver<Event>,
    /// What was read. What does not fit waits at the sender.
    pub data: Receiver<Event>,
}

/// Who has the screen.
#[derive(Debug)]
pub(super) enum Away {
    Here,
    Stopped,
    Editing(RequestId, Box<Editing>),
}

/// The desk at work.
pub struct Desk<S> {
    pub(super) state: State,
    theme: Theme,
    pub(super) screen: S,
    clock: Clock,
    pub(super) sources: Sources,
    office: Office,
    pub(super) programs: Programs,
    pub(super) away: Away,
    /// Messages that came while the screen was being handed over.
    pub(super) stash: VecDeque<Message>,
    /// The version of the state that is on the screen.
    pub(super) drawn: Option<u64>,
    /// When the last two frames were drawn, the older one first.
    frames: [Option<Instant>; 2],
    /// What is staged is being sent, and then the desk ends.
    leaving: bool,
    /// What is to be read: begun when the frame that asked for it is on the screen, so that no thread is made before it.
    reads: Vec<Effect>,
    /// The last event was the deadline's.
    woken: bool,
    pub(super) ending: Option<Ending>,
}

enum Turn {
    Outside(Outside),
    Message(Message),
    Event(Event),
    CaughtUp(std::io::Result<()>),
    /// Something ended without a word, or a frame is due.
    Nothing,
    Deadline,
    Edited(std::io::Result<ExitStatus>),
}

impl<S: Screen> Desk<S> {
    /// A desk that has not drawn anything yet.
    pub fn new(
        state: State,
        theme: Theme,
        screen: S,
        clock: Clock,
        sources: Sources,
        office: Office,
        programs: Programs,
    ) -> Self {
        Desk {
            state,
            theme,
            screen,
            clock,
            sources,
            office,
            programs,
            away: Away::Here,
            stash: VecDeque::new(),
            drawn: None,
            frames: [None; 2],
            leaving: false,
            reads: Vec::new(),
            woken: false,
            ending: None,
        }
    }

    /// What the desk knows and shows.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The screen.
    pub fn screen(&self) -> &S {
        &self.screen
    }

    /// Whether nothing that was asked for is open and the screen is up to date. What the background does does not count.
    pub fn is_settled(&self) -> bool {
        let Sources { outside, input, outcomes, data } = &self.sources;
        let quiet = outside.is_empty() && input.is_empty() && outcomes.is_empty() && data.is_empty();
        quiet
            && self.stash.is_empty()
            && !self.office.is_busy()
            && !self.state.is_working()
            && self.frame_due().is_none()
    }

    /// Gives the desk its size and its first rows, and draws them.
    pub async fn open(&mut self, first: Event) {
        let (columns, lines) = self.screen.size();
        self.feed(Event::Resize(columns, lines)).await;
        self.feed(first).await;
        if self.state.mouse {
            let result = self.screen.mouse(true);
            self.feed_back(result);
        }
        self.draw_if_due();
        self.begin_reads();
        self.office.start();
    }

    /// Runs until the desk ends.
    pub async fn run(&mut self) -> Ending {
        loop {
            if let Some(ending) = self.turn().await {
                return ending;
            }
        }
    }

    /// One turn: waits for something to happen, takes what is ready, draws if it is time. The ending, if it is one.
    pub async fn turn(&mut self) -> Option<Ending> {
        let turn = self.next().await;
        let began = Instant::now();
        self.take(turn).await;
        while self.ending.is_none() && began.elapsed() < TURN {
            let Some(turn) = self.ready() else { break };
            self.take(turn).await;
        }
        self.draw_if_due();
        self.begin_reads();
        self.ending
    }

    /// Leaves the screen and sees that what was decided is written down, unless the disk takes longer than `patience`. What was being
    /// published and is not is the result; that it is finished is told with `say`.
    pub async fn close(mut self, patience: Duration, say: &(dyn Fn(&str) + Send + Sync)) -> Vec<Unpublished> {
        // Nobody listens any more: nothing waits for us.
        drop(self.sources);
        // What is typed from now on is for the shell.
        self.screen.hand_over().await;
        self.office.close(patience, say).await
    }

    async fn next(&mut self) -> Turn {
        if let Some(turn) = self.ready() {
            return turn;
        }
        if self.state.is_working() && self.frame_due().is_none_or(|due| due > Instant::now()) {
            // Others on this runtime get their turn between two steps.
            tokio::task::yield_now().await;
            return self.ready().unwrap_or(Turn::Deadline);
        }
        let here = matches!(self.away, Away::Here);
        let frame = self.frame_due();
        let deadline = self.deadline();
        let behind = here && self.screen.is_behind();
        let Sources { outside, input, outcomes, data } = &mut self.sources;
        let away = &mut self.away;
        tokio::select! {
            biased;
            Some(outside) = outside.recv() => Turn::Outside(outside),
            Some(message) = input.recv() => Turn::Message(message),
            Some(event) = outcomes.recv() => Turn::Event(event),
            caught_up = self.screen.catch_up(), if behind => Turn::CaughtUp(caught_up),
            () = sleep_until(frame), if frame.is_some() => Turn::Nothing,
            Some(event) = data.recv() => Turn::Event(event),
            () = sleep_until(deadline), if deadline.is_some() => Turn::Deadline,
            () = self.office.finished() => Turn::Nothing,
            ended = edited(away), if !here => Turn::Edited(ended),
        }
    }

    /// What is there already, the most urgent first.
    fn ready(&mut self) -> Option<Turn> {
        let sources = &mut self.sources;
        if let Ok(outside) = sources.outside.try_recv() {
            return Some(Turn::Outside(outside));
        }
        if matches!(self.away, Away::Here)
            && let Some(message) = self.stash.pop_front()
        {
            return Some(Turn::Message(message));
        }
        if let Ok(message) = sources.input.try_recv() {
            return Some(Turn::Message(message));
        }
        sources.outcomes.try_recv().or_else(|_| sources.data.try_recv()).ok().map(Turn::Event)
    }

    async fn take(&mut self, turn: Turn) {
        self.woken = matches!(turn, Turn::Deadline);
        match turn {
            Turn::Outside(Outside::Panicked) => self.ending = Some(Ending::Panic),
            Turn::Outside(Outside::Signal(told)) => self.told(told).await,
            Turn::Message(Message::Hangup) => self.ending = Some(Ending::Hangup),
            Turn::Message(Message::Input(Input::Keys(keys))) => self.feed(Event::Read(keys)).await,
            Turn::Message(Message::Input(Input::Paste(text))) => self.feed(Event::Paste(text)).await,
            Turn::Event(event) => self.feed(event).await,
            Turn::CaughtUp(result) => self.feed_back(result),
            Turn::Nothing => {}
            Turn::Deadline => self.feed(Event::Wake).await,
            Turn::Edited(ended) => self.edited(ended).await,
        }
    }

    /// An event, its effects, and the events that those make at once.
    pub(super) async fn feed(&mut self, event: Event) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for effect in update(&mut self.state, self.clock.now(), event) {
                events.extend(self.carry_out(effect).await);
            }
        }
        if self.leaving && self.state.outbox.unsent() == 0 {
            self.ending.get_or_insert(Ending::Quit);
        }
    }

    async fn carry_out(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Copy(text) => {
                return self.screen.copy(&text).err().map(warning);
            }
            Effect::Repaint => {
                self.screen.forget();
                self.drawn = None;
            }
            Effect::Mouse(on) => {
                let result = self.screen.mouse(on);
                self.feed_back(result);
            }
            Effect::Suspend if !self.screen.can_stop() => {
                return Some(warning("not suspended: there is no shell here that could bring the desk back".into()));
            }
            Effect::Suspend => return self.stop().await,
            Effect::Edit { request, text } => return self.edit(request, &text).await,
            Effect::OpenUrl(url) => {
                let programs = self.programs.clone();
                // Whatever comes of it, the address is at hand.
                let _ = self.screen.copy(&url);
                self.office.run(async move {
                    let (level, text) = match programs.open(&url).await {
                        Ok(text) => (Level::Info, text),
                        Err(text) => (Level::Warning, text + " (copied)"),
                    };
                    Event::Notice { level, text }
                });
            }
            effect @ (Effect::ReadText { .. }
            | Effect::ReadToChange { .. }
            | Effect::ReplaceText(_)
            | Effect::WriteText { .. }) => {
                let home = self.programs.home.clone();
                self.office.run_blocking(move |data| {
                    // A desk that is gone needs no news.
                    let _ = data.blocking_send(files::carry_out(effect, home.as_deref()));
                });
            }
            Effect::Pipe { command, input } => {
                self.office.run(async move { Event::Piped(super::programs::pipe(&command, input).await) });
            }
            Effect::Quit { send: false } => self.ending = Some(Ending::Quit),
            Effect::Quit { send: true } => {
                self.leaving = true;
                return self.office.carry_out(Effect::SendNow(Vec::new()));
            }
            read @ (Effect::LoadDetails(_) | Effect::LoadAnswers { .. } | Effect::LoadAudit { .. }) => {
                self.reads.push(read)
            }
            effect => return self.office.carry_out(effect),
        }
        None
    }

    fn begin_reads(&mut self) {
        for read in self.reads.drain(..) {
            // The answer of a read comes later, as an event.
            let _ = self.office.carry_out(read);
        }
    }

    /// A terminal that cannot be written to is gone.
    pub(super) fn feed_back(&mut self, result: std::io::Result<()>) {
        if result.is_err() {
            self.ending.get_or_insert(Ending::Hangup);
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let now = self.clock.now().wall;
        let wait = self.state.deadline()?.since(now).max(if self.woken { AGAIN } else { 0 });
        Some(Instant::now() + Duration::from_millis(wait.unsigned_abs()))
    }

    /// When the next frame may be drawn, if there is anything to draw.
    fn frame_due(&self) -> Option<Instant> {
        let wanted = matches!(self.away, Away::Here) && self.drawn != Some(self.state.version());
        (wanted && !self.screen.is_behind()).then(|| self.frames[0].map_or_else(Instant::now, |at| at + FRAME))
    }

    fn draw_if_due(&mut self) {
        if self.ending.is_some() || self.frame_due().is_none_or(|due| due > Instant::now()) {
            return;
        }
        ui::draw(&self.state, &self.theme, self.screen.canvas());
        let result = self.screen.show(ui::cursor(&self.state));
        self.feed_back(result);
        self.drawn = Some(self.state.version());
        self.frames = [self.frames[1], Some(Instant::now())];
    }
}

async fn sleep_until(at: Option<Instant>) {
    if let Some(at) = at {
        tokio::time::sleep_until(at.into()).await;
    }
}

async fn edited(away: &mut Away) -> std::io::Result<ExitStatus> {
    match away {
        Away::Editing(_, editing) => editing.ended().await,
        Away::Here | Away::Stopped => std::future::pending().await,
    }
}

pub(super) fn warning(text: String) -> Event {
    Event::Notice { level: Level::Warning, text }
}
