//! Warnings: states of a socket that deserve the learner's attention.

use std::fmt;
use std::sync::Arc;

use super::roster::Roster;
use super::socket::Socket;

/// A condition to warn of. It keeps no state: `check` is told whether it held before.
pub trait Warning: fmt::Debug + Send + Sync {
    /// One word for it, shown beside the socket.
    fn name(&self) -> &'static str;

    /// What it means, for a help screen.
    fn summary(&self) -> &'static str;

    /// Whether it holds for `socket`. `held` says whether it did a moment ago, so that it need not flicker.
    fn check(&self, socket: &Socket, peers: &Peers, held: bool) -> bool;

    /// A line about a socket for which the warning holds.
    fn format(&self, socket: &Socket) -> String;
}

/// How busy all sockets are, so that one can be compared with the others.
#[derive(Debug, Clone, Default)]
pub struct Peers {
    received: Vec<f64>,
}

impl Peers {
    pub(super) fn new<'a>(sockets: impl Iterator<Item = &'a Socket>) -> Self {
        let mut received: Vec<f64> = sockets.filter_map(Socket::recent).map(|sample| sample.received).collect();
        received.sort_by(f64::total_cmp);
        Self { received }
    }

    /// The median of the recent rates, without one that equals `own`; 0 if there is no other.
    pub fn median_received_without(&self, own: f64) -> f64 {
        let own_at = self.received.partition_point(|rate| *rate < own);
        let others = self.received.len().saturating_sub(1);
        let middle = others / 2;
        let at = if middle >= own_at { middle + 1 } else { middle };
        if others == 0 { 0.0 } else { self.received.get(at).copied().unwrap_or_default() }
    }
}

/// A client that sends far more than the others.
#[derive(Debug, Clone, PartialEq)]
pub struct NoisyClient {
    /// Events a second from which a client is noisy.
    pub from: f64,
    /// Events a second below which a noisy client is quiet again.
    pub until: f64,
    /// How many times the rate of the others makes a client noisy; half of that keeps it noisy.
    pub times_others: f64,
}

impl Default for NoisyClient {
    fn default() -> Self {
        Self { from: 10.0, until: 5.0, times_others: 4.0 }
    }
}

impl Warning for NoisyClient {
    fn name(&self) -> &'static str {
        "noisy"
    }

    fn summary(&self) -> &'static str {
        "sends far more events than the other clients"
    }

    fn check(&self, socket: &Socket, peers: &Peers, held: bool) -> bool {
        let Some(recent) = socket.recent() else { return false };
        let others = peers.median_received_without(recent.received);
        let (least, times) = if held { (self.until, self.times_others / 2.0) } else { (self.from, self.times_others) };
        recent.received >= least && recent.received >= times * others
    }

    fn format(&self, socket: &Socket) -> String {
        let rate = socket.recent().unwrap_or_default().received;
        format!("sends {rate:.0} events a second")
    }
}

/// A client that reads more slowly than the server writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SlowClient;

impl Warning for SlowClient {
    fn name(&self) -> &'static str {
        "slow"
    }

    fn summary(&self) -> &'static str {
        "reads too slowly: loses events, unless it is cut off"
    }

    fn check(&self, socket: &Socket, _: &Peers, held: bool) -> bool {
        // One sample with a drop is enough to start; to end, the whole window has to be without.
        let recent = if held { socket.recent() } else { None };
        recent.unwrap_or_else(|| socket.rates()).dropped > 0.0
    }

    fn format(&self, socket: &Socket) -> String {
        match socket.dropped() {
            1 => "reads too slowly, 1 event dropped".to_owned(),
            dropped => format!("reads too slowly, {dropped} events dropped"),
        }
    }
}

/// The warnings that a monitor looks for.
#[derive(Debug, Clone)]
pub(super) struct Watch(Vec<Arc<dyn Warning>>);

impl Default for Watch {
    fn default() -> Self {
        Self(vec![Arc::new(NoisyClient::default()), Arc::new(SlowClient)])
    }
}

impl Watch {
    pub(super) fn new(warnings: Vec<Arc<dyn Warning>>) -> Self {
        Self(warnings)
    }

    pub(super) fn kinds(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.0.iter().map(|warning| (warning.name(), warning.summary()))
    }

    /// Puts on each connected socket the flags of the warnings that hold for it.
    pub(super) fn check(&self, roster: &mut Roster) {
        let peers = Peers::new(roster.sockets().filter(|socket| socket.gone.is_none()));
        for socket in roster.sockets_mut().filter(|socket| socket.gone.is_none()) {
            let holds = |warning: &&Arc<dyn Warning>| {
                let held = socket.flags.contains(&warning.name());
                warning.check(socket, &peers, held)
            };
            socket.flags = self.0.iter().filter(holds).map(|warning| warning.name()).collect();
        }
    }

    pub(super) fn lines<'a>(&self, roster: &'a Roster) -> Vec<(&'a Socket, String)> {
        let flagged = roster.sockets().filter(|socket| !socket.flags.is_empty());
        flagged.flat_map(|socket| self.flags_of(socket).map(move |line| (socket, line))).collect()
    }

    fn flags_of(&self, socket: &Socket) -> impl Iterator<Item = String> {
        self.0.iter().filter(|warning| socket.flags.contains(&warning.name())).map(|warning| warning.format(socket))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_that_of_the_others() {
        let peers = |rates: &[f64]| Peers { received: rates.to_vec() };
        for (rates, own, median) in [
            (&[][..], 3.0, 0.0),
            (&[50.0], 50.0, 0.0),
            (&[1.0, 50.0], 50.0, 1.0),
            (&[1.0, 50.0], 1.0, 50.0),
            (&[1.0, 2.0, 3.0, 50.0], 50.0, 2.0),
            (&[1.0, 2.0, 3.0, 50.0], 2.0, 3.0),
            (&[7.0, 7.0, 7.0], 7.0, 7.0),
        ] {
            let found = peers(rates).median_received_without(own);
            assert!((found - median).abs() < f64::EPSILON, "{rates:?} without {own}: {found}");
        }
    }
}
