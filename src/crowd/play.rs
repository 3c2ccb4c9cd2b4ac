//! Carries out a mind's decisions with a real client.

use std::time::Duration;

use scenario::{
    Network,
    client::{Client, Departure, Incoming},
};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};
use tracing::debug;

use super::mind::{Deed, Mind, News, Plan};

/// How long a server may take to close its end. A client that waits longer is gone all the same.
const GOODBYE_TIMEOUT: Duration = Duration::from_secs(1);

/// Plays one person until the task is dropped, or no other server can be named any more.
pub(super) async fn play(mind: Mind, network: watch::Receiver<Network>, resting: watch::Receiver<bool>) {
    let mut player = Player { mind, network, resting, client: None };
    while player.turn().await.is_ok() {}
}

/// The handle of the crowd is gone.
struct Over;

struct Player {
    mind: Mind,
    network: watch::Receiver<Network>,
    resting: watch::Receiver<bool>,
    client: Option<Client>,
}

impl Player {
    async fn turn(&mut self) -> Result<(), Over> {
        let Plan { after, deed } = self.mind.next();
        tokio::select! {
            biased;
            moved = self.network.changed() => self.follow(moved).await,
            () = ended(&mut self.client) => {
                self.client = None;
                self.mind.hear(News::Unwelcome);
                Ok(())
            }
            () = rested(after, &mut self.resting) => self.perform(deed).await,
        }
    }

    async fn perform(&mut self, deed: Deed) -> Result<(), Over> {
        match deed {
            Deed::Connect => return self.connect().await,
            Deed::Emit { event, payload } => {
                if let Some(client) = &self.client {
                    client.emit(event, Some(&payload));
                }
            }
            Deed::Disconnect => self.disconnect().await,
            Deed::Vanish => {
                if let Some(mut client) = self.client.take() {
                    let _ = timeout(GOODBYE_TIMEOUT, client.depart(Departure::Drop)).await;
                }
            }
        }
        Ok(())
    }

    async fn connect(&mut self) -> Result<(), Over> {
        let network = self.network.borrow_and_update().clone();
        let auth = self.mind.auth();
        tokio::select! {
            moved = self.network.changed() => self.follow(moved).await,
            connected = Client::connect(&network, "/", Some(&auth)) => {
                self.client = connected.inspect_err(|_| debug!("a simulated person was not admitted")).ok();
                self.mind.hear(if self.client.is_some() { News::Connected } else { News::Unwelcome });
                Ok(())
            }
        }
    }

    async fn follow(&mut self, moved: Result<(), watch::error::RecvError>) -> Result<(), Over> {
        self.disconnect().await;
        self.mind.hear(News::Moved);
        moved.map_err(|_| Over)
    }

    async fn disconnect(&mut self) {
        if let Some(mut client) = self.client.take() {
            let _ = timeout(GOODBYE_TIMEOUT, client.depart(Departure::Disconnect)).await;
        }
    }
}

/// Returns after this time, but not before a rest is over.
async fn rested(after: Duration, resting: &mut watch::Receiver<bool>) {
    sleep(after).await;
    // Without the handle of the crowd nobody rests.
    let _ = resting.wait_for(|resting| !resting).await;
}

/// Takes messages, and returns when no more will arrive. Without a client it never returns. Cancel safe.
async fn ended(client: &mut Option<Client>) {
    let Some(client) = client else { return std::future::pending().await };
    while let Some(Incoming::Event { .. } | Incoming::Ack { .. }) = client.next().await {}
}
