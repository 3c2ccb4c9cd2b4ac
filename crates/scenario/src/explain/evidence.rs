//! Facts from the event log of a run: who sent which event to whom, and in which step.

use rooms::observer::Event;

use crate::run::{Logged, Outcome};
use crate::transcript::{Delivery, Transcript, what};

/// A run, as an explanation reads it.
pub(super) struct Evidence<'a> {
    pub(super) outcome: &'a Outcome,
    /// What it should have led to, if that is known as a whole.
    pub(super) expected: Option<&'a Transcript>,
}

/// An event that reached the server.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Received<'e> {
    pub(super) from: &'e str,
    pub(super) name: &'e str,
    pub(super) payload: &'e str,
    /// Whether there was a handler for it.
    pub(super) handled: bool,
    pub(super) step: usize,
    pub(super) at_ms: u64,
}

impl<'e> Evidence<'e> {
    /// A step with what was done in it.
    pub(super) fn step(&self, step: usize) -> String {
        match self.action(step) {
            Some(action) => format!("Step {step} ({action})"),
            None => format!("Step {step}"),
        }
    }

    /// What was done in a step.
    pub(super) fn action(&self, step: usize) -> Option<&'e str> {
        self.outcome.transcript.entries.get(step.wrapping_sub(1)).map(|entry| entry.action.as_str())
    }

    /// The messages of a step, as they were received.
    pub(super) fn deliveries_of(&self, step: usize) -> &'e [Delivery] {
        self.outcome.transcript.entries.get(step.wrapping_sub(1)).map_or(&[], |entry| entry.deliveries.as_slice())
    }

    /// The client that a socket belonged to. Sockets that the server under test connected to itself have no name, and
    /// their ids change from run to run.
    pub(super) fn name(&self, socket: &str) -> &'e str {
        self.outcome.names.get(socket).map_or("a connection of your code", String::as_str)
    }

    /// The records of these steps, and their places in the log.
    pub(super) fn log_of(&self, steps: &[usize]) -> impl DoubleEndedIterator<Item = (usize, &'e Logged)> {
        let log = self.outcome.log.iter().enumerate();
        log.filter(move |(_, logged)| steps.contains(&logged.step))
    }

    /// The last record of these steps.
    pub(super) fn last_record(&self, steps: &[usize]) -> Option<usize> {
        self.log_of(steps).next_back().map(|(index, _)| index)
    }

    /// These steps. If the client starts to read again in one of them, also the steps since it stopped, in which its
    /// events were sent.
    pub(super) fn with_what_waited(&self, client: &str, steps: &[usize]) -> Vec<usize> {
        let is = |step: usize, action: &str| {
            let clients = self.action(step).and_then(|done| done.strip_prefix(action));
            clients.is_some_and(|clients| clients.split(", ").any(|name| name == client))
        };
        let stalled = steps.first().filter(|first| is(**first, "resume ")).and_then(|first| {
            let stalled = (1..*first).rfind(|step| is(*step, "stall "))?;
            Some(stalled..*first)
        });
        stalled.into_iter().flatten().chain(steps.iter().copied()).collect()
    }

    /// All events that reached the server.
    pub(super) fn all_received(&self) -> impl DoubleEndedIterator<Item = Received<'e>> {
        self.outcome.log.iter().filter_map(|Logged { step, record }| match &record.event {
            Event::Received { socket, name, payload, handled, .. } => {
                let (from, step, at_ms) = (self.name(socket), *step, record.at_ms);
                Some(Received { from, name, payload, handled: *handled, step, at_ms })
            }
            _ => None,
        })
    }

    /// The events that reached the server in these steps.
    pub(super) fn received(&self, steps: &[usize]) -> impl DoubleEndedIterator<Item = Received<'e>> {
        self.all_received().filter(move |received| steps.contains(&received.step))
    }

    /// Whether a client has received this event in any step.
    pub(super) fn has_received(&self, client: &str, what: &str) -> bool {
        let mut deliveries = self.outcome.transcript.entries.iter().flat_map(|entry| &entry.deliveries);
        deliveries.any(|delivery| is_to(delivery, client, what))
    }

    /// The events that the server sent in these steps: the name, and the event with its recipients in words.
    pub(super) fn sent(&self, steps: &[usize]) -> impl Iterator<Item = (&'e str, String)> {
        self.log_of(steps).filter_map(|(index, logged)| match &logged.record.event {
            Event::Sent { socket, name, .. } => {
                let client = self.name(socket);
                let message = self.message(client, &what(name), logged.step).unwrap_or_else(|| what(name));
                Some((name.as_str(), format!("{message} to {client}")))
            }
            Event::Broadcast { name, rooms, .. } if rooms.is_empty() => {
                Some((name.as_str(), format!("{} to everyone", what(name))))
            }
            Event::Broadcast { name, rooms, .. } => {
                Some((name.as_str(), format!("{} to room {}", what(name), self.places(rooms, index))))
            }
            _ => None,
        })
    }

    /// The event with its data, if the client received it exactly once in this step.
    fn message(&self, client: &str, what: &str, step: usize) -> Option<String> {
        let mut received = self.deliveries_of(step).iter().filter(|other| is_to(other, client, what));
        received.next().filter(|_| received.next().is_none()).map(Delivery::message)
    }
}

/// Whether it is a message of this kind to this client.
pub(super) fn is_to(delivery: &Delivery, client: &str, what: &str) -> bool {
    delivery.client == client && delivery.what == what
}
