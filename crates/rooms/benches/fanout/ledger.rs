//! Every broadcast, which clients have to receive it, and which have: nothing is taken for granted.
//!
//! The sender and its sequence number travel in the payload. Per receiver and sender the numbers must come
//! without a gap and in order.

use std::collections::HashSet;
use std::fmt;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::histogram::Histogram;

/// Members of a room that take turns as its sender. More would make the table of expected numbers outgrow the CPU's
/// cache, and show nothing new.
const MAX_SENDERS: usize = 32;
const MARK: &[u8] = br#""taskId":""#;
const SENDER_DIGITS: usize = 5;
const NUMBER_DIGITS: usize = 10;
/// A call that is not counted: it shows which clients are in the room.
const ROLL_CALL: &str = "roll-call";

pub(crate) struct Ledger {
    members: usize,
    rooms: Vec<Room>,
    /// By receiver, then by the sender's place in its room: the number that has to come next.
    expected: Vec<u32>,
    /// By sender, then by number.
    flights: Vec<Vec<Flight>>,
    missing: HashSet<(usize, usize, u32)>,
    /// Where the mark was last found.
    mark: usize,
    epoch: Instant,
    completed: Vec<usize>,
    outstanding: u64,
    outstanding_before: u64,
    tally: Tally,
    pub(crate) latencies: Histogram,
}

/// Counts of correct deliveries and of each kind of error.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) delivered: u64,
    pub(crate) reordered: u64,
    pub(crate) duplicated: u64,
    pub(crate) lost: u64,
}

/// The packet of a room's next broadcast, and the member whose turn it is.
struct Room {
    packet: Vec<u8>,
    turn: usize,
}

/// One broadcast under way.
struct Flight {
    due: u64,
    left: u32,
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} / {} / {}", self.lost, self.reordered, self.duplicated)
    }
}

impl Ledger {
    /// Rooms of equal size; room `n` has the clients from `n * members` on.
    pub(crate) fn new(rooms: usize, members: usize, payload: usize) -> Result<Self> {
        let rooms: Vec<Room> = (0..rooms).map(|room| Room { packet: packet(room, payload), turn: 0 }).collect();
        let clients = rooms.len() * members;
        let mark = position(&rooms.first().context("no room")?.packet).context("a packet without its mark")?;
        Ok(Self {
            members,
            rooms,
            expected: vec![0; clients * members.min(MAX_SENDERS)],
            flights: (0..clients).map(|_| Vec::new()).collect(),
            missing: HashSet::new(),
            mark,
            epoch: Instant::now(),
            completed: Vec::new(),
            outstanding: 0,
            outstanding_before: 0,
            tally: Tally::default(),
            latencies: Histogram::new(),
        })
    }

    /// The next broadcast in a room: its sender and its packet. `due` is when it should leave.
    pub(crate) fn issue(&mut self, room: usize, due: Instant) -> Result<(usize, &[u8])> {
        let senders = self.members.min(MAX_SENDERS);
        let entry = &mut self.rooms[room];
        let sender = room * self.members + entry.turn;
        entry.turn = (entry.turn + 1) % senders;
        let left = u32::try_from(self.members)?;
        let number = self.flights[sender].len();
        self.flights[sender].push(Flight { due: nanoseconds(self.epoch, due), left });
        self.outstanding += u64::from(left);
        let at = position(&entry.packet).context("a packet without its mark")?;
        write_digits(&mut entry.packet[at..at + SENDER_DIGITS], sender);
        write_digits(&mut entry.packet[at + SENDER_DIGITS + 1..][..NUMBER_DIGITS], number);
        Ok((sender, &entry.packet))
    }

    /// Records a broadcast that a client received.
    pub(crate) fn receive(&mut self, receiver: usize, text: &[u8], now: Instant) -> Result<()> {
        let Some((sender, number)) = self.read(text) else { return unexpected(text) };
        let place = sender % self.members;
        let Some(flight) = self.flights.get_mut(sender).and_then(|flights| flights.get_mut(number as usize)) else {
            bail!("client {receiver} received a packet that nobody sent: {}", String::from_utf8_lossy(text));
        };
        if receiver / self.members != sender / self.members {
            bail!("client {receiver} received a packet of client {sender}, which is in another room");
        }
        let expected = &mut self.expected[receiver * self.members.min(MAX_SENDERS) + place];
        if number == *expected {
            *expected += 1;
        } else if number > *expected {
            self.missing.extend((*expected..number).map(|number| (receiver, sender, number)));
            *expected = number + 1;
        } else if self.missing.remove(&(receiver, sender, number)) {
            self.tally.reordered += 1;
        } else {
            self.tally.duplicated += 1;
            return Ok(());
        }
        self.latencies.record(nanoseconds(self.epoch, now).saturating_sub(flight.due));
        self.tally.delivered += 1;
        self.outstanding -= 1;
        flight.left -= 1;
        if flight.left == 0 {
            self.completed.push(sender / self.members);
        }
        Ok(())
    }

    /// The rooms of the broadcasts that everyone has heard since the last call.
    pub(crate) fn take_completed(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.completed)
    }

    /// Ends a measurement: deliveries that have not come are lost.
    pub(crate) fn close(&mut self) -> Tally {
        self.tally.lost = self.outstanding - self.outstanding_before;
        self.tally
    }

    /// Deliveries that are still to come.
    pub(crate) fn outstanding(&self) -> u64 {
        self.outstanding
    }

    /// Begins a measurement; earlier losses do not count.
    pub(crate) fn restart(&mut self) {
        self.outstanding_before = self.outstanding;
        self.tally = Tally::default();
        self.latencies.clear();
        self.completed.clear();
    }

    fn read(&mut self, text: &[u8]) -> Option<(usize, u32)> {
        if text.get(self.mark - MARK.len()..self.mark)? != MARK {
            self.mark = position(text)?;
        }
        let (sender, rest) = text.get(self.mark..)?.split_at_checked(SENDER_DIGITS)?;
        let number = rest.get(1..=NUMBER_DIGITS)?;
        Some((usize::try_from(digits(sender)?).ok()?, u32::try_from(digits(number)?).ok()?))
    }
}

/// A packet that shows which clients are in the room.
pub(crate) fn roll_call(room: usize) -> Vec<u8> {
    format!(r#"42["task-updated",{{"projectId":"p{room:05}","taskId":"{ROLL_CALL}"}}]"#).into_bytes()
}

pub(crate) fn is_roll_call(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.contains(ROLL_CALL))
}

fn unexpected(text: &[u8]) -> Result<()> {
    if is_roll_call(text) {
        return Ok(());
    }
    bail!("unexpected: {}", String::from_utf8_lossy(text))
}

/// An event whose payload has this many bytes as JSON. Its keys are in alphabetical order, because some servers sort
/// them.
fn packet(room: usize, payload: usize) -> Vec<u8> {
    let task = format!("{:0SENDER_DIGITS$}-{:0NUMBER_DIGITS$}", 0, 0);
    let json = |title: &str| format!(r#"{{"projectId":"p{room:05}","taskId":"{task}","title":"{title}"}}"#);
    let title = "x".repeat(payload.saturating_sub(json("").len()));
    format!(r#"42["task-updated",{}]"#, json(&title)).into_bytes()
}

/// Where the sender's number begins.
fn position(text: &[u8]) -> Option<usize> {
    text.windows(MARK.len()).position(|window| window == MARK).map(|start| start + MARK.len())
}

#[allow(clippy::cast_possible_truncation)]
fn write_digits(place: &mut [u8], mut number: usize) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

fn digits(text: &[u8]) -> Option<u64> {
    text.iter().try_fold(0, |number, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit < 10).then(|| number * 10 + u64::from(digit))
    })
}

fn nanoseconds(epoch: Instant, time: Instant) -> u64 {
    u64::try_from(time.saturating_duration_since(epoch).as_nanos()).unwrap_or(u64::MAX)
}
