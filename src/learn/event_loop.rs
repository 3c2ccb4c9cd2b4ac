//! The loop: the terminal, time and all other sources become messages, their effects are carried out, and frames are
//! drawn.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};

use super::editing::{self, EditError};
use super::effects::{Effects, Outside};
use super::message::{Effect, Message};
use super::model::Tone;
use super::saver::{PATIENCE, Written};
use super::screen::Screen;
use super::sources::Sources;
use super::theme::Theme;
use super::update::update;
use super::view;
use crate::clock::unix_seconds;
use crate::server::Embedded;
use crate::terminal::{Event, Guard, Input, Signal};

/// At most 30 frames a second.
const FRAME: Duration = Duration::from_millis(33);

/// Milliseconds after which the screen is drawn although nothing happened, for parts that move by themselves.
const IDLE_FRAME_MS: u64 = 150;

/// How the workshop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The learner left.
    Left,
    /// A signal ended it; the exit code says which.
    Signal(u8),
}

/// The screen, and everything that keeps it going.
pub(super) struct EventLoop {
    screen: Screen,
    theme: Theme,
    opened: Instant,
    effects: Effects,
    sources: Sources,
    guard: Guard,
    input: Input,
    frames: Interval,
    /// When the last frame was drawn. Without one, the next is drawn at once.
    drawn_ms: Option<u64>,
}

impl EventLoop {
    pub(super) fn new(screen: Screen, theme: Theme, effects: Effects, sources: Sources, guard: Guard) -> Self {
        let mut frames = interval(FRAME);
        frames.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            screen,
            theme,
            opened: Instant::now(),
            effects,
            sources,
            input: guard.input(),
            guard,
            frames,
            drawn_ms: None,
        }
    }

    /// Runs until the learner leaves. `entered` are the effects of entering the first step.
    pub(super) async fn run(&mut self, entered: Vec<Effect>) -> End {
        self.prepare();
        let mut outside: Vec<_> = entered.into_iter().filter_map(|effect| self.effects.run(effect)).collect();
        loop {
            for work in outside.drain(..) {
                match work {
                    Outside::Quit => return End::Left,
                    Outside::Edit { path, line, note, written } => self.edit(path, line, note, written).await,
                }
            }
            match self.next().await {
                Next::Message(message) => {
                    self.drawn_ms = None;
                    outside = self.take(message);
                }
                Next::Redraw => self.drawn_ms = None,
                Next::Frame => self.frame(),
                Next::End(end) => {
                    self.take(Message::Quit);
                    return end;
                }
            }
        }
    }

    /// Ends the work in the background, and saves everything that is still unsaved.
    pub(super) async fn close(mut self, embedded: Embedded) -> anyhow::Result<()> {
        // The input is no longer read, and a signal must not mistake that for a program that is stuck.
        self.guard.leaving();
        // The files that clients of the server have open are closed before the last save needs one.
        tokio::join!(embedded.stop(), self.effects.end_tasks());
        let saved = self.effects.save_last();
        drop(self.guard);
        saved?;
        self.sources.untold().map_or(Ok(()), Err)
    }

    fn prepare(&mut self) {
        let model = &mut self.screen.model;
        if model.course.lessons.iter().any(|lesson| !lesson.exercises.is_empty()) {
            model.work.preparing = true;
            self.effects.prepare();
        }
    }

    /// Keys first, then frames: however many records the servers send, neither waits for them.
    async fn next(&mut self) -> Next {
        tokio::select! {
            biased;
            event = self.input.next() => Next::of(event, &mut self.guard),
            _ = self.frames.tick() => Next::Frame,
            message = self.sources.next() => Next::Message(message),
        }
    }

    /// Draws a frame, if there is something to see.
    fn frame(&mut self) {
        time_passes(&mut self.screen, &mut self.effects, self.opened);
        let now_ms = self.screen.model.now_ms;
        if self.drawn_ms.is_none_or(|drawn| now_ms.saturating_sub(drawn) >= IDLE_FRAME_MS) {
            self.draw();
            self.drawn_ms = Some(now_ms);
        }
    }

    /// Draws a frame, whose measurements apply to the next keys.
    fn draw(&mut self) {
        let mut measured = None;
        self.guard.draw(|frame| measured = view::draw(frame, &self.screen, &self.theme));
        if let Some(measured) = measured {
            self.screen.model.measure(measured);
        }
    }

    fn take(&mut self, message: Message) -> Vec<Outside> {
        take(&mut self.screen, &mut self.effects, self.opened, message)
    }

    /// Hands the terminal to an editor.
    async fn edit(&mut self, path: PathBuf, line: Option<u32>, note: Option<String>, written: Written) {
        drop(self.take(Message::Editing));
        let Self { screen, effects, sources, guard, input, opened, .. } = self;
        // Only keys ask for effects of the loop, and now they go to the editor.
        let mut hear = |message| drop(take(screen, effects, *opened, message));
        // The editor should find the learner's latest text, unless the disk takes too long for that.
        let _ = sources.take_during(timeout(PATIENCE, written), &mut hear).await;
        let editing = guard.outside(input, async || editing::edit(&path, line).await);
        let edited = sources.take_during(editing, hear).await;
        self.edited(edited, note);
        self.drawn_ms = None;
    }

    fn edited(&mut self, edited: Result<(), EditError>, note: Option<String>) {
        drop(self.take(Message::Edited));
        if let Err(error) = edited {
            self.screen.model.say(Tone::Bad, error.to_string());
        }
        if let Some(id) = note {
            self.effects.note_edited(id);
        }
    }
}

fn take(screen: &mut Screen, effects: &mut Effects, opened: Instant, message: Message) -> Vec<Outside> {
    time_passes(screen, effects, opened);
    update(screen, message).into_iter().filter_map(|effect| effects.run(effect)).collect()
}

fn time_passes(screen: &mut Screen, effects: &mut Effects, opened: Instant) {
    let now_ms = u64::try_from(opened.elapsed().as_millis()).unwrap_or(u64::MAX);
    for effect in update(screen, Message::Time { now_ms, unix_seconds: unix_seconds() }) {
        effects.run(effect);
    }
}

/// The next thing for the loop to handle.
enum Next {
    Message(Message),
    Redraw,
    Frame,
    End(End),
}

impl Next {
    /// Translates an event of the terminal.
    fn of(event: Option<Event>, guard: &mut Guard) -> Self {
        match event {
            Some(Event::Key(key)) => Self::Message(Message::Key(key)),
            Some(Event::Paste(text)) => Self::Message(Message::Paste(text)),
            Some(Event::Resize { columns, rows }) => Self::Message(Message::Resize { columns, rows }),
            Some(Event::Signal(Signal::Continue)) => {
                guard.redraw();
                Self::Redraw
            }
            Some(Event::Signal(signal)) => Self::End(signal.exit_code().map_or(End::Left, End::Signal)),
            Some(Event::Lost) | None => Self::End(End::Left),
        }
    }
}
