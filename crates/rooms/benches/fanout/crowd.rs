//! Many clients in one thread, at little cost: one epoll, one read buffer, no task for each client, and a buffer only
//! while a frame is incomplete.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};

use crate::frame;

const BUFFER: usize = 256 * 1024;
const EVENTS: usize = 256;
/// A server that takes longer to answer a handshake is broken.
const PATIENCE: Duration = Duration::from_secs(10);
const TIMER: u64 = u64::MAX;

/// One client, connected to the root namespace.
pub(crate) struct Client {
    stream: TcpStream,
    /// The beginning of a frame whose end has not arrived.
    rest: Vec<u8>,
    /// Bytes that the server has not taken yet.
    unsent: Vec<u8>,
}

pub(crate) struct Crowd {
    epoll: OwnedFd,
    timer: OwnedFd,
    clients: Vec<Client>,
    buffer: Vec<u8>,
    events: Vec<Event>,
}

impl Client {
    /// Opens Engine.IO over WebSocket and joins the root namespace.
    pub(crate) fn connect(address: SocketAddr) -> Result<Self> {
        let mut stream = TcpStream::connect(address).context("connecting")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )?;
        let mut client = Self { stream, rest: Vec::new(), unsent: Vec::new() };
        client.read_head()?;
        let open = client.next_text()?;
        ensure!(open.starts_with(b"0{"), "no open packet but {:?}", String::from_utf8_lossy(&open));
        client.write(b"40")?;
        // Some servers ping at once.
        while !client.next_text()?.starts_with(b"40{") {}
        Ok(client)
    }

    pub(crate) fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }

    /// Sends a text; for a client that is not in a crowd yet.
    pub(crate) fn write(&mut self, text: &[u8]) -> Result<()> {
        let mut bytes = Vec::new();
        frame::write_masked(frame::TEXT, text, &mut bytes);
        Ok(self.stream.write_all(&bytes)?)
    }

    pub(crate) fn join(&mut self, room: usize) -> Result<()> {
        self.write(&join(room))
    }

    /// The next text; for a client that is not in a crowd yet.
    pub(crate) fn next_text(&mut self) -> Result<Vec<u8>> {
        loop {
            if let Some(frame) = frame::read(&self.rest)? {
                let (opcode, payload, size) = (frame.opcode, frame.payload.to_vec(), frame.size);
                self.rest.drain(..size);
                match opcode {
                    frame::TEXT if payload == b"2" => self.write(b"3")?,
                    frame::TEXT => return Ok(payload),
                    frame::CLOSE => bail!("the server closed the connection"),
                    _ => {}
                }
            } else {
                self.read_more()?;
            }
        }
    }

    fn read_head(&mut self) -> Result<()> {
        loop {
            if let Some(end) = self.rest.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&self.rest[..end]).into_owned();
                ensure!(head.starts_with("HTTP/1.1 101 "), "the server refused: {head}");
                self.rest.drain(..end + 4);
                return Ok(());
            }
            self.read_more()?;
        }
    }

    fn read_more(&mut self) -> Result<()> {
        let mut chunk = [0; 4096];
        let size = self.stream.read(&mut chunk)?;
        ensure!(size > 0, "the server closed the connection");
        self.rest.extend_from_slice(&chunk[..size]);
        Ok(())
    }

    /// Writes what it can; `true` when nothing is left.
    fn push(&mut self) -> Result<bool> {
        while !self.unsent.is_empty() {
            match self.stream.write(&self.unsent) {
                Ok(size) => drop(self.unsent.drain(..size)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }
}

/// The packet that joins a room.
pub(crate) fn join(room: usize) -> Vec<u8> {
    format!(r#"42["join-project",{{"projectId":"p{room:05}"}}]"#).into_bytes()
}

impl Crowd {
    pub(crate) fn new() -> Result<Self> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
        epoll::add(&epoll, &timer, EventData::new_u64(TIMER), EventFlags::IN)?;
        let (buffer, events) = (vec![0; BUFFER], Vec::with_capacity(EVENTS));
        Ok(Self { epoll, timer, clients: Vec::new(), buffer, events })
    }

    /// Adds a client; returns its number.
    pub(crate) fn add(&mut self, client: Client) -> Result<usize> {
        let number = self.clients.len();
        client.stream.set_nonblocking(true)?;
        epoll::add(&self.epoll, &client.stream, EventData::new_u64(number as u64), EventFlags::IN)?;
        self.clients.push(client);
        Ok(number)
    }

    /// Ends [`Crowd::poll`] at a fixed rate, more precisely than its timeout could; `None` stops that.
    pub(crate) fn tick(&mut self, period: Option<Duration>) -> Result<()> {
        let period = Timespec::try_from(period.unwrap_or_default())?;
        let timer = Itimerspec { it_interval: period, it_value: period };
        timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &timer)?;
        Ok(())
    }

    pub(crate) fn send(&mut self, number: usize, text: &[u8]) -> Result<()> {
        let client = &mut self.clients[number];
        frame::write_masked(frame::TEXT, text, &mut client.unsent);
        if !client.push()? {
            self.watch(number, EventFlags::IN | EventFlags::OUT)?;
        }
        Ok(())
    }

    /// Waits until something arrives, then hands each text to `heard`, with its client and the time.
    pub(crate) fn poll(
        &mut self,
        timeout: Duration,
        mut heard: impl FnMut(usize, &[u8], Instant) -> Result<()>,
    ) -> Result<()> {
        let mut events = std::mem::take(&mut self.events);
        events.clear();
        match epoll::wait(&self.epoll, spare_capacity(&mut events), Some(&Timespec::try_from(timeout)?)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        for event in &events {
            let (data, flags) = (event.data, event.flags);
            let Ok(number) = usize::try_from(data.u64()) else { continue };
            if data.u64() == TIMER {
                // Rearms it. An error means that it has been stopped.
                let _ = rustix::io::read(&self.timer, &mut [0; 8]);
                continue;
            }
            if flags.contains(EventFlags::OUT) && self.clients[number].push()? {
                self.watch(number, EventFlags::IN)?;
            }
            if flags.intersects(EventFlags::IN | EventFlags::HUP | EventFlags::ERR) {
                self.read(number, &mut heard).with_context(|| format!("client {number}"))?;
            }
        }
        self.events = events;
        Ok(())
    }

    /// Waits until nothing has arrived for as long as `silence`.
    pub(crate) fn poll_until_silent(&mut self, silence: Duration, mut heard: impl FnMut(usize, &[u8])) -> Result<()> {
        let mut last = Instant::now();
        while last.elapsed() < silence {
            self.poll(silence, |number, text, now| {
                last = now;
                heard(number, text);
                Ok(())
            })?;
        }
        Ok(())
    }

    fn read(&mut self, number: usize, heard: &mut impl FnMut(usize, &[u8], Instant) -> Result<()>) -> Result<()> {
        let client = &mut self.clients[number];
        let kept = client.rest.len();
        if self.buffer.len() < kept + BUFFER / 2 {
            self.buffer.resize(kept + BUFFER, 0);
        }
        self.buffer[..kept].copy_from_slice(&client.rest);
        let size = match client.stream.read(&mut self.buffer[kept..]) {
            Ok(0) => bail!("the server closed the connection"),
            Ok(size) => size,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let now = Instant::now();
        let mut bytes = &self.buffer[..kept + size];
        while let Some(frame) = frame::read(bytes)? {
            match frame.opcode {
                frame::TEXT if frame.payload == b"2" => {
                    frame::write_masked(frame::TEXT, b"3", &mut client.unsent);
                    client.push()?;
                }
                frame::TEXT => heard(number, frame.payload, now)?,
                frame::CLOSE => bail!("the server closed the connection: {:?}", frame.payload),
                _ => {}
            }
            bytes = &bytes[frame.size..];
        }
        client.rest.clear();
        client.rest.extend_from_slice(bytes);
        Ok(())
    }

    fn watch(&self, number: usize, flags: EventFlags) -> Result<()> {
        Ok(epoll::modify(&self.epoll, &self.clients[number].stream, EventData::new_u64(number as u64), flags)?)
    }
}
