//! The first of a script's own assertions that does not hold.

use super::Finding;
use super::evidence::Evidence;
use super::words::Sentences;
use crate::expectation::About;
use crate::transcript::what;

impl Evidence<'_> {
    pub(super) fn unmet(&self) -> Option<Finding> {
        let unmet = self.outcome.unmet.first()?;
        let (client, steps): (_, Vec<_>) = (&unmet.client, unmet.steps.clone().collect());
        let step = *unmet.steps.end();
        let mut sentences = Sentences::default();
        sentences.add(format!("{}: {}.", self.step(step), unmet.message));
        match &unmet.about {
            About::Event(event) if unmet.missing => sentences.extend(self.cause(client, event, &steps)),
            About::Event(event) => sentences.extend(self.unwanted(client, event, &steps)),
            About::Ack if unmet.missing => sentences.extend(self.unanswered(client, *unmet.steps.start())),
            About::Ack => sentences.extend(self.asked_before(client, what::ACK, client, &steps)),
            About::Connection => sentences.extend(self.disconnected_later(client, step)),
        }
        Some(Finding { step, text: sentences.to_string() })
    }
}
