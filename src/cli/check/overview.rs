//! The status line of several checks.

use std::sync::atomic::{AtomicUsize, Ordering};

use judge::Progress;

use super::text::progress_text;
use crate::cli::{StatusLine, Ui};

/// How far several checks are. The line is removed when this is dropped.
#[derive(Debug)]
pub(super) struct Overview {
    line: StatusLine,
    done: AtomicUsize,
    all: usize,
}

impl Overview {
    pub(super) fn new(all: usize, ui: Ui) -> Self {
        Self { line: StatusLine::new(ui), done: AtomicUsize::new(0), all }
    }

    /// Shows the progress of one of them.
    pub(super) fn show(&self, exercise: &str, progress: &Progress) {
        let text = progress_text(exercise, progress);
        let done = self.done.load(Ordering::Relaxed);
        self.line.show(&if self.all > 1 { format!("{done} of {} checked; {text}", self.all) } else { text });
    }

    /// One of them has finished.
    pub(super) fn one_more(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Makes room for a report. The next progress shows the line again.
    pub(super) fn clear(&self) {
        self.line.clear();
    }
}
