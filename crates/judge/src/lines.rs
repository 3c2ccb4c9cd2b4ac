//! Lines of a stream, which may be very long, or not be text.

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tracing::debug;

/// The longest message of a compiler, in bytes. A type error may render as a very long line of JSON; nobody can use a
/// longer one.
pub(super) const LONGEST_MESSAGE: usize = 4 * 1024 * 1024;

/// Reads lines, each cut to a limit.
pub(super) struct Lines<R> {
    stream: BufReader<R>,
    line: Vec<u8>,
    limit: usize,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(super) fn new(stream: R, limit: usize) -> Self {
        Self { stream: BufReader::new(stream), line: Vec::new(), limit }
    }

    /// The next line without its end, or `None` at the end of the stream or when it breaks. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Option<String> {
        loop {
            let chunk =
                self.stream.fill_buf().await.inspect_err(|error| debug!(%error, "a stream broke")).unwrap_or_default();
            if chunk.is_empty() {
                return (!self.line.is_empty()).then(|| self.take());
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let content = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            let room = self.limit.saturating_sub(self.line.len());
            self.line.extend(content.iter().take(room));
            let used = content.len() + usize::from(end.is_some());
            self.stream.consume(used);
            if end.is_some() {
                return Some(self.take());
            }
        }
    }

    fn take(&mut self) -> String {
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        text.strip_suffix('\r').unwrap_or(&text).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines_of(bytes: &[u8], limit: usize) -> Vec<String> {
        let mut lines = Lines::new(bytes, limit);
        let mut all = Vec::new();
        while let Some(line) = lines.next().await {
            all.push(line);
        }
        all
    }

    #[tokio::test]
    async fn line_ends_of_both_kinds_and_a_last_line_without_one() {
        assert_eq!(lines_of(b"one\r\n\ntwo\nthree", 100).await, ["one", "", "two", "three"]);
    }

    #[tokio::test]
    async fn an_endless_line_is_cut_and_the_next_is_whole() {
        let bytes = format!("{}\nnext\n", "x".repeat(100_000));
        assert_eq!(lines_of(bytes.as_bytes(), 10).await, ["xxxxxxxxxx", "next"]);
    }
}
