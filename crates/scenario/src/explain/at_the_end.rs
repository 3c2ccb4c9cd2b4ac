//! The rooms that are not as they should be when all is over.

use std::collections::BTreeSet;

use rooms::observer::Event;

use super::evidence::Evidence;
use super::places::{room_in_words, whereabouts};
use super::words::{Sentences, list};
use crate::transcript::{Room, Transcript};

/// So many differences are told.
const MOST: usize = 3;

impl Evidence<'_> {
    pub(super) fn rooms(&self, expected: &Transcript) -> Option<String> {
        let (wanted, found) = (expected.rooms.as_ref()?, self.outcome.transcript.rooms.as_ref()?);
        let (wanted, found) = (pairs(wanted), pairs(found));
        let missing: Vec<_> = wanted.difference(&found).collect();
        // Where a client is instead is said there.
        let told: BTreeSet<_> = missing.iter().map(|(_, client)| client).collect();
        let extra = found.difference(&wanted).filter(|(_, client)| !told.contains(client));
        let should_be = missing.iter().map(|(room, client)| self.should_be_in(client, room));
        let should_not_be = self.strangers(extra).into_iter();
        let differences: Vec<_> = should_be.chain(should_not_be).collect();
        let mut sentences = Sentences::default();
        differences.iter().take(MOST).for_each(|difference| sentences.add(difference));
        let more = differences.len().saturating_sub(MOST);
        if more > 0 {
            sentences.add(format!("The transcript shows {more} more."));
        }
        (!sentences.is_empty()).then(|| format!("At the end: {sentences}"))
    }

    fn should_be_in(&self, client: &str, room: &str) -> String {
        let left = self.last_step(client, |event| matches!(event, Event::Leave { room: left, .. } if left == room));
        // Work that comes later is in the log as well.
        let steps = self.outcome.transcript.entries.len();
        let records = self.outcome.log.iter().take_while(|logged| logged.step <= steps).count();
        let at_the_end = self.memberships(records.saturating_sub(1));
        let mut sentences = Sentences::default();
        sentences.add(format!("{client} should be in {}.", room_in_words(room)));
        sentences.extend(left.map(|step| format!("{client} left it in {step}.")));
        sentences.add(whereabouts(client, &at_the_end));
        sentences.to_string()
    }

    /// The clients in each room in which they should not be, and the step in which they joined it.
    fn strangers<'p>(&self, extra: impl Iterator<Item = &'p (String, String)>) -> Vec<String> {
        let mut groups: Vec<(&str, Option<String>, Vec<&str>)> = Vec::new();
        for (room, client) in extra {
            let joined =
                self.last_step(client, |event| matches!(event, Event::Join { room: joined, .. } if joined == room));
            match groups.iter_mut().find(|(other, step, _)| other == room && *step == joined) {
                Some((.., clients)) => clients.push(client),
                None => groups.push((room, joined, vec![client])),
            }
        }
        let told = |(room, joined, clients): (&str, Option<String>, Vec<&str>)| {
            let (clients, room) = (list(&clients), room_in_words(room));
            let joined = joined.map(|step| format!(" {clients} joined it in {step}.")).unwrap_or_default();
            format!("{clients} should not be in {room}.{joined}")
        };
        groups.into_iter().map(told).collect()
    }

    /// The last step in which this happened to a client's membership, in words.
    fn last_step(&self, client: &str, happened: impl Fn(&Event) -> bool) -> Option<String> {
        let logged = self.outcome.log.iter().rfind(|logged| match &logged.record.event {
            event @ (Event::Join { socket, .. } | Event::Leave { socket, .. }) => {
                self.name(socket) == client && happened(event)
            }
            _ => false,
        })?;
        self.action(logged.step).map(|action| format!("step {} ({action})", logged.step))
    }
}

/// Each room with each of its members.
fn pairs(rooms: &[Room]) -> BTreeSet<(String, String)> {
    let pairs = rooms.iter().flat_map(|room| room.members.iter().map(|member| (room.name.clone(), member.clone())));
    pairs.collect()
}
