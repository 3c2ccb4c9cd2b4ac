//! Which client was in which room.

use std::collections::{BTreeMap, BTreeSet};

use rooms::observer::Event;

use super::evidence::Evidence;
use super::words::Sentences;
use crate::run::Logged;
use crate::transcript::what;

/// Rooms and their members by name.
pub(super) type Memberships<'e> = BTreeMap<&'e str, BTreeSet<&'e str>>;

impl<'e> Evidence<'e> {
    /// The members of each room after the first `records` records of the log.
    pub(super) fn memberships(&self, records: usize) -> Memberships<'e> {
        let mut members = Memberships::new();
        for Logged { record, .. } in self.outcome.log.iter().take(records + 1) {
            match &record.event {
                Event::Join { socket, room } => {
                    members.entry(room).or_default().insert(self.name(socket));
                }
                Event::Leave { socket, room } => {
                    members.entry(room).or_default().remove(self.name(socket));
                }
                _ => {}
            }
        }
        members
    }

    /// Whether the exercise says which rooms there are; in others they are the learner's own affair.
    pub(super) fn are_rooms_shown(&self) -> bool {
        self.expected.unwrap_or(&self.outcome.transcript).rooms.is_some()
    }

    /// Whether two clients were in the same room at the time of a record of the log.
    pub(super) fn share_a_room(&self, one: &str, other: &str, record: usize) -> bool {
        self.memberships(record).values().any(|names| names.contains(one) && names.contains(other))
    }

    pub(super) fn is_in_any(&self, client: &str, rooms: &BTreeSet<&str>, record: usize) -> bool {
        let members = self.memberships(record);
        rooms.iter().any(|room| members.get(room).is_some_and(|names| names.contains(client)))
    }

    /// Rooms with their members at the time of a record of the log.
    pub(super) fn places(&self, rooms: &[String], record: usize) -> String {
        let members = self.memberships(record);
        let place = |room: &String| match self.outcome.names.get(room) {
            // A socket's own room.
            Some(client) => format!("<{client}> ({client})"),
            None => format!("{} ({})", what(room), inside(room, &members)),
        };
        rooms.iter().map(place).collect::<Vec<_>>().join(" and ")
    }

    /// The rooms of a client at the time of a record of the log, if it was in any.
    pub(super) fn place(&self, client: &str, record: usize) -> Option<String> {
        let members = self.memberships(record);
        members.values().any(|names| names.contains(client)).then(|| whereabouts(client, &members))
    }

    /// Where a client was at the time of a record of the log; if in no room, the last room that it had been in.
    pub(super) fn whereabouts(&self, client: &str, record: usize) -> String {
        let members = self.memberships(record);
        let mut sentences = Sentences::default();
        sentences.add(whereabouts(client, &members));
        if !members.values().any(|names| names.contains(client)) {
            let earlier = self.outcome.log.iter().take(record + 1).rev();
            sentences.extend(earlier.into_iter().find_map(|logged| match &logged.record.event {
                Event::Leave { socket, room } if self.name(socket) == client => {
                    Some(format!("{client} had left {} {}.", room_in_words(room), self.when(logged.step)))
                }
                _ => None,
            }));
        }
        sentences.to_string()
    }

    /// A sentence if a client joined one of these rooms only after a record of the log.
    pub(super) fn joined_later(&self, client: &str, rooms: &BTreeSet<&str>, record: usize) -> Option<String> {
        self.join_after(client, record, |room, _| rooms.contains(room))
    }

    /// A sentence if a client joined a room after a record of the log, although it has asked for nothing since.
    pub(super) fn joins_later(&self, client: &str, record: usize) -> Option<String> {
        self.join_after(client, record, |_, join| self.is_delayed(join))
    }

    fn join_after(&self, client: &str, record: usize, is_it: impl Fn(&str, usize) -> bool) -> Option<String> {
        let step = self.outcome.log.get(record)?.step;
        self.outcome.log.iter().enumerate().skip(record + 1).find_map(|(index, logged)| match &logged.record.event {
            Event::Join { socket, room } if self.name(socket) == client && is_it(room, index) => {
                let later = self.later(logged.step, logged.record.at_ms, &[step]);
                Some(format!("{client} joined {} {later}.", room_in_words(room)))
            }
            _ => None,
        })
    }
}

fn inside(room: &str, members: &Memberships<'_>) -> String {
    match members.get(room) {
        Some(members) if !members.is_empty() => members.iter().copied().collect::<Vec<_>>().join(", "),
        _ => "nobody is in it".to_owned(),
    }
}

/// The rooms of a client, in a sentence.
pub(super) fn whereabouts(client: &str, members: &Memberships<'_>) -> String {
    let rooms: Vec<_> = members.iter().filter(|(_, names)| names.contains(client)).map(|(room, _)| *room).collect();
    format!("{client} was in {}.", rooms_in_words(&rooms))
}

pub(super) fn room_in_words(room: &str) -> String {
    format!("room {}", what(room))
}

pub(super) fn rooms_in_words(rooms: &[&str]) -> String {
    match rooms {
        [] => "no room".to_owned(),
        [room] => room_in_words(room),
        rooms => format!("rooms {}", rooms.iter().map(|room| what(room)).collect::<Vec<_>>().join(", ")),
    }
}
