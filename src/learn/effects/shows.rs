//! Plays a step's show on the embedded server.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use scenario::run::{self, Staying};
use scenario::{Network, Script};

use super::messages::Messages;
use super::visitors;
use crate::course::Show;
use crate::crowd::Crowd;
use crate::learn::message::{Message, Played};
use crate::learn::trouble::ShowError;

/// The server on which shows are played.
#[derive(Clone)]
pub(super) struct Stage {
    pub(super) embedded: Network,
    pub(super) crowd: Arc<Crowd>,
    pub(super) messages: Messages,
}

impl Stage {
    /// Plays a show. Its clients stay until the future is dropped.
    pub(super) async fn show(&self, show: Show) {
        let (result, _staying) = match self.play(&show).await {
            Ok((played, staying)) => (Ok(played), Some(staying)),
            Err(error) => (Err(error), None),
        };
        self.messages.tell(Message::Shown { name: show.name, result }).await;
        std::future::pending::<()>().await;
    }

    async fn play(&self, show: &Show) -> Result<(Played, Staying), ShowError> {
        let script = Script::parse(&show.scenario, Path::new(&show.name))?;
        let (outcome, staying) = run::run_slowly(&script, self.embedded.clone(), visitors::PACE).await?;
        let connected: BTreeSet<_> = outcome.names.values().collect();
        let clients: Vec<_> = script.clients.iter().filter(|name| connected.contains(name)).cloned().collect();
        let transcript = &outcome.transcript;
        Ok((Played { transcript: transcript.to_string(), tally: transcript.tally(&clients) }, staying))
    }
}
