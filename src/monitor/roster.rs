//! The connected sockets and their rooms.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::socket::{Reading, Socket};

/// Sockets shown; more are only counted.
pub(super) const MAX_SOCKETS: usize = 500;

/// How long a disconnected socket stays on the screen.
pub(super) const LINGER_MS: u64 = 5_000;

/// The number of a socket in the order of connecting. Ids are long and come from elsewhere; numbers sort.
type Number = u64;

/// The sockets of a server.
#[derive(Debug, Clone, Default)]
pub(super) struct Roster {
    sockets: BTreeMap<Number, Socket>,
    numbers: HashMap<String, Number>,
    rooms: BTreeMap<String, BTreeSet<Number>>,
    next: Number,
    untracked: usize,
    keeps_gone: bool,
}

impl Roster {
    pub(super) fn sockets(&self) -> impl DoubleEndedIterator<Item = &Socket> {
        self.sockets.values()
    }

    /// The sockets with this number or a later one.
    pub(super) fn sockets_from(&self, number: Number) -> impl Iterator<Item = &Socket> {
        self.sockets.range(number..).map(|(_, socket)| socket)
    }

    /// The number of the socket that connects next.
    pub(super) fn next(&self) -> Number {
        self.next
    }

    pub(super) fn sockets_mut(&mut self) -> impl Iterator<Item = &mut Socket> {
        self.sockets.values_mut()
    }

    pub(super) fn socket(&self, id: &str) -> Option<&Socket> {
        self.sockets.get(self.numbers.get(id)?)
    }

    pub(super) fn connected(&self) -> usize {
        self.live() + self.untracked
    }

    pub(super) fn untracked(&self) -> u64 {
        self.untracked as u64
    }

    pub(super) fn rooms(&self) -> impl Iterator<Item = (&str, Vec<&Socket>)> {
        self.rooms.iter().map(|(room, members)| {
            (room.as_str(), members.iter().filter_map(|number| self.sockets.get(number)).collect())
        })
    }

    /// A server that has just started has no sockets.
    pub(super) fn server_started(&mut self) {
        let live: Vec<String> =
            self.sockets().filter(|socket| socket.gone.is_none()).map(|socket| socket.id.clone()).collect();
        for id in live {
            self.disconnect(&id, "server restarted".to_owned());
        }
        self.untracked = 0;
    }

    /// Records were lost, so no socket is known to exist; records about those that do will follow.
    pub(super) fn lost_track(&mut self) {
        *self = Self { next: self.next, keeps_gone: self.keeps_gone, ..Self::default() };
    }

    pub(super) fn connect(&mut self, socket: Socket) {
        if let Some(&number) = self.numbers.get(&socket.id) {
            self.forget(number);
        }
        if !self.admit(socket) {
            self.untracked += 1;
        }
    }

    pub(super) fn join(&mut self, id: &str, room: String) {
        let Some(&number) = self.numbers.get(id) else { return };
        if let Some(socket) = self.sockets.get_mut(&number).filter(|socket| socket.gone.is_none())
            && socket.join(room.clone())
        {
            self.rooms.entry(room).or_default().insert(number);
        }
    }

    pub(super) fn leave(&mut self, id: &str, room: &str) {
        let Some(&number) = self.numbers.get(id) else { return };
        if let Some(socket) = self.sockets.get_mut(&number) {
            socket.leave(room);
        }
        self.remove_member(room, number);
    }

    pub(super) fn disconnect(&mut self, id: &str, reason: String) {
        let Some(&number) = self.numbers.get(id) else {
            self.untracked = self.untracked.saturating_sub(1);
            return;
        };
        self.leave_all(number);
        if let Some(socket) = self.sockets.get_mut(&number) {
            socket.gone = Some(reason);
            socket.flags.clear();
        }
    }

    /// Records a socket's counters. They may be the first news of it.
    pub(super) fn read(&mut self, id: &str, reading: Reading) {
        match self.numbers.get(id).and_then(|number| self.sockets.get_mut(number)) {
            Some(socket) => socket.read(reading),
            None => {
                self.admit(Socket::found(id.to_owned(), reading));
            }
        }
    }

    /// Corrects the count of untracked sockets from the count of all.
    pub(super) fn count_untracked(&mut self, all: usize) {
        self.untracked = all.saturating_sub(self.live());
    }

    pub(super) fn sample(&mut self) {
        for socket in self.sockets.values_mut().filter(|socket| socket.gone.is_none()) {
            socket.sample();
        }
    }

    pub(super) fn keep_gone(&mut self, keep: bool) {
        self.keeps_gone = keep;
    }

    pub(super) fn forget_gone(&mut self, now_ms: u64) {
        let mut old = Vec::new();
        for (&number, socket) in self.sockets.iter_mut().filter(|(_, socket)| socket.gone.is_some()) {
            let since = *socket.gone_since_ms.get_or_insert(now_ms);
            if now_ms.saturating_sub(since) >= LINGER_MS && !self.keeps_gone {
                old.push(number);
            }
        }
        for number in old {
            self.forget(number);
        }
    }

    fn live(&self) -> usize {
        self.sockets().filter(|socket| socket.gone.is_none()).count()
    }

    /// Adds the socket if there is a place for it, if need be that of one that is gone; returns whether there was.
    fn admit(&mut self, socket: Socket) -> bool {
        if self.sockets.len() >= MAX_SOCKETS {
            let gone = self.sockets.iter().find(|(_, socket)| socket.gone.is_some()).map(|(number, _)| *number);
            let Some(gone) = gone else { return false };
            self.forget(gone);
        }
        self.numbers.insert(socket.id.clone(), self.next);
        self.sockets.insert(self.next, socket);
        self.next += 1;
        true
    }

    fn forget(&mut self, number: Number) {
        self.leave_all(number);
        if let Some(socket) = self.sockets.remove(&number) {
            self.numbers.remove(&socket.id);
        }
    }

    fn leave_all(&mut self, number: Number) {
        let rooms = self.sockets.get_mut(&number).map(Socket::leave_all).unwrap_or_default();
        for room in rooms {
            self.remove_member(&room, number);
        }
    }

    fn remove_member(&mut self, room: &str, number: Number) {
        if let Some(members) = self.rooms.get_mut(room) {
            members.remove(&number);
            if members.is_empty() {
                self.rooms.remove(room);
            }
        }
    }
}
