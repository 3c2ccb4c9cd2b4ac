//! How much of the server's memory clients hold, and how much they may hold.
//!
//! Everything that a client can make grow is counted, in bytes. For each purpose a client has a [`Share`] of its own,
//! which no other client can take from it. Memory beyond that comes from a [`Budget`] that all clients of the server
//! have together, first come, first served; when it is used up, the client that wants more is refused, or cut off. A
//! client that asks for little gets it, however much the others hold. `README.md` has the table.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

/// How often a client that can wait checks whether there is memory again.
pub(crate) const RETRY: Duration = Duration::from_millis(20);

/// Roughly the bytes that an entry of a map takes in addition to its key and its value.
const ENTRY: usize = 160;

/// The purposes for which a client holds memory, each with a share in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    /// A message or a body that is still incomplete; for each of its streams.
    Receiving,
    /// A packet that waits for its attachments, is being read, or is handled by an async handler, and the packets
    /// behind it.
    Events,
    /// The JSON of a payload as a tree of values; for each payload that the application keeps.
    Tree,
    /// The events that wait to be written.
    Queue,
    /// Their places in the queue.
    Places,
    /// Its sockets, with their `auth`.
    Sockets,
    /// The rooms that its sockets are in.
    Rooms,
    /// The answers that are awaited from its sockets.
    Answers,
}

impl Share {
    pub(crate) const fn bytes(self) -> usize {
        let kilobytes = match self {
            Self::Receiving | Self::Events | Self::Tree | Self::Places | Self::Sockets => 16,
            Self::Queue | Self::Rooms => 32,
            Self::Answers => 8,
        };
        kilobytes * 1024
    }
}

/// A number of bytes, and how many of them are in use.
#[derive(Debug)]
pub(crate) struct Budget {
    max_bytes: usize,
    used: AtomicUsize,
}

/// There is not that much left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UsedUp;

impl Budget {
    pub(crate) fn new(max_bytes: usize) -> Arc<Self> {
        Arc::new(Self { max_bytes, used: AtomicUsize::new(0) })
    }

    pub(crate) fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    /// Takes these bytes, even beyond the limit. They are returned when the charge is dropped.
    pub(crate) fn charge(self: &Arc<Self>, bytes: usize) -> Charge {
        self.used.fetch_add(bytes, Ordering::Relaxed);
        Charge { bytes, budget: Arc::clone(self) }
    }

    /// Holds nothing yet.
    pub(crate) fn holding(self: &Arc<Self>, share: Share) -> Holding {
        Holding { budget: Arc::clone(self), share: share.bytes(), bytes: 0 }
    }

    pub(crate) fn is_exceeded(&self) -> bool {
        self.used.load(Ordering::Relaxed) > self.max_bytes
    }

    fn take(&self, bytes: usize) -> Result<(), UsedUp> {
        let with = |used: usize| used.checked_add(bytes).filter(|used| *used <= self.max_bytes);
        self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, with).map(drop).map_err(|_| UsedUp)
    }

    fn give_back(&self, bytes: usize) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// Bytes of a budget that are in use.
#[derive(Debug)]
pub(crate) struct Charge {
    bytes: usize,
    budget: Arc<Budget>,
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.budget.give_back(self.bytes);
    }
}

/// What one client holds for one purpose. It is returned when this is dropped.
#[derive(Debug)]
pub(crate) struct Holding {
    budget: Arc<Budget>,
    share: usize,
    bytes: usize,
}

impl Holding {
    /// Changes the number of bytes that it holds.
    ///
    /// # Errors
    ///
    /// When that is more than the share, and the budget does not have the rest. Then it holds as much as before.
    pub(crate) fn resize(&mut self, bytes: usize) -> Result<(), UsedUp> {
        let (before, after) = (self.beyond(self.bytes), self.beyond(bytes));
        if after > before {
            self.budget.take(after - before)?;
        } else if after < before {
            self.budget.give_back(before - after);
        }
        self.bytes = bytes;
        Ok(())
    }

    /// Whether it can hold this many bytes; if so, it does.
    pub(crate) fn fits(&mut self, bytes: usize) -> bool {
        self.resize(bytes).is_ok()
    }

    fn beyond(&self, bytes: usize) -> usize {
        bytes.saturating_sub(self.share)
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        self.budget.give_back(self.beyond(self.bytes));
    }
}

/// Memory that the sockets of one client hold together for one purpose.
#[derive(Debug)]
pub(crate) struct Common(Mutex<Holding>);

impl Common {
    pub(crate) fn new(holding: Holding) -> Arc<Self> {
        Arc::new(Self(Mutex::new(holding)))
    }

    /// One socket's part of it, which is nothing yet.
    pub(crate) fn part(self: &Arc<Self>) -> Part {
        Part { common: Arc::clone(self), bytes: 0 }
    }

    fn change(&self, before: usize, after: usize) -> Result<(), UsedUp> {
        let mut holding = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = holding.bytes - before + after;
        holding.resize(bytes)
    }
}

/// One socket's part of the memory of its client's sockets. It is returned when this is dropped.
#[derive(Debug)]
pub(crate) struct Part {
    common: Arc<Common>,
    bytes: usize,
}

impl Part {
    /// Changes the number of bytes that it holds.
    ///
    /// # Errors
    ///
    /// As [`Holding::resize`].
    pub(crate) fn resize(&mut self, bytes: usize) -> Result<(), UsedUp> {
        self.common.change(self.bytes, bytes)?;
        self.bytes = bytes;
        Ok(())
    }

    /// Whether it can hold this many bytes; if so, it does.
    pub(crate) fn fits(&mut self, bytes: usize) -> bool {
        self.resize(bytes).is_ok()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // It takes less than before, so it fits.
        let _ = self.common.change(self.bytes, 0);
    }
}

/// Roughly how many bytes a value takes: a list of numbers takes many times its text.
pub(crate) fn memory_of(value: &Value) -> usize {
    let content = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(memory_of).sum(),
        Value::Object(object) => object.iter().map(|(key, item)| ENTRY + key.len() + memory_of(item)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    };
    size_of::<Value>() + content
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARE: usize = Share::Answers.bytes();

    fn used(budget: &Budget) -> usize {
        budget.used.load(Ordering::Relaxed)
    }

    #[test]
    fn a_share_is_free_and_what_is_beyond_comes_from_the_budget() {
        let budget = Budget::new(100);
        let mut first = budget.holding(Share::Answers);
        assert_eq!(first.resize(SHARE), Ok(()));
        assert_eq!(used(&budget), 0);
        assert_eq!(first.resize(SHARE + 60), Ok(()));
        let mut second = budget.holding(Share::Answers);
        assert_eq!(second.resize(SHARE + 41), Err(UsedUp));
        assert_eq!(second.resize(SHARE + 40), Ok(()));
        assert_eq!(first.resize(SHARE + 61), Err(UsedUp));
        assert_eq!(first.resize(SHARE + 10), Ok(()));
        assert_eq!(used(&budget), 50);
        drop((first, second));
        assert_eq!(used(&budget), 0);
    }

    #[test]
    fn sockets_of_one_client_have_one_share() {
        let budget = Budget::new(100);
        let common = Common::new(budget.holding(Share::Answers));
        let (mut first, mut second) = (common.part(), common.part());
        assert!(first.fits(SHARE / 2) && second.fits(SHARE / 2));
        assert_eq!(used(&budget), 0);
        assert!(!second.fits(SHARE / 2 + 101) && second.fits(SHARE / 2 + 100));
        drop(first);
        assert_eq!(used(&budget), 0);
        assert!(second.fits(SHARE));
    }

    #[test]
    fn a_share_is_there_when_the_budget_is_used_up() {
        let budget = Budget::new(100);
        let _charge = budget.charge(1000);
        assert!(budget.is_exceeded());
        let mut holding = budget.holding(Share::Answers);
        assert_eq!(holding.resize(SHARE), Ok(()));
        assert_eq!(holding.resize(SHARE + 1), Err(UsedUp));
    }
}
