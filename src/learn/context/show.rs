//! Shows on a server what a step explains.
//!
//! While it plays, and for a while after its last step, the monitor shows nothing else, and shows single events: the
//! eye has to find which client received what. Then, or when the learner goes on, the monitor is as before.

use super::super::jobs::Job;
use super::super::message::{Effect, Played};
use super::super::model::{Scroll, ShowServer, Shown, WatchedShow};
use super::super::trouble::ShowError;
use super::Context;
use crate::coursework::stage::is_embedded;
use crate::monitor::{Filter, Monitor};

/// How long the clients stay after the last step: time to switch to the monitor, and to read it.
const STAY_MS: u64 = 15_000;

impl Context<'_> {
    /// Plays the step's show, if it has one. Pressing the key again plays it again.
    pub fn show(&mut self) {
        let Some(show) = self.model.step().show.clone() else { return };
        self.end_show();
        self.model.work.shown = Some(Shown::Playing);
        let pane = &mut self.model.pane;
        pane.shows += 1;
        pane.frozen = None;
        // A client that is gone may be the point of the show.
        pane.embedded.keep_gone(true);
        pane.selected = None;
        let filter = Filter { socket: None, traffic: true, since: Some(pane.embedded.mark()) };
        let filter_before = std::mem::replace(&mut pane.filter, filter);
        pane.show = Some(WatchedShow { number: pane.shows, filter_before, until_ms: None, server: None });
        if !is_embedded(&show.stage) {
            self.model.work.jobs.begin(Job::Show, self.model.now_ms);
        }
        self.ask(Effect::Show { number: self.model.pane.shows, show: Box::new(show) });
    }

    /// The show has a server of its own, which the monitor is about from now on.
    pub fn show_served(&mut self, number: u64, address: String) {
        let Some(show) = self.model.pane.show_with(number) else { return };
        let mut monitor = Monitor::default();
        monitor.keep_gone(true);
        let mark = monitor.mark();
        show.server = Some(ShowServer { address, monitor });
        let pane = &mut self.model.pane;
        (pane.frozen, pane.selected, pane.filter.socket) = (None, None, None);
        pane.filter.since = Some(mark);
        self.model.work.jobs.end(Job::Show);
    }

    /// The learner may have gone on while it was played, to a step with another show or none.
    pub fn shown(&mut self, number: u64, result: Result<Played, ShowError>) {
        let until_ms = self.model.now_ms + STAY_MS;
        let Some(show) = self.model.pane.show_with(number) else { return };
        if result.is_ok() {
            show.until_ms = Some(until_ms);
            self.model.work.jobs.end(Job::Show);
        } else {
            self.end_show();
        }
        self.model.work.shown = Some(Shown::Played(result));
        self.scroll_to(Scroll::End);
    }

    /// Ends a show that has been seen. A learner who has frozen the picture still looks at it.
    pub fn end_seen_show(&mut self) {
        let until_ms = self.model.pane.show.as_ref().and_then(|show| show.until_ms);
        let is_over = until_ms.is_some_and(|until_ms| self.model.now_ms >= until_ms);
        if is_over && self.model.pane.frozen.is_none() {
            self.end_show();
        }
    }

    /// Gives the monitor back, if a show has it.
    pub fn end_show(&mut self) {
        let Some(show) = self.model.pane.show.take() else { return };
        self.model.pane.filter = show.filter_before;
        self.model.pane.embedded.keep_gone(false);
        self.model.work.jobs.end(Job::Show);
        self.ask(Effect::EndShow);
    }
}
