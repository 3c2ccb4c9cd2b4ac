//! A failed run in words, made from the server's event log.
//!
//! The explanation says what a client should have received, what the server did instead, and who was
//! in which room at that moment. It never says how to mend it: that is the learner's part.

use std::collections::{BTreeMap, BTreeSet};

use rooms::observer::Event;

use crate::run::{Logged, Outcome};
use crate::transcript::{Delivery, Transcript};

/// Explains a run that does not match its snapshot, or whose own assertions do not hold.
pub fn explain(outcome: &Outcome, expected: Option<&Transcript>) -> String {
    let evidence = Evidence { outcome };
    evidence
        .panic()
        .or_else(|| evidence.stuck())
        .or_else(|| evidence.unmet())
        .or_else(|| expected.and_then(|expected| evidence.difference(expected)))
        .unwrap_or_else(|| "the transcript differs from the expected one".to_owned())
}

struct Evidence<'a> {
    outcome: &'a Outcome,
}

impl Evidence<'_> {
    fn panic(&self) -> Option<String> {
        self.outcome.log.iter().find_map(|logged| match &logged.record.event {
            Event::HandlerPanic { socket, name, message } => {
                let client = self.name(socket);
                Some(format!(
                    "Step {}: your handler for `{name}` panicked on what {client} sent: {message}",
                    logged.step
                ))
            }
            _ => None,
        })
    }

    fn stuck(&self) -> Option<String> {
        let (client, step) = self.outcome.stuck.as_ref()?;
        Some(format!(
            "Step {step}: the server stopped answering {client}. A handler is waiting for something that does not come."
        ))
    }

    fn unmet(&self) -> Option<String> {
        let unmet = self.outcome.unmet.first()?;
        let steps: Vec<_> = unmet.steps.clone().collect();
        let cause = unmet.event.as_ref().map(|event| self.cause(&unmet.client, event, &steps, unmet.missing));
        let step = *unmet.steps.end();
        let action = self.outcome.transcript.entries.get(step - 1).map_or("", |entry| entry.action.as_str());
        let text = format!("Step {step} ({action}): {}. {}", unmet.message, cause.unwrap_or_default());
        Some(text.trim_end().to_owned())
    }

    fn difference(&self, expected: &Transcript) -> Option<String> {
        let actual = &self.outcome.transcript;
        for (index, (wanted, found)) in expected.entries.iter().zip(&actual.entries).enumerate() {
            let missing = without(&wanted.deliveries, &found.deliveries);
            let extra = without(&found.deliveries, &wanted.deliveries);
            if !missing.is_empty() || !extra.is_empty() {
                return Some(format!(
                    "Step {} ({}): {}",
                    index + 1,
                    found.action,
                    self.deliveries(&missing, &extra, index + 1)
                ));
            }
        }
        self.rooms(expected)
    }

    fn deliveries(&self, missing: &[&Delivery], extra: &[&Delivery], step: usize) -> String {
        let mut sentences = Vec::new();
        let mut explained = BTreeSet::new();
        for delivery in missing {
            let instead = extra.iter().find(|other| other.client == delivery.client && other.what == delivery.what);
            sentences.push(match instead {
                Some(other) => {
                    explained.insert((&other.client, &other.what));
                    changed(delivery, other)
                }
                None => self.missing(delivery, step),
            });
        }
        for delivery in extra.iter().filter(|delivery| !explained.contains(&(&delivery.client, &delivery.what))) {
            sentences.push(self.extra(delivery, step));
        }
        sentences.dedup();
        sentences.join(" ")
    }

    fn missing(&self, delivery: &Delivery, step: usize) -> String {
        let Delivery { client, what, data } = delivery;
        match what.as_str() {
            "ack" => format!("{client} asked for an ack and should get {data}, but no such ack came."),
            "no ack" => format!("{client} should get no ack, but got one."),
            "connection-closed" => format!("the connection of {client} should be closed here, and is open."),
            event => {
                let cause = self.cause(client, event, &[step], true);
                format!("{client} should receive {event} {data}, and did not. {cause}")
            }
        }
    }

    fn extra(&self, delivery: &Delivery, step: usize) -> String {
        let Delivery { client, what, data } = delivery;
        match what.as_str() {
            "ack" => format!("{client} got the ack {data}, which is not expected here."),
            "no ack" => format!("{client} asked for an ack and got none."),
            "connection-closed" => {
                format!("the connection of {client} was closed{}.", self.reason_of_disconnect(client, step))
            }
            event => {
                let cause = self.cause(client, event, &[step], false);
                format!("{client} received {event} {data}, and should not. {cause}")
            }
        }
    }

    /// What the server did with an event in these steps, and where the client was.
    fn cause(&self, client: &str, event: &str, steps: &[usize], missing: bool) -> String {
        let mut sentences = Vec::new();
        let mut through_a_room = false;
        let members = self.memberships();
        for (index, logged) in self.outcome.log.iter().enumerate().filter(|(_, logged)| steps.contains(&logged.step)) {
            match &logged.record.event {
                Event::Broadcast { socket, name, rooms, recipients } if name == event => {
                    through_a_room |= !rooms.is_empty();
                    sentences.push(self.broadcast(event, socket.as_deref(), rooms, *recipients, &members[index]));
                }
                Event::Sent { socket, name, .. } if name == event => {
                    sentences.push(format!("The server sent it to {} alone.", self.name(socket)));
                }
                Event::Dropped { socket, name, reason } if name == event => {
                    sentences.push(format!("It was dropped for {}: {reason}.", self.name(socket)));
                }
                _ => {}
            }
        }
        sentences.dedup();
        if sentences.is_empty() && missing {
            return self.nothing_sent(event, steps);
        }
        let last = self.outcome.log.iter().rposition(|logged| steps.contains(&logged.step));
        if let Some(index) = last.filter(|_| through_a_room) {
            sentences.push(whereabouts(client, &members[index]));
        }
        sentences.join(" ")
    }

    fn broadcast(
        &self,
        event: &str,
        sender: Option<&str>,
        rooms: &[String],
        recipients: u64,
        members: &Memberships,
    ) -> String {
        let except = sender.map_or(String::new(), |sender| format!(", leaving out its sender {}", self.name(sender)));
        if rooms.is_empty() {
            return format!("The server sent {event} to everyone who is connected{except}.");
        }
        let places: Vec<_> = rooms.iter().map(|room| format!("{room} ({})", inside(room, members))).collect();
        let reached = if recipients == 1 { "1 client".to_owned() } else { format!("{recipients} clients") };
        format!("The server sent {event} to room {}{except}, and it reached {reached}.", places.join(" and "))
    }

    fn nothing_sent(&self, event: &str, steps: &[usize]) -> String {
        let received = self.outcome.log.iter().rev().find_map(|logged| match &logged.record.event {
            Event::Received { socket, name, .. } if steps.contains(&logged.step) => Some((self.name(socket), name)),
            _ => None,
        });
        match received {
            Some((client, name)) => {
                format!("The server received {name} from {client} and sent no {event} to anyone.")
            }
            None if self.outcome.log.is_empty() => String::new(),
            None => format!("The server sent no {event} to anyone."),
        }
    }

    fn rooms(&self, expected: &Transcript) -> Option<String> {
        let (wanted, found) = (expected.rooms.as_ref()?, self.outcome.transcript.rooms.as_ref()?);
        let pairs = |rooms: &[crate::transcript::Room]| -> BTreeSet<(String, String)> {
            let pairs =
                rooms.iter().flat_map(|room| room.members.iter().map(|member| (member.clone(), room.name.clone())));
            pairs.collect()
        };
        let (wanted, found) = (pairs(wanted), pairs(found));
        let missing = wanted.difference(&found).map(|(client, room)| {
            format!("{client} should be in room {room}. {}", whereabouts(client, &self.memberships_at_the_end()))
        });
        let extra = found.difference(&wanted).map(|(client, room)| format!("{client} should not be in room {room}."));
        let sentences: Vec<_> = missing.chain(extra).collect();
        (!sentences.is_empty()).then(|| format!("At the end: {}", sentences.join(" ")))
    }

    fn reason_of_disconnect(&self, client: &str, step: usize) -> String {
        let reason = self.outcome.log.iter().find_map(|logged| match &logged.record.event {
            Event::Disconnect { socket, reason } if logged.step == step && self.name(socket) == client => Some(reason),
            _ => None,
        });
        reason.map_or(String::new(), |reason| format!(": {reason}"))
    }

    fn name<'s>(&'s self, socket: &'s str) -> &'s str {
        self.outcome.names.get(socket).map_or(socket, String::as_str)
    }

    /// Who was in which room when each record of the log was written.
    fn memberships(&self) -> Vec<Memberships> {
        let mut now = Memberships::new();
        let after = |logged: &Logged| {
            match &logged.record.event {
                Event::Join { socket, room } => {
                    now.entry(room.clone()).or_default().insert(self.name(socket).to_owned());
                }
                Event::Leave { socket, room } => {
                    now.entry(room.clone()).or_default().remove(self.name(socket));
                }
                _ => {}
            }
            now.clone()
        };
        self.outcome.log.iter().map(after).collect()
    }

    fn memberships_at_the_end(&self) -> Memberships {
        self.memberships().pop().unwrap_or_default()
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

fn changed(wanted: &Delivery, found: &Delivery) -> String {
    let Delivery { client, what, data } = wanted;
    let article = if what == "ack" { "the ack" } else { what.as_str() };
    format!("{client} should receive {article} {data}, and received {article} {}.", found.data)
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
