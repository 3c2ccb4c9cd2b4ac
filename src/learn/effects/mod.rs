//! Carries out the model's effects. Everything slow runs in a task or a thread and comes back as a [`Message`].
//!
//! | file | holds |
//! |---|---|
//! | `task` | a task that ends with its handle |
//! | `messages` | how tasks send messages to the loop |
//! | `checks` | checks, assertions, fixes, the first build |
//! | `server` | the learner's own server, and `visitors`, its clients |
//! | `shows` | plays a step's show, on the embedded server or on one that is built for it |
//! | `files` | the learner's files, which the thread of the [`Saver`] reads and writes |

mod checks;
mod files;
mod messages;
mod server;
mod shows;
mod task;
mod visitors;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use judge::Workshop;
use scenario::Network;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::course::Course;
use crate::crowd::Crowd;
use crate::progress::{Assertions, Backups, Notes, Store};

use self::checks::Checks;
use self::files::Files;
use self::messages::Messages;
use self::server::Server;
use self::shows::Shows;
use self::task::Task;
use super::message::{Effect, Message};
use super::saver::{NotSaved, Saver, Written};

/// Messages that may wait for the model. A server that prints faster has to wait.
pub(super) const WAITING_MESSAGES: usize = 1024;

/// Effects that only the main loop can carry out.
#[derive(Debug)]
pub(super) enum Outside {
    /// Hand the terminal to an editor, once all pending writes are done; then read the note again, if it is one.
    Edit { path: PathBuf, line: Option<u32>, note: Option<String>, written: Written },
    /// Leave.
    Quit,
}

/// Runs effects. A task that begins again ends the one before.
pub(super) struct Effects {
    checks: Checks,
    server: Server,
    shows: Shows,
    files: Arc<Files>,
    saver: Saver,
    check: Task,
    attempt: Task,
    fix: Task,
    /// The first build.
    preparing: Task,
    /// The learner's own server.
    serving: Task,
    /// The show of a step.
    showing: Task,
    /// The lessons, once more.
    reading: Task,
}

impl Effects {
    /// `messages` takes the messages of tasks, and `answers` those of the saver, which never sends more than it was
    /// asked for.
    pub(super) fn new(
        workshop: &Workshop,
        home: &Path,
        store: Store,
        embedded: Network,
        crowd: Crowd,
        messages: mpsc::Sender<Message>,
        answers: mpsc::UnboundedSender<Message>,
    ) -> Self {
        let messages = Messages(messages);
        let (notes, assertions, crowd) = (Notes::new(home), Assertions::new(home), Arc::new(crowd));
        let files = Files {
            workshop: workshop.clone(),
            notes: notes.clone(),
            backups: Backups::new(home),
            assertions: assertions.clone(),
        };
        Self {
            checks: Checks { workshop: workshop.clone(), assertions, messages: messages.clone() },
            server: Server {
                workshop: workshop.clone(),
                embedded: embedded.clone(),
                crowd: Arc::clone(&crowd),
                messages: messages.clone(),
            },
            shows: Shows { workshop: workshop.clone(), embedded, crowd, messages },
            files: Arc::new(files),
            saver: Saver::start(store, notes, answers),
            check: Task::default(),
            attempt: Task::default(),
            fix: Task::default(),
            preparing: Task::default(),
            serving: Task::default(),
            showing: Task::default(),
            reading: Task::default(),
        }
    }

    /// Builds the libraries that all exercises need, so that the first check is quick.
    pub(super) fn prepare(&mut self) {
        let checks = self.checks.clone();
        self.preparing.replace(async move { checks.prepare().await });
    }

    /// Runs one effect, or returns one that only the main loop can carry out.
    pub(super) fn run(&mut self, effect: Effect) -> Option<Outside> {
        match effect {
            Effect::Quit => return Some(Outside::Quit),
            Effect::EditExercise { exercise, line } => {
                return Some(self.edit(self.files.exercise(&exercise), line, None));
            }
            Effect::EditAssertion { exercise, bug } => {
                return Some(self.edit(self.files.assertions.path(&exercise, &bug), None, None));
            }
            Effect::EditNote { id } => return Some(self.edit(self.files.notes.path(&id), None, Some(id))),
            Effect::Check { exercise } => {
                let checks = self.checks.clone();
                self.check.replace(async move { checks.check(exercise).await });
            }
            Effect::TryAssertion { exercise, about, planted } => {
                let checks = self.checks.clone();
                self.attempt.replace(async move { checks.try_assertion(&exercise, about, &planted).await });
            }
            Effect::CheckFix { exercise, about } => {
                let checks = self.checks.clone();
                self.fix.replace(async move { checks.check_fix(&exercise, about).await });
            }
            Effect::StartLive { exercise } => {
                let server = self.server.clone();
                self.serving.replace(async move { server.serve(exercise).await });
            }
            Effect::StopLive => {
                self.serving.end();
                self.server.stopped();
            }
            Effect::Show { number, show } => {
                let shows = self.shows.clone();
                shows.crowd.rest(true);
                self.showing.replace(async move { shows.show(number, *show).await });
            }
            Effect::Reload => {
                let (root, messages) = (self.files.workshop.layout.root().to_owned(), self.shows.messages.clone());
                self.reading.replace(async move {
                    // A task that was ended has nothing to tell.
                    if let Ok(course) = spawn_blocking(move || Course::load(&root)).await {
                        messages.tell(Message::Reloaded(course.map(Box::new))).await;
                    }
                });
            }
            Effect::EndShow => {
                self.showing.end();
                self.shows.crowd.rest(false);
            }
            Effect::SaveProgress(progress) => self.saver.save(progress),
            Effect::SaveNote { id, note } => self.saver.save_note(id, note),
            Effect::LoadNote { id } => self.errand(move |files| Some(files.load_note(id))),
            Effect::WriteExercise { exercise, text } => self.errand(move |files| Some(files.write(exercise, &text))),
            Effect::Reset { exercise, starter } => self.errand(move |files| Some(files.reset(exercise, &starter))),
            Effect::Plant { step, exercise, bug } => {
                self.errand(move |files| Some(files.plant(step, &exercise, &bug)));
            }
            Effect::Compare { exercise } => self.errand(move |files| Some(files.compare(exercise))),
        }
        None
    }

    /// Ends every task and waits until they are over.
    pub(super) async fn end_tasks(&mut self) {
        let Self { check, attempt, fix, preparing, serving, showing, reading, .. } = self;
        for task in [check, attempt, fix, preparing, serving, showing, reading] {
            task.ended().await;
        }
    }

    /// Waits until everything is written.
    pub(super) fn save_last(self) -> Result<(), NotSaved> {
        self.saver.finish()
    }

    /// The learner's own editor had this note open.
    pub(super) fn note_edited(&mut self, id: String) {
        self.saver.note_edited(id.clone());
        self.errand(move |files| Some(files.load_note(id)));
    }

    fn edit(&self, path: PathBuf, line: Option<u32>, note: Option<String>) -> Outside {
        Outside::Edit { path, line, note, written: self.saver.written() }
    }

    /// Runs `work` on the learner's files, after all earlier requests.
    fn errand(&self, work: impl FnOnce(&Files) -> Option<Message> + Send + 'static) {
        let files = Arc::clone(&self.files);
        self.saver.run(move || work(&files));
    }
}
