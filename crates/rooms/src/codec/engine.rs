//! Engine.IO protocol v4: the packets that carry, open and keep alive a connection.
//!
//! A packet is one ASCII digit followed by its data. On a WebSocket each text message holds one packet.

use serde::{Deserialize, Serialize};

/// One Engine.IO packet, borrowing its data from the text it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packet<'a> {
    /// The server's greeting; the data is an [`Open`] as JSON.
    Open(&'a str),
    /// The end of the connection.
    Close,
    /// A heartbeat from the server, or the probe of an upgrade.
    Ping(&'a str),
    /// The answer to a ping, with the same data.
    Pong(&'a str),
    /// Data for the layer above: a Socket.IO packet.
    Message(&'a str),
    /// The client switches to the transport that it probed.
    Upgrade,
    /// Nothing; releases a waiting poll.
    Noop,
}

/// Why a text is not an Engine.IO packet.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseError {
    /// There was no packet type.
    #[error("an Engine.IO packet starts with a digit, but the text is empty")]
    Empty,
    /// The type is not one of 0 to 6.
    #[error("`{0}` is not an Engine.IO packet type (0 to 6)")]
    UnknownType(char),
}

/// The data of the open packet. The protocol demands exactly these keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Open {
    /// The connection's id (not a socket's: each namespace gives its own).
    pub sid: String,
    /// Transports that the client may upgrade to.
    pub upgrades: Vec<String>,
    /// Milliseconds between heartbeats.
    pub ping_interval: u64,
    /// Milliseconds that a client has to answer a heartbeat.
    pub ping_timeout: u64,
    /// The largest message, in bytes, that the server accepts.
    pub max_payload: u64,
}

impl<'a> Packet<'a> {
    /// Reads one packet.
    ///
    /// # Errors
    ///
    /// [`ParseError`] when the text is empty or starts with anything but a digit from 0 to 6.
    pub fn parse(text: &'a str) -> Result<Self, ParseError> {
        let kind = text.chars().next().ok_or(ParseError::Empty)?;
        let data = &text[kind.len_utf8()..];
        match kind {
            '0' => Ok(Packet::Open(data)),
            '1' => Ok(Packet::Close),
            '2' => Ok(Packet::Ping(data)),
            '3' => Ok(Packet::Pong(data)),
            '4' => Ok(Packet::Message(data)),
            '5' => Ok(Packet::Upgrade),
            '6' => Ok(Packet::Noop),
            other => Err(ParseError::UnknownType(other)),
        }
    }

    /// Writes the packet as it travels.
    pub fn encode(&self) -> String {
        let (kind, data) = match self {
            Packet::Open(data) => ('0', *data),
            Packet::Close => ('1', ""),
            Packet::Ping(data) => ('2', *data),
            Packet::Pong(data) => ('3', *data),
            Packet::Message(data) => ('4', *data),
            Packet::Upgrade => ('5', ""),
            Packet::Noop => ('6', ""),
        };
        let mut text = String::with_capacity(1 + data.len());
        text.push(kind);
        text.push_str(data);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_the_protocol_document_shows() {
        assert_eq!(Packet::parse("2probe"), Ok(Packet::Ping("probe")));
        assert_eq!(Packet::parse("4hello"), Ok(Packet::Message("hello")));
        assert_eq!(Packet::parse("5"), Ok(Packet::Upgrade));
        assert_eq!(Packet::parse(""), Err(ParseError::Empty));
        assert_eq!(Packet::parse("é"), Err(ParseError::UnknownType('é')));
    }

    #[test]
    fn the_open_packet_has_exactly_the_keys_of_the_protocol() {
        let open = Open {
            sid: "abc".into(),
            upgrades: vec![],
            ping_interval: 25_000,
            ping_timeout: 20_000,
            max_payload: 1_000_000,
        };
        assert_eq!(
            serde_json::to_string(&open).unwrap(),
            r#"{"sid":"abc","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#
        );
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = Packet::parse(&text);
        }

        #[test]
        fn a_message_survives_the_round_trip(data in any::<String>()) {
            let text = Packet::Message(&data).encode();
            prop_assert_eq!(Packet::parse(&text), Ok(Packet::Message(&data)));
        }
    }
}
