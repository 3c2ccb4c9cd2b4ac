//! Why a run did not finish.

use super::Finding;
use super::evidence::Evidence;
use super::words::Sentences;
use crate::client::ANSWER_TIMEOUT;
use crate::run::End;
use crate::transcript::what;

impl Evidence<'_> {
    pub(super) fn unfinished(&self) -> Option<Finding> {
        let (end, step) = self.outcome.end.as_ref()?;
        let place = self.step(*step);
        let text = match end {
            End::Stuck(client) => {
                let seconds = ANSWER_TIMEOUT.as_secs();
                let handler = self.received(&[*step]).next_back().map(|received| format!(" of {}", received.name));
                let handler = handler.unwrap_or_default();
                format!(
                    "{place}: the handler{handler} had not finished after {seconds} s, and until then the server answers {client} nothing. Does it wait for something that does not come?"
                )
            }
            End::Gone(client) => {
                format!("{place}: {client} is no longer connected{}.", self.reason_of_disconnect(client, *step))
            }
            End::Unasked { client, event } => format!("{place}: {}", self.unasked(client, &what(event), *step)),
            End::Refused { client, error } => format!("{place}: {client} cannot connect: {error}."),
        };
        Some(Finding { step: *step, text })
    }

    /// A client should acknowledge an event that does not wait for it.
    fn unasked(&self, client: &str, event: &str, step: usize) -> String {
        if self.has_received(client, event) {
            return format!("the server did not ask {client} for an ack of {event}, or waits for no more.");
        }
        let steps: Vec<_> = (1..=step).collect();
        let mut sentences = Sentences::default();
        sentences.add(format!("{client} should have received {event} by now, and did not."));
        sentences.extend(self.cause(client, event, &steps));
        sentences.to_string()
    }
}
