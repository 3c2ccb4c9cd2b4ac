//! Facts from the event log of a run: who sent which event to whom, and who was in which room at that moment.

use std::collections::{BTreeMap, BTreeSet};

use rooms::observer::Event;
use serde_json::Value;

use crate::run::{Logged, Outcome};
use crate::transcript::{Delivery, Entry, what};

/// Up to this length, in bytes, a text's length is easy to see.
const EASY_TO_COUNT: usize = 20;

/// Milliseconds that a handler may take without being mentioned.
const HARDLY_ANY_TIME: u64 = 100;

/// A run, as an explanation reads it.
pub(super) struct Evidence<'a> {
    pub(super) outcome: &'a Outcome,
}

impl Evidence<'_> {
    /// A step with what was done in it.
    pub(super) fn step(&self, step: usize) -> String {
        match self.outcome.transcript.entries.get(step.wrapping_sub(1)) {
            Some(entry) => format!("Step {step} ({})", entry.action),
            None => format!("Step {step}"),
        }
    }

    /// A step, as the end of a sentence; delayed work may come after the last one.
    pub(super) fn when(&self, step: usize) -> String {
        if step > self.outcome.transcript.entries.len() {
            "after the last step".to_owned()
        } else {
            format!("in step {step}")
        }
    }

    /// The client that a socket belonged to. Sockets that the server under test connected to itself have no name, and
    /// their ids change from run to run.
    pub(super) fn name(&self, socket: &str) -> &str {
        self.outcome.names.get(socket).map_or("another socket", String::as_str)
    }

    /// These steps. If the client starts to read again in one of them, also the steps since it stopped, in which its
    /// events were sent.
    pub(super) fn with_what_waited(&self, client: &str, steps: &[usize]) -> Vec<usize> {
        let is = |step: usize, action: &str| {
            let entry = self.outcome.transcript.entries.get(step.wrapping_sub(1));
            let clients = entry.and_then(|entry| entry.action.strip_prefix(action));
            clients.is_some_and(|clients| clients.split(", ").any(|name| name == client))
        };
        let stalled = steps.first().filter(|first| is(**first, "resume ")).and_then(|first| {
            let stalled = (1..*first).rfind(|step| is(*step, "stall "))?;
            Some(stalled..*first)
        });
        stalled.into_iter().flatten().chain(steps.iter().copied()).collect()
    }

    /// The events that reached the server in these steps: the sender, the name, and whether there is a handler.
    pub(super) fn received(&self, steps: &[usize]) -> impl DoubleEndedIterator<Item = (&str, &str, bool)> {
        self.outcome.log.iter().filter(|logged| steps.contains(&logged.step)).filter_map(|logged| {
            match &logged.record.event {
                Event::Received { socket, name, handled, .. } => Some((self.name(socket), name.as_str(), *handled)),
                _ => None,
            }
        })
    }

    /// Whether a client has received this event in any step.
    pub(super) fn has_received(&self, client: &str, what: &str) -> bool {
        let mut deliveries = self.outcome.transcript.entries.iter().flat_map(|entry| &entry.deliveries);
        deliveries.any(|delivery| delivery.client == client && delivery.what == what)
    }

    pub(super) fn last_received(&self, step: usize) -> Option<&str> {
        self.received(&[step]).last().map(|(_, name, _)| name)
    }

    /// The events that the server sent in these steps: the name, and the event with its recipients in words.
    pub(super) fn sent(&self, steps: &[usize]) -> impl Iterator<Item = (&str, String)> {
        let log = self.outcome.log.iter().enumerate().filter(|(_, logged)| steps.contains(&logged.step));
        log.filter_map(|(index, logged)| match &logged.record.event {
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
        let entry = self.outcome.transcript.entries.get(step.wrapping_sub(1))?;
        let mut received = entry.deliveries.iter().filter(|other| other.client == client && other.what == what);
        received.next().filter(|_| received.next().is_none()).map(Delivery::message)
    }

    /// A sentence if a client had received the same message in exactly one step before these.
    pub(super) fn had_before(&self, client: &str, what: &str, steps: &[usize]) -> Option<String> {
        let entries = || self.outcome.transcript.entries.iter().zip(1..);
        let received = |(entry, step): (&'_ Entry, usize)| {
            let to_client =
                entry.deliveries.iter().filter(|delivery| delivery.client == client && delivery.what == what);
            to_client.map(move |delivery| (delivery.clone(), step)).collect::<Vec<_>>()
        };
        let (message, _) = entries().filter(|(_, step)| steps.contains(step)).flat_map(received).next()?;
        let earlier = entries().take_while(|(_, step)| !steps.contains(step)).flat_map(received);
        let before: Vec<_> = earlier.filter(|(other, _)| *other == message).collect();
        let [(_, step)] = before.as_slice() else { return None };
        Some(format!("{client} had received the same {}.", self.when(*step)))
    }

    /// Rooms with their members at the time of a record of the log.
    pub(super) fn places(&self, rooms: &[String], record: usize) -> String {
        let members = self.memberships(record);
        let place = |room: &String| match self.outcome.names.get(room) {
            // A socket's own room.
            Some(client) => format!("<{client}> ({client})"),
            None => format!("{room} ({})", inside(room, &members)),
        };
        rooms.iter().map(place).collect::<Vec<_>>().join(" and ")
    }

    /// Delayed work is not lost, only late.
    pub(super) fn sent_later(&self, event: &str, steps: &[usize]) -> Option<String> {
        let end = steps.last()?;
        // Records at the start of a step are left over from earlier ones; those after the step's own event are not.
        let mut answering = None;
        let step = self.outcome.log.iter().filter(|logged| logged.step > *end).find_map(|logged| {
            match &logged.record.event {
                Event::Received { .. } => answering = Some(logged.step),
                Event::Sent { name, .. } | Event::Broadcast { name, .. } if what(name) == event => {
                    return (answering != Some(logged.step)).then_some(logged.step);
                }
                _ => {}
            }
            None
        })?;
        Some(format!("{event} was sent later, {}.", self.when(step)))
    }

    /// The step in which an answer came that an earlier step asked for.
    pub(super) fn ack_came_in(&self, client: &str, asked: usize) -> Option<usize> {
        let what = what::late_ack(asked);
        let is_it = |delivery: &Delivery| delivery.client == client && delivery.what == what;
        let entries = &self.outcome.transcript.entries;
        let entry = entries.iter().position(|entry| entry.deliveries.iter().any(is_it));
        let after = self.outcome.late_acks.iter().any(|(name, step)| name == client && *step == asked);
        entry.map(|index| index + 1).or_else(|| after.then_some(entries.len() + 1))
    }

    /// The lengths of the texts that a client sent in this step, if they are hard to see.
    pub(super) fn lengths(&self, step: usize) -> Option<String> {
        let (client, payload) = self.outcome.log.iter().rev().find_map(|logged| match &logged.record.event {
            Event::Received { socket, payload, .. } if logged.step == step => Some((self.name(socket), payload)),
            _ => None,
        })?;
        let fields: BTreeMap<String, Value> = serde_json::from_str(payload).ok()?;
        let length = |(key, value): (&String, &Value)| {
            let text = value.as_str().filter(|text| text.len() > EASY_TO_COUNT)?;
            Some(format!("{key} has {} characters in {} bytes", text.chars().count(), text.len()))
        };
        let lengths: Vec<_> = fields.iter().filter_map(length).collect();
        (!lengths.is_empty()).then(|| format!("In what {client} sent, {}.", lengths.join(" and ")))
    }

    /// A sentence if a handler of this step took long. Other slow work happens in steps that wait, in which no client
    /// of the scenario sends anything.
    pub(super) fn held_up(&self, step: usize) -> Option<String> {
        let mut log = self.outcome.log.iter().filter(|logged| logged.step == step).map(|logged| &logged.record);
        let (since, client, event) = log.find_map(|record| match &record.event {
            Event::Received { socket, name, .. } => Some((record.at_ms, self.outcome.names.get(socket)?, name)),
            _ => None,
        })?;
        let took = log.next_back()?.at_ms - since;
        let text = || format!("The handler of {event} took {took} ms, and what else {client} sends waits for it.");
        (took > HARDLY_ANY_TIME).then(text)
    }

    /// Where a client was at the time of a record of the log; if in no room, the last room that it had been in.
    pub(super) fn whereabouts(&self, client: &str, record: usize) -> String {
        let text = whereabouts(client, &self.memberships(record));
        let earlier = self.outcome.log.iter().take(record + 1).rev();
        let left = earlier.filter(|_| text.ends_with("in no room.")).find_map(|logged| match &logged.record.event {
            Event::Leave { socket, room } if self.name(socket) == client => {
                Some(format!("{client} had left room {room} {}.", self.when(logged.step)))
            }
            _ => None,
        });
        together([Some(text), left])
    }

    /// The rooms of a client at the time of a record of the log, if it was in any.
    pub(super) fn place(&self, client: &str, record: usize) -> Option<String> {
        let members = self.memberships(record);
        members.values().any(|names| names.contains(client)).then(|| whereabouts(client, &members))
    }

    /// The last record of these steps.
    pub(super) fn last_record(&self, steps: &[usize]) -> Option<usize> {
        self.outcome.log.iter().rposition(|logged| steps.contains(&logged.step))
    }

    /// A sentence if a client joined one of these rooms only after a record of the log.
    pub(super) fn joined_later(&self, client: &str, rooms: &BTreeSet<&str>, record: usize) -> Option<String> {
        let members = self.memberships(record);
        if rooms.iter().any(|room| members.get(*room).is_some_and(|names| names.contains(client))) {
            return None;
        }
        self.outcome.log.iter().skip(record + 1).find_map(|logged| match &logged.record.event {
            Event::Join { socket, room } if self.name(socket) == client && rooms.contains(room.as_str()) => {
                Some(format!("{client} joined room {room} later, {}.", self.when(logged.step)))
            }
            _ => None,
        })
    }

    /// The last step in which this happened to a client's membership, in words.
    pub(super) fn last_step(&self, client: &str, happened: impl Fn(&Event) -> bool) -> Option<String> {
        let logged = self.outcome.log.iter().rfind(|logged| match &logged.record.event {
            event @ (Event::Join { socket, .. } | Event::Leave { socket, .. }) => {
                self.name(socket) == client && happened(event)
            }
            _ => false,
        })?;
        let entry = self.outcome.transcript.entries.get(logged.step.wrapping_sub(1))?;
        Some(format!("step {} ({})", logged.step, entry.action))
    }

    /// The server's reason for a disconnect in this step or an earlier one.
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

    /// Whether a socket's connection ends in the step of this record, and after it.
    pub(super) fn is_ending(&self, socket: &str, record: usize) -> bool {
        let mut later = self.outcome.log.iter().skip(record);
        let Some(step) = later.next().map(|logged| logged.step) else { return false };
        later.take_while(|logged| logged.step == step).any(|logged| is_end_of(socket, &logged.record.event))
    }

    /// The rooms that a socket left because its connection ended in this step. The log does not say whether a handler
    /// took it out; if none did, the server has.
    pub(super) fn taken_out(&self, socket: &str, step: usize) -> Option<String> {
        let of_step = self.outcome.log.iter().enumerate().filter(|(_, logged)| logged.step == step);
        let rooms: Vec<_> = of_step
            .filter_map(|(index, logged)| match &logged.record.event {
                Event::Leave { socket: left, room } if left == socket && self.is_ending(socket, index) => {
                    Some(room.as_str())
                }
                _ => None,
            })
            .collect();
        let client = self.name(socket);
        (!rooms.is_empty()).then(|| {
            format!("{client}'s connection ended, and the server took {client} out of {}.", rooms_in_words(&rooms))
        })
    }

    pub(super) fn was_disconnected(&self, client: &str, step: usize) -> bool {
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

    /// The members of each room after the first `records` records of the log.
    pub(super) fn memberships(&self, records: usize) -> Memberships {
        let mut members = Memberships::new();
        for Logged { record, .. } in self.outcome.log.iter().take(records + 1) {
            match &record.event {
                Event::Join { socket, room } => {
                    members.entry(room.clone()).or_default().insert(self.name(socket).to_owned());
                }
                Event::Leave { socket, room } => {
                    members.entry(room.clone()).or_default().remove(self.name(socket));
                }
                _ => {}
            }
        }
        members
    }
}

/// Rooms and their members by name.
pub(super) type Memberships = BTreeMap<String, BTreeSet<String>>;

fn inside(room: &str, members: &Memberships) -> String {
    match members.get(room) {
        Some(members) if !members.is_empty() => members.iter().cloned().collect::<Vec<_>>().join(", "),
        _ => "nobody is in it".to_owned(),
    }
}

/// The rooms of a client, in a sentence.
pub(super) fn whereabouts(client: &str, members: &Memberships) -> String {
    let rooms: Vec<_> =
        members.iter().filter(|(_, names)| names.contains(client)).map(|(room, _)| room.as_str()).collect();
    format!("{client} was in {}.", rooms_in_words(&rooms))
}

fn rooms_in_words(rooms: &[&str]) -> String {
    match rooms {
        [] => "no room".to_owned(),
        [room] => format!("room {room}"),
        rooms => format!("rooms {}", rooms.join(", ")),
    }
}

fn is_end_of(socket: &str, event: &Event) -> bool {
    matches!(event, Event::Disconnect { socket: ended, .. } if ended == socket)
}

/// The sentences that are not `None`, as one text.
pub(super) fn together<const COUNT: usize>(sentences: [Option<String>; COUNT]) -> String {
    sentences.into_iter().flatten().filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" ")
}
