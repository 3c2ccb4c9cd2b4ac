//! Saves the learner's progress without holding up a key.
//!
//! A save waits for the disk. A separate thread does it, and all other work on the learner's files, in the order of the
//! requests. It always saves the newest state of the progress: an older one that is still waiting is superseded, not
//! queued. A failed save is tried again for a while at the end, and [`Saver::finish`] tells whether it succeeded.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};
use tracing::{debug, error, warn};

use super::message::Message;
use super::trouble::Trouble;
use crate::progress::{FileError, Note, Notes, Progress, SaveError, Store};

/// How often the last save is tried again, and the pause before each. By then the obstacle may be gone, a lock for
/// example.
const RETRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(100);

/// How long a disk may take for it. A disk that takes longer will not finish.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// A save that takes longer than this is worth a warning in the log.
const SLOW: Duration = Duration::from_millis(500);

/// Why not everything is saved.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotSaved {
    #[error("your last changes are not saved: {0}")]
    Progress(#[from] SaveError),
    #[error("your last changes are not saved: {0}")]
    Note(#[from] FileError),
    #[error("your last changes are not saved: the disk takes more than {} s. See that it works", PATIENCE.as_secs())]
    Endless,
    /// Its panic has been reported already.
    #[error("your last changes are not saved")]
    Panicked,
}

impl NotSaved {
    /// Whether the same save may succeed a moment later.
    fn may_pass(&self) -> bool {
        match self {
            Self::Progress(error) => error.may_pass(),
            Self::Note(error) => error.may_pass(),
            Self::Endless | Self::Panicked => false,
        }
    }
}

/// Work on files, and the message to the loop about it.
type Errand = Box<dyn FnOnce() -> Option<Message> + Send>;

enum Request {
    Progress(Box<Progress>),
    Note(String, Note),
    /// The note may have been written in another program.
    NoteEdited(String),
    Errand(Errand),
    Written(oneshot::Sender<()>),
}

/// Completes when all earlier requests are done.
pub(super) type Written = oneshot::Receiver<()>;

/// Writes in the background. [`Saver::finish`] waits for the last save.
#[derive(Debug)]
pub(super) struct Saver {
    /// `None` once there are no more requests.
    requests: Option<Sender<Request>>,
    last: Receiver<Result<(), NotSaved>>,
}

impl Drop for Saver {
    /// If a panic ends the workshop, waiting requests are still carried out.
    fn drop(&mut self) {
        if self.requests.is_some()
            && let Err(error) = self.end()
        {
            error!(%error, "the workshop broke off");
        }
    }
}

impl Saver {
    /// Saves to `store` and `notes`. The answers of errands go to `answers`, and so does each failed save.
    pub(super) fn start(store: Store, notes: Notes, answers: mpsc::UnboundedSender<Message>) -> Self {
        let (requests, waiting) = channel();
        let (ended, last) = channel();
        thread::spawn(move || {
            let mut writer = Writer { store, notes, answers, progress: None, unsaved_notes: BTreeMap::new() };
            writer.write_all(&waiting);
            if ended.send(writer.finish()).is_err() {
                warn!("the last save ended after the program had lost its patience");
            }
        });
        Self { requests: Some(requests), last }
    }

    /// Saves this state soon.
    pub(super) fn save(&self, progress: Box<Progress>) {
        self.ask(Request::Progress(progress));
    }

    /// Saves a note soon.
    pub(super) fn save_note(&self, id: String, note: Note) {
        self.ask(Request::Note(id, note));
    }

    /// A note has been in the learner's own editor: if its file can be read, that text replaces one that could not be
    /// saved before.
    pub(super) fn note_edited(&self, id: String) {
        self.ask(Request::NoteEdited(id));
    }

    /// Runs an errand soon, and passes its answer to the loop.
    pub(super) fn run(&self, errand: impl FnOnce() -> Option<Message> + Send + 'static) {
        self.ask(Request::Errand(Box::new(errand)));
    }

    /// Completes when all requests up to now are done.
    pub(super) fn written(&self) -> Written {
        let (done, written) = oneshot::channel();
        self.ask(Request::Written(done));
        written
    }

    /// Waits until the last state and all notes are saved, and says why if they are not.
    pub(super) fn finish(mut self) -> Result<(), NotSaved> {
        self.end()
    }

    fn end(&mut self) -> Result<(), NotSaved> {
        self.requests = None;
        match self.last.recv_timeout(PATIENCE) {
            Ok(saved) => saved,
            Err(RecvTimeoutError::Timeout) => Err(NotSaved::Endless),
            Err(RecvTimeoutError::Disconnected) => Err(NotSaved::Panicked),
        }
    }

    fn ask(&self, request: Request) {
        // The thread ends only with this handle, unless it panicked.
        if self.requests.as_ref().is_none_or(|requests| requests.send(request).is_err()) {
            error!("nothing is saved any more: the thread that saves has ended");
        }
    }
}

/// The state of the thread.
struct Writer {
    store: Store,
    notes: Notes,
    answers: mpsc::UnboundedSender<Message>,
    /// The newest state that waits to be saved, or could not be.
    progress: Option<Box<Progress>>,
    /// The notes that could not be saved.
    unsaved_notes: BTreeMap<String, Note>,
}

impl Writer {
    /// Handles requests until there will be no more.
    fn write_all(&mut self, waiting: &Receiver<Request>) {
        while let Ok(first) = waiting.recv() {
            let mut is_asked = false;
            for request in std::iter::once(first).chain(waiting.try_iter()) {
                match request {
                    Request::Progress(progress) => (self.progress, is_asked) = (Some(progress), true),
                    Request::Note(id, note) => self.write_note(id, note),
                    Request::NoteEdited(id) => self.forget_if_readable(&id),
                    Request::Errand(errand) => errand().into_iter().for_each(|answer| self.tell(answer)),
                    Request::Written(done) => {
                        self.write_progress(&mut is_asked);
                        // Nobody may be waiting any more.
                        let _ = done.send(());
                    }
                }
            }
            self.write_progress(&mut is_asked);
        }
    }

    fn write_progress(&mut self, is_asked: &mut bool) {
        if std::mem::take(is_asked)
            && let Err(error) = self.save_progress()
        {
            self.tell(Message::Trouble(Trouble::Progress(error)));
        }
    }

    fn forget_if_readable(&mut self, id: &str) {
        if self.notes.read(id).is_ok() {
            self.unsaved_notes.remove(id);
        }
    }

    fn write_note(&mut self, id: String, note: Note) {
        match timed("a note", || self.notes.write(&id, &note)) {
            Ok(()) => drop(self.unsaved_notes.remove(&id)),
            Err(error) => {
                self.unsaved_notes.insert(id, note);
                self.tell(Message::Trouble(Trouble::Note(error)));
            }
        }
    }

    fn save_progress(&mut self) -> Result<(), SaveError> {
        if let Some(progress) = &self.progress {
            timed("progress", || self.store.save(progress))?;
            self.progress = None;
        }
        Ok(())
    }

    /// Tries to save everything that is still unsaved, for a while.
    fn finish(&mut self) -> Result<(), NotSaved> {
        for _ in 0..RETRIES {
            let errors = self.save_rest();
            if !errors.iter().any(NotSaved::may_pass) {
                return errors.into_iter().next().map_or(Ok(()), Err);
            }
            thread::sleep(PAUSE);
        }
        self.save_rest().into_iter().next().map_or(Ok(()), Err)
    }

    /// A note that cannot be saved does not prevent others from being saved.
    fn save_rest(&mut self) -> Vec<NotSaved> {
        let mut errors: Vec<NotSaved> = self.save_progress().err().into_iter().map(NotSaved::from).collect();
        let notes = &self.notes;
        self.unsaved_notes.retain(|id, note| {
            let saved = timed("a note", || notes.write(id, note));
            saved.map_err(|error| errors.push(error.into())).is_err()
        });
        errors
    }

    fn tell(&self, message: Message) {
        // The workshop may be closing.
        if self.answers.send(message).is_err() {
            debug!("the thread that saves had news after the end");
        }
    }
}

/// Saves something, and logs the outcome.
fn timed<E: std::fmt::Display>(what: &str, save: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
    let began = Instant::now();
    let saved = save();
    let ms = began.elapsed().as_millis();
    match &saved {
        Err(error) => error!(%error, ms, "{what} could not be saved"),
        Ok(()) if began.elapsed() > SLOW => warn!(ms, "{what} was saved slowly"),
        Ok(()) => debug!(ms, "{what} was saved"),
    }
    saved
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use tempfile::TempDir;
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    use super::*;
    use crate::progress::Place;

    fn at(number: usize) -> Box<Progress> {
        let mut progress = Progress::default();
        progress.enter(Place::new("lesson", &format!("step-{number}")), 1);
        Box::new(progress)
    }

    fn note(text: &str) -> Note {
        Note { question: "Why?".to_owned(), text: text.to_owned() }
    }

    fn started(home: &Path) -> (Saver, UnboundedReceiver<Message>) {
        let (answers, told) = unbounded_channel();
        (Saver::start(Store::open(home, 0).store, Notes::new(home), answers), told)
    }

    fn troubles(mut told: UnboundedReceiver<Message>) -> Vec<String> {
        let mut troubles = Vec::new();
        while let Ok(message) = told.try_recv() {
            let Message::Trouble(trouble) = message else { panic!("{message:?}") };
            troubles.push(trouble.to_string());
        }
        troubles
    }

    /// Holds everything up that is asked for later, until the handle is dropped.
    fn held_up(saver: &Saver) -> Sender<()> {
        let (let_go, held) = channel();
        saver.run(move || {
            let _ = held.recv();
            None
        });
        let_go
    }

    fn home() -> TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn the_newest_state_is_on_disk_in_the_end() {
        let home = home();
        let (saver, told) = started(home.path());
        for number in 0..100 {
            saver.save(at(number));
        }
        saver.finish().unwrap();
        assert_eq!(troubles(told), Vec::<String>::new());
        assert_eq!(Store::open(home.path(), 0).progress, *at(99));
    }

    #[test]
    fn a_panic_of_the_workshop_loses_nothing_that_waits() {
        let home = home();
        let (saver, _told) = started(home.path());
        // Dropped before the saver when the panic unwinds.
        let let_go = held_up(&saver);
        saver.save(at(1));
        let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
            let _saver = saver;
            let _let_go = let_go;
            std::panic::resume_unwind(Box::new("no message for the log of the tests"));
        }));
        assert!(unwound.is_err());
        assert_eq!(Store::open(home.path(), 0).progress, *at(1));
    }

    #[test]
    fn a_last_save_that_fails_is_tried_again() {
        let home = home();
        let (state, notes) = (home.path().join("state.json"), home.path().join("notes"));
        let (saver, told) = started(home.path());
        fs::create_dir(&state).unwrap();
        fs::write(&notes, "in the way of the folder").unwrap();
        saver.save_note("a".to_owned(), note("words"));
        saver.save(at(1));
        saver.written().blocking_recv().unwrap();
        saver.save(at(2));
        saver.run(move || {
            fs::remove_dir(state).unwrap();
            fs::remove_file(notes).unwrap();
            None
        });
        saver.finish().unwrap();
        assert_eq!(Store::open(home.path(), 0).progress, *at(2));
        assert_eq!(Notes::new(home.path()).read("a").unwrap(), Some(note("words")));
        assert!(troubles(told)[0].starts_with("Your note is not saved: cannot read "));
    }

    #[test]
    fn at_the_end_a_note_that_cannot_be_saved_does_not_prevent_others() {
        let home = home();
        let notes = home.path().join("notes");
        let (saver, _told) = started(home.path());
        fs::write(&notes, "in the way of the folder").unwrap();
        fs::create_dir(home.path().join("state.json")).unwrap();
        for id in ["a", "b", "c"] {
            saver.save_note(id.to_owned(), note(id));
        }
        saver.save(at(1));
        saver.written().blocking_recv().unwrap();
        fs::remove_file(&notes).unwrap();
        fs::create_dir_all(notes.join("b.md")).unwrap();
        saver.finish().unwrap_err();
        for id in ["a", "c"] {
            assert_eq!(Notes::new(home.path()).read(id).unwrap(), Some(note(id)));
        }
    }

    #[test]
    fn a_note_that_was_written_in_another_program_is_not_overwritten_at_the_end() {
        let home = home();
        let file = home.path().join("notes/a.md");
        let (saver, _told) = started(home.path());
        fs::create_dir(home.path().join("notes")).unwrap();
        fs::write(&file, [0xff]).unwrap();
        saver.save_note("a".to_owned(), note("not saved"));
        saver.note_edited("a".to_owned());
        saver.written().blocking_recv().unwrap();
        fs::write(&file, "# Why?\n\nnot saved before, and read now").unwrap();
        let before = fs::read(&file).unwrap();
        saver.note_edited("a".to_owned());
        saver.finish().unwrap();
        assert_eq!(fs::read(&file).unwrap(), before);
    }

    #[test]
    fn the_state_is_saved_when_everything_is_written() {
        let home = home();
        let (saver, _told) = started(home.path());
        // Until all the others wait.
        let let_go = held_up(&saver);
        saver.save(at(1));
        let written = saver.written();
        let state = home.path().to_owned();
        let (seen, at_once) = channel();
        saver.run(move || {
            let _ = seen.send(state.join("state.json").exists());
            None
        });
        drop(let_go);
        written.blocking_recv().unwrap();
        assert!(at_once.recv().unwrap());
        saver.finish().unwrap();
    }

    #[test]
    fn a_permanent_failure_says_where_and_why() {
        for (file, in_the_way) in [("state.json", "state.json"), ("notes/a.md", "notes/a.md")] {
            let home = home();
            let (saver, told) = started(home.path());
            fs::create_dir_all(home.path().join(in_the_way)).unwrap();
            saver.save_note("a".to_owned(), note("words"));
            saver.save(at(1));
            let error = saver.finish().unwrap_err().to_string();
            let path = home.path().join(file);
            assert!(error.starts_with("your last changes are not saved: cannot "), "{error}");
            assert!(error.contains(&path.display().to_string()), "{error}");
            assert_eq!(troubles(told).len(), 1, "the other one is saved");
        }
    }

    #[test]
    fn requests_are_done_in_order_and_the_last_write_stands() {
        let home = home();
        let (saver, mut told) = started(home.path());
        let notes = Notes::new(home.path());
        for number in 0..20 {
            saver.save_note("a".to_owned(), note(&number.to_string()));
            let notes = notes.clone();
            saver.run(move || Some(Message::NoteLoaded { id: number.to_string(), result: notes.read("a") }));
        }
        saver.written().blocking_recv().unwrap();
        for number in 0..20 {
            let Ok(Message::NoteLoaded { id, result: Ok(Some(read)) }) = told.try_recv() else { panic!("{number}") };
            assert_eq!((id, read), (number.to_string(), note(&number.to_string())));
        }
        saver.finish().unwrap();
        assert_eq!(notes.read("a").unwrap(), Some(note("19")));
    }

    #[test]
    fn a_slow_errand_is_waited_for_before_the_end() {
        let home = home();
        let (saver, _told) = started(home.path());
        let (let_go, held) = channel::<()>();
        let file = home.path().join("done");
        let path = file.clone();
        saver.run(move || {
            // Held up until the handle of the test is gone.
            let _ = held.recv();
            fs::write(path, "").unwrap();
            None
        });
        let written = saver.written();
        drop(let_go);
        saver.finish().unwrap();
        written.blocking_recv().unwrap();
        assert!(file.exists());
    }
}
