//! The floor: the same worked example as a loop of system calls. It parses just enough, encodes a broadcast once, and
//! writes once for each connection and round. It has no limits, errors or timers: it is not a server for real use.

use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;

use anyhow::{Context, Result};
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::frame;

const LISTENER: u64 = u64::MAX;
const BUFFER: usize = 64 * 1024;

struct Connection {
    stream: TcpStream,
    open: bool,
    rest: Vec<u8>,
    unsent: Vec<u8>,
    dirty: bool,
}

struct Floor {
    epoll: OwnedFd,
    listener: TcpListener,
    connections: Vec<Connection>,
    rooms: HashMap<Vec<u8>, Vec<usize>>,
    dirty: Vec<usize>,
    buffer: Vec<u8>,
}

pub(crate) fn serve() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    let epoll = epoll::create(CreateFlags::CLOEXEC)?;
    epoll::add(&epoll, &listener, EventData::new_u64(LISTENER), EventFlags::IN)?;
    let (connections, rooms, dirty) = (Vec::new(), HashMap::new(), Vec::new());
    Floor { epoll, listener, connections, rooms, dirty, buffer: vec![0; BUFFER] }.run()
}

impl Floor {
    fn run(mut self) -> Result<()> {
        let mut events: Vec<Event> = Vec::with_capacity(256);
        loop {
            epoll::wait(&self.epoll, spare_capacity(&mut events), None)?;
            for event in events.drain(..) {
                let data = event.data;
                match usize::try_from(data.u64()) {
                    Ok(number) if number < self.connections.len() => self.serve(number, event.flags)?,
                    _ => self.accept()?,
                }
            }
            for number in std::mem::take(&mut self.dirty) {
                self.connections[number].dirty = false;
                self.write(number)?;
            }
        }
    }

    fn accept(&mut self) -> Result<()> {
        let (stream, _) = self.listener.accept()?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        epoll::add(&self.epoll, &stream, EventData::new_u64(self.connections.len() as u64), EventFlags::IN)?;
        self.connections.push(Connection { stream, open: false, rest: Vec::new(), unsent: Vec::new(), dirty: false });
        Ok(())
    }

    fn serve(&mut self, number: usize, flags: EventFlags) -> Result<()> {
        if flags.contains(EventFlags::OUT) {
            self.write(number)?;
        }
        if !flags.intersects(EventFlags::IN | EventFlags::HUP | EventFlags::ERR) {
            return Ok(());
        }
        match self.connections[number].stream.read(&mut self.buffer) {
            Ok(size) if size > 0 => {
                let mut bytes = std::mem::take(&mut self.connections[number].rest);
                bytes.extend_from_slice(&self.buffer[..size]);
                let used = self.read(number, &mut bytes)?;
                bytes.drain(..used);
                self.connections[number].rest = bytes;
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            _ => self.forget(number)?,
        }
        Ok(())
    }

    fn forget(&mut self, number: usize) -> Result<()> {
        for members in self.rooms.values_mut() {
            members.retain(|member| *member != number);
        }
        Ok(epoll::delete(&self.epoll, &self.connections[number].stream)?)
    }

    /// Handles the complete packets in these bytes; returns how many bytes they were.
    fn read(&mut self, number: usize, bytes: &mut [u8]) -> Result<usize> {
        if !self.connections[number].open {
            return self.open(number, bytes);
        }
        let mut used = 0;
        while let Some((head, length)) = masked_head(&bytes[used..]) {
            let Some(payload) = bytes.get_mut(used + head..used + head + length) else { break };
            unmask(payload);
            self.packet(number, &payload[4..]);
            used += head + length;
        }
        Ok(used)
    }

    fn open(&mut self, number: usize, bytes: &[u8]) -> Result<usize> {
        let Some(end) = find(bytes, b"\r\n\r\n") else { return Ok(0) };
        let key = between(bytes, b"Sec-WebSocket-Key: ", b'\r').context("a request without a key")?;
        let accept = derive_accept_key(key);
        let connection = &mut self.connections[number];
        write!(
            connection.unsent,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {accept}\r\n\r\n"
        )?;
        let open = br#"0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;
        connection.open = true;
        self.send(number, open);
        Ok(end + 4)
    }

    fn packet(&mut self, number: usize, text: &[u8]) {
        if text == b"40" {
            return self.send(number, br#"40{"sid":"x"}"#);
        }
        let Some(room) = between(text, br#""projectId":""#, b'"') else { return };
        if text.starts_with(br#"42["join-project""#) {
            let members = self.rooms.entry(room.to_vec()).or_default();
            if !members.contains(&number) {
                members.push(number);
            }
            return;
        }
        let mut packet = Vec::with_capacity(text.len() + 4);
        frame::write_bare(frame::TEXT, text, &mut packet);
        for member in self.rooms.get(room).into_iter().flatten() {
            append(&mut self.connections[*member], *member, &packet, &mut self.dirty);
        }
    }

    fn send(&mut self, number: usize, text: &[u8]) {
        let mut packet = Vec::new();
        frame::write_bare(frame::TEXT, text, &mut packet);
        append(&mut self.connections[number], number, &packet, &mut self.dirty);
    }

    fn write(&mut self, number: usize) -> Result<()> {
        let connection = &mut self.connections[number];
        let flags = match connection.stream.write(&connection.unsent) {
            Ok(size) if size == connection.unsent.len() => {
                connection.unsent.clear();
                return Ok(());
            }
            Ok(size) => {
                connection.unsent.drain(..size);
                EventFlags::IN | EventFlags::OUT
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => EventFlags::IN | EventFlags::OUT,
            Err(_) => return Ok(()),
        };
        Ok(epoll::modify(&self.epoll, &connection.stream, EventData::new_u64(number as u64), flags)?)
    }
}

fn append(connection: &mut Connection, number: usize, packet: &[u8], dirty: &mut Vec<usize>) {
    connection.unsent.extend_from_slice(packet);
    if !connection.dirty {
        connection.dirty = true;
        dirty.push(number);
    }
}

/// The length of a masked frame's head without its mask, and of its mask and payload.
fn masked_head(bytes: &[u8]) -> Option<(usize, usize)> {
    match bytes {
        [_, 254, a, b, ..] => Some((4, 4 + usize::from(u16::from_be_bytes([*a, *b])))),
        [_, 255, ..] | [] | [_] => None,
        [_, length, ..] => Some((2, 4 + usize::from(length & 0x7f))),
    }
}

/// Removes the mask, which is in the first four bytes, from the rest.
fn unmask(payload: &mut [u8]) {
    let (mask, text) = payload.split_at_mut(4);
    text.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
}

fn between<'a>(bytes: &'a [u8], before: &[u8], after: u8) -> Option<&'a [u8]> {
    let start = find(bytes, before)? + before.len();
    let length = bytes[start..].iter().position(|byte| *byte == after)?;
    Some(&bytes[start..start + length])
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
