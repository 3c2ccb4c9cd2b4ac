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
        pane.frozen = None;
        // A client that is gone may be the point of the show.
        pane.embedded.keep_gone(true);
        pane.selected = None;
        let filter = Filter { socket: None, traffic: true, since: Some(pane.embedded.mark()) };
        let filter_before = std::mem::replace(&mut pane.filter, filter);
        pane.show = Some(WatchedShow { filter_before, until_ms: None, server: None });
        if !is_embedded(&show.stage) {
            self.model.work.jobs.begin(Job::Show, self.model.now_ms);
        }
        self.ask(Effect::Show(Box::new(show)));
    }

    /// The show has a server of its own, which the monitor is about from now on.
    pub fn show_served(&mut self, address: String) {
        self.model.work.jobs.end(Job::Show);
        let pane = &mut self.model.pane;
        if let Some(show) = &mut pane.show {
            let mut monitor = Monitor::default();
            monitor.keep_gone(true);
            pane.filter.since = Some(monitor.mark());
            show.server = Some(ShowServer { address, monitor });
        }
    }

    /// The learner may have gone on while it was played, to a step with another show or none.
    pub fn shown(&mut self, name: &str, result: Result<Played, ShowError>) {
        self.model.work.jobs.end(Job::Show);
        let is_here = self.model.step().show.as_ref().is_some_and(|show| show.name == name);
        if !is_here || self.model.work.shown.is_none() {
            return;
        }
        match (&result, &mut self.model.pane.show) {
            (Ok(_), Some(show)) => show.until_ms = Some(self.model.now_ms + STAY_MS),
            (Ok(_), None) | (Err(_), _) => self.end_show(),
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
