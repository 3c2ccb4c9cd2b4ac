//! The rooms that a socket was in, and when.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Past stays that are kept for one socket. One that leaves more rooms between two events than this loses the older
/// ones, and can no longer come back to that time.
const MAX_PAST: usize = 64;

/// Roughly the bytes that a room takes in addition to its name.
const ROOM: usize = 272;

/// The rooms of a socket. Time is counted in offsets, which grow with each event of the namespace.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stays {
    /// Each room, and the first offset in it.
    present: BTreeMap<Arc<str>, u64>,
    past: VecDeque<Stay>,
    /// Of all rooms, past ones included.
    bytes: usize,
    /// Before this offset, stays may have been forgotten.
    complete_from: u64,
}

/// A stay that is over, from one offset up to, but without, another.
#[derive(Debug, Clone)]
struct Stay {
    room: Arc<str>,
    from: u64,
    until: u64,
}

impl Stays {
    pub(crate) fn len(&self) -> usize {
        self.present.len()
    }

    pub(crate) fn contains(&self, room: &str) -> bool {
        self.present.contains_key(room)
    }

    /// The rooms that the socket is in, sorted.
    pub(crate) fn rooms(&self) -> impl Iterator<Item = &Arc<str>> {
        self.present.keys()
    }

    pub(crate) fn join(&mut self, room: Arc<str>, now: u64) {
        if let Entry::Vacant(place) = self.present.entry(room) {
            self.bytes += bytes_of(place.key());
            place.insert(now);
        }
    }

    /// Returns whether the socket was in the room. Stays that ended before `oldest` no longer matter.
    pub(crate) fn leave(&mut self, room: &str, now: u64, oldest: u64) -> bool {
        let Some((room, from)) = self.present.remove_entry(room) else { return false };
        if from < now {
            self.past.push_back(Stay { room, from, until: now });
        } else {
            self.bytes -= bytes_of(&room);
        }
        while self.past.front().is_some_and(|stay| stay.until <= oldest) {
            self.forget_first();
        }
        if self.past.len() > MAX_PAST
            && let Some(until) = self.forget_first()
        {
            self.complete_from = until;
        }
        true
    }

    /// Forgets the oldest stay; returns when it ended.
    fn forget_first(&mut self) -> Option<u64> {
        let Stay { room, until, .. } = self.past.pop_front()?;
        self.bytes -= bytes_of(&room);
        Some(until)
    }

    /// Whether the socket was in the room when the event with this offset was sent.
    pub(crate) fn include(&self, room: &str, offset: u64) -> bool {
        self.present.get(room).is_some_and(|from| *from <= offset)
            || self.past.iter().any(|stay| &*stay.room == room && (stay.from..stay.until).contains(&offset))
    }

    /// The offset from which all stays are known.
    pub(crate) fn complete_from(&self) -> u64 {
        self.complete_from
    }

    /// Roughly how many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Roughly how many bytes they take together with the rooms themselves, if the socket is alone in each.
    pub(crate) fn bytes_with_rooms(&self) -> usize {
        self.bytes + self.present.len() * ROOM
    }

    /// How much they would take with another room.
    pub(crate) fn bytes_with_another(&self, room: &str) -> usize {
        self.bytes_with_rooms() + bytes_of(room) + ROOM
    }
}

/// Roughly the bytes of one stay.
fn bytes_of(room: &str) -> usize {
    64 + room.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stay_begins_with_the_join_and_ends_with_the_leave() {
        let mut stays = Stays::default();
        stays.join("a".into(), 3);
        stays.join("a".into(), 4);
        assert!(!stays.include("a", 2) && stays.include("a", 3) && stays.include("a", 9));
        assert!(stays.leave("a", 5, 0));
        assert!(!stays.leave("a", 5, 0), "left already");
        assert!(!stays.include("a", 2) && stays.include("a", 4) && !stays.include("a", 5));
        stays.join("a".into(), 7);
        assert!(!stays.include("a", 6) && stays.include("a", 7) && stays.include("a", 3));
    }

    #[test]
    fn only_as_much_of_the_past_is_kept_as_somebody_may_ask_for() {
        let mut stays = Stays::default();
        for now in 1..=10 {
            stays.join("a".into(), now);
            stays.leave("a", now, 0);
        }
        assert!(stays.past.is_empty(), "nothing was sent during these stays");
        stays.join("a".into(), 11);
        stays.leave("a", 12, 0);
        stays.join("b".into(), 12);
        stays.leave("b", 13, 12);
        assert!(!stays.include("a", 11), "stays before the oldest event do not matter");
        assert_eq!(stays.complete_from(), 0, "so nothing is missing");
    }

    #[test]
    fn the_past_is_bounded() {
        let mut stays = Stays::default();
        for now in 1..1000 {
            stays.join("a".into(), now);
            stays.leave("a", now + 1, 0);
        }
        assert_eq!(stays.past.len(), MAX_PAST);
        assert_eq!(stays.bytes(), MAX_PAST * bytes_of("a"), "what is forgotten takes nothing");
        let known = stays.complete_from();
        assert!(stays.include("a", known) && !stays.include("a", known - 1));
    }
}
