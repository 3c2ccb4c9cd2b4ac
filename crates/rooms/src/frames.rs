//! Packets as they travel: ready-made WebSocket frames.
//!
//! A server's frames are not masked (RFC 6455, 5.1), so one encoded packet has the same bytes for every member of a
//! room: it is made once, and each socket's queue holds a reference to it. Long polling takes the packets out again.

use std::io::Cursor;
use std::sync::Arc;

use bytes::{Buf as _, Bytes};
use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::memory::{Budget, Charge};

/// The longest header of a server's frame.
const MAX_HEADER: usize = 10;

/// Room for most texts.
const USUAL_TEXT: usize = 256;

/// Roughly the memory that frames take in addition to their bytes.
const OVERHEAD: usize = 128;

/// One packet with its attachments: a text frame, and a binary frame for each attachment. Cloning shares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frames(Bytes);

/// One message out of [`Frames`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Text(Bytes),
    Binary(Bytes),
}

impl Frames {
    /// A text frame with what `write` writes, and a binary frame for each attachment.
    ///
    /// # Errors
    ///
    /// Those of `write`.
    pub(crate) fn build<E>(
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
        attachments: &[Bytes],
    ) -> Result<Self, E> {
        let binary: usize = attachments.iter().map(|attachment| MAX_HEADER + attachment.len()).sum();
        let mut bytes = Vec::with_capacity(USUAL_TEXT + binary);
        // The header depends on the length, so it is put in front of the text afterwards.
        bytes.resize(MAX_HEADER, 0);
        write(&mut bytes)?;
        let header = header(Data::Text, bytes.len() - MAX_HEADER);
        let start = MAX_HEADER - header.len();
        bytes[start..MAX_HEADER].copy_from_slice(&header);
        for attachment in attachments {
            bytes.extend_from_slice(&self::header(Data::Binary, attachment.len()));
            bytes.extend_from_slice(attachment);
        }
        // Queues are bounded by the length of their frames, so the buffer must not be larger than that.
        if bytes.capacity() > USUAL_TEXT {
            bytes.shrink_to_fit();
        }
        Ok(Self(Bytes::from(bytes).slice(start..)))
    }

    /// Stands for an offset that is not known yet (see `recovery`): the last argument of an event, of fixed length, so
    /// that the event can be encoded before its place in the order is known.
    pub(crate) const NO_OFFSET: &str = "0000000000000000";

    /// An offset as it travels.
    pub(crate) fn print_offset(offset: u64) -> String {
        format!("{offset:0width$x}", width = Self::NO_OFFSET.len())
    }

    /// Reads an offset.
    pub(crate) fn parse_offset(text: &str) -> Option<u64> {
        let proper = text.len() == Self::NO_OFFSET.len() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        u64::from_str_radix(text, 16).ok().filter(|_| proper)
    }

    /// Gives an event its offset, in place of [`Frames::NO_OFFSET`] at the end of its text.
    pub(crate) fn with_offset(self, offset: u64) -> Self {
        const TAIL: &str = "\"]";
        let text_end = self.text_end();
        // Nobody shares it yet, so nothing is copied.
        let mut bytes = self.0.try_into_mut().unwrap_or_else(|shared| shared[..].into());
        let end = text_end - TAIL.len();
        let place = &mut bytes[end - Self::NO_OFFSET.len()..end];
        debug_assert_eq!(place, Self::NO_OFFSET.as_bytes());
        place.copy_from_slice(Self::print_offset(offset).as_bytes());
        Self(bytes.freeze())
    }

    /// Charges the memory that they take, for as long as a reference to them exists. After that they can no longer be
    /// given an offset.
    pub(crate) fn charged(self, budget: &Arc<Budget>) -> Self {
        struct Charged {
            bytes: Bytes,
            _charge: Charge,
        }

        impl AsRef<[u8]> for Charged {
            fn as_ref(&self) -> &[u8] {
                &self.bytes
            }
        }

        let charge = budget.charge(self.0.len().max(USUAL_TEXT) + OVERHEAD);
        Self(Bytes::from_owner(Charged { bytes: self.0, _charge: charge }))
    }

    /// Where the text ends and the attachments begin.
    fn text_end(&self) -> usize {
        let mut cursor = Cursor::new(&self.0);
        let length = match FrameHeader::parse(&mut cursor) {
            Ok(Some((_, length))) => length + cursor.position(),
            _ => 0,
        };
        usize::try_from(length).unwrap_or_default()
    }

    /// One text.
    pub(crate) fn text(text: &str) -> Self {
        Self::one(Data::Text, text.as_bytes())
    }

    /// One binary message.
    pub(crate) fn binary(data: &[u8]) -> Self {
        Self::one(Data::Binary, data)
    }

    fn one(kind: Data, data: &[u8]) -> Self {
        let mut bytes = header(kind, data.len());
        bytes.extend_from_slice(data);
        Self(bytes.into())
    }

    /// Their size on the wire.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The bytes to write.
    pub(crate) fn into_bytes(self) -> Bytes {
        self.0
    }

    /// The messages in them, one after another.
    pub(crate) fn contents(&self) -> impl Iterator<Item = Content> + use<> {
        let mut rest = self.0.clone();
        std::iter::from_fn(move || {
            let mut cursor = Cursor::new(&rest);
            // The buffer contains only frames that we made ourselves.
            let (header, length) = FrameHeader::parse(&mut cursor).ok()??;
            let start = usize::try_from(cursor.position()).ok()?;
            rest.advance(start);
            let content = rest.split_to(usize::try_from(length).ok()?);
            Some(if header.opcode == OpCode::Data(Data::Text) {
                Content::Text(content)
            } else {
                Content::Binary(content)
            })
        })
    }
}

fn header(kind: Data, length: usize) -> Vec<u8> {
    let header = FrameHeader { is_final: true, opcode: OpCode::Data(kind), ..FrameHeader::default() };
    let mut bytes = Vec::with_capacity(MAX_HEADER);
    // Writing into memory does not fail.
    let _ = header.format(length as u64, &mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn frames_are_those_of_the_standard() {
        assert_eq!(&Frames::text("Hello").into_bytes()[..], [0x81, 5, b'H', b'e', b'l', b'l', b'o']);
        let long = Frames::binary(&[7; 256]).into_bytes();
        assert_eq!(&long[..4], [0x82, 0x7E, 1, 0]);
        let longer = Frames::binary(&vec![7; 65_536]).into_bytes();
        assert_eq!(&longer[..10], [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn an_event_gets_its_offset_behind_its_text_and_before_its_attachments() {
        let write = |bytes: &mut Vec<u8>| {
            bytes.extend_from_slice(format!("451-[\"e\",\"{}\"]", Frames::NO_OFFSET).as_bytes());
            Ok::<_, ()>(())
        };
        for attachments in [vec![], vec![Bytes::from_static(b"\"]")]] {
            let frames = Frames::build(write, &attachments).unwrap().with_offset(0xabc);
            let text = frames.contents().next().unwrap();
            assert_eq!(text, Content::Text("451-[\"e\",\"0000000000000abc\"]".into()));
            assert_eq!(frames.contents().count(), 1 + attachments.len());
        }
        assert_eq!(Frames::parse_offset("0000000000000abc"), Some(0xabc));
    }

    proptest! {
        #[test]
        fn what_is_put_in_comes_out(
            text in ".{0,300}",
            attachments in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..4),
        ) {
            let attachments: Vec<Bytes> = attachments.into_iter().map(Bytes::from).collect();
            let write = |bytes: &mut Vec<u8>| {
                bytes.extend_from_slice(text.as_bytes());
                Ok::<_, ()>(())
            };
            let frames = Frames::build(write, &attachments).unwrap();
            let mut expected = vec![Content::Text(text.clone().into())];
            expected.extend(attachments.iter().cloned().map(Content::Binary));
            prop_assert_eq!(frames.contents().collect::<Vec<_>>(), expected);
        }
    }
}
