//! The learner's own server.

use super::super::jobs::Job;
use super::super::message::Effect;
use super::super::model::Tone;
use super::Context;

impl Context<'_> {
    /// Serves the file of this exercise, or stops serving.
    pub fn serve_or_stop(&mut self, exercise: &str) {
        if self.model.pane.live.is_some() {
            return self.stop_live();
        }
        self.start(Job::Serve);
        self.ask(Effect::StartLive { exercise: exercise.to_owned() });
    }

    /// Stops serving the learner's file.
    pub fn stop_live(&mut self) {
        self.say(Tone::Plain, "Your server is stopped; the monitor shows the workshop's own again.");
        self.ask(Effect::StopLive);
    }
}
