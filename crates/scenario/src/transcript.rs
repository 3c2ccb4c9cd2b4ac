//! What happened, as text.
//!
//! Each step of the script is a numbered line (expectations do nothing, so they are not steps here); below it,
//! indented, what each client received because of it. Clients come in the order of the script, and a client's messages
//! by event name: which of two different events a server sends first is seldom promised. Messages of one event keep
//! their order, unless the script says that it is free. Socket ids never appear, so every run of the same program
//! prints the same.
//!
//! ```text
//! 1 connect ann, bob
//! 2 ann emits join-project {"projectId":"p1"}
//! 3 bob emits task-updated {"projectId":"p1","taskId":"t1"}
//!     ann <- task-updated {"projectId":"p1","taskId":"t1"}
//! rooms at the end
//!     project:p1: ann
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json::canonical;
use crate::script::Action;

/// The heading of the rooms' part.
const ROOMS: &str = "rooms at the end";
const ARROW: &str = " <- ";

/// Words in place of an event's name, for messages that are not events.
pub mod what {
    /// The answer to an event.
    pub const ACK: &str = "ack";
    /// An answer to an event of an earlier step.
    pub fn late_ack(asked: usize) -> String {
        format!("{ACK}-of-step-{asked}")
    }
    /// An answer that was asked for and did not come.
    pub const NO_ACK: &str = "no-ack";
    /// The server made the client leave its namespace.
    pub const DISCONNECT: &str = "disconnect";
    /// The server closed the connection.
    pub const CLOSED: &str = "connection-closed";
    /// The server refused the namespace.
    pub const CONNECT_ERROR: &str = "connect_error";

    /// Whether it is an event's name, and not one of these words.
    pub fn is_event(what: &str) -> bool {
        let late = what.strip_prefix(ACK).and_then(|rest| rest.strip_prefix("-of-step-"));
        ![ACK, NO_ACK, DISCONNECT, CLOSED, CONNECT_ERROR].contains(&what) && late.is_none()
    }
}

/// An event's name as a transcript shows it: a name with white space or quotes is quoted, so that its end
/// can be found.
pub fn what(name: &str) -> String {
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '"') {
        Value::from(name).to_string()
    } else {
        name.to_owned()
    }
}

/// The record of a run, or of its snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Transcript {
    /// One entry for each step.
    pub entries: Vec<Entry>,
    /// Rooms and their members by name; `None` if they are unknown or not shown.
    pub rooms: Option<Vec<Room>>,
}

/// One step and its deliveries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Entry {
    /// The step in words.
    pub action: String,
    /// The messages that the clients received.
    pub deliveries: Vec<Delivery>,
}

/// One message that one client received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The client's name.
    pub client: String,
    /// The event's name as [`what`](what()) shows it, or one of the words of [`mod@what`].
    pub what: String,
    /// Its arguments as canonical JSON; empty when there are none.
    pub data: String,
}

/// A room with the names of its members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// The room's name.
    pub name: String,
    /// The members, in the order of the script.
    pub members: Vec<String>,
}

impl Delivery {
    /// A delivery with arguments.
    pub fn new(client: &str, what: impl Into<String>, arguments: &[Value]) -> Self {
        let data: Vec<_> = arguments.iter().map(canonical).collect();
        Self { client: client.to_owned(), what: what.into(), data: data.join(" ") }
    }
}

impl Delivery {
    /// The message: the name and the arguments.
    pub fn message(&self) -> String {
        format!("{} {}", self.what, self.data).trim_end().to_owned()
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{ARROW}{}", self.client, self.message())
    }
}

impl fmt::Display for Transcript {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, entry) in self.entries.iter().enumerate() {
            writeln!(formatter, "{} {}", index + 1, entry.action)?;
            for delivery in &entry.deliveries {
                writeln!(formatter, "    {delivery}")?;
            }
        }
        let Some(rooms) = &self.rooms else { return Ok(()) };
        writeln!(formatter, "{ROOMS}")?;
        if rooms.is_empty() {
            writeln!(formatter, "    none")?;
        }
        for room in rooms {
            writeln!(formatter, "    {}: {}", room.name, room.members.join(", "))?;
        }
        Ok(())
    }
}

/// How often each client received an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The event's name as [`what`](what()) shows it.
    pub event: String,
    /// Each client, and how often it received the event.
    pub received: Vec<(String, usize)>,
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let received: Vec<_> = self.received.iter().map(|(client, times)| format!("{client} {times}")).collect();
        write!(formatter, "{}: {}", self.event, received.join(", "))
    }
}

impl Transcript {
    /// How often each of these clients received each event, in the order in which the events first appear.
    pub fn tally(&self, clients: &[String]) -> Vec<Tally> {
        let mut tallies: Vec<Tally> = Vec::new();
        for delivery in self.entries.iter().flat_map(|entry| &entry.deliveries).filter(|it| what::is_event(&it.what)) {
            let known = tallies.iter().position(|tally| tally.event == delivery.what);
            let index = known.unwrap_or_else(|| {
                let received = clients.iter().map(|client| (client.clone(), 0)).collect();
                tallies.push(Tally { event: delivery.what.clone(), received });
                tallies.len() - 1
            });
            for (client, times) in &mut tallies[index].received {
                *times += usize::from(*client == delivery.client);
            }
        }
        tallies
    }

    /// Reads a transcript back from its text, for comparing it by meaning. Lines that are not part of a transcript are
    /// skipped: the caller compares the texts as well.
    pub fn parse(text: &str) -> Self {
        let mut transcript = Self::default();
        for line in text.lines() {
            if line == ROOMS {
                transcript.rooms = Some(Vec::new());
            } else if let Some(indented) = line.strip_prefix("    ") {
                transcript.parse_indented(indented);
            } else if let Some((_, action)) = line.split_once(' ') {
                transcript.entries.push(Entry { action: action.to_owned(), deliveries: Vec::new() });
            }
        }
        transcript
    }

    fn parse_indented(&mut self, line: &str) {
        match &mut self.rooms {
            Some(rooms) => {
                if let Some((name, members)) = line.rsplit_once(": ") {
                    let members = members.split(", ").map(str::to_owned).collect();
                    rooms.push(Room { name: name.to_owned(), members });
                }
            }
            None => {
                if let (Some(entry), Some((client, rest))) = (self.entries.last_mut(), line.split_once(ARROW)) {
                    let (what, data) = split_what(rest);
                    entry.deliveries.push(Delivery { client: client.into(), what: what.into(), data: data.into() });
                }
            }
        }
    }
}

/// The name, quoted or not, and what follows it.
fn split_what(text: &str) -> (&str, &str) {
    let mut quoted = serde_json::Deserializer::from_str(text).into_iter::<String>();
    let end = match quoted.next() {
        Some(Ok(_)) => quoted.byte_offset(),
        _ => text.find(' ').unwrap_or(text.len()),
    };
    (&text[..end], text[end..].trim_start())
}

/// A step in words.
pub fn describe(action: &Action) -> String {
    let with =
        |payload: &Option<Value>| payload.as_ref().map_or(String::new(), |value| format!(" {}", canonical(value)));
    match action {
        Action::Connect { clients, namespace, auth } => {
            let place = if namespace == "/" { String::new() } else { format!(" to {namespace}") };
            format!("connect {}{place}{}", clients.join(", "), with(auth))
        }
        Action::Emit { from, event, payload, ack } => {
            let event = what(event);
            let ack = if *ack { " and asks for an ack" } else { "" };
            format!("{from} emits {event}{}{ack}", with(payload))
        }
        Action::EmitRaw { from, event, json, ack } => {
            let ack = if *ack { " and asks for an ack" } else { "" };
            format!("{from} emits {} {json}{ack}", what(event))
        }
        Action::Flood { from, event, payload, count } => {
            format!("{from} emits {}{} {count} times", what(event), with(payload))
        }
        Action::Answer { from, event, payload } => format!("{from} answers {}{}", what(event), with(payload)),
        Action::Expect { event, at, .. } => format!("expect {event} at {}", at.join(", ")),
        Action::ExpectNone { clients, .. } => format!("expect nothing at {}", clients.join(", ")),
        Action::ExpectAck { clients, .. } => format!("expect an ack at {}", clients.join(", ")),
        Action::ExpectDisconnect(clients) => format!("expect the end of {}", clients.join(", ")),
        Action::Wait(duration) => format!("wait {} ms", duration.as_millis()),
        Action::Depart { clients, departure } => format!("{} {}", departure.key(), clients.join(", ")),
        Action::Stall(clients) => format!("stall {}", clients.join(", ")),
        Action::Resume(clients) => format!("resume {}", clients.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn transcript() -> Transcript {
        let delivery = Delivery::new("ann", "news", &[json!({ "b": 1, "a": " x" })]);
        let quiet = Delivery::new("bob", what::NO_ACK, &[]);
        let spaced = Delivery::new("bob", what("chat \"message\""), &[json!(1), json!("a b")]);
        Transcript {
            entries: vec![
                Entry { action: "connect ann, bob".into(), deliveries: vec![] },
                Entry { action: "ann emits hi".into(), deliveries: vec![delivery, quiet, spaced] },
            ],
            rooms: Some(vec![Room { name: "project: p1".into(), members: vec!["ann".into(), "bob".into()] }]),
        }
    }

    #[test]
    fn prints_what_a_reader_expects() {
        assert_eq!(
            transcript().to_string(),
            "1 connect ann, bob\n2 ann emits hi\n    ann <- news {\"a\":\" x\",\"b\":1}\n    bob <- no-ack\n    bob <- \"chat \\\"message\\\"\" 1 \"a b\"\n\
             rooms at the end\n    project: p1: ann, bob\n"
        );
    }

    #[test]
    fn counts_what_each_client_received_and_what_not() {
        let mut transcript = transcript();
        let again = [Delivery::new("ann", "news", &[]), Delivery::new("bob", what::late_ack(1), &[])];
        transcript.entries[0].deliveries.extend(again);
        let tally = transcript.tally(&["ann".to_owned(), "bob".to_owned()]);
        let lines: Vec<_> = tally.iter().map(Tally::to_string).collect();
        assert_eq!(lines, ["news: ann 2, bob 0", "\"chat \\\"message\\\"\": ann 0, bob 1"]);
    }

    #[test]
    fn survives_the_round_trip_through_text() {
        assert_eq!(Transcript::parse(&transcript().to_string()), transcript());
    }
}
