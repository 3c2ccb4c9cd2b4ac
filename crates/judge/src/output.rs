//! The output of a process, kept within bounds however long it is.

use std::collections::VecDeque;

use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::cut::{HEAD, TAIL, joined};

/// The beginning and the end of a stream.
#[derive(Debug, Default)]
pub(super) struct Kept {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    dropped: u64,
}

impl Kept {
    /// Reads `stream` to its end. When the future is dropped, the text read so far stays.
    pub(super) async fn drain(&mut self, mut stream: impl AsyncRead + Unpin) {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            self.push(buffer.get(..count).unwrap_or_default());
        }
    }

    /// Reads a file to its end.
    pub(super) fn read(&mut self, mut file: impl std::io::Read) {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = file.read(&mut buffer) {
            self.push(buffer.get(..count).unwrap_or_default());
        }
    }

    /// Adds one line.
    pub(super) fn push_line(&mut self, line: &str) {
        self.push(line.as_bytes());
        self.push(b"\n");
    }

    fn push(&mut self, bytes: &[u8]) {
        let (first, rest) = bytes.split_at(bytes.len().min(HEAD - self.head.len()));
        self.head.extend_from_slice(first);
        self.tail.extend(rest);
        let excess = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..excess);
        self.dropped += excess as u64;
    }

    /// The text, with a line in its middle that says how much was left out.
    pub(super) fn text(&self) -> String {
        if self.dropped == 0 {
            let all: Vec<u8> = self.head.iter().chain(&self.tail).copied().collect();
            return String::from_utf8_lossy(&all).into_owned();
        }
        let tail: Vec<u8> = self.tail.iter().copied().collect();
        joined(&String::from_utf8_lossy(&self.head), self.dropped, &String::from_utf8_lossy(&tail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn short_output_is_kept_whole() {
        let mut kept = Kept::default();
        kept.drain(&b"one\n"[..]).await;
        kept.drain(&b"two\n"[..]).await;
        assert_eq!(kept.text(), "one\ntwo\n");
    }

    #[tokio::test]
    async fn output_that_just_fits_is_whole_and_in_order() {
        let all: String = ('a'..='z').cycle().take(HEAD + TAIL).collect();
        let mut kept = Kept::default();
        kept.drain(all.as_bytes()).await;
        assert_eq!(kept.text(), all);
    }

    #[tokio::test]
    async fn a_flood_keeps_its_beginning_and_its_end() {
        let flood = format!("first{}last", "x".repeat(1_000_000));
        let mut kept = Kept::default();
        kept.drain(flood.as_bytes()).await;
        let text = kept.text();
        assert!(text.starts_with("first"));
        assert!(text.ends_with("last"));
        let left_out = flood.len() - HEAD - TAIL;
        assert!(text.contains(&format!("… {left_out} bytes left out …")));
        assert!(kept.head.len() == HEAD && kept.tail.len() == TAIL);
    }

    #[tokio::test]
    async fn bytes_that_are_not_text_do_not_stop_it() {
        let mut kept = Kept::default();
        kept.drain(&b"a\xffb"[..]).await;
        assert_eq!(kept.text(), "a\u{fffd}b");
    }
}
