//! How well a chunk was typed.

use std::ops::Add;

use serde::{Deserialize, Serialize};

/// The score of one chunk, or of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Characters that were asked for and are typed now; an Enter is one of them.
    pub typed: u32,
    /// How many of them were right at the first try.
    pub first_try: u32,
    /// Wrong keys.
    pub wrong: u32,
}

impl Score {
    /// The share of the typed characters that were right at the first try, from 0 to 1; `None` before the first.
    pub fn accuracy(self) -> Option<f64> {
        (self.typed > 0).then(|| f64::from(self.first_try) / f64::from(self.typed))
    }

    /// The same in percent, rounded down: 100 means all of them.
    pub fn percent(self) -> Option<u64> {
        (u64::from(self.first_try) * 100).checked_div(self.typed.into())
    }
}

impl Add for Score {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            typed: self.typed + other.typed,
            first_try: self.first_try + other.first_try,
            wrong: self.wrong + other.wrong,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_of_them_are_100_percent() {
        let percent = |first_try, typed| Score { typed, first_try, wrong: 0 }.percent();
        assert_eq!((percent(843, 843), percent(840, 843), percent(0, 0)), (Some(100), Some(99), None));
    }
}
