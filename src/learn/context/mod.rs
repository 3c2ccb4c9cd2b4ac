//! The state that a step, or the workshop around it, may change, and the effects that it may ask for, while it handles
//! a key or a message.

mod live;
mod show;

use super::jobs::Job;
use super::message::Effect;
use super::model::{Held, Model, Scroll, Tone};

/// The model, and the effects that are asked for.
#[derive(Debug)]
pub struct Context<'a> {
    /// Everything but the current step's own state.
    pub model: &'a mut Model,
    /// The text that the status line held until this key.
    pub held: Option<Held>,
    effects: &'a mut Vec<Effect>,
    goes_on: bool,
}

impl<'a> Context<'a> {
    /// Nothing has been asked for yet; further effects are added after these.
    pub fn new(model: &'a mut Model, effects: &'a mut Vec<Effect>) -> Self {
        Self { model, held: None, effects, goes_on: false }
    }

    /// Asks for something to be done outside.
    pub fn ask(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Saves the learner's progress.
    pub fn save(&mut self) {
        self.ask(Effect::SaveProgress(Box::new(self.model.progress.clone())));
    }

    /// The current step is done.
    pub fn finish(&mut self) {
        let key = self.model.key();
        self.model.progress.finish(&key, self.model.unix_seconds);
        self.save();
    }

    /// Says something in the status line.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.model.say(tone, text);
    }

    /// Scrolls the step's text.
    pub fn scroll_to(&mut self, scroll: Scroll) {
        self.model.scroll = scroll;
    }

    /// Goes on to the next step, once this is done.
    pub fn go_on(&mut self) {
        self.goes_on = true;
    }

    /// Whether a step asked to go on.
    pub fn goes_on(&self) -> bool {
        self.goes_on
    }

    /// Checks an exercise.
    pub fn check(&mut self, exercise: &str) {
        self.start(Job::Check);
        self.ask(Effect::Check { exercise: exercise.to_owned() });
    }

    /// A job begins.
    pub fn start(&mut self, job: Job) {
        self.model.work.jobs.begin(job, self.model.now_ms);
        self.model.status = None;
    }

    /// Ends everything that belongs to this step alone: its show, and the learner's own server, even one that is still
    /// being started.
    pub fn leave(&mut self) {
        let serves = self.model.pane.live.is_some() || self.model.work.jobs.is_starting();
        self.end_show();
        if serves {
            self.ask(Effect::StopLive);
        }
    }
}
