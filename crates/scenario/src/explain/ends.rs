//! How connections ended.

use rooms::observer::Event;

use super::evidence::Evidence;
use super::places::rooms_in_words;
use crate::run::Logged;

impl Evidence<'_> {
    /// The server's reason for a disconnect in this step or an earlier one, as the end of a sentence.
    pub(super) fn reason_of_disconnect(&self, client: &str, step: usize) -> String {
        let reason = self.outcome.log.iter().rev().find_map(|logged| match &logged.record.event {
            Event::Disconnect { socket, reason } if logged.step <= step && self.name(socket) == client => {
                Some((logged.step, reason))
            }
            _ => None,
        });
        reason.map_or(String::new(), |(since, reason)| match since {
            since if since == step => format!(": {reason}"),
            since => format!(" since step {since}: {reason}"),
        })
    }

    fn was_disconnected(&self, client: &str, step: usize) -> bool {
        let mut gone = false;
        for logged in self.outcome.log.iter().take_while(|logged| logged.step <= step) {
            match &logged.record.event {
                Event::Connect { socket, .. } if self.name(socket) == client => gone = false,
                Event::Disconnect { socket, .. } if self.name(socket) == client => gone = true,
                _ => {}
            }
        }
        gone
    }

    /// That a client was no longer connected at the end of these steps, and why.
    pub(super) fn gone(&self, client: &str, steps: &[usize]) -> Option<String> {
        let last = steps.last().filter(|step| self.was_disconnected(client, **step))?;
        Some(format!("{client} was no longer connected{}.", self.reason_of_disconnect(client, *last)))
    }

    /// Whether a socket's connection ends in the step of this record, and after it.
    pub(super) fn is_ending(&self, socket: &str, record: usize) -> bool {
        let mut later = self.outcome.log.iter().skip(record);
        let Some(step) = later.next().map(|logged| logged.step) else { return false };
        later.take_while(|logged| logged.step == step).any(|logged| is_end_of(socket, &logged.record.event))
    }

    /// That a socket's connection ended in this step, why, and which rooms it left because of that. The log does not say
    /// whether a handler took it out; if none did, the server has.
    pub(super) fn ended(&self, socket: &str, reason: &str, step: usize) -> String {
        let steps = [step];
        let rooms = self.log_of(&steps).filter_map(|(index, logged)| match &logged.record.event {
            Event::Leave { socket: left, room } if left == socket && self.is_ending(socket, index) => {
                Some(room.as_str())
            }
            _ => None,
        });
        let (client, rooms): (_, Vec<_>) = (self.name(socket), rooms.collect());
        let out = match rooms.as_slice() {
            [] => String::new(),
            rooms => format!("; the server took {client} out of {}", rooms_in_words(rooms)),
        };
        format!("{client}'s connection ended: {reason}{out}.")
    }

    /// When the server ended a client's connection of its own accord after this step, if it did.
    pub(super) fn disconnected_later(&self, client: &str, step: usize) -> Option<String> {
        let logged = self.outcome.log.iter().find(|Logged { step: later, record }| match &record.event {
            Event::Disconnect { socket, reason } => {
                *later > step && self.name(socket) == client && is_by_the_server(reason)
            }
            _ => false,
        })?;
        Some(format!("It did so {}.", self.later(logged.step, logged.record.at_ms, &[step])))
    }

    /// That a client is on another connection than at first.
    pub(super) fn came_back(&self, client: &str, step: usize) -> Option<String> {
        self.outcome.names.values().find(|name| *name == client)?;
        let mut connected = self.outcome.log.iter().filter(|logged| match &logged.record.event {
            Event::Connect { socket, .. } => logged.step <= step && self.name(socket) == client,
            _ => false,
        });
        let (_, last) = (connected.next()?, connected.next_back()?);
        Some(format!("{client} is on a new connection since step {}.", last.step))
    }
}

/// Whether the server ended the connection, by its reason.
pub(super) fn is_by_the_server(reason: &str) -> bool {
    reason.starts_with("server")
}

fn is_end_of(socket: &str, event: &Event) -> bool {
    matches!(event, Event::Disconnect { socket: ended, .. } if ended == socket)
}
