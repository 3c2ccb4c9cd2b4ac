//! Cuts the large frames of a client into fragments (RFC 6455, 5.4) on their way to tungstenite.
//!
//! tungstenite reads each frame into one buffer, and keeps the buffer for as long as the connection lives: a client
//! that sends a single message of a megabyte would hold a megabyte from then on. With fragments, the buffer is only as
//! large as the largest of them.

use std::io;

/// Bytes of the largest fragment. A multiple of four, so that each begins at the start of the mask.
const PIECE: u64 = 8 * 1024;

/// Bytes that are read at once to find the heads of frames.
const STAGED: usize = 2048;

/// The longest head of a frame.
const MAX_HEAD: usize = 14;

const FINAL: u8 = 0x80;
const RESERVED: u8 = 0x70;
const OPCODE: u8 = 0x0f;
const CONTINUATION: u8 = 0x0;
/// The first opcode of control frames, which are not cut.
const CONTROL: u8 = 0x8;
const MASKED: u8 = 0x80;
/// In place of a length: the length follows, in two bytes or in eight.
const LONG: u8 = 0x7e;
const LONGER: u8 = 0x7f;

/// The bytes of a client, with its large frames cut.
#[derive(Debug)]
pub(crate) struct Pieces {
    /// A larger frame is not cut: its head alone makes tungstenite refuse it.
    max_payload: u64,
    staged: Vec<u8>,
    /// The head of a fragment, before it is passed on.
    head: Vec<u8>,
    /// Bytes of the payload that come before the next head.
    left: u64,
    /// The rest of the frame after them, if it was cut.
    rest: Option<Rest>,
}

/// The rest of a frame that was cut.
#[derive(Debug, Clone, Copy)]
struct Rest {
    is_final: bool,
    mask: [u8; 4],
    length: u64,
}

impl Pieces {
    /// `already_read` are the bytes that came with the request.
    pub(crate) fn new(already_read: Vec<u8>, max_payload: usize) -> Self {
        Self { max_payload: max_payload as u64, staged: already_read, head: Vec::new(), left: 0, rest: None }
    }

    /// Bytes of the frame at hand that are still to come.
    pub(crate) fn announced(&self) -> usize {
        let length = self.left.saturating_add(self.rest.map_or(0, |rest| rest.length));
        usize::try_from(length).unwrap_or(usize::MAX)
    }

    /// Fills `buffer` with bytes that are already here, or else with what `source` reads.
    ///
    /// # Errors
    ///
    /// Those of `source`, if no bytes were here.
    pub(crate) fn read(
        &mut self,
        buffer: &mut [u8],
        mut source: impl FnMut(&mut [u8]) -> io::Result<usize>,
    ) -> io::Result<usize> {
        loop {
            let given = self.give(buffer);
            if given > 0 || buffer.is_empty() {
                return Ok(given);
            }
            let mut fresh = [0; STAGED];
            let read = source(&mut fresh)?;
            if read == 0 {
                return Ok(0);
            }
            self.staged.extend_from_slice(&fresh[..read]);
        }
    }

    /// Copies the bytes that are here, in the order in which they came.
    fn give(&mut self, buffer: &mut [u8]) -> usize {
        let (mut given, mut used) = (0, 0);
        while given < buffer.len() {
            let room = &mut buffer[given..];
            if !self.head.is_empty() {
                given += take(&mut self.head, room);
            } else if self.left > 0 {
                let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(room.len());
                let payload = &self.staged[used..];
                let length = most.min(payload.len());
                if length == 0 {
                    break;
                }
                room[..length].copy_from_slice(&payload[..length]);
                (given, used) = (given + length, used + length);
                self.left -= length as u64;
            } else if let Some(rest) = self.rest.take() {
                self.begin(CONTINUATION, rest);
            } else {
                let Some(length) = self.begin_frame(used) else { break };
                used += length;
            }
        }
        if used == self.staged.len() {
            // An idle client keeps no buffer.
            self.staged = Vec::new();
        } else {
            self.staged.drain(..used);
        }
        given
    }

    /// Reads the head of a frame, if it is complete, and returns its length.
    fn begin_frame(&mut self, start: usize) -> Option<usize> {
        let bytes = &self.staged[start..];
        let [first, second, ..] = *bytes else { return None };
        let (extended, short) = match second & !MASKED {
            LONG => (2, 0),
            LONGER => (8, 0),
            length => (0, u64::from(length)),
        };
        let masked = if second & MASKED == 0 { 0 } else { 4 };
        let head = bytes.get(..2 + extended + masked)?;
        let long = head[2..2 + extended].iter().fold(0, |length, byte| length << 8 | u64::from(*byte));
        let length = if extended == 0 { short } else { long };
        let is_cut = masked > 0
            && first & RESERVED == 0
            && first & OPCODE < CONTROL
            && (PIECE + 1..=self.max_payload).contains(&length);
        if is_cut {
            let mut mask = [0; 4];
            mask.copy_from_slice(&head[2 + extended..]);
            self.begin(first & OPCODE, Rest { is_final: first & FINAL != 0, mask, length });
        } else {
            self.head.extend_from_slice(&bytes[..2 + extended + masked]);
            self.left = length;
        }
        Some(2 + extended + masked)
    }

    /// Begins the next fragment of a frame.
    fn begin(&mut self, opcode: u8, rest: Rest) {
        let length = rest.length.min(PIECE);
        let is_last = length == rest.length;
        let is_final = is_last && rest.is_final;
        self.head.reserve(MAX_HEAD);
        self.head.push(opcode | if is_final { FINAL } else { 0 });
        if let Ok(short @ 0..126) = u8::try_from(length) {
            self.head.push(MASKED | short);
        } else {
            self.head.push(MASKED | LONG);
            // A piece has fewer than 65,536 bytes.
            self.head.extend_from_slice(&length.to_be_bytes()[6..]);
        }
        self.head.extend_from_slice(&rest.mask);
        self.left = length;
        self.rest = (!is_last).then_some(Rest { length: rest.length - length, ..rest });
    }
}

/// Moves as many bytes as there is room for.
fn take(from: &mut Vec<u8>, to: &mut [u8]) -> usize {
    let length = from.len().min(to.len());
    to[..length].copy_from_slice(&from[..length]);
    from.drain(..length);
    length
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
    use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};

    const MASK: [u8; 4] = [1, 2, 3, 4];

    fn frame(opcode: u8, is_final: bool, payload: &[u8]) -> Vec<u8> {
        let header = FrameHeader { is_final, opcode: opcode.into(), mask: Some(MASK), ..FrameHeader::default() };
        let mut bytes = Vec::new();
        let masked: Vec<u8> = payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        header.format(masked.len() as u64, &mut bytes).unwrap();
        bytes.extend(masked);
        bytes
    }

    /// The whole output for input in chunks of `came` bytes, read in chunks of `given` bytes.
    fn cut(bytes: &[u8], came: usize, given: usize) -> Vec<u8> {
        let mut pieces = Pieces::new(Vec::new(), 1_000_000);
        let (mut left, mut out) = (bytes, Vec::new());
        let mut buffer = vec![0; given];
        loop {
            let read = pieces.read(&mut buffer, |room| {
                let length = came.min(left.len()).min(room.len());
                room[..length].copy_from_slice(&left[..length]);
                left = &left[length..];
                Ok(length)
            });
            match read.unwrap() {
                0 => return out,
                length => out.extend_from_slice(&buffer[..length]),
            }
        }
    }

    /// The frames in these bytes: the opcode, whether it is the last fragment, and the payload without its mask.
    fn frames(bytes: &[u8]) -> Vec<(OpCode, bool, Vec<u8>)> {
        let (mut cursor, mut frames) = (io::Cursor::new(bytes), Vec::new());
        while let Ok(Some((header, length))) = FrameHeader::parse(&mut cursor) {
            let start = usize::try_from(cursor.position()).unwrap();
            let end = start + usize::try_from(length).unwrap();
            let payload = bytes[start..end].iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
            assert_eq!(header.mask, Some(MASK));
            frames.push((header.opcode, header.is_final, payload));
            cursor.set_position(end as u64);
        }
        assert_eq!(cursor.position(), bytes.len() as u64);
        frames
    }

    /// The messages that the fragments form.
    fn messages(frames: Vec<(OpCode, bool, Vec<u8>)>) -> Vec<(OpCode, Vec<u8>)> {
        let (mut messages, mut open): (Vec<_>, Option<(OpCode, Vec<u8>)>) = (Vec::new(), None);
        for (opcode, is_final, payload) in frames {
            if matches!(opcode, OpCode::Control(_)) {
                messages.push((opcode, payload));
                continue;
            }
            let (_, message) = open.get_or_insert((opcode, Vec::new()));
            message.extend(payload);
            if is_final {
                messages.extend(open.take());
            }
        }
        messages
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_said_stays_the_same_and_no_fragment_is_large(
            said in proptest::collection::vec((0..4_usize, 0..40_000_usize), 0..5),
            came in 1..5000_usize,
            given in 1..5000_usize,
        ) {
            let mut bytes = Vec::new();
            for (kind, length) in said {
                let payload: Vec<u8> = (0..length).map(|number| u8::try_from(number % 251).unwrap()).collect();
                match kind {
                    0 => bytes.extend(frame(1, true, &payload)),
                    1 => bytes.extend(frame(2, true, &payload)),
                    2 => bytes.extend(frame(9, true, &payload[..length.min(125)])),
                    _ => {
                        bytes.extend(frame(2, false, &payload));
                        bytes.extend(frame(0, false, &payload[length / 2..]));
                        bytes.extend(frame(9, true, b"between"));
                        bytes.extend(frame(0, true, &payload));
                    }
                }
            }
            let out = frames(&cut(&bytes, came, given));
            prop_assert!(out.iter().all(|(_, _, payload)| payload.len() as u64 <= PIECE));
            prop_assert_eq!(messages(out), messages(frames(&bytes)));
        }
    }

    #[test]
    fn a_small_frame_and_one_that_breaks_the_rules_stay_as_they_are() {
        let length = usize::try_from(PIECE).unwrap();
        let large = vec![7; length + 1];
        let mut unmasked = Vec::new();
        Frame::message(large.clone(), OpCode::Data(Data::Binary), true).format(&mut unmasked).unwrap();
        let mut reserved = frame(2, true, &large);
        reserved[0] |= 0x40;
        for bytes in [frame(1, true, &large[..length]), unmasked, reserved, frame(2, true, &vec![7; 1_000_001])] {
            assert_eq!(cut(&bytes, 1000, 1000), bytes);
        }
        assert_ne!(cut(&frame(1, true, &large), 1000, 1000), frame(1, true, &large));
    }

    #[test]
    fn nothing_is_kept_of_what_went_through() {
        let mut pieces = Pieces::new(frame(2, true, &vec![7; 900_000]), 1_000_000);
        let mut buffer = vec![0; 4096];
        while pieces.read(&mut buffer, |_| Ok(0)).unwrap() > 0 {}
        assert!(pieces.staged.is_empty() && pieces.head.capacity() < 100);
    }
}
