//! The learner's own server and its visitors.

use std::sync::Arc;

use judge::{Live, Package, Workshop};
use scenario::Network;
use scenario::network::Address;

use super::messages::Messages;
use super::task::Task;
use super::visitors;
use crate::crowd::Crowd;
use crate::learn::jobs::Job;
use crate::learn::message::Message;
use crate::learn::trouble::ServerError;

/// Everything that serving needs.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) workshop: Workshop,
    pub(super) embedded: Network,
    pub(super) crowd: Arc<Crowd>,
    pub(super) messages: Messages,
}

impl Server {
    /// Builds an exercise and serves it until it ends or this is given up.
    pub(super) async fn serve(&self, exercise: String) {
        let on_progress = self.messages.progress_of(Job::Serve);
        let why = match judge::live(&self.workshop, Package::Exercises, &exercise, &on_progress).await {
            Ok(live) => self.watch(exercise, live).await,
            Err(error) => error.into(),
        };
        self.messages.tell(Message::LiveEnded(Some(why))).await;
    }

    /// The task that served has ended, as requested.
    pub(super) fn stopped(&self) {
        self.crowd.follow(self.embedded.clone());
        self.messages.tell_now(Message::LiveEnded(None));
    }

    /// Passes on a server's records until it ends, and returns why it ended.
    async fn watch(&self, exercise: String, mut live: Live) -> ServerError {
        let visitors = self.invite(&exercise, &live.address);
        self.messages.tell(Message::LiveStarted { exercise, address: live.address.clone() }).await;
        while let Some(line) = live.records.recv().await {
            let message = match serde_json::from_str(&line) {
                Ok(record) => Message::Live(record),
                Err(_) => Message::LivePrinted(line),
            };
            self.messages.tell(message).await;
        }
        drop(visitors);
        let end = live.stop().await;
        self.crowd.follow(self.embedded.clone());
        end.map_or_else(ServerError::Lost, |end| ServerError::Ended(end.message))
    }

    /// Sends the simulated people, or the clients of the exercise's own scenarios, for as long as the task is held.
    fn invite(&self, exercise: &str, address: &str) -> Task {
        let mut visitors = Task::default();
        if let Ok(address) = Address::parse(address) {
            let network = Network::Tcp(address);
            let scripts = visitors::scripts(&self.workshop.layout.scenarios(exercise));
            if scripts.is_empty() {
                self.crowd.follow(network);
            } else {
                visitors.replace(visitors::play(scripts, network));
            }
        }
        visitors
    }
}
