//! A failed run in words, made from the server's event log.
//!
//! The explanation says which event a client should have received, what the server did instead, and who was in which
//! room at that moment. It never says how to fix it: that is the learner's part.
//!
//! Only the first thing that went wrong is explained, because later ones may follow from it.

mod evidence;

use std::collections::BTreeSet;

use rooms::observer::Event;
use serde_json::Value;

use crate::client::ANSWER_TIMEOUT;
use crate::expectation::About;
use crate::json::{differences, without};
use crate::run::{End, Outcome};
use crate::transcript::{Delivery, Room, Transcript, what};
use evidence::{Evidence, together, whereabouts};

/// Explains a run that does not match its snapshot, or whose own assertions do not hold.
pub fn explain(outcome: &Outcome, expected: Option<&Transcript>) -> String {
    let evidence = Evidence { outcome };
    let findings = [
        evidence.panic(),
        evidence.unmet(),
        evidence.end(),
        expected.and_then(|expected| evidence.difference(expected)),
    ];
    // The earliest one; of two in the same step, the one listed first.
    let first = findings.into_iter().flatten().min_by_key(|finding| finding.step);
    first.map_or_else(
        || "the transcript differs from the expected one".to_owned(),
        |finding| together([Some(finding.text), evidence.lengths(finding.step), evidence.held_up(finding.step)]),
    )
}

/// Something that went wrong, and its step.
struct Finding {
    step: usize,
    text: String,
}

impl Evidence<'_> {
    fn panic(&self) -> Option<Finding> {
        self.outcome.log.iter().find_map(|logged| match &logged.record.event {
            Event::HandlerPanic { socket, name, message } => {
                let (client, step) = (self.name(socket), self.step(logged.step));
                let text = if name == "connection" {
                    format!("{step}: your code in `on_connection` panicked when {client} connected: {message}")
                } else {
                    format!("{step}: your handler for `{name}` panicked on what {client} sent: {message}")
                };
                Some(Finding { step: logged.step, text })
            }
            _ => None,
        })
    }

    /// Why the run did not finish.
    fn end(&self) -> Option<Finding> {
        let (end, step) = self.outcome.end.as_ref()?;
        let place = self.step(*step);
        let text = match end {
            End::Stuck(client) => {
                let seconds = ANSWER_TIMEOUT.as_secs();
                let handler = self.last_received(*step).map_or(String::new(), |name| format!(" of {name}"));
                format!(
                    "{place}: the handler{handler} had not finished after {seconds} s, and until then the server answers {client} nothing. Does it wait for something that does not come?"
                )
            }
            End::Gone(client) => {
                format!("{place}: {client} is no longer connected{}.", self.reason_of_disconnect(client, *step))
            }
            End::Unasked { client, event } => {
                let event = what(event);
                if self.has_received(client, &event) {
                    format!("{place}: the server did not ask {client} for an ack of {event}, or waits for no more.")
                } else {
                    let steps: Vec<_> = (1..=*step).collect();
                    let cause = self.cause(client, &event, &steps, true);
                    format!("{place}: {client} should have received {event} by now, and did not. {cause}")
                }
            }
            End::Refused { client, error } => format!("{place}: {client} cannot connect: {error}."),
        };
        Some(Finding { step: *step, text })
    }

    fn unmet(&self) -> Option<Finding> {
        let unmet = self.outcome.unmet.first()?;
        let steps: Vec<_> = unmet.steps.clone().collect();
        let cause = match &unmet.about {
            About::Event(event) if unmet.missing => self.cause(&unmet.client, event, &steps, true),
            About::Event(event) => self.unwanted(&unmet.client, event, &steps),
            About::Ack if unmet.missing => self.unanswered(&unmet.client, *unmet.steps.start()),
            About::Ack | About::Connection => String::new(),
        };
        let step = *unmet.steps.end();
        let text = format!("{}: {}. {cause}", self.step(step), unmet.message);
        Some(Finding { step, text: text.trim_end().to_owned() })
    }

    fn difference(&self, expected: &Transcript) -> Option<Finding> {
        let actual = &self.outcome.transcript;
        for (index, (wanted, found)) in expected.entries.iter().zip(&actual.entries).enumerate() {
            let step = index + 1;
            if wanted.action != found.action {
                let text = format!(
                    "The scenario has changed since its snapshot was made (step {step} was: {}). This is the course's mistake, not yours.",
                    wanted.action
                );
                return Some(Finding { step, text });
            }
            if wanted.deliveries != found.deliveries {
                let text =
                    format!("{}: {}", self.step(step), self.deliveries(&wanted.deliveries, &found.deliveries, step));
                return Some(Finding { step, text });
            }
        }
        self.rooms(expected).map(|text| Finding { step: actual.entries.len() + 1, text })
    }

    fn deliveries(&self, wanted: &[Delivery], found: &[Delivery], step: usize) -> String {
        let missing = without(wanted, found);
        let extra = without(found, wanted);
        if missing.is_empty() && extra.is_empty() {
            return "the right messages came, but in another order; see the transcript.".to_owned();
        }
        let mut sentences = Vec::new();
        let mut told = BTreeSet::new();
        for delivery in &missing {
            let instead = extra.iter().find(|other| is_instead(delivery, other));
            if let Some(other) = instead {
                told.insert((&other.client, &other.what));
            }
            sentences.push(match instead {
                Some(other) => self.changed(delivery, other, step),
                None => self.missing(delivery, step),
            });
        }
        for delivery in extra.iter().filter(|delivery| !told.contains(&(&delivery.client, &delivery.what))) {
            let expected = wanted.iter().filter(|other| other == delivery).count();
            sentences.push(self.extra(delivery, expected, step));
        }
        sentences.dedup();
        sentences.join(" ").trim_end().to_owned()
    }

    fn missing(&self, delivery: &Delivery, step: usize) -> String {
        let Delivery { client, what, .. } = delivery;
        match what.as_str() {
            what::ACK => format!("{client} should get the ack {}, and got none.", delivery.data),
            what::NO_ACK => format!("{client} should get no ack, and got one."),
            what::CLOSED => format!("the connection of {client} should be closed here, and is open."),
            what::DISCONNECT => format!("the server should disconnect {client} here, and did not."),
            event => {
                let cause = self.cause(client, event, &[step], true);
                format!("{client} should receive {}, and did not. {cause}", delivery.message())
            }
        }
    }

    fn extra(&self, delivery: &Delivery, expected: usize, step: usize) -> String {
        let Delivery { client, what, .. } = delivery;
        match what.as_str() {
            what::ACK => format!("{client} got the ack {}, which is not expected here.", delivery.data),
            what::NO_ACK => format!("{client} asked for an ack and got none. {}", self.unanswered(client, step)),
            what::CLOSED => {
                format!("the connection of {client} was closed{}.", self.reason_of_disconnect(client, step))
            }
            what::DISCONNECT => format!("the server disconnected {client}, and should not."),
            event => {
                let cause = self.cause(client, event, &[step], false);
                let message = delivery.message();
                match expected {
                    0 => format!(
                        "{client} received {message}, and should not. {}",
                        self.unwanted(client, event, &[step])
                    ),
                    1 => {
                        let received = self.received_once(step);
                        let text = format!("{client} received {message} more than once, and should receive it once.");
                        together([Some(text), Some(cause), received])
                    }
                    times => format!("{client} received {message} more often than {times} times. {cause}"),
                }
            }
        }
    }

    fn changed(&self, wanted: &Delivery, found: &Delivery, step: usize) -> String {
        let Delivery { client, .. } = wanted;
        if wanted.what == what::ACK && found.what == what::NO_ACK {
            let cause = self.unanswered(client, step);
            return format!("{client} should get the ack {}, and got none. {cause}", wanted.data);
        }
        if wanted.what == what::NO_ACK {
            return format!("{client} should get no ack, and got {}.", found.data);
        }
        let kind = if wanted.what == what::ACK { "the ack" } else { wanted.what.as_str() };
        let differences = in_words(&wanted.data, &found.data);
        let message =
            |data: &str| if data.is_empty() { format!("{kind} without a payload") } else { format!("{kind} {data}") };
        format!(
            "{client} should receive {}, and received {}{differences}.",
            message(&wanted.data),
            message(&found.data)
        )
    }

    /// Why a client received an event that is not meant for it.
    fn unwanted(&self, client: &str, event: &str, steps: &[usize]) -> String {
        let cause = self.cause(client, event, steps, false);
        let sent = self.sent(steps).take_while(|(name, _)| what(name) != event).last();
        let before = sent.map(|(_, sent)| format!("Before that it sent {sent}."));
        together([Some(cause), before, self.had_before(client, event, steps)])
    }

    /// Says what the server did with an event in these steps, and where the client was.
    fn cause(&self, client: &str, event: &str, steps: &[usize], missing: bool) -> String {
        let all = &self.with_what_waited(client, steps);
        let (has_waited, steps) = (all.len() > steps.len(), all.as_slice());
        let mut sentences = Vec::new();
        let (mut told_rooms, mut told_clients) = (BTreeSet::new(), BTreeSet::new());
        let mut broadcast = None;
        for (index, logged) in self.outcome.log.iter().enumerate().filter(|(_, logged)| steps.contains(&logged.step)) {
            match &logged.record.event {
                Event::Broadcast { socket, name, rooms, except, recipients } if what(name) == event => {
                    told_rooms.extend(rooms.iter().map(String::as_str));
                    broadcast = Some(index);
                    sentences.push(self.broadcast(event, socket.as_deref(), rooms, except, *recipients, index));
                }
                Event::Sent { socket, name, .. } if what(name) == event => {
                    told_clients.insert(self.name(socket));
                    sentences.push(format!("The server sent it to {} alone.", self.name(socket)));
                }
                Event::Dropped { socket, name, reason } if what(name) == event => {
                    sentences.push(format!("It was dropped for {}: {reason}.", self.name(socket)));
                }
                _ => {}
            }
        }
        let sentences = counted(sentences);
        if sentences.is_empty() && missing {
            return self.nothing_sent(client, event, steps);
        }
        // A few steps later a client may be somewhere else.
        let last = broadcast.filter(|_| has_waited).or_else(|| self.last_record(steps));
        let Some(record) = last else { return sentences };
        // An answer that sends to several clients one by one keeps something like a room.
        if told_rooms.is_empty() && told_clients.len() < 2 {
            let came_otherwise = missing && told_clients.contains(client);
            let place = if came_otherwise { None } else { self.place(client, record) };
            return together([Some(sentences), place]);
        }
        let later = if missing { self.joined_later(client, &told_rooms, record) } else { None };
        together([Some(sentences), Some(self.whereabouts(client, record)), later])
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
            None => format!("room {room}"),
        }));
        let left_out =
            if left_out.is_empty() { String::new() } else { format!(", leaving out {}", left_out.join(" and ")) };
        if rooms.is_empty() {
            return format!("The server sent {event} to everyone who is connected{left_out}.");
        }
        let reached = if recipients == 1 { "1 client".to_owned() } else { format!("{recipients} clients") };
        format!("The server sent {event} to room {}{left_out}, and it reached {reached}.", self.places(rooms, index))
    }

    /// The event was not sent in these steps. Says what happened instead.
    fn nothing_sent(&self, client: &str, event: &str, steps: &[usize]) -> String {
        if self.outcome.log.is_empty() {
            return String::new();
        }
        if let Some(last) = steps.last().filter(|step| self.was_disconnected(client, **step)) {
            return format!("{client} was no longer connected{}.", self.reason_of_disconnect(client, *last));
        }
        let first = match self.received(steps).last() {
            Some((from, name, true)) => {
                format!("The server received {name} from {from} and sent no {event} to anyone.")
            }
            Some((from, name, false)) => unhandled(from, name),
            None => format!("The server sent no {event} to anyone."),
        };
        let second = self.instead(steps).or_else(|| self.sent_later(event, steps));
        together([Some(first), second, self.place_of_sender(steps)])
    }

    /// The rooms of the client that sent the last event of these steps, unless the previous sentence named them.
    fn place_of_sender(&self, steps: &[usize]) -> Option<String> {
        let (sender, _, handled) = self.received(steps).last()?;
        let record = self.last_record(steps)?;
        let members = self.memberships(record);
        let is_inside = |room: &String| members.get(room).is_some_and(|names| names.contains(sender));
        let tells = |event: &Event| match event {
            Event::Join { .. } | Event::Leave { .. } => true,
            Event::Broadcast { rooms, .. } => rooms.iter().any(is_inside),
            _ => false,
        };
        let mut log = self.outcome.log.iter().filter(|logged| steps.contains(&logged.step));
        let is_told = log.any(|logged| tells(&logged.record.event));
        if is_told || !handled { None } else { self.place(sender, record) }
    }

    /// A client asked for an answer in this step and got none. Says what happened instead.
    fn unanswered(&self, client: &str, step: usize) -> String {
        let first = match self.received(&[step]).rfind(|(from, ..)| *from == client) {
            Some((_, name, true)) => format!("The server received {name} from {client} and did not acknowledge it."),
            Some((_, name, false)) => unhandled(client, name),
            None => return String::new(),
        };
        let late = self.ack_came_in(client, step).map(|step| format!("The ack came later, {}.", self.when(step)));
        together([Some(first), self.instead(&[step]), late])
    }

    /// A sentence if the server received exactly one event in this step.
    fn received_once(&self, step: usize) -> Option<String> {
        let received: Vec<_> = self.received(&[step]).collect();
        let [(from, name, _)] = received.as_slice() else { return None };
        Some(format!("The server received {name} from {from} once."))
    }

    fn instead(&self, steps: &[usize]) -> Option<String> {
        let mut sentences = Vec::new();
        let mut sent: Vec<_> = self.sent(steps).map(|(_, sent)| sent).collect();
        sent.dedup();
        if !sent.is_empty() {
            sentences.push(format!("It sent {} instead.", sent.join(" and ")));
        }
        for (index, logged) in self.outcome.log.iter().enumerate().filter(|(_, logged)| steps.contains(&logged.step)) {
            match &logged.record.event {
                Event::Join { socket, room } => sentences.push(format!("{} joined room {room}.", self.name(socket))),
                Event::Leave { socket, room } if !self.is_ending(socket, index) => {
                    sentences.push(format!("{} left room {room}.", self.name(socket)));
                }
                Event::Disconnect { socket, .. } => sentences.extend(self.taken_out(socket, logged.step)),
                _ => {}
            }
        }
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    fn rooms(&self, expected: &Transcript) -> Option<String> {
        let (wanted, found) = (expected.rooms.as_ref()?, self.outcome.transcript.rooms.as_ref()?);
        let pairs = |rooms: &[Room]| -> BTreeSet<(String, String)> {
            let pairs =
                rooms.iter().flat_map(|room| room.members.iter().map(|member| (member.clone(), room.name.clone())));
            pairs.collect()
        };
        let (wanted, found) = (pairs(wanted), pairs(found));
        let at_the_end = self.memberships(self.outcome.log.len());
        let missing: Vec<_> = wanted.difference(&found).collect();
        let mut sentences: Vec<_> = missing
            .iter()
            .map(|(client, room)| {
                let left =
                    self.last_step(client, |event| matches!(event, Event::Leave { room: left, .. } if left == room));
                let left = left.map(|step| format!("{client} left it in {step}."));
                let whereabouts = whereabouts(client, &at_the_end);
                together([Some(format!("{client} should be in room {room}.")), left, Some(whereabouts)])
            })
            .collect();
        // The previous sentence says where the client is instead.
        let told: BTreeSet<_> = missing.iter().map(|(client, _)| client).collect();
        let extra = found.difference(&wanted).filter(|(client, _)| !told.contains(client));
        sentences.extend(extra.map(|(client, room)| {
            let joined =
                self.last_step(client, |event| matches!(event, Event::Join { room: joined, .. } if joined == room));
            let joined = joined.map(|step| format!("{client} joined it in {step}."));
            together([Some(format!("{client} should not be in room {room}.")), joined])
        }));
        (!sentences.is_empty()).then(|| format!("At the end: {}", sentences.join(" ")))
    }
}

fn unhandled(client: &str, event: &str) -> String {
    format!("The server received {event} from {client}, but by then no handler was registered for that event.")
}

/// How two texts of JSON differ, as the end of a sentence.
fn in_words(wanted: &str, found: &str) -> String {
    let json = |text| serde_json::from_str::<Value>(text).unwrap_or_default();
    let differences = differences(&json(wanted), &json(found), false);
    if differences.is_empty() { String::new() } else { format!("; {}", differences.join(", ")) }
}

/// The sentences as one text; a repeated one is written once, with its count.
fn counted(sentences: Vec<String>) -> String {
    let mut counted: Vec<(String, usize)> = Vec::new();
    for sentence in sentences {
        match counted.iter_mut().find(|(known, _)| *known == sentence) {
            Some((_, count)) => *count += 1,
            None => counted.push((sentence, 1)),
        }
    }
    let sentences = counted.into_iter().map(|(sentence, count)| match count {
        1 => sentence,
        count => format!("{} ({count} times).", sentence.trim_end_matches('.')),
    });
    sentences.collect::<Vec<_>>().join(" ")
}

/// Whether a client received one in place of the other.
fn is_instead(wanted: &Delivery, found: &Delivery) -> bool {
    let is_ack = |delivery: &Delivery| [what::ACK, what::NO_ACK].contains(&delivery.what.as_str());
    wanted.client == found.client && (wanted.what == found.what || is_ack(wanted) && is_ack(found))
}
