//! Cuts the texts of a record to length, and measures it.

use super::record::{Event, Record};

/// The length to which [`Event::Received`] cuts a payload.
pub const PREVIEW_CHARACTERS: usize = 256;

/// The length in bytes to which names and reasons are cut. A room has a longer name only if
/// [`Config::max_name`](crate::Config::max_name) allows it; an event may.
pub const MAX_NAME_BYTES: usize = 1024;

/// The length in bytes to which the message of a panic is cut.
pub const MAX_MESSAGE_BYTES: usize = 4096;

/// Rooms that a record names.
const MAX_ROOMS: usize = 64;

/// Stands at the end of a text that was cut.
const CUT: &str = "…";

impl Record {
    /// Cuts its texts to length; returns how many bytes of memory it then takes.
    pub(crate) fn cut(&mut self) -> usize {
        size_of::<Self>() + self.event.cut()
    }
}

impl Event {
    fn cut(&mut self) -> usize {
        match self {
            Self::Listening { address } => name(address),
            Self::Connect { socket, namespace, name: called, remote } => {
                name(socket) + name(namespace) + called.as_mut().map_or(0, name) + remote.as_mut().map_or(0, name)
            }
            Self::Present { socket, namespace, name: called, rooms } => {
                let rooms = size_of_val(rooms.as_slice()) + rooms.iter_mut().map(name).sum::<usize>();
                name(socket) + name(namespace) + called.as_mut().map_or(0, name) + rooms
            }
            Self::Recovered { socket, events: _ } | Self::Unasked { socket } => name(socket),
            Self::Refused { remote, reason, repeated: _ } => remote.as_mut().map_or(0, name) + name(reason),
            Self::NotRecovered { namespace, reason } => name(namespace) + name(reason),
            Self::ConnectError { namespace, message } => name(namespace) + name(message),
            Self::Join { socket, room } | Self::Leave { socket, room } => name(socket) + name(room),
            Self::Disconnect { socket, reason } => name(socket) + name(reason),
            Self::Received { socket, name: event, payload, bytes: _, handled: _ } => {
                name(socket) + name(event) + name(payload)
            }
            Self::Broadcast { socket, name: event, rooms, except, recipients: _ } => {
                socket.as_mut().map_or(0, name) + name(event) + names(rooms) + names(except)
            }
            Self::Sent { socket, name: event, bytes: _ } => name(socket) + name(event),
            Self::Dropped { socket, name: event, reason } => name(socket) + name(event) + name(reason),
            Self::HandlerPanic { socket, name: event, message } => {
                name(socket) + name(event) + text(message, MAX_MESSAGE_BYTES)
            }
            Self::Lost { records: _ } => 0,
            // One for each socket, and their ids are the server's own.
            Self::Counters { sockets, log_lines_dropped: _ } => size_of_val(sockets.as_slice()),
        }
    }
}

fn names(names: &mut Vec<String>) -> usize {
    if names.len() > MAX_ROOMS {
        let more = names.len() - (MAX_ROOMS - 1);
        names.truncate(MAX_ROOMS - 1);
        names.push(format!("… and {more} more"));
    }
    size_of_val(names.as_slice()) + names.iter_mut().map(name).sum::<usize>()
}

fn name(name: &mut String) -> usize {
    text(name, MAX_NAME_BYTES)
}

fn text(text: &mut String, limit: usize) -> usize {
    if text.len() > limit {
        let end = (0..=limit - CUT.len()).rev().find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or_default());
        text.push_str(CUT);
        text.shrink_to_fit();
    }
    text.len()
}

/// A payload cut for a log line.
pub(crate) fn preview(json: &str) -> String {
    match json.char_indices().nth(PREVIEW_CHARACTERS) {
        Some((end, _)) => format!("{}…", &json[..end]),
        None => json.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clients_can_make_long_is_cut() {
        let long = || "é".repeat(50_000);
        let rooms = || vec![long(); 100];
        for event in [
            Event::Connect { socket: "s".into(), namespace: long(), name: Some(long()), remote: None },
            Event::ConnectError { namespace: long(), message: long() },
            Event::NotRecovered { namespace: long(), reason: long() },
            Event::Join { socket: "s".into(), room: long() },
            Event::Received { socket: "s".into(), name: long(), payload: long(), bytes: 1, handled: false },
            Event::Broadcast { socket: None, name: long(), rooms: rooms(), except: rooms(), recipients: 1 },
            Event::Dropped { socket: "s".into(), name: long(), reason: long() },
            Event::HandlerPanic { socket: "s".into(), name: long(), message: long() },
        ] {
            let mut record = Record { at_ms: 0, event };
            let bytes = record.cut();
            let printed = serde_json::to_string(&record).unwrap().len();
            assert!(bytes < 150_000 && printed < 150_000, "{bytes} {printed}");
            assert_eq!(record.clone().cut(), bytes, "once is enough");
        }
    }

    #[test]
    fn a_text_is_cut_between_characters_and_a_short_one_is_kept() {
        let mut long = format!("x{}", "é".repeat(MAX_NAME_BYTES));
        name(&mut long);
        assert_eq!(long, format!("x{}…", "é".repeat((MAX_NAME_BYTES - CUT.len() - 1) / 2)));
        let mut exact = "x".repeat(MAX_NAME_BYTES);
        assert_eq!(name(&mut exact), MAX_NAME_BYTES);
        assert!(!exact.ends_with('…'));
    }

    #[test]
    fn a_preview_is_cut_between_characters() {
        let long = "é".repeat(PREVIEW_CHARACTERS + 1);
        assert_eq!(preview(&long).chars().count(), PREVIEW_CHARACTERS + 1);
        assert_eq!(preview("é"), "é");
    }
}
