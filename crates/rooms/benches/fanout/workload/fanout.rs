//! Members of rooms send to their rooms, as fast as the server can or at a fixed rate.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::{Scale, setup};
use crate::crowd::Crowd;
use crate::ledger::Ledger;
use crate::report::Figure;
use crate::target::{Target, own_cpu};

/// Bytes of a broadcast's payload as JSON.
const PAYLOAD: usize = 142;
/// Deliveries in flight at any time when the server is saturated.
const IN_FLIGHT: usize = 4000;
/// Deliveries a second when it is not.
const RATE: u32 = 10_000;
/// After this, a delivery that has not come is lost.
const DRAIN: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) rooms: usize,
    pub(crate) members: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    /// A closed loop: when everyone has heard a broadcast, the next one leaves.
    Saturated,
    /// An open loop: broadcasts leave when they are due, whatever the server does.
    Paced,
}

impl fmt::Display for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.rooms == 1 { "" } else { "s" };
        write!(formatter, "{} clients, {} room{plural}", self.rooms * self.members, self.rooms)
    }
}

#[allow(clippy::cast_precision_loss)]
pub(crate) fn measure(target: &Target, shape: Shape, load: Load, scale: Scale) -> Result<Vec<Figure>> {
    let mut crowd = setup::fill_rooms(target, shape.rooms, shape.members)?;
    let mut ledger = Ledger::new(shape.rooms, shape.members, PAYLOAD)?;
    let mut fanout = Fanout { crowd: &mut crowd, ledger: &mut ledger, shape };
    fanout.run(load, scale.duration / 4)?;
    fanout.ledger.restart();
    let (cpu, own, start) = (target.cpu()?, own_cpu(), Instant::now());
    fanout.run(load, scale.duration)?;
    let (took, own) = (start.elapsed(), own_cpu() - own);
    let (cpu, memory) = (target.cpu()? - cpu, target.memory()?);
    let tally = ledger.close();
    ensure!(tally.delivered > 0, "nothing was delivered");
    let delivered = tally.delivered as f64;
    Ok(vec![
        Figure::number("deliveries a second", delivered / took.as_secs_f64()).more_is_better(),
        Figure::number("server CPU a delivery, us", cpu / delivered * 1e6),
        Figure::number("latency p50, ms", ledger.latencies.quantile(0.5).as_secs_f64() * 1e3),
        Figure::number("latency p99, ms", ledger.latencies.quantile(0.99).as_secs_f64() * 1e3),
        Figure::number("RSS, MB", memory.now / 1e6),
        Figure::text("lost / reordered / twice", tally.to_string()),
        Figure::number("load's CPU a delivery, us", own / delivered * 1e6).aside(),
    ])
}

pub(crate) struct Fanout<'a> {
    pub(crate) crowd: &'a mut Crowd,
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) shape: Shape,
}

impl Fanout<'_> {
    fn run(&mut self, load: Load, duration: Duration) -> Result<()> {
        match load {
            Load::Saturated => self.saturate(duration),
            Load::Paced => {
                let members = u32::try_from(self.shape.members)?;
                self.pace(Duration::from_secs(1) * members / RATE, duration)
            }
        }
    }

    fn saturate(&mut self, duration: Duration) -> Result<()> {
        let end = Instant::now() + duration;
        let in_flight = (IN_FLIGHT / (self.shape.rooms * self.shape.members)).max(1);
        for turn in 0..self.shape.rooms * in_flight {
            self.send(turn % self.shape.rooms, Instant::now())?;
        }
        while Instant::now() < end {
            self.hear(end - Instant::now())?;
            for room in self.ledger.take_completed() {
                self.send(room, Instant::now())?;
            }
        }
        self.drain()
    }

    /// One broadcast a period, the rooms in turn.
    pub(crate) fn pace(&mut self, period: Duration, duration: Duration) -> Result<()> {
        let start = Instant::now();
        self.crowd.tick(Some(period))?;
        let mut due = Duration::ZERO;
        let mut room = 0;
        while due < duration {
            while due <= start.elapsed() && due < duration {
                self.send(room, start + due)?;
                room = (room + 1) % self.shape.rooms;
                due += period;
            }
            self.hear(period * 10)?;
        }
        self.crowd.tick(None)?;
        self.drain()
    }

    fn send(&mut self, room: usize, due: Instant) -> Result<()> {
        let (sender, packet) = self.ledger.issue(room, due)?;
        self.crowd.send(sender, packet)
    }

    fn hear(&mut self, timeout: Duration) -> Result<()> {
        let ledger = &mut *self.ledger;
        self.crowd.poll(timeout, |receiver, text, now| ledger.receive(receiver, text, now))
    }

    fn drain(&mut self) -> Result<()> {
        let end = Instant::now() + DRAIN;
        while self.ledger.outstanding() > 0 && Instant::now() < end {
            self.hear(Duration::from_millis(100))?;
        }
        Ok(())
    }
}
