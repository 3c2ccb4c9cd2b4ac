//! What the server did with an event.

use std::collections::BTreeSet;

use rooms::observer::Event;

use super::evidence::Evidence;
use super::words::{Counted, Sentences, list};
use crate::transcript::what;

impl Evidence<'_> {
    /// Why a client did not receive an event in these steps.
    pub(super) fn cause(&self, client: &str, event: &str, steps: &[usize]) -> Sentences {
        let all = &self.with_what_waited(client, steps);
        let (has_waited, steps) = (all.len() > steps.len(), all.as_slice());
        let mut sentences = self.sent_in(event, steps);
        if sentences.is_empty() {
            return self.nothing_sent(client, event, steps);
        }
        if let Some(gone) = self.gone(client, steps) {
            sentences.add(gone);
            return sentences;
        }
        sentences.extend(self.long_before_the_end(event, steps));
        let told = self.told(event, steps);
        // A few steps later a client may be somewhere else.
        let last = told.broadcast.filter(|_| has_waited).or_else(|| self.last_record(steps));
        let Some(record) = last else { return sentences };
        if told.rooms.is_empty() {
            // A program that sends to several clients one by one keeps something like a room.
            let place = if told.clients.len() < 2 {
                self.place(client, record)
            } else {
                Some(self.whereabouts(client, record))
            };
            sentences.extend(place.filter(|_| !told.clients.is_empty() && !told.clients.contains(client)));
        } else if told.leaves_rooms_out || !self.is_in_any(client, &told.rooms, record) {
            sentences.add(self.whereabouts(client, record));
            sentences.extend(self.joined_later(client, &told.rooms, record));
        }
        sentences
    }

    /// Why a client received an event that is not meant for it.
    pub(super) fn unwanted(&self, client: &str, event: &str, steps: &[usize]) -> Sentences {
        let mut sentences = self.sent_in(event, steps);
        let sent = self.sent(steps).take_while(|(name, _)| what(name) != event).last();
        sentences.extend(sent.map(|(_, sent)| format!("Before that it sent {sent}.")));
        sentences.extend(self.place_among_several(client, event, steps));
        sentences.extend(self.too_early(client, event, steps));
        sentences.extend(self.had_before(client, event, steps));
        sentences.extend(self.pace(steps));
        sentences
    }

    /// Where a client was that should not have been among several which were told one by one: that is something like a room.
    fn place_among_several(&self, client: &str, event: &str, steps: &[usize]) -> Option<String> {
        let told = self.told(event, steps);
        let is_among = told.rooms.is_empty() && told.clients.len() > 1 && self.are_rooms_shown();
        let record = self.last_record(steps).filter(|_| is_among)?;
        Some(self.whereabouts(client, record))
    }

    /// Why clients received an event more often than they should.
    pub(super) fn too_often(&self, event: &str, steps: &[usize]) -> Sentences {
        let mut sentences = self.sent_in(event, steps);
        let received: Vec<_> = self.received(steps).collect();
        if let [once] = received.as_slice() {
            sentences.add(format!("The server received {} from {} once.", once.name, once.from));
        }
        sentences
    }

    /// How the server sent an event in these steps, and what kept it from arriving.
    fn sent_in(&self, event: &str, steps: &[usize]) -> Sentences {
        let (mut broadcasts, mut alone, mut dropped) = (Counted::default(), Counted::default(), Vec::new());
        for (index, logged) in self.log_of(steps) {
            let at_ms = logged.record.at_ms;
            match &logged.record.event {
                Event::Broadcast { socket, name, rooms, except, recipients } if what(name) == event => {
                    let told = self.broadcast(event, socket.as_deref(), rooms, except, *recipients, index);
                    broadcasts.add(told, at_ms);
                }
                Event::Sent { socket, name, .. } if what(name) == event => {
                    alone.add(self.name(socket).to_owned(), at_ms);
                }
                Event::Dropped { socket, name, reason } if what(name) == event => {
                    dropped.push(format!("It was dropped for {}: {reason}.", self.name(socket)));
                }
                _ => {}
            }
        }
        let mut sentences = Sentences::default();
        sentences.extend(broadcasts.texts().into_iter().map(|(broadcast, often)| format!("{broadcast}{often}.")));
        sentences.extend(sent_alone(&alone.texts()));
        sentences.extend(dropped);
        sentences
    }

    fn broadcast(
        &self,
        event: &str,
        sender: Option<&str>,
        rooms: &[String],
        except: &[String],
        recipients: u64,
        index: usize,
    ) -> String {
        let mut left_out: Vec<_> =
            sender.map(|sender| format!("its sender {}", self.name(sender))).into_iter().collect();
        left_out.extend(except.iter().map(|room| match self.outcome.names.get(room) {
            Some(client) => client.clone(),
            None => format!("room {}", what(room)),
        }));
        let left_out = if left_out.is_empty() { String::new() } else { format!(", leaving out {}", list(&left_out)) };
        if rooms.is_empty() {
            return format!("The server sent {event} to everyone who is connected{left_out}");
        }
        let reached = if recipients == 1 { "1 client".to_owned() } else { format!("{recipients} clients") };
        let places = self.places(rooms, index);
        format!("The server sent {event} to room {places}{left_out}, and it reached {reached}")
    }

    /// The rooms and the clients to which an event was sent in these steps, and the last record of one to rooms.
    fn told(&self, event: &str, steps: &[usize]) -> Told<'_> {
        let mut told = Told::default();
        for (index, logged) in self.log_of(steps) {
            match &logged.record.event {
                Event::Broadcast { name, rooms, except, .. } if what(name) == event => {
                    told.leaves_rooms_out |= except.iter().any(|room| !self.outcome.names.contains_key(room));
                    told.rooms.extend(rooms.iter().map(String::as_str));
                    told.broadcast = Some(index);
                }
                Event::Sent { socket, name, .. } if what(name) == event => {
                    told.clients.insert(self.name(socket));
                }
                _ => {}
            }
        }
        told
    }
}

#[derive(Debug, Default)]
struct Told<'e> {
    rooms: BTreeSet<&'e str>,
    clients: BTreeSet<&'e str>,
    broadcast: Option<usize>,
    /// Whether those in some room were left out.
    leaves_rooms_out: bool,
}

/// To which clients an event went that was sent to each of them by itself.
fn sent_alone(clients: &[(String, String)]) -> Option<String> {
    match clients {
        [] => None,
        [(client, often)] => Some(format!("The server sent it to {client} alone{often}.")),
        several => {
            let several: Vec<_> = several.iter().map(|(client, often)| format!("{client}{often}")).collect();
            Some(format!("The server sent it to {}, to each alone.", list(&several)))
        }
    }
}
