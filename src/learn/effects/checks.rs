//! Checks of the learner's code and assertions.

use judge::{Package, Workshop};

use super::messages::Messages;
use crate::coursework::{assertion, fix};
use crate::learn::jobs::Job;
use crate::learn::message::{Message, StepBug};
use crate::progress::Assertions;

/// Everything that checks need.
#[derive(Clone)]
pub(super) struct Checks {
    pub(super) workshop: Workshop,
    pub(super) assertions: Assertions,
    pub(super) messages: Messages,
}

impl Checks {
    /// Builds the libraries that all exercises link.
    pub(super) async fn prepare(&self) {
        let on_progress = self.messages.progress(Message::PrepareProgress);
        let built = judge::prepare(&self.workshop, &on_progress).await;
        self.messages.tell(Message::Prepared(built)).await;
    }

    pub(super) async fn check(&self, exercise: String) {
        let on_progress = self.messages.progress_of(Job::Check);
        let result = judge::check(&self.workshop, Package::Exercises, &exercise, &on_progress).await;
        self.messages.tell(Message::Checked { exercise, result: result.map(Box::new) }).await;
    }

    pub(super) async fn try_assertion(&self, exercise: &str, about: StepBug, planted: &str) {
        let Self { workshop, assertions, messages } = self;
        let on_progress = messages.progress_of(Job::Try);
        let tried = assertion::try_on_both(workshop, assertions, exercise, &about.bug, planted, &on_progress).await;
        messages.tell(Message::AssertionTried { about, result: tried }).await;
    }

    pub(super) async fn check_fix(&self, exercise: &str, about: StepBug) {
        let Self { workshop, assertions, messages } = self;
        let on_progress = messages.progress_of(Job::Fix);
        let checked = fix::check(workshop, assertions, exercise, &about.bug, &on_progress).await;
        messages.tell(Message::FixChecked { about, result: checked.map(Box::new) }).await;
    }
}
