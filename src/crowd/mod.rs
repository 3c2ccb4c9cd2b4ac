//! Simulated people on a real server, so that there is something to watch from the first second.
//!
//! Each is a Socket.IO client with a name, projects and habits: they join, update tasks, leave, lose their connection
//! and come back at a human pace; some send events that a server must refuse or ignore, and one is noisy. They can go
//! to any server: the embedded one, or the learner's own. While it is away they try again, more and more patiently.
//!
//! | file | holds |
//! |---|---|
//! | `script` | the people and their habits, as data |
//! | `mind` | decides what one of them does next, without clock or network |
//! | `play` | does it |

mod mind;
mod play;
mod script;

use scenario::Network;
use tokio::{sync::watch, task::JoinSet};
use tracing::warn;

use mind::Mind;
use script::PEOPLE;

/// The events that they send.
pub const EVENTS: [&str; 2] = ["join-project", "task-updated"];

/// The people, for as long as this exists. Dropping it cuts their connections at once.
#[derive(Debug)]
pub struct Crowd {
    network: watch::Sender<Network>,
    resting: watch::Sender<bool>,
    /// A set, because that aborts its tasks when it is dropped.
    _people: JoinSet<()>,
}

impl Crowd {
    /// Sends them to a server. The same seed gives the same people's decisions.
    pub fn start(network: Network, seed: u64) -> Self {
        let (sender, receiver) = watch::channel(network);
        let (resting, rest) = watch::channel(false);
        let mut people = JoinSet::new();
        for (person, seed) in PEOPLE.iter().zip(seed..) {
            people.spawn(play::play(Mind::new(person, seed), receiver.clone(), rest.clone()));
        }
        Self { network: sender, resting, _people: people }
    }

    /// Makes them leave, and arrive at another server as they arrived at the first, even if it has the same address.
    pub fn follow(&self, network: Network) {
        // Nobody listens when every task has ended; then there is nobody to move.
        if self.network.send(network).is_err() {
            warn!("the simulated people are gone");
        }
    }

    /// Makes them pause wherever they are, or go on, so that the actions of others can be seen.
    pub fn rest(&self, resting: bool) {
        self.resting.send_replace(resting);
    }
}

#[cfg(test)]
mod tests;
