//! What a line of input asks for.

use rooms::codec::socket::RESERVED_EVENTS;
use serde_json::Value;

/// A line that can be obeyed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Line {
    /// It is empty.
    Nothing,
    /// The client shall leave.
    Quit,
    /// An event to send.
    Event { name: String, payload: Option<Value> },
}

/// Reads a line; the error says what to type instead.
pub(super) fn parse(line: &str) -> Result<Line, String> {
    let line = line.trim();
    let (name, payload) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    match name {
        "" => return Ok(Line::Nothing),
        "quit" | "exit" if payload.is_empty() => return Ok(Line::Quit),
        _ if RESERVED_EVENTS.contains(&name) => {
            return Err(format!("`{name}` belongs to Socket.IO; give the event another name"));
        }
        _ if name.starts_with(['{', '[', '"']) => {
            return Err(format!("the event's name comes first: {}", example("join-project")));
        }
        _ => {}
    }
    let payload = match payload.trim() {
        "" => None,
        json => Some(serde_json::from_str(json).map_err(|error| no_json(name, &error))?),
    };
    Ok(Line::Event { name: name.to_owned(), payload })
}

fn no_json(name: &str, error: &serde_json::Error) -> String {
    // A line of input is one line, so the error's own place is of no use but for its column.
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or_default();
    format!("the payload is no JSON: {what} at its character {}; write {}", error.column(), example(name))
}

fn example(name: &str) -> String {
    format!("{name} {{\"projectId\":\"p1\"}}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(name: &str, payload: Option<Value>) -> Line {
        Line::Event { name: name.to_owned(), payload }
    }

    #[test]
    fn a_line_is_an_event_with_or_without_a_payload() {
        assert_eq!(parse("ping\n").unwrap(), event("ping", None));
        assert_eq!(parse("  a\t {\"b\": [1, \"c d\"]} ").unwrap(), event("a", Some(json!({ "b": [1, "c d"] }))));
        assert_eq!(parse("a null").unwrap(), event("a", Some(Value::Null)));
        assert_eq!(parse("quit {}").unwrap(), event("quit", Some(json!({}))));
    }

    #[test]
    fn some_lines_send_nothing() {
        assert_eq!(parse(" \n").unwrap(), Line::Nothing);
        assert_eq!(parse("quit").unwrap(), Line::Quit);
        assert_eq!(parse("exit ").unwrap(), Line::Quit);
    }

    #[test]
    fn a_mistake_is_shown_what_to_type() {
        assert_eq!(
            parse("join-project p1").unwrap_err(),
            "the payload is no JSON: expected value at its character 1; write join-project {\"projectId\":\"p1\"}"
        );
        assert!(parse("a {b: 1}").unwrap_err().starts_with("the payload is no JSON: key must be a string"));
        assert!(parse("a {} {}").unwrap_err().starts_with("the payload is no JSON: trailing characters"));
        assert!(parse("{\"a\":1}").unwrap_err().starts_with("the event's name comes first"));
        assert!(parse("connect {}").unwrap_err().starts_with("`connect` belongs to Socket.IO"));
    }
}
