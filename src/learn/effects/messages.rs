//! How tasks send messages to the loop.

use judge::Progress;
use tokio::sync::mpsc::{self, error::TrySendError};
use tracing::debug;

use crate::learn::jobs::Job;
use crate::learn::message::Message;

/// The sender of messages to the loop.
#[derive(Debug, Clone)]
pub(super) struct Messages(pub(super) mpsc::Sender<Message>);

impl Messages {
    /// Sends, as soon as there is room.
    pub(super) async fn tell(&self, message: Message) {
        // Nobody listens when the workshop is being left.
        if self.0.send(message).await.is_err() {
            debug!("a task had news after the end");
        }
    }

    /// For short messages from the main loop, which must not wait for itself.
    pub(super) fn tell_now(&self, message: Message) {
        if let Err(TrySendError::Full(message)) = self.0.try_send(message) {
            debug!("so many messages wait for the loop that its own has to");
            let messages = self.clone();
            tokio::spawn(async move { messages.tell(message).await });
        }
    }

    /// Reports the progress of a job.
    pub(super) fn progress_of(&self, job: Job) -> impl Fn(Progress) + Send + Sync + use<> {
        self.progress(move |progress| Message::JobProgress { job, progress })
    }

    /// Reports progress as these messages.
    pub(super) fn progress<F: Fn(Progress) -> Message + Send + Sync>(
        &self,
        as_message: F,
    ) -> impl Fn(Progress) + Send + Sync + use<F> {
        let messages = self.0.clone();
        move |progress| {
            // The next one will do just as well.
            if let Err(error) = messages.try_send(as_message(progress)) {
                debug!(%error, "progress of a job is dropped");
            }
        }
    }
}
