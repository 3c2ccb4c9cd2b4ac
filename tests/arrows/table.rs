//! A table of floors: each knows those below it, and none above.

use std::collections::{BTreeMap, BTreeSet};

/// The rooms and their floors.
pub(crate) struct Table {
    /// The floor from the top, and the place from the left among those that are joined by `>`.
    rooms: BTreeMap<String, (usize, Place)>,
}

/// In `a > b, c`, `a` knows `b`, and neither knows `c`.
#[derive(Clone, Copy)]
struct Place {
    group: usize,
    rank: usize,
}

impl Table {
    /// Reads the first table below a heading. Its last column names the rooms in backticks, separated by `,` or `>`.
    pub(crate) fn below(heading: &str, text: &str) -> Self {
        let is_heading = |line: &&str| line.trim_start_matches('#').trim() == heading && line.starts_with('#');
        let behind = text.lines().skip_while(|line| !is_heading(line)).skip(1);
        let rows = behind.skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
        let mut rooms = BTreeMap::new();
        for (floor, row) in rows.skip(2).enumerate() {
            let names = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap_or_default();
            for (group, joined) in names.split(',').enumerate() {
                for (rank, name) in joined.split('>').enumerate() {
                    let name = name.trim().trim_matches('`').to_owned();
                    assert!(
                        rooms.insert(name.clone(), (floor, Place { group, rank })).is_none(),
                        "{name} stands twice"
                    );
                }
            }
        }
        assert!(!rooms.is_empty(), "there is no table below the heading {heading:?}");
        Self { rooms }
    }

    /// The names of all rooms.
    pub(crate) fn rooms(&self) -> BTreeSet<String> {
        self.rooms.keys().cloned().collect()
    }

    /// Whether one room may know the other.
    pub(crate) fn allows(&self, from: &str, to: &str) -> bool {
        let (Some((high, left)), Some((low, right))) = (self.rooms.get(from), self.rooms.get(to)) else { return false };
        high < low || (high == low && left.group == right.group && left.rank < right.rank)
    }
}
