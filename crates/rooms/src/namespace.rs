//! The state of one namespace: who is connected, and who is in which room.
//!
//! One lock guards both. A broadcast holds it while it fills the members' queues, so any two members
//! of two rooms see the same two broadcasts in the same order. Application code never runs under it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::time::Instant;

use crate::broadcast::Audience;
use crate::config::{Config, OverflowPolicy};
use crate::encode;
use crate::observer::{Event, Observer, Record};
use crate::outbox::Delivery;
use crate::socket::{Socket, SocketId};

/// What all namespaces of a server share.
pub(crate) struct Shared {
    pub(crate) config: Config,
    observer: Option<Box<dyn Observer>>,
    started: Instant,
    next_key: AtomicU64,
}

impl Shared {
    pub(crate) fn new(config: Config, observer: Option<Box<dyn Observer>>) -> Self {
        Self { config, observer, started: Instant::now(), next_key: AtomicU64::new(0) }
    }

    pub(crate) fn record(&self, event: impl FnOnce() -> Event) {
        // Where nobody watches, the record is not even made.
        if let Some(observer) = &self.observer {
            observer.observe(self.stamp(event()));
        }
    }

    /// A record of something that happens now.
    pub(crate) fn stamp(&self, event: Event) -> Record {
        let at_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Record { at_ms, event }
    }

    pub(crate) fn next_key(&self) -> u64 {
        self.next_key.fetch_add(1, Ordering::Relaxed)
    }
}

type ConnectionHandler = dyn Fn(Socket) + Send + Sync;

/// One namespace.
pub(crate) struct Namespace {
    name: String,
    shared: Arc<Shared>,
    members: Mutex<Members>,
    on_connection: Mutex<Vec<Arc<ConnectionHandler>>>,
}

/// Sockets are kept by connection order, so that a broadcast visits them in the same order each time.
#[derive(Default)]
struct Members {
    sockets: BTreeMap<u64, Member>,
    keys: HashMap<SocketId, u64>,
    rooms: BTreeMap<Arc<str>, BTreeMap<u64, Socket>>,
    /// Those of rooms that have one of their own, whether or not somebody is in them.
    policies: HashMap<String, OverflowPolicy>,
}

struct Member {
    socket: Socket,
    rooms: BTreeSet<Arc<str>>,
}

impl Namespace {
    pub(crate) fn new(name: String, shared: Arc<Shared>) -> Self {
        Self { name, shared, members: Mutex::default(), on_connection: Mutex::default() }
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
        self.on_connection.lock().unwrap_or_else(PoisonError::into_inner).push(handler);
    }

    pub(crate) fn connection_handlers(&self) -> Vec<Arc<ConnectionHandler>> {
        self.on_connection.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn add(&self, socket: Socket) {
        let mut members = self.lock();
        members.keys.insert(socket.id().clone(), socket.key());
        members.sockets.insert(socket.key(), Member { socket, rooms: BTreeSet::new() });
    }

    /// Takes a socket out of its rooms and out of the namespace.
    pub(crate) fn remove(&self, socket: &Socket) {
        let mut members = self.lock();
        let Some(member) = members.sockets.remove(&socket.key()) else { return };
        members.keys.remove(socket.id());
        for room in member.rooms {
            members.leave_room(socket.key(), &room);
            self.record_leave(socket, &room);
        }
    }

    pub(crate) fn join(&self, socket: &Socket, room: String) {
        let mut members = self.lock();
        let max_rooms = self.shared.config.max_rooms;
        let Some(member) = members.sockets.get_mut(&socket.key()) else { return };
        if member.rooms.contains(room.as_str()) {
            return;
        }
        if member.rooms.len() >= max_rooms {
            let reason = format!("the socket is in {max_rooms} rooms, the most that the server allows");
            self.record(|| Event::Dropped { socket: socket.id().to_string(), name: format!("join {room}"), reason });
            return;
        }
        let key: Arc<str> = Arc::from(room.as_str());
        member.rooms.insert(Arc::clone(&key));
        members.rooms.entry(key).or_default().insert(socket.key(), socket.clone());
        self.record(|| Event::Join { socket: socket.id().to_string(), room });
    }

    pub(crate) fn leave(&self, socket: &Socket, room: &str) {
        let mut members = self.lock();
        let Some(member) = members.sockets.get_mut(&socket.key()) else { return };
        if member.rooms.remove(room) {
            members.leave_room(socket.key(), room);
            self.record_leave(socket, room);
        }
    }

    pub(crate) fn rooms_of(&self, socket: &Socket) -> Vec<String> {
        let members = self.lock();
        let Some(member) = members.sockets.get(&socket.key()) else { return Vec::new() };
        member.rooms.iter().map(ToString::to_string).collect()
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

    pub(crate) fn broadcast(&self, audience: &Audience, event: &str, payload: &impl Serialize) {
        let frames = match encode::event(&self.name, event, payload, None) {
            Ok(frames) => frames,
            Err(error) => {
                return self.record(|| Event::Dropped {
                    socket: audience.sender.as_ref().map(|sender| sender.id().to_string()).unwrap_or_default(),
                    name: event.to_owned(),
                    reason: format!("the payload is no JSON: {error}"),
                });
            }
        };
        let members = self.lock();
        let delivery = members.delivery(audience, self.overflow());
        let is_keyed = delivery == Delivery::Queued(OverflowPolicy::KeepLatest);
        let key = is_keyed.then(|| audience.key.clone().unwrap_or_else(|| event.into()));
        if let Some(socket) = &audience.only {
            drop(members);
            socket.send(event, frames, key, delivery);
            return;
        }
        let mut recipients = 0;
        members.visit(audience, |socket| {
            recipients += u64::from(socket.push(event, frames.clone(), key.clone(), delivery));
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

    fn lock(&self) -> MutexGuard<'_, Members> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Members {
    /// An empty room is no room: it takes no memory.
    fn leave_room(&mut self, key: u64, room: &str) {
        if let Some(sockets) = self.rooms.get_mut(room) {
            sockets.remove(&key);
            if sockets.is_empty() {
                self.rooms.remove(room);
            }
        }
    }

    /// How an event is delivered: as the emit says, or the first of its rooms that says something, or else.
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
