//! What a server keeps of clients that have gone.
//!
//! A server that forgets to forget looks right in every scenario: only its memory grows, with each client that was ever
//! there. So the steps of a script are played many times on one server, as the lives of as many clients. When all of them
//! have gone, the bytes in use are read, and once more after three times as many lives. What is needed once is there at both
//! looks. What is kept of each client has grown, also where it is in a collection that doubles its room from time to time.

mod fresh;
mod kept;

use rooms::Io;
use serde::{Deserialize, Serialize};

use crate::clock::{Coarse, Paused};
use crate::explain::explain;
use crate::run::{DELAYED_WORK, RunError, config, play_again};
use crate::script::{Action, Memory, Script, Step};
pub use kept::{Kept, Lives, Look};

/// After how many lives to look, each time three times as many. The last look is only for a memory that has grown before.
const FEW: [u32; 3] = [10, 30, 90];
/// The clients of many lives.
const THOUSANDS: u32 = 10_000;

/// How often a script is played between two looks at the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repetitions {
    /// So few that nobody notices the time; more if the memory grows. What grows up to a bound, such as a list of the latest
    /// fifty, may be taken for what grows for ever after a few times.
    Few,
    /// So many that ten thousand clients come and go.
    Thousands,
}

impl Repetitions {
    /// After how many lives to look, if each is that of so many clients.
    fn looks(self, clients: u32) -> Vec<u32> {
        match self {
            Self::Few => FEW.to_vec(),
            Self::Thousands => [THOUSANDS / 3, THOUSANDS].map(|all| all.div_ceil(clients.max(1))).to_vec(),
        }
    }
}

/// A script about memory, to be played many times.
pub struct Living<'a> {
    /// The script.
    pub script: &'a Script,
    /// What it says is forgotten.
    pub memory: &'a Memory,
    /// Called each time before it is played.
    pub on_step: &'a (dyn Fn(String) + Sync),
    /// Says how many bytes are in use.
    pub live_bytes: fn() -> usize,
}

impl Living<'_> {
    /// Plays it on one server. Nothing comes of an application that waits in real time: under a virtual clock, it may still
    /// be at work at the moment of a look.
    ///
    /// # Errors
    ///
    /// As [`run`](crate::run()).
    pub fn play(&self, repetitions: Repetitions, app: impl FnOnce(&Io)) -> Result<Option<Lives>, RunError> {
        let io = Io::new(config(&self.script.server));
        let playing = async {
            app(&io);
            self.live_and_look(&io, repetitions).await
        };
        let (lives, waits) = Paused::new(Coarse::default())?.run(playing);
        let lives = lives?;
        Ok(waits.is_empty().then_some(lives))
    }

    async fn live_and_look(&self, io: &Io, repetitions: Repetitions) -> Result<Lives, RunError> {
        let clients = self.clients();
        let (mut kept, mut so_far) = (Kept::default(), 0);
        for lives in repetitions.looks(clients) {
            for before in so_far..lives {
                if let Some(why) = self.live(io, before).await? {
                    return Ok(Lives::Ended { before, why });
                }
            }
            so_far = lives;
            tokio::time::sleep(DELAYED_WORK).await;
            let later = Look { clients: lives.saturating_mul(clients), bytes: (self.live_bytes)() };
            kept = Kept { earlier: kept.later, later };
            if kept.earlier != Look::default() && kept.of_each() == 0 {
                break;
            }
        }
        Ok(Lives::Played(kept))
    }

    /// How many clients come each time.
    fn clients(&self) -> u32 {
        let come = |step: &Step| if let Action::Connect { clients, .. } = &step.action { clients.len() } else { 0 };
        u32::try_from(self.script.steps.iter().map(come).sum::<usize>()).unwrap_or(u32::MAX)
    }

    /// Plays it once more, and says why that came to another end, if it did.
    async fn live(&self, io: &Io, before: u32) -> Result<Option<String>, RunError> {
        (self.on_step)(format!("repetition {}", before + 1));
        let outcome = play_again(&self.script.of_life(before, &self.memory.fresh), io).await?;
        Ok(outcome.end.is_some().then(|| explain(&outcome, None).text))
    }
}
