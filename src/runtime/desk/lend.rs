//! Lending the terminal, to a shell or an editor, and taking it back.

use super::cycle::{Away, Desk, Ending, warning};
use super::screen::Screen;
use crate::app::event::{Event, RequestId};
use crate::term::signals::Told;
use std::pin::pin;
use std::process::ExitStatus;

impl<S: Screen> Desk<S> {
    /// What the system says.
    pub(super) async fn told(&mut self, told: Told) {
        match told {
            Told::Hangup => self.ending = Some(Ending::Hangup),
            // Ctrl-C in an editor that lets the terminal make a signal of it is meant for the editor.
            Told::End(130 | 131) if matches!(self.away, Away::Editing(..)) => {}
            Told::End(code) => self.ending = Some(Ending::Signal(code)),
            Told::Stop => {
                if let Some(event) = self.stop().await {
                    self.feed(event).await;
                }
            }
            Told::Continue if !matches!(self.away, Away::Editing(..)) => self.come_back().await,
            Told::Continue => {}
            Told::Window => {
                self.screen.resized();
                self.drawn = None;
                let (columns, lines) = self.screen.size();
                self.feed(Event::Resize(columns, lines)).await;
            }
        }
    }

    /// Lends the screen. Keys that come meanwhile are kept.
    async fn hand_over(&mut self) {
        let mut handing = pin!(self.screen.hand_over());
        loop {
            tokio::select! {
                biased;
                () = &mut handing => return,
                Some(message) = self.sources.input.recv() => self.stash.push_back(message),
            }
        }
    }

    /// Stops until SIGCONT, which is told as a signal of its own.
    pub(super) async fn stop(&mut self) -> Option<Event> {
        if matches!(self.away, Away::Here) {
            self.hand_over().await;
            self.away = Away::Stopped;
        }
        let error = self.screen.stop().err()?;
        if matches!(self.away, Away::Stopped) {
            self.away = Away::Here;
            let result = self.screen.take_back();
            self.feed_back(result);
            self.drawn = None;
        }
        Some(warning(format!("not suspended: {error}")))
    }

    /// Takes the screen back, if it is ours again. In the background the desk goes on without one.
    async fn come_back(&mut self) {
        if !self.screen.may_take_back() {
            return;
        }
        let result = self.screen.take_back();
        self.feed_back(result);
        self.away = Away::Here;
        self.drawn = None;
        let (columns, lines) = self.screen.size();
        self.feed(Event::Resize(columns, lines)).await;
        self.feed(Event::Resumed).await;
    }

    pub(super) async fn edit(&mut self, request: RequestId, text: &str) -> Option<Event> {
        self.hand_over().await;
        match self.programs.edit(text) {
            Ok(editing) => {
                self.away = Away::Editing(request, Box::new(editing));
                None
            }
            Err(error) => {
                let result = self.screen.take_back();
                self.feed_back(result);
                self.drawn = None;
                let text = Err(format!("the editor could not be started: {error}"));
                Some(Event::Edited { request, text })
            }
        }
    }

    pub(super) async fn edited(&mut self, ended: std::io::Result<ExitStatus>) {
        if let Away::Editing(request, editing) = std::mem::replace(&mut self.away, Away::Stopped) {
            self.come_back().await;
            self.feed(Event::Edited { request, text: editing.text(ended) }).await;
        }
    }
}
