//! The meaning of a line of input.

use rooms::codec::socket::RESERVED_EVENTS;
use serde_json::Value;

/// A line that can be obeyed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Line {
    /// It is empty.
    Nothing,
    /// The client should leave.
    Quit,
    /// An event to send.
    Event { name: String, payload: Option<Value> },
    /// The event with this number should be acknowledged, or the last one.
    Ack { number: Option<u64>, payload: Option<Value> },
    /// Whether each event that asks for it should be acknowledged as it arrives.
    AutoAck(bool),
}

/// Why a line cannot be obeyed, and what to type instead.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum LineError {
    #[error("`{0}` belongs to Socket.IO; give the event another name")]
    Reserved(String),
    #[error("the event's name comes first: {}", example("join-project"))]
    NoName,
    #[error("the payload is not JSON: {what} at its character {column}; write {example}")]
    NoJson { what: String, column: usize, example: String },
}

/// Reads a line.
pub(super) fn parse(line: &str) -> Result<Line, LineError> {
    let line = line.trim();
    let (name, payload) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    match name {
        "" => return Ok(Line::Nothing),
        "ack" => return ack(payload.trim()),
        "quit" | "exit" if payload.is_empty() => return Ok(Line::Quit),
        _ if RESERVED_EVENTS.contains(&name) => {
            return Err(LineError::Reserved(name.to_owned()));
        }
        _ if name.starts_with(['{', '[', '"']) => {
            return Err(LineError::NoName);
        }
        _ => {}
    }
    let payload = json(payload, || example(name))?;
    Ok(Line::Event { name: name.to_owned(), payload })
}

/// The rest of the line after `ack`.
fn ack(rest: &str) -> Result<Line, LineError> {
    match rest {
        "on" => return Ok(Line::AutoAck(true)),
        "off" => return Ok(Line::AutoAck(false)),
        _ => {}
    }
    let (first, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let number = first.parse().ok();
    let payload = json(if number.is_some() { after } else { rest }, || "ack 3 {\"ok\":true}".to_owned())?;
    Ok(Line::Ack { number, payload })
}

/// A payload, if there is one.
fn json(text: &str, example: impl Fn() -> String) -> Result<Option<Value>, LineError> {
    match text.trim() {
        "" => Ok(None),
        json => serde_json::from_str(json).map(Some).map_err(|error| no_json(&error, example())),
    }
}

fn no_json(error: &serde_json::Error, example: String) -> LineError {
    // A line of input is one line, so only the column of the error's position is of use.
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or_default().to_owned();
    LineError::NoJson { what, column: error.column(), example }
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
    fn an_acknowledgement_has_a_number_and_a_payload_or_neither() {
        let ack = |number, payload| Line::Ack { number, payload };
        assert_eq!(parse("ack").unwrap(), ack(None, None));
        assert_eq!(parse("ack  3 ").unwrap(), ack(Some(3), None));
        assert_eq!(parse("ack 3 {\"a\": 1}").unwrap(), ack(Some(3), Some(json!({ "a": 1 }))));
        assert_eq!(parse("ack {\"a\": 1}").unwrap(), ack(None, Some(json!({ "a": 1 }))));
        assert_eq!((parse("ack on").unwrap(), parse("ack off").unwrap()), (Line::AutoAck(true), Line::AutoAck(false)));
        assert_eq!(parse("acks 3").unwrap(), event("acks", Some(json!(3))));
        let mistake = parse("ack 3 yes").unwrap_err().to_string();
        assert!(mistake.ends_with("at its character 1; write ack 3 {\"ok\":true}"), "{mistake}");
    }

    #[test]
    fn a_mistake_is_answered_with_what_to_type() {
        assert_eq!(
            parse("join-project p1").unwrap_err().to_string(),
            "the payload is not JSON: expected value at its character 1; write join-project {\"projectId\":\"p1\"}"
        );
        assert!(
            parse("a {b: 1}").unwrap_err().to_string().starts_with("the payload is not JSON: key must be a string")
        );
        assert!(parse("a {} {}").unwrap_err().to_string().starts_with("the payload is not JSON: trailing characters"));
        assert_eq!(parse("{\"a\":1}"), Err(LineError::NoName));
        assert_eq!(parse("connect {}"), Err(LineError::Reserved("connect".to_owned())));
    }
}
