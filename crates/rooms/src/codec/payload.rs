//! Engine.IO payloads: the packets that one HTTP request or response of long polling carries.
//!
//! Packets are separated by the record separator U+001E. A binary message is a `b` and its bytes in base64.

use std::collections::VecDeque;

use bytes::Bytes;
use data_encoding::BASE64;
use memchr::memchr;

use crate::frames::{Content, Frames};
use crate::message::{Message, Text};

const SEPARATOR: u8 = 0x1e;

/// Why a body is not a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
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

/// The packets of a body, read one at a time, so that a body of many tiny packets takes no memory beyond its own.
#[derive(Debug, Clone)]
pub struct Packets {
    rest: Option<Bytes>,
}

impl Packets {
    /// Reads this body. An empty body is one empty packet, and so an error.
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

/// A body that is sent piece by piece. It shares its frames with all other recipients of the same event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Body {
    pieces: VecDeque<Piece>,
    length: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(Bytes),
    /// To be sent in base64.
    Binary(Bytes),
}

/// Bytes that base64 encodes without padding.
const BASE64_BYTES: usize = 3;

impl Body {
    /// A body of one text, which need not be packets.
    pub(crate) fn text(text: impl Into<Bytes>) -> Self {
        let mut body = Self::default();
        body.push(Piece::Text(text.into()));
        body
    }

    /// Adds what is in these frames.
    pub(crate) fn append(&mut self, frames: &Frames) {
        for content in frames.contents() {
            if !self.is_empty() {
                self.push(Piece::Text(Bytes::from_static(&[SEPARATOR])));
            }
            match content {
                Content::Text(text) => self.push(Piece::Text(text)),
                Content::Binary(data) => {
                    self.push(Piece::Text(Bytes::from_static(b"b")));
                    self.push(Piece::Binary(data));
                }
            }
        }
    }

    /// How many bytes are still to be sent.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Takes the next bytes, until `chunk` has about `most` of them.
    pub(crate) fn fill(&mut self, chunk: &mut Vec<u8>, most: usize) {
        while chunk.len() < most
            && let Some(piece) = self.pieces.front_mut()
        {
            let before = chunk.len();
            let room = most - before;
            let is_done = match piece {
                Piece::Text(text) => {
                    chunk.extend_from_slice(&text.split_to(room.min(text.len())));
                    text.is_empty()
                }
                Piece::Binary(data) => {
                    let whole = (room / 4 + 1) * BASE64_BYTES;
                    let part = data.split_to(whole.min(data.len()));
                    chunk.extend_from_slice(BASE64.encode(&part).as_bytes());
                    data.is_empty()
                }
            };
            self.length -= chunk.len() - before;
            if is_done {
                self.pieces.pop_front();
            }
        }
    }

    fn push(&mut self, piece: Piece) {
        self.length += match &piece {
            Piece::Text(text) => text.len(),
            Piece::Binary(data) => BASE64.encode_len(data.len()),
        };
        self.pieces.push_back(piece);
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
            most in 1..20_usize,
        ) {
            let attachment = Bytes::from(attachment);
            let write = |bytes: &mut Vec<u8>| {
                bytes.push(b'4');
                bytes.extend_from_slice(text.as_bytes());
                Ok::<_, ()>(())
            };
            let mut body = Body::default();
            body.append(&Frames::text("2"));
            body.append(&Frames::build(write, std::slice::from_ref(&attachment)).unwrap());
            let (length, mut sent) = (body.len(), Vec::new());
            while !body.is_empty() {
                let mut chunk = Vec::new();
                body.fill(&mut chunk, most);
                prop_assert!((1..=most + 4).contains(&chunk.len()));
                sent.extend(chunk);
            }
            prop_assert_eq!(sent.len(), length);
            let read: Vec<_> = Packets::new(sent.into()).collect();
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
