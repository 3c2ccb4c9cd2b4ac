//! Sittings: how much of a pause counts as time spent, and which pause ends a sitting.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Milliseconds of a pause that count as time spent at a step, because reading a page takes no keys.
pub const IDLE_LIMIT_MS: u64 = 5 * 60_000;

/// Milliseconds that count of a stay in an editor that the workshop opened: it sees no key until that is over.
pub const EDITOR_LIMIT_MS: u64 = 30 * 60_000;

/// After this many seconds without a sign of the learner, the next sign begins another sitting. A meal does not end
/// one, a night does.
pub const SITTING_GAP: u64 = 3 * 60 * 60;

/// One sitting, in unix seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sitting {
    /// When it began.
    pub began_at: u64,
    /// When the learner last gave a sign in it.
    pub last_sign_at: u64,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Sitting {
    /// A sitting that begins now.
    pub fn beginning(now: u64) -> Self {
        Self { began_at: now, last_sign_at: now, rest: Map::new() }
    }

    /// Records a sign of the learner; after a long pause it begins another sitting.
    pub fn sign(&mut self, now: u64) {
        if now.saturating_sub(self.last_sign_at) >= SITTING_GAP {
            self.began_at = now;
        }
        self.last_sign_at = now;
    }

    /// Whether something at that time belongs to an earlier sitting.
    pub fn is_after(&self, at: u64) -> bool {
        at < self.began_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: u64 = 1_700_000_000;

    #[test]
    fn a_long_pause_ends_a_sitting_and_long_work_does_not() {
        let mut sitting = Sitting::beginning(BEGIN);
        for hour in 0..12 {
            sitting.sign(BEGIN + hour * 3600);
        }
        assert!(!sitting.is_after(BEGIN), "twelve hours, but no pause");
        sitting.sign(BEGIN + 11 * 3600 + SITTING_GAP - 1);
        assert!(!sitting.is_after(BEGIN));
        sitting.sign(BEGIN + 11 * 3600 + 2 * SITTING_GAP);
        assert!(sitting.is_after(BEGIN));
        assert_eq!(sitting.began_at, BEGIN + 11 * 3600 + 2 * SITTING_GAP);
    }
}
