//! A failed run in words, made from the server's event log.
//!
//! The explanation says what a client should have received, what the server did instead, and who was
//! in which room at that moment. It never says how to mend it: that is the learner's part.
//!
//! The first thing that went wrong is explained, as later ones may follow from it.

use std::collections::{BTreeMap, BTreeSet};

use rooms::observer::Event;
use serde_json::Value;

use crate::client::ANSWER_TIMEOUT;
use crate::json::differences;
use crate::run::{End, Logged, Outcome};
use crate::transcript::{Delivery, Room, Transcript, what};

/// The length up to which anybody sees how long a text is, in bytes.
const EASY_TO_COUNT: usize = 20;

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
        |finding| together([Some(finding.text), evidence.lengths(finding.step)]),
    )
}

/// Something that went wrong, and in which step.
struct Finding {
    step: usize,
    text: String,
}

struct Evidence<'a> {
    outcome: &'a Outcome,
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

    /// Why the run did not go to its end.
    fn end(&self) -> Option<Finding> {
        let (end, step) = self.outcome.end.as_ref()?;
        let place = self.step(*step);
        let text = match end {
            End::Stuck(client) => {
                let seconds = ANSWER_TIMEOUT.as_secs();
                let handler = self.last_received(*step).map_or(String::new(), |name| format!(" of {name}"));
                format!(
                    "{place}: the handler{handler} was not through after {seconds} s, and until then the server answers {client} nothing. Does it wait for something that does not come?"
                )
            }
            End::Gone(client) => {
                format!("{place}: {client} is no longer connected{}.", self.reason_of_disconnect(client, *step))
            }
            End::Refused { client, error } => format!("{place}: {client} cannot connect: {error}."),
        };
        Some(Finding { step: *step, text })
    }

    fn unmet(&self) -> Option<Finding> {
        let unmet = self.outcome.unmet.first()?;
        let steps: Vec<_> = unmet.steps.clone().collect();
        let cause = match &unmet.event {
            Some(event) if unmet.missing => self.cause(&unmet.client, event, &steps, true),
            Some(event) => self.unwanted(&unmet.client, event, &steps),
            None if unmet.missing => self.unanswered(&unmet.client, *unmet.steps.start()),
            None => String::new(),
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

    fn step(&self, step: usize) -> String {
        match self.outcome.transcript.entries.get(step.wrapping_sub(1)) {
            Some(entry) => format!("Step {step} ({})", entry.action),
            None => format!("Step {step}"),
        }
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
        format!("{client} should receive {kind} {}, and received {kind} {}{differences}.", wanted.data, found.data)
    }

    /// Why a client received an event that is not meant for it.
    fn unwanted(&self, client: &str, event: &str, steps: &[usize]) -> String {
        let cause = self.cause(client, event, steps, false);
        let sent = self.sent(steps).take_while(|(name, _)| what(name) != event).last();
        let before = sent.map(|(_, sent)| format!("Before that it sent {sent}."));
        together([Some(cause), before])
    }

    /// What the server did with an event in these steps, and where the client was.
    fn cause(&self, client: &str, event: &str, steps: &[usize], missing: bool) -> String {
        let mut sentences = Vec::new();
        let (mut told_rooms, mut told_clients) = (BTreeSet::new(), BTreeSet::new());
        for (index, logged) in self.outcome.log.iter().enumerate().filter(|(_, logged)| steps.contains(&logged.step)) {
            match &logged.record.event {
                Event::Broadcast { socket, name, rooms, except, recipients } if what(name) == event => {
                    told_rooms.extend(rooms.iter().map(String::as_str));
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
        let last = self.outcome.log.iter().rposition(|logged| steps.contains(&logged.step));
        // Whoever tells several clients one by one keeps something like a room.
        let Some(record) = last.filter(|_| !told_rooms.is_empty() || told_clients.len() > 1) else { return sentences };
        let later = if missing { self.joined_later(client, &told_rooms, record) } else { None };
        together([Some(sentences), Some(self.whereabouts(client, record)), later])
    }

    /// Where a client was when a record of the log was written; if nowhere, where it had been last.
    fn whereabouts(&self, client: &str, record: usize) -> String {
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

    /// That a client joined one of these rooms only after a record of the log was written.
    fn joined_later(&self, client: &str, rooms: &BTreeSet<&str>, record: usize) -> Option<String> {
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

    /// The event was not sent in these steps. What happened instead?
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
        together([Some(first), second])
    }

    /// A client asked for an answer in this step and got none. What happened instead?
    fn unanswered(&self, client: &str, step: usize) -> String {
        let first = match self.received(&[step]).rfind(|(from, ..)| *from == client) {
            Some((_, name, true)) => format!("The server received {name} from {client} and did not acknowledge it."),
            Some((_, name, false)) => unhandled(client, name),
            None => return String::new(),
        };
        let late = self.ack_came_in(client, step).map(|step| format!("The ack came later, {}.", self.when(step)));
        together([Some(first), self.instead(&[step]), late])
    }

    /// The step in which the answer came that was asked for in an earlier one.
    fn ack_came_in(&self, client: &str, asked: usize) -> Option<usize> {
        let what = what::late_ack(asked);
        let is_it = |delivery: &Delivery| delivery.client == client && delivery.what == what;
        let entries = &self.outcome.transcript.entries;
        let entry = entries.iter().position(|entry| entry.deliveries.iter().any(is_it));
        let after = self.outcome.late_acks.iter().any(|(name, step)| name == client && *step == asked);
        entry.map(|index| index + 1).or_else(|| after.then_some(entries.len() + 1))
    }

    fn when(&self, step: usize) -> String {
        if step > self.outcome.transcript.entries.len() {
            "after the last step".to_owned()
        } else {
            format!("in step {step}")
        }
    }

    /// How long the texts are that a client sent in this step, where that is hard to see.
    fn lengths(&self, step: usize) -> Option<String> {
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

    /// The events that reached the server in these steps: from whom, the name, and whether it has a handler.
    fn received(&self, steps: &[usize]) -> impl DoubleEndedIterator<Item = (&str, &str, bool)> {
        self.outcome.log.iter().filter(|logged| steps.contains(&logged.step)).filter_map(|logged| {
            match &logged.record.event {
                Event::Received { socket, name, handled, .. } => Some((self.name(socket), name.as_str(), *handled)),
                _ => None,
            }
        })
    }

    fn last_received(&self, step: usize) -> Option<&str> {
        self.received(&[step]).last().map(|(_, name, _)| name)
    }

    /// That the server received one event alone in this step, if so.
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
        for logged in self.outcome.log.iter().filter(|logged| steps.contains(&logged.step)) {
            match &logged.record.event {
                Event::Join { socket, room } => sentences.push(format!("{} joined room {room}.", self.name(socket))),
                Event::Leave { socket, room } => sentences.push(format!("{} left room {room}.", self.name(socket))),
                _ => {}
            }
        }
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    /// What the server sent in these steps: each event's name, and the event with its recipients in words.
    fn sent(&self, steps: &[usize]) -> impl Iterator<Item = (&str, String)> {
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

    /// The event with its data, where the client received it once in this step.
    fn message(&self, client: &str, what: &str, step: usize) -> Option<String> {
        let entry = self.outcome.transcript.entries.get(step.wrapping_sub(1))?;
        let mut received = entry.deliveries.iter().filter(|other| other.client == client && other.what == what);
        received.next().filter(|_| received.next().is_none()).map(Delivery::message)
    }

    /// Rooms with those who were in them when a record of the log was written.
    fn places(&self, rooms: &[String], record: usize) -> String {
        let members = self.memberships(record);
        let place = |room: &String| match self.outcome.names.get(room) {
            // The room that every socket has to itself.
            Some(client) => format!("<{client}> ({client})"),
            None => format!("{room} ({})", inside(room, &members)),
        };
        rooms.iter().map(place).collect::<Vec<_>>().join(" and ")
    }

    /// Delayed work is not lost, only late.
    fn sent_later(&self, event: &str, steps: &[usize]) -> Option<String> {
        let end = steps.last()?;
        // What a step begins with is left from earlier ones; what follows an event of its own is not.
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
        // Where a client is instead has just been said.
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

    /// The last step in which this happened to a client's membership, in words.
    fn last_step(&self, client: &str, happened: impl Fn(&Event) -> bool) -> Option<String> {
        let logged = self.outcome.log.iter().rfind(|logged| match &logged.record.event {
            event @ (Event::Join { socket, .. } | Event::Leave { socket, .. }) => {
                self.name(socket) == client && happened(event)
            }
            _ => false,
        })?;
        let entry = self.outcome.transcript.entries.get(logged.step.wrapping_sub(1))?;
        Some(format!("step {} ({})", logged.step, entry.action))
    }

    /// Why the server says that a client went, at the latest in this step.
    fn reason_of_disconnect(&self, client: &str, step: usize) -> String {
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

    fn name<'s>(&'s self, socket: &'s str) -> &'s str {
        self.outcome.names.get(socket).map_or(socket, String::as_str)
    }

    /// Who was in which room once the first `records` records of the log were written.
    fn memberships(&self, records: usize) -> Memberships {
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
type Memberships = BTreeMap<String, BTreeSet<String>>;

fn inside(room: &str, members: &Memberships) -> String {
    match members.get(room) {
        Some(members) if !members.is_empty() => members.iter().cloned().collect::<Vec<_>>().join(", "),
        _ => "nobody is in it".to_owned(),
    }
}

fn whereabouts(client: &str, members: &Memberships) -> String {
    let rooms: Vec<_> =
        members.iter().filter(|(_, names)| names.contains(client)).map(|(room, _)| room.as_str()).collect();
    match rooms.as_slice() {
        [] => format!("{client} was in no room."),
        [room] => format!("{client} was in room {room}."),
        rooms => format!("{client} was in rooms {}.", rooms.join(", ")),
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

/// The sentences that there are, as one text.
fn together<const COUNT: usize>(sentences: [Option<String>; COUNT]) -> String {
    sentences.into_iter().flatten().filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The sentences as one text; one that came several times says how often.
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

/// Whether a client received the one in place of the other.
fn is_instead(wanted: &Delivery, found: &Delivery) -> bool {
    let is_ack = |delivery: &Delivery| [what::ACK, what::NO_ACK].contains(&delivery.what.as_str());
    wanted.client == found.client && (wanted.what == found.what || is_ack(wanted) && is_ack(found))
}

/// What is in `all` and not in `taken`, counting repetitions.
fn without<'d>(all: &'d [Delivery], taken: &[Delivery]) -> Vec<&'d Delivery> {
    let mut taken: Vec<_> = taken.iter().collect();
    all.iter()
        .filter(|delivery| match taken.iter().position(|other| other == delivery) {
            Some(index) => {
                taken.swap_remove(index);
                false
            }
            None => true,
        })
        .collect()
}
