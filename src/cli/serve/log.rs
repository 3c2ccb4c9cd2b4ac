//! A server's records as lines.

use rooms::observer::{Event, Record};
use scenario::client::is_barrier;

use super::super::{Paint, Ui};
use crate::text::clean;

/// How the log is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// Lines for people: seconds since the start, socket id, what happened
    Text,
    /// Each record as a line of JSON, with every socket's counters four times a second
    Jsonl,
    /// Nothing
    Off,
}

/// As long as a socket id.
const ID_WIDTH: usize = 20;

/// Turns records into lines.
pub(super) struct Log {
    format: Format,
    ui: Ui,
    left_out: u64,
    has_begun: bool,
}

impl Log {
    pub(super) fn new(format: Format, ui: Ui) -> Self {
        Self { format, ui, left_out: 0, has_begun: false }
    }

    /// The line for a record, if it has one.
    pub(super) fn line(&mut self, record: &Record) -> serde_json::Result<Option<String>> {
        // The first counters may come before the server has begun to listen, but the first line says where it does.
        self.has_begun |= matches!(record.event, Event::Listening { .. });
        match (&record.event, self.format) {
            _ if !self.has_begun => Ok(None),
            (_, Format::Jsonl) => serde_json::to_string(record).map(Some),
            (Event::Listening { address }, _) => Ok(Some(listening(address, self.ui))),
            (_, Format::Text) => Ok(self.text(record)),
            (_, Format::Off) => Ok(None),
        }
    }

    fn text(&mut self, record: &Record) -> Option<String> {
        let (socket, word, rest) = self.parts(&record.event)?;
        let when = format!("{:>4}.{:03}", record.at_ms / 1000, record.at_ms % 1000);
        let who = format!("{:ID_WIDTH$}", clean(socket));
        let word = format!("{word:13}");
        let (when, who) = (self.ui.paint(Paint::Dim, &when), self.ui.paint(Paint::Dim, &who));
        let line = format!("{when}  {who}  {} {}", self.ui.paint(Paint::Strong, &word), clean(&rest));
        Some(line.trim_end().to_owned())
    }

    /// The socket's id, what happened, and the rest.
    fn parts<'a>(&mut self, event: &'a Event) -> Option<(&'a str, &'static str, String)> {
        Some(match event {
            Event::Connect { socket, namespace, name, remote } => {
                (socket, "connect", connected(namespace, name.as_deref(), remote.as_deref()))
            }
            Event::Refused { remote, reason, repeated } => {
                ("", "refused", refused(remote.as_deref(), reason, *repeated))
            }
            // This is how a scenario's client checks that everything is handled; it is of no interest to a reader.
            Event::ConnectError { namespace, .. } if is_barrier(namespace) => return None,
            Event::ConnectError { namespace, message } => ("", "connect_error", format!("{namespace}: {message}")),
            Event::Recovered { socket, events } => (socket, "recovered", format!("events that it missed: {events}")),
            Event::NotRecovered { namespace, reason } => ("", "not recovered", format!("{namespace}: {reason}")),
            Event::Join { socket, room } => (socket, "join", room.clone()),
            Event::Leave { socket, room } => (socket, "leave", room.clone()),
            Event::Disconnect { socket, reason } => (socket, "disconnect", reason.clone()),
            Event::Received { socket, name, payload, .. } => (socket, "received", format!("{name} {payload}")),
            Event::Broadcast { socket, name, rooms, recipients, .. } => {
                (socket.as_deref().unwrap_or_default(), "broadcast", audience(name, rooms, *recipients))
            }
            Event::Sent { socket, name, .. } => (socket, "sent", name.clone()),
            Event::Dropped { socket, name, reason } => (socket, "dropped", format!("{name}: {reason}")),
            Event::HandlerPanic { socket, name, message } => (socket, "panic", format!("{name}: {message}")),
            Event::Counters { log_lines_dropped, .. } => {
                let more = log_lines_dropped - std::mem::replace(&mut self.left_out, *log_lines_dropped);
                if more == 0 {
                    return None;
                }
                ("", "left out", format!("{more} log lines, because they came faster than they could be printed"))
            }
            Event::Lost { records } => {
                ("", "lost", format!("{records} records of sockets and rooms, because nobody read what was printed"))
            }
            // Programs answer every event, and clients ask for what they want.
            Event::Unasked { .. } | Event::Listening { .. } | Event::Present { .. } => return None,
        })
    }
}

/// The line that says where the server listens.
pub(super) fn listening(address: &str, ui: Ui) -> String {
    format!("listening on {}", ui.paint(Paint::Strong, &format!("http://{address}")))
}

fn connected(namespace: &str, name: Option<&str>, remote: Option<&str>) -> String {
    let mut parts: Vec<String> = name.map(str::to_owned).into_iter().collect();
    if namespace != "/" {
        parts.push(format!("to {namespace}"));
    }
    parts.extend(remote.map(|remote| format!("from {remote}")));
    parts.join(" ")
}

fn refused(remote: Option<&str>, reason: &str, repeated: u64) -> String {
    // The reason is written for programmers; a reader of this log has a flag.
    let mut text = reason.replace("`Config::allowed_origins`", "`--allow-origin`");
    if let Some(remote) = remote {
        text += &format!(" (from {remote})");
    }
    if repeated > 0 {
        text += &format!(", and {repeated} more within a second");
    }
    text
}

fn audience(name: &str, rooms: &[String], recipients: u64) -> String {
    let to = if rooms.is_empty() { "everyone".to_owned() } else { rooms.join(", ") };
    let sockets = if recipients == 1 { "socket" } else { "sockets" };
    format!("{name} to {to}: {recipients} {sockets}")
}

#[cfg(test)]
mod tests {
    use scenario::{Network, client::Client};

    use super::*;
    use crate::colour::Depth;

    const UI: Ui = Ui { depth: Depth::None, width: 80, status_line: false };

    fn listening() -> Event {
        Event::Listening { address: "127.0.0.1:1".into() }
    }

    /// The lines after the first.
    fn lines(format: Format, events: Vec<Event>) -> Vec<String> {
        let mut log = Log::new(format, UI);
        log.line(&Record { at_ms: 0, event: listening() }).unwrap().unwrap();
        events.into_iter().filter_map(|event| log.line(&Record { at_ms: 61_005, event }).unwrap()).collect()
    }

    fn text(event: Event) -> String {
        lines(Format::Text, vec![event]).concat()
    }

    fn joined(room: &str) -> Event {
        Event::Join { socket: "k3J9xZ0aB1cD2eF3gH4i".into(), room: room.into() }
    }

    #[test]
    fn a_line_has_the_time_the_client_and_the_event() {
        assert_eq!(text(joined("project:p1")), "  61.005  k3J9xZ0aB1cD2eF3gH4i  join          project:p1");
        let (socket, name) = ("k3J9xZ0aB1cD2eF3gH4i".to_owned(), Some("ann".to_owned()));
        let connect = Event::Connect { socket, namespace: "/".into(), name, remote: Some("127.0.0.1:5".into()) };
        assert!(text(connect).ends_with("connect       ann from 127.0.0.1:5"));
    }

    #[test]
    fn a_broadcast_says_which_sockets_get_it() {
        let broadcast = |rooms: &[&str], recipients| Event::Broadcast {
            socket: None,
            name: "task-updated".into(),
            rooms: rooms.iter().map(|room| (*room).to_owned()).collect(),
            except: Vec::new(),
            recipients,
        };
        assert!(text(broadcast(&["project:p1"], 3)).ends_with("broadcast     task-updated to project:p1: 3 sockets"));
        assert!(text(broadcast(&[], 1)).ends_with("broadcast     task-updated to everyone: 1 socket"));
    }

    #[test]
    fn a_refusal_says_which_flag_fixes_it_and_how_often_it_happened() {
        let page = "a web page of http://localhost:3000 asked; `Config::allowed_origins` can let it in";
        let refused = |remote: Option<&str>, repeated| Event::Refused {
            remote: remote.map(str::to_owned),
            reason: page.to_owned(),
            repeated,
        };
        let once = text(refused(Some("127.0.0.1:5"), 0));
        let words = "refused       a web page of http://localhost:3000 asked; `--allow-origin` can let it in";
        assert!(once.ends_with(&format!("{words} (from 127.0.0.1:5)")), "{once}");
        let often = text(refused(None, 41));
        assert!(often.ends_with(&format!("{words}, and 41 more within a second")), "{often}");
    }

    #[test]
    fn foreign_text_cannot_reach_the_terminal_or_begin_a_line() {
        let line = text(joined("a\u{1b}[2J\nlistening on http://evil"));
        assert!(line.ends_with("a⏎listening on http://evil"), "{line}");
    }

    #[test]
    fn lines_that_were_left_out_are_counted_once() {
        let counters = |log_lines_dropped| Event::Counters { sockets: Vec::new(), log_lines_dropped };
        let lines = lines(Format::Text, vec![counters(0), counters(5), counters(5), counters(7)]);
        let numbers: Vec<_> = lines.iter().map(|line| line.split_once("left out      ").unwrap().1).collect();
        assert!(numbers[0].starts_with("5 log lines") && numbers[1].starts_with("2 log lines"), "{lines:?}");
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn whatever_the_format_the_first_line_says_where_it_listens() {
        for (format, first) in [
            (Format::Off, "listening on http://127.0.0.1:1"),
            (Format::Text, "listening on http://127.0.0.1:1"),
            (Format::Jsonl, r#"{"at_ms":7,"event":"listening","address":"127.0.0.1:1"}"#),
        ] {
            let mut log = Log::new(format, UI);
            let early = Event::Counters { sockets: Vec::new(), log_lines_dropped: 3 };
            assert_eq!(log.line(&Record { at_ms: 7, event: early }).unwrap(), None);
            assert_eq!(log.line(&Record { at_ms: 7, event: listening() }).unwrap().unwrap(), first);
        }
    }

    #[test]
    fn off_prints_no_more_and_jsonl_prints_everything() {
        assert_eq!(lines(Format::Off, vec![joined("a")]), Vec::<String>::new());
        assert_eq!(
            lines(Format::Jsonl, vec![joined("a")]),
            [r#"{"at_ms":61005,"event":"join","socket":"k3J9xZ0aB1cD2eF3gH4i","room":"a"}"#]
        );
    }

    /// Also a guard: the prefix must be the one that the client uses.
    #[tokio::test(start_paused = true)]
    async fn barriers_are_not_shown() {
        let (feed, mut records) = rooms::observer::feed(100);
        let io = rooms::Io::observed(rooms::Config::default(), feed);
        let network = Network::simulated(io);
        let mut client = Client::connect(&network, "/", None).await.unwrap();
        assert!(client.settle().await);
        assert!(Client::connect(&network, "/nowhere", None).await.is_err());
        let events: Vec<_> = std::iter::from_fn(|| records.try_next()).map(|record| record.event).collect();
        assert_eq!(events.iter().filter(|event| matches!(event, Event::ConnectError { .. })).count(), 2);
        let shown = lines(Format::Text, events);
        assert!(shown.iter().any(|line| line.ends_with("connect_error /nowhere: Invalid namespace")), "{shown:?}");
        assert!(!shown.concat().contains("barrier"), "{shown:?}");
    }
}
