//! Records for a reader in another task, which may be slow, or hang.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use tokio::sync::{Notify, mpsc};

use super::record::{Event, Observer, Record};

/// Bytes of log lines that wait for the reader.
const LOG_BYTES: usize = 4 * 1024 * 1024;

/// Bytes of lifecycle records that wait for the reader. A reader that is this far behind counts as hanging.
const LIFECYCLE_BYTES: usize = 16 * 1024 * 1024;

/// An observer and the receiver of what it observes, for a reader in another task.
///
/// At most `log_lines` log lines wait for the reader, and of these 4 MiB; more are dropped and counted. Lifecycle
/// records arrive, in order with the log lines that do, as long as no more than 16 MiB of them wait. A reader that lets
/// more pile up loses all further ones until it has read everything that waits; [`Event::Lost`] tells how many those
/// were.
pub fn feed(log_lines: usize) -> (Feed, FeedReceiver) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let waiting = Arc::new(Waiting { max_log_lines: log_lines, ..Waiting::default() });
    (Feed { sender, waiting: Arc::clone(&waiting) }, FeedReceiver { receiver, waiting })
}

/// How much waits, and how much was lost.
#[derive(Debug, Default)]
struct Waiting {
    max_log_lines: usize,
    log_lines: AtomicUsize,
    log_bytes: AtomicUsize,
    log_lines_dropped: AtomicU64,
    lifecycle_bytes: AtomicUsize,
    /// Whether lifecycle records are being lost, until the reader has read everything that waits.
    is_behind: AtomicBool,
    lost: AtomicU64,
    /// Notified when records begin to be lost: the reader may have read everything that waits by then.
    fell_behind: Notify,
}

impl Waiting {
    /// Whether there is room for a record; if so, reserves it.
    fn admits(&self, is_lifecycle: bool, bytes: usize) -> bool {
        if is_lifecycle { self.admits_lifecycle(bytes) } else { self.admits_log_line(bytes) }
    }

    fn admits_log_line(&self, bytes: usize) -> bool {
        let is_full = self.log_lines.load(Ordering::Relaxed) >= self.max_log_lines
            || self.log_bytes.load(Ordering::Relaxed) + bytes > LOG_BYTES;
        if is_full {
            self.log_lines_dropped.fetch_add(1, Ordering::Relaxed);
        } else {
            self.log_lines.fetch_add(1, Ordering::Relaxed);
            self.log_bytes.fetch_add(bytes, Ordering::Relaxed);
        }
        !is_full
    }

    fn admits_lifecycle(&self, bytes: usize) -> bool {
        let is_too_much = self.lifecycle_bytes.load(Ordering::Relaxed) + bytes > LIFECYCLE_BYTES;
        let is_behind = is_too_much || self.is_behind.load(Ordering::Acquire);
        if is_behind {
            self.lost.fetch_add(1, Ordering::Relaxed);
            if !self.is_behind.swap(true, Ordering::AcqRel) {
                self.fell_behind.notify_one();
            }
        } else {
            self.lifecycle_bytes.fetch_add(bytes, Ordering::Relaxed);
        }
        !is_behind
    }

    fn release(&self, is_lifecycle: bool, bytes: usize) {
        if is_lifecycle {
            self.lifecycle_bytes.fetch_sub(bytes, Ordering::Relaxed);
        } else {
            self.log_lines.fetch_sub(1, Ordering::Relaxed);
            self.log_bytes.fetch_sub(bytes, Ordering::Relaxed);
        }
    }

    /// How many lifecycle records were lost, if any; from now on they arrive again. Call it only when nothing waits.
    fn catch_up(&self) -> Option<u64> {
        self.is_behind.swap(false, Ordering::AcqRel).then(|| self.lost.swap(0, Ordering::Relaxed))
    }
}

/// The sending half of a [`feed`].
#[derive(Debug)]
pub struct Feed {
    sender: mpsc::UnboundedSender<(Record, usize)>,
    waiting: Arc<Waiting>,
}

impl Observer for Feed {
    fn observe(&self, mut record: Record) {
        let bytes = record.cut();
        if self.waiting.admits(record.event.is_lifecycle(), bytes) {
            // The reader may be gone; then nobody needs the record.
            let _ = self.sender.send((record, bytes));
        }
    }
}

/// The receiving half of a [`feed`].
#[derive(Debug)]
pub struct FeedReceiver {
    receiver: mpsc::UnboundedReceiver<(Record, usize)>,
    waiting: Arc<Waiting>,
}

impl FeedReceiver {
    /// The next record; `None` once the server is gone. Cancel safe.
    pub async fn next(&mut self) -> Option<Record> {
        loop {
            if let Some(record) = self.try_next() {
                return Some(record);
            }
            tokio::select! {
                received = self.receiver.recv() => {
                    let (record, bytes) = received?;
                    return Some(self.release(record, bytes));
                }
                () = self.waiting.fell_behind.notified() => {}
            }
        }
    }

    /// A record that is already there.
    pub fn try_next(&mut self) -> Option<Record> {
        if let Ok((record, bytes)) = self.receiver.try_recv() {
            return Some(self.release(record, bytes));
        }
        let records = self.waiting.catch_up()?;
        // The server's clock is not known here; `Records` knows it.
        Some(Record { at_ms: 0, event: Event::Lost { records } })
    }

    /// Log lines dropped since the feed began.
    pub fn log_lines_dropped(&self) -> u64 {
        self.waiting.log_lines_dropped.load(Ordering::Relaxed)
    }

    fn release(&self, record: Record, bytes: usize) -> Record {
        self.waiting.release(record.event.is_lifecycle(), bytes);
        record
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(room: &str) -> Record {
        Record { at_ms: 1, event: Event::Join { socket: "s".into(), room: room.into() } }
    }

    fn sent() -> Record {
        Record { at_ms: 1, event: Event::Sent { socket: "s".into(), name: "e".into(), bytes: 1 } }
    }

    fn waiting(receiver: &mut FeedReceiver) -> Vec<Record> {
        std::iter::from_fn(|| receiver.try_next()).collect()
    }

    #[test]
    fn a_full_feed_drops_log_lines_counts_them_and_keeps_lifecycle() {
        let (feed, mut receiver) = feed(2);
        for _ in 0..5 {
            feed.observe(sent());
        }
        feed.observe(join("a"));
        assert_eq!(receiver.log_lines_dropped(), 3);
        assert_eq!(waiting(&mut receiver), [sent(), sent(), join("a")]);
        feed.observe(sent());
        assert_eq!(receiver.try_next(), Some(sent()), "reading makes room again");
    }

    #[test]
    fn log_lines_are_bounded_in_bytes_too() {
        let (feed, mut receiver) = feed(usize::MAX);
        let long = || Event::Sent { socket: "s".into(), name: "e".repeat(1_000_000), bytes: 1 };
        for _ in 0..10_000 {
            feed.observe(Record { at_ms: 1, event: long() });
        }
        let lines = waiting(&mut receiver);
        assert!((1000..4096).contains(&lines.len()), "{}", lines.len());
        assert_eq!(lines.len() as u64 + receiver.log_lines_dropped(), 10_000);
    }

    #[test]
    fn a_reader_that_hangs_is_told_what_it_lost_and_hears_what_comes_then() {
        let (feed, mut receiver) = feed(1);
        let long = "r".repeat(1000);
        for _ in 0..20_000 {
            feed.observe(join(&long));
        }
        let records = waiting(&mut receiver);
        let Some((Record { event: Event::Lost { records: lost }, .. }, heard)) = records.split_last() else {
            panic!("{:?}", records.last());
        };
        assert!((10_000..17_000).contains(&heard.len()), "{}", heard.len());
        assert_eq!(heard.len() as u64 + lost, 20_000);
        assert!(heard.iter().all(|record| *record == join(&long)));
        feed.observe(join("a"));
        assert_eq!(waiting(&mut receiver), [join("a")]);
    }
}
