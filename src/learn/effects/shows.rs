//! Plays a step's show: on the embedded server if that runs the show's program, and else on one that is built for it.

use std::collections::BTreeSet;
use std::future::pending;
use std::path::Path;
use std::sync::Arc;

use judge::{Live, Subject, Workshop};
use layout::folder::stem;
use scenario::network::Address;
use scenario::run::{self, Staying};
use scenario::{Network, Script};
use tracing::trace;

use super::messages::Messages;
use super::visitors;
use crate::course::{Show, Stage};
use crate::coursework::stage::is_embedded;
use crate::crowd::Crowd;
use crate::learn::jobs::Job;
use crate::learn::message::{Message, Played};
use crate::learn::trouble::ShowError;

/// Everything that shows need.
#[derive(Clone)]
pub(super) struct Shows {
    pub(super) workshop: Workshop,
    pub(super) embedded: Network,
    pub(super) crowd: Arc<Crowd>,
    pub(super) messages: Messages,
}

impl Shows {
    /// Plays a show. Its clients stay until the future is dropped, and so does its server.
    pub(super) async fn show(&self, number: u64, show: Show) {
        match self.server(&show.stage).await {
            Ok(None) => self.play(number, show, self.embedded.clone()).await,
            Ok(Some((live, network))) => {
                self.messages.tell(Message::ShowServed { number, address: live.address.clone() }).await;
                tokio::join!(self.tell_of(number, live), self.play(number, show, network));
            }
            Err(error) => self.messages.tell(Message::Shown { number, result: Err(error) }).await,
        }
    }

    /// A server with the show's program; none if the embedded one has it.
    async fn server(&self, stage: &Stage) -> Result<Option<(Live, Network)>, ShowError> {
        if is_embedded(stage) {
            return Ok(None);
        }
        let (exercise, on_progress) = (stem(&stage.file), self.messages.progress_of(Job::Show));
        let subject = Subject { file: &stage.file, exercise: &exercise };
        let live = judge::live_text(&self.workshop, subject, &stage.program(), &on_progress).await?;
        let network = Network::Tcp(Address::parse(&live.address)?);
        Ok(Some((live, network)))
    }

    /// Passes on what happens on a server, as long as it runs.
    async fn tell_of(&self, number: u64, mut live: Live) {
        while let Some(line) = live.records.recv().await {
            if let Ok(record) = serde_json::from_str(&line) {
                self.messages.tell(Message::ShowRecord { number, record }).await;
            } else {
                trace!("a line that the program of a show printed is dropped");
            }
        }
    }

    async fn play(&self, number: u64, show: Show, network: Network) {
        let (result, _staying) = match play(&show, network).await {
            Ok((played, staying)) => (Ok(played), Some(staying)),
            Err(error) => (Err(error), None),
        };
        self.messages.tell(Message::Shown { number, result }).await;
        pending::<()>().await;
    }
}

async fn play(show: &Show, network: Network) -> Result<(Played, Staying), ShowError> {
    let script = Script::parse(&show.scenario, Path::new(&show.name))?;
    let (outcome, staying) = run::run_slowly(&script, network, visitors::PACE).await?;
    let connected: BTreeSet<_> = outcome.names.values().collect();
    let clients: Vec<_> = script.clients.iter().filter(|name| connected.contains(name)).cloned().collect();
    let transcript = &outcome.transcript;
    Ok((Played { transcript: transcript.to_string(), tally: transcript.tally(&clients) }, staying))
}
