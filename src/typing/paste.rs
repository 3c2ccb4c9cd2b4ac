//! Tells a paste from typing by its timing.
//!
//! Most terminals mark a paste. If the mark does not arrive, as on Windows, a paste looks like keys that follow each
//! other faster than fingers can type. A slow network also makes keys arrive all at once, so the guard is only for
//! terminals without the mark.

/// Keys that follow each other within this time are suspicious.
const BURST_GAP_MS: u64 = 10;

/// From this many keys on, a burst is a paste. Rolling over several keys makes three, rarely four.
const BURST_KEYS: u32 = 6;

/// A key's timing in relation to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Burst {
    /// It came after a pause. If it turns out to be the first key of a paste, this is the place to go back to.
    First,
    /// It came fast, and may still have been typed.
    Fast,
    /// It belongs to a paste, and so does every key since the last [`Burst::First`].
    Paste,
}

/// Watches the times of keys.
#[derive(Debug, Clone, Default)]
pub struct PasteGuard {
    last_ms: Option<u64>,
    keys: u32,
}

impl PasteGuard {
    /// Classifies a key. Times are in milliseconds, from any start.
    pub fn key(&mut self, at_ms: u64) -> Burst {
        let fast = self.last_ms.is_some_and(|last| at_ms.saturating_sub(last) <= BURST_GAP_MS);
        self.last_ms = Some(at_ms);
        self.keys = if fast { self.keys.saturating_add(1) } else { 1 };
        match self.keys {
            1 => Burst::First,
            BURST_KEYS.. => Burst::Paste,
            _ => Burst::Fast,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bursts(times: &[u64]) -> Vec<Burst> {
        let mut guard = PasteGuard::default();
        times.iter().map(|&at_ms| guard.key(at_ms)).collect()
    }

    #[test]
    fn fingers_are_not_a_paste() {
        assert!(bursts(&[0, 33, 66, 99, 132, 165, 198]).iter().all(|burst| *burst == Burst::First));
        assert!(!bursts(&[0, 5, 9, 60, 64, 70, 75, 130]).contains(&Burst::Paste));
    }

    #[test]
    fn a_burst_is_a_paste_until_it_ends() {
        let found = bursts(&[1000, 1000, 1001, 1001, 1001, 1002, 1002, 1500]);
        assert_eq!(found[4..], [Burst::Fast, Burst::Paste, Burst::Paste, Burst::First]);
    }

    #[test]
    fn a_clock_that_goes_back_does_no_harm() {
        assert_eq!(bursts(&[100, 50]), [Burst::First, Burst::Fast]);
    }
}
