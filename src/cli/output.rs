//! Printing that survives a closed pipe.

use std::io::{self, Write};

use serde::Serialize;

use super::ui::Ui;
use crate::text::{clean, truncate};

/// The reader of standard output has gone, as `head` does.
#[derive(Debug, thiserror::Error)]
#[error("standard output is closed")]
pub struct Closed;

/// Prints a line, or several.
pub fn print(text: &str) -> anyhow::Result<()> {
    write_line(&mut io::stdout().lock(), text)
}

/// Prints a JSON document.
pub fn print_json(document: &impl Serialize) -> anyhow::Result<()> {
    print(&serde_json::to_string_pretty(document)?)
}

/// Prints on standard error. If that is closed, nobody is left to read.
pub(super) fn print_error(text: &str) {
    let _ = write_line(&mut io::stderr().lock(), text);
}

fn write_line(out: &mut impl Write, text: &str) -> anyhow::Result<()> {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    match write!(out, "{text}{end}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Closed.into()),
        result => Ok(result?),
    }
}

/// One line on standard error that changes in place while something goes on. It is removed when this is dropped.
#[derive(Debug)]
pub struct StatusLine {
    ui: Ui,
}

impl StatusLine {
    /// A line without text yet.
    pub fn new(ui: Ui) -> Self {
        Self { ui }
    }

    /// Shows `text` in place of what was there.
    pub fn show(&self, text: &str) {
        if self.ui.status_line {
            // One column stays free: some terminals wrap a line that is exactly full.
            let text = clean(text);
            Self::replace(&truncate(&text, self.ui.width.saturating_sub(1)));
        }
    }

    /// Removes the text, until the next one.
    pub fn clear(&self) {
        if self.ui.status_line {
            Self::replace("");
        }
    }

    fn replace(text: &str) {
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "\r\x1b[K{text}").and_then(|()| stderr.flush());
    }
}

impl Drop for StatusLine {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pipe whose reader has gone, or a disk that is full.
    struct Broken(io::ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn text_ends_in_one_newline() {
        let mut out = Vec::new();
        write_line(&mut out, "one").unwrap();
        write_line(&mut out, "two\n").unwrap();
        assert_eq!(out, b"one\ntwo\n");
    }

    #[test]
    fn a_closed_pipe_is_told_apart_from_a_real_error() {
        let closed = write_line(&mut Broken(io::ErrorKind::BrokenPipe), "text").unwrap_err();
        assert!(closed.downcast_ref::<Closed>().is_some());
        let full = write_line(&mut Broken(io::ErrorKind::StorageFull), "text").unwrap_err();
        assert!(full.downcast_ref::<Closed>().is_none());
    }
}
