//! Engine.IO payloads: the packets that one HTTP request or response of long polling carries.
//!
//! Packets are separated by the record separator U+001E. A binary message is a `b` and its bytes in base64.

use bytes::Bytes;
use data_encoding::BASE64;
use memchr::memchr;

use crate::transport::frames::{Content, Frames};
use crate::transport::{Message, Text};

const SEPARATOR: u8 = 0x1e;

/// Why a body is no payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// A packet without even a type.
    #[error("a packet is empty")]
    Empty,
    /// A text that is not UTF-8.
    #[error("a packet is not UTF-8")]
    NotUtf8,
    /// Something else after the `b` of a binary message.
    #[error("a binary message is not base64")]
    NotBase64,
}

/// The packets of a body, read one at a time, so that a body of many tiny ones takes no more memory than itself.
#[derive(Debug, Clone)]
pub struct Packets {
    rest: Option<Bytes>,
}

impl Packets {
    /// Reads this body. An empty one is one empty packet, which is none.
    pub fn new(body: Bytes) -> Self {
        Self { rest: Some(body) }
    }
}

impl Iterator for Packets {
    type Item = Result<Message, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut packet = self.rest.take()?;
        if let Some(end) = memchr(SEPARATOR, &packet) {
            let mut rest = packet.split_off(end);
            bytes::Buf::advance(&mut rest, 1);
            self.rest = Some(rest);
        }
        Some(decode(packet))
    }
}

fn decode(packet: Bytes) -> Result<Message, ParseError> {
    match packet.first() {
        None => Err(ParseError::Empty),
        Some(b'b') => {
            let data = BASE64.decode(&packet[1..]).map_err(|_| ParseError::NotBase64)?;
            Ok(Message::Binary(data.into()))
        }
        Some(_) => Text::try_from(packet).map(Message::Text).map_err(|_| ParseError::NotUtf8),
    }
}

/// Adds what is in these frames to a body.
pub(crate) fn append(body: &mut Vec<u8>, frames: &Frames) {
    for content in frames.contents() {
        if !body.is_empty() {
            body.push(SEPARATOR);
        }
        match content {
            Content::Text(text) => body.extend_from_slice(&text),
            Content::Binary(data) => {
                body.push(b'b');
                body.extend_from_slice(BASE64.encode(&data).as_bytes());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packets(body: &'static str) -> Vec<Result<Message, ParseError>> {
        Packets::new(Bytes::from_static(body.as_bytes())).collect()
    }

    #[test]
    fn reads_what_the_protocol_document_shows() {
        let expected = [
            Ok(Message::Text("4hello".into())),
            Ok(Message::Text("2".into())),
            Ok(Message::Binary(Bytes::from_static(&[1, 2, 3, 4]))),
        ];
        assert_eq!(packets("4hello\u{1e}2\u{1e}bAQIDBA=="), expected);
        assert_eq!(packets(""), [Err(ParseError::Empty)]);
    }

    #[test]
    fn refuses_what_is_no_packet() {
        assert_eq!(packets("4a\u{1e}"), [Ok(Message::Text("4a".into())), Err(ParseError::Empty)]);
        assert_eq!(packets("bAQIDBA="), [Err(ParseError::NotBase64)]);
        let body = Bytes::from_static(&[b'4', 0xff]);
        assert_eq!(Packets::new(body).collect::<Vec<_>>(), [Err(ParseError::NotUtf8)]);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(body in any::<Vec<u8>>()) {
            let _ = Packets::new(body.into()).count();
        }

        #[test]
        fn what_is_written_is_read_back(
            text in "[^\u{1e}]{0,20}",
            attachment in any::<Vec<u8>>(),
        ) {
            let attachment = Bytes::from(attachment);
            let write = |bytes: &mut Vec<u8>| {
                bytes.push(b'4');
                bytes.extend_from_slice(text.as_bytes());
                Ok::<_, ()>(())
            };
            let mut body = Vec::new();
            append(&mut body, &Frames::text("2"));
            append(&mut body, &Frames::build(write, std::slice::from_ref(&attachment)).unwrap());
            let read: Vec<_> = Packets::new(body.into()).collect();
            let text = format!("4{text}");
            let expected = [
                Ok(Message::Text("2".into())),
                Ok(Message::Text(text.into())),
                Ok(Message::Binary(attachment)),
            ];
            prop_assert_eq!(read, expected);
        }
    }
}
