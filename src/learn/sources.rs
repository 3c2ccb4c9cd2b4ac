//! Everything but the terminal that sends messages to the model.
//!
//! The loop listens to it for as long as the workshop is open, even while an editor has the terminal: unread messages
//! would pile up in memory, and the verdict of a finished check would not be recorded.

use rooms::records::Records;
use tokio::sync::mpsc;

use super::message::Message;
use super::trouble::Trouble;
use crate::watch::{ExerciseWatcher, LessonWatcher};

/// The tasks, the embedded server, and the folder of the exercises.
pub(super) struct Sources {
    pub(super) messages: mpsc::Receiver<Message>,
    /// The answers of the saver.
    pub(super) answers: mpsc::UnboundedReceiver<Message>,
    pub(super) records: Records,
    /// Without it, the learner checks by hand.
    pub(super) watcher: Option<ExerciseWatcher>,
    /// Without it, lessons stay as they were when the workshop was opened.
    pub(super) lessons: Option<LessonWatcher>,
}

impl Sources {
    /// The next thing that happens. Cancel safe.
    pub(super) async fn next(&mut self) -> Message {
        tokio::select! {
            biased;
            // The saver sends no more than it was asked for, while a server can print without end.
            Some(answer) = self.answers.recv() => answer,
            Some(message) = self.messages.recv() => message,
            Some(record) = self.records.next() => Message::Embedded(record),
            Some(exercise) = next_save(&mut self.watcher) => Message::Saved { exercise },
            Some(()) = next_change(&mut self.lessons) => Message::LessonsChanged,
            else => std::future::pending().await,
        }
    }

    /// Failed requests that were not reported yet, once the screen is gone.
    pub(super) fn untold(&mut self) -> Option<anyhow::Error> {
        std::iter::from_fn(|| self.answers.try_recv().ok()).find_map(not_done)
    }

    /// Passes messages on until `work` is done.
    pub(super) async fn take_during<T>(&mut self, work: impl Future<Output = T>, mut take: impl FnMut(Message)) -> T {
        tokio::pin!(work);
        loop {
            tokio::select! {
                biased;
                output = &mut work => return output,
                message = self.next() => take(message),
            }
        }
    }
}

/// Why a request on the learner's files failed. The saver itself reports failed saves of the progress and the notes.
fn not_done(answer: Message) -> Option<anyhow::Error> {
    if let Message::Trouble(Trouble::File(error)) = answer {
        Some(error.into())
    } else if let Message::Reset { result: Err(error), .. } = answer {
        Some(error.into())
    } else if let Message::Planted { result: Err(error), .. } = answer {
        Some(error.into())
    } else {
        None
    }
}

async fn next_change(lessons: &mut Option<LessonWatcher>) -> Option<()> {
    lessons.as_mut()?.changed().await
}

async fn next_save(watcher: &mut Option<ExerciseWatcher>) -> Option<String> {
    watcher.as_mut()?.saved().await
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::time::Duration;

    use rooms::Config;
    use rooms::observer::Event;
    use scenario::Network;
    use scenario::client::Client;
    use scenario::network::Address;
    use tokio::time::timeout;

    use super::*;
    use crate::learn::message::StepBug;
    use crate::progress::{Access, FileError};
    use crate::server::Embedded;

    #[test]
    fn what_was_not_done_at_the_end_is_told() {
        let unreadable =
            || FileError { access: Access::Read, path: "echo.rs".into(), source: ErrorKind::IsADirectory.into() };
        let about = StepBug { step: "lesson/debug".to_owned(), bug: "bug".to_owned() };
        for answer in [
            Message::Trouble(unreadable().into()),
            Message::Reset { exercise: "echo".to_owned(), result: Err(unreadable().into()) },
            Message::Planted { about, result: Err(unreadable().into()) },
        ] {
            assert_eq!(not_done(answer).unwrap().to_string(), unreadable().to_string());
        }
        assert!(not_done(Message::Written { exercise: "echo".to_owned() }).is_none());
    }

    #[tokio::test]
    async fn messages_are_taken_while_the_work_goes_on() {
        let (server, records) = Embedded::bind("127.0.0.1:0".parse().unwrap(), Config::default()).await.unwrap();
        let (sender, messages) = mpsc::channel(1);
        let (_answerer, answers) = mpsc::unbounded_channel();
        let mut sources = Sources { messages, answers, records, watcher: None, lessons: None };
        let (seen, mut both) = mpsc::unbounded_channel();
        let work = async {
            let network = Network::Tcp(Address::parse(&server.address().to_string()).unwrap());
            let ann = Client::connect(&network, "/", None).await.unwrap();
            sender.send(Message::Prepared(Ok(()))).await.unwrap();
            // The work is over only when both have been taken.
            (both.recv().await, both.recv().await, ann)
        };
        let take = |message| match message {
            Message::Embedded(record) if matches!(record.event, Event::Connect { .. }) => seen.send("record").unwrap(),
            Message::Prepared(_) => seen.send("message").unwrap(),
            _ => {}
        };
        let (one, other, _ann) =
            timeout(Duration::from_secs(10), sources.take_during(work, take)).await.expect("nobody takes anything");
        assert_ne!(one, other);
    }
}
