//! The state of one namespace: its sockets, and the members of each room.
//!
//! One lock guards both. A broadcast holds it while it fills the members' queues, so any two members
//! of two rooms see the same two broadcasts in the same order. Application code never runs under it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::broadcast::Audience;
use crate::config::{Config, OverflowPolicy};
use crate::encode::Mark;
use crate::frames::Frames;
use crate::guard::Guard;
use crate::identity::SocketId;
use crate::memory::{Budget, Part};
use crate::observer::{Event, preview};
use crate::outbox::Delivery;
use crate::reason::DisconnectReason;
use crate::recovery::{Absent, History, NotRecovered, Returning, Stays};
use crate::shared::Shared;
use crate::socket::Socket;
use crate::wakes::Wakes;

type ConnectionHandler = dyn Fn(Socket) + Send + Sync;

/// One namespace.
pub(crate) struct Namespace {
    name: String,
    shared: Arc<Shared>,
    members: Mutex<Members>,
    handlers: Mutex<Handlers>,
}

#[derive(Default)]
struct Handlers {
    guards: Vec<Guard>,
    connection: Vec<Arc<ConnectionHandler>>,
}

/// Sockets are kept by connection order, so that a broadcast visits them in the same order each time.
#[derive(Default)]
struct Members {
    sockets: BTreeMap<u64, Member>,
    keys: HashMap<SocketId, u64>,
    rooms: BTreeMap<Arc<str>, BTreeMap<u64, Socket>>,
    /// The policies of rooms that have their own, whether or not they have members.
    policies: HashMap<String, OverflowPolicy>,
    /// The history, if clients can come back.
    history: Option<History>,
}

struct Member {
    socket: Socket,
    stays: Stays,
    /// The memory that the rooms take.
    rooms: Part,
    /// The client's way back, if it can come back.
    return_ticket: Option<ReturnTicket>,
}

struct ReturnTicket {
    pid: Arc<str>,
    /// The first offset that the socket could hear.
    since: u64,
}

impl Namespace {
    pub(crate) fn new(name: String, shared: Arc<Shared>) -> Self {
        let history = shared.remembered().map(History::new);
        let members = Members { history, ..Members::default() };
        Self { name, shared, members: Mutex::new(members), handlers: Mutex::default() }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn record(&self, event: impl FnOnce() -> Event) {
        self.shared.record(event);
    }

    /// What happens when a member's queue is full, unless a room or an emit says otherwise.
    pub(crate) fn overflow(&self) -> OverflowPolicy {
        self.shared.config.overflow
    }

    pub(crate) fn set_overflow(&self, room: String, policy: OverflowPolicy) {
        self.lock().policies.insert(room, policy);
    }

    pub(crate) fn add_connection_handler(&self, handler: Arc<ConnectionHandler>) {
        self.lock_handlers().connection.push(handler);
    }

    pub(crate) fn connection_handlers(&self) -> Vec<Arc<ConnectionHandler>> {
        self.lock_handlers().connection.clone()
    }

    pub(crate) fn add_guard(&self, guard: Guard) {
        self.lock_handlers().guards.push(guard);
    }

    pub(crate) fn guards(&self) -> Vec<Guard> {
        self.lock_handlers().guards.clone()
    }

    /// Drops the handlers, and everything that they hold.
    pub(crate) fn clear_handlers(&self) {
        let handlers = std::mem::take(&mut *self.lock_handlers());
        drop(handlers);
    }

    /// Drops everything that it holds, because the application may keep the namespace and no client can enter it any
    /// more.
    pub(crate) fn retire(&self) {
        self.clear_handlers();
        let history = self.lock().history.take();
        drop(history);
    }

    /// Forgets events and absent clients that are too old.
    pub(crate) fn expire(&self) {
        if let Some(history) = &mut self.lock().history {
            history.expire();
        }
    }

    /// Whether no client is away that may come back.
    pub(crate) fn is_settled(&self) -> bool {
        self.lock().history.as_mut().is_none_or(History::is_settled)
    }

    /// The socket of this private id, if it is still there: on its way out, or because the server has not noticed that
    /// its connection broke.
    pub(crate) fn predecessor(&self, pid: &str) -> Option<Socket> {
        self.lock().history.as_ref()?.present(pid).cloned()
    }

    /// Recalls the client that claims this private id.
    pub(crate) fn recall(&self, pid: &str, heard: Option<&str>) -> Result<Returning, NotRecovered> {
        self.lock().history.as_mut().ok_or(NotRecovered::Unknown)?.recall(pid, heard)
    }

    /// A client that came back was not let in; it may try again.
    pub(crate) fn put_back(&self, returning: Returning) {
        if let Some(history) = &mut self.lock().history {
            history.put_back(returning);
        }
    }

    /// Admits a socket. `confirm` tells it first, and is given the private id that the client can come back with; a
    /// client that has come back then gets what it missed, and is in its rooms.
    ///
    /// # Errors
    ///
    /// When events that a returning client missed were forgotten since it was recalled. Then it is not admitted.
    pub(crate) fn admit(
        &self,
        socket: &Socket,
        returning: Option<Returning>,
        confirm: impl FnOnce(Option<&str>),
    ) -> Result<(), NotRecovered> {
        let mut members = self.lock();
        let mut stays = Stays::default();
        let mut missed = None;
        let mut return_ticket = None;
        if let Some(history) = &mut members.history {
            return_ticket = Some(if let Some(returning) = returning {
                let events = history.missed(&returning)?;
                if !socket.has_room_for_missed(events.len()) {
                    return Err(NotRecovered::NoRoom);
                }
                missed = Some(events);
                let absent = returning.absent;
                history.arrive_again(&absent.pid, socket);
                socket.note_offset(Some(absent.last));
                stays = absent.stays;
                ReturnTicket { pid: absent.pid, since: absent.since }
            } else {
                ReturnTicket { pid: history.arrive(socket), since: history.next() }
            });
        }
        confirm(return_ticket.as_ref().map(|ticket| &*ticket.pid));
        members.keys.insert(socket.id().clone(), socket.key());
        for room in stays.rooms() {
            members.rooms.entry(Arc::clone(room)).or_default().insert(socket.key(), socket.clone());
            self.record(|| Event::Join { socket: socket.id().to_string(), room: room.to_string() });
        }
        let mut rooms = socket.memory_for_rooms();
        // It was in them before. If there is no memory for that many now, they are counted when it joins the next one.
        let _ = rooms.resize(stays.bytes_with_rooms());
        members.sockets.insert(socket.key(), Member { socket: socket.clone(), stays, rooms, return_ticket });
        if let Some(events) = missed {
            let socket_id = socket.id().to_string();
            self.record(|| Event::Recovered { socket: socket_id, events: events.len() as u64 });
            socket.catch_up(events);
        }
        Ok(())
    }

    /// Takes a socket out of its rooms and out of the namespace. If it may come back, returns the state to remember
    /// once its end is complete, without its data, which its handlers can still change.
    pub(crate) fn remove(&self, socket: &Socket, reason: DisconnectReason) -> Option<Absent> {
        let mut members = self.lock();
        let Member { stays, return_ticket, .. } = members.sockets.remove(&socket.key())?;
        members.keys.remove(socket.id());
        for room in stays.rooms() {
            members.leave_room(socket.key(), room);
            self.record_leave(socket, room);
        }
        let (Some(history), Some(ReturnTicket { pid, since })) = (&mut members.history, return_ticket) else {
            return None;
        };
        if !reason.is_recoverable() {
            history.forget(&pid);
            return None;
        }
        let (identity, data, last) = (socket.identity().clone(), BTreeMap::new(), socket.last_offset());
        let (next_ack, departed) = (socket.next_ack(), history.departure());
        Some(Absent { pid, identity, data, stays, since, last, next_ack, departed })
    }

    /// Remembers a socket that has ended completely.
    pub(crate) fn remember_absent(&self, absent: Absent) {
        if let Some(history) = &mut self.lock().history {
            history.depart(absent);
        }
    }

    pub(crate) fn join(&self, socket: &Socket, room: String) {
        let mut members = self.lock();
        let now = members.now();
        let Some(member) = members.sockets.get_mut(&socket.key()) else { return };
        if member.stays.contains(&room) {
            return;
        }
        if let Some(reason) = self.refuses_to_join(&room, member) {
            let name = format!("join {}", preview(&room));
            self.record(|| Event::Dropped { socket: socket.id().to_string(), name, reason });
            return;
        }
        let key: Arc<str> = Arc::from(room.as_str());
        member.stays.join(Arc::clone(&key), now);
        // The caller may hold the socket from before its client came back.
        let present = member.socket.clone();
        members.rooms.entry(key).or_default().insert(socket.key(), present);
        self.record(|| Event::Join { socket: socket.id().to_string(), room });
    }

    fn refuses_to_join(&self, room: &str, member: &mut Member) -> Option<String> {
        let Config { max_rooms, max_name, .. } = self.shared.config;
        if room.len() > max_name {
            Some(format!("the room's name is longer than the {max_name} bytes that the server allows"))
        } else if member.stays.len() >= max_rooms {
            Some(format!("the socket is in {max_rooms} rooms, the most that the server allows"))
        } else if !member.rooms.fits(member.stays.bytes_with_another(room)) {
            Some("the clients hold all the memory that the server allows".to_owned())
        } else {
            None
        }
    }

    pub(crate) fn leave(&self, socket: &Socket, room: &str) {
        let mut members = self.lock();
        let (now, oldest) = (members.now(), members.history.as_ref().map_or(0, History::oldest));
        let Some(member) = members.sockets.get_mut(&socket.key()) else { return };
        if member.stays.leave(room, now, oldest) {
            // A past stay takes no more than a present one.
            let _ = member.rooms.resize(member.stays.bytes_with_rooms());
            members.leave_room(socket.key(), room);
            self.record_leave(socket, room);
        }
    }

    pub(crate) fn rooms_of(&self, socket: &Socket) -> Vec<String> {
        let members = self.lock();
        let Some(member) = members.sockets.get(&socket.key()) else { return Vec::new() };
        member.stays.rooms().map(ToString::to_string).collect()
    }

    pub(crate) fn sockets(&self) -> Vec<Socket> {
        self.lock().sockets.values().map(|member| member.socket.clone()).collect()
    }

    pub(crate) fn sockets_in(&self, room: &str) -> Vec<Socket> {
        let members = self.lock();
        members.rooms.get(room).map(|sockets| sockets.values().cloned().collect()).unwrap_or_default()
    }

    pub(crate) fn rooms(&self) -> BTreeMap<String, Vec<Socket>> {
        let members = self.lock();
        let rooms = members.rooms.iter();
        rooms.map(|(room, sockets)| (room.to_string(), sockets.values().cloned().collect())).collect()
    }

    /// Sends an event, encoded with room for an offset if clients can come back.
    pub(crate) fn broadcast(
        &self,
        audience: &Audience,
        event: &str,
        encode: impl FnOnce(&str, Mark) -> serde_json::Result<Frames>,
    ) {
        let mark = if self.shared.config.recovery.is_some() { Mark::Offset } else { Mark::Nothing };
        let frames = match encode(&self.name, mark) {
            Ok(frames) => frames,
            Err(error) => {
                let sender = audience.only.as_ref().or(audience.sender.as_ref());
                return self.record(|| Event::Dropped {
                    socket: sender.map(|sender| sender.id().to_string()).unwrap_or_default(),
                    name: event.to_owned(),
                    reason: format!("the event cannot be sent as JSON: {error}"),
                });
            }
        };
        let mut members = self.lock();
        let delivery = members.delivery(audience, self.overflow());
        let is_keyed = delivery == Delivery::Queued(OverflowPolicy::KeepLatest);
        let key = is_keyed.then(|| audience.key.clone().unwrap_or_else(|| event.into()));
        let (frames, offset) = members.remember(audience, frames, delivery, self.shared.pool());
        if let Some(socket) = &audience.only {
            let socket = members.successor(socket);
            socket.note_offset(offset);
            socket.send(event, frames, key, delivery);
            return;
        }
        let (mut recipients, mut wakes) = (0, Wakes::default());
        members.visit(audience, |socket| {
            socket.note_offset(offset);
            recipients += u64::from(socket.push(event, frames.clone(), key.clone(), delivery, &mut wakes));
        });
        self.record(|| Event::Broadcast {
            socket: audience.sender.as_ref().map(|sender| sender.id().to_string()),
            name: event.to_owned(),
            rooms: audience.rooms.clone(),
            except: audience.except_rooms.clone(),
            recipients,
        });
    }

    /// The recipients of a broadcast, in the order in which they connected.
    pub(crate) fn recipients(&self, audience: &Audience) -> Vec<Socket> {
        let mut recipients = Vec::new();
        self.lock().visit(audience, |socket| recipients.push(socket.clone()));
        recipients
    }

    fn record_leave(&self, socket: &Socket, room: &str) {
        self.record(|| Event::Leave { socket: socket.id().to_string(), room: room.to_owned() });
    }

    fn lock_handlers(&self) -> MutexGuard<'_, Handlers> {
        self.handlers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Members> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Members {
    /// The offset of the next event.
    fn now(&self) -> u64 {
        self.history.as_ref().map_or(0, History::next)
    }

    /// Remembers an event for clients that are away, or will be. Returns its offset, if it has one.
    fn remember(
        &mut self,
        audience: &Audience,
        frames: Frames,
        delivery: Delivery,
        pool: &Arc<Budget>,
    ) -> (Frames, Option<u64>) {
        match &mut self.history {
            None => (frames.charged(pool), None),
            Some(history) if delivery == Delivery::Volatile => (history.stamp(frames).charged(pool), None),
            Some(history) => {
                let (frames, offset) = history.keep(audience, frames, pool);
                (frames, Some(offset))
            }
        }
    }

    /// The socket that its client has now, if it has come back since.
    fn successor<'a>(&'a self, socket: &'a Socket) -> &'a Socket {
        let member = self.history.as_ref().and_then(|_| self.sockets.get(&socket.key()));
        member.map_or(socket, |member| &member.socket)
    }

    /// An empty room is removed, so that it takes no memory.
    fn leave_room(&mut self, key: u64, room: &str) {
        if let Some(sockets) = self.rooms.get_mut(room) {
            sockets.remove(&key);
            if sockets.is_empty() {
                self.rooms.remove(room);
            }
        }
    }

    /// How an event is delivered: as the emit says, else as the first of its rooms with a policy says, else as
    /// `otherwise` says.
    fn delivery(&self, audience: &Audience, otherwise: OverflowPolicy) -> Delivery {
        if audience.volatile {
            return Delivery::Volatile;
        }
        let of_a_room = || audience.rooms.iter().find_map(|room| self.policies.get(room).copied());
        Delivery::Queued(audience.overflow.or_else(of_a_room).unwrap_or(otherwise))
    }

    /// Calls `deliver` once for each recipient, in the order in which they connected.
    fn visit(&self, audience: &Audience, mut deliver: impl FnMut(&Socket)) {
        let mut deliver = |key: u64, socket: &Socket| {
            if !self.is_left_out(audience, key) {
                deliver(socket);
            }
        };
        match audience.rooms.as_slice() {
            [] => self.sockets.iter().for_each(|(key, member)| deliver(*key, &member.socket)),
            [room] => self.in_room(room).for_each(|(key, socket)| deliver(key, socket)),
            rooms => {
                let union: BTreeMap<u64, &Socket> = rooms.iter().flat_map(|room| self.in_room(room)).collect();
                for (key, socket) in union {
                    deliver(key, socket);
                }
            }
        }
    }

    /// The members of a room, or the one socket whose id this is.
    fn in_room<'a>(&'a self, room: &str) -> Box<dyn Iterator<Item = (u64, &'a Socket)> + 'a> {
        if let Some(sockets) = self.rooms.get(room) {
            return Box::new(sockets.iter().map(|(key, socket)| (*key, socket)));
        }
        let alone = self.socket_by_id(room);
        Box::new(alone.into_iter().map(|socket| (socket.key(), socket)))
    }

    fn socket_by_id(&self, id: &str) -> Option<&Socket> {
        let key = self.keys.get(id)?;
        self.sockets.get(key).map(|member| &member.socket)
    }

    fn is_left_out(&self, audience: &Audience, key: u64) -> bool {
        audience.sender.as_ref().is_some_and(|sender| sender.key() == key)
            || audience.except_rooms.iter().any(|room| self.is_in(room, key))
    }

    fn is_in(&self, room: &str, key: u64) -> bool {
        match self.rooms.get(room) {
            Some(sockets) => sockets.contains_key(&key),
            None => self.keys.get(room) == Some(&key),
        }
    }
}
