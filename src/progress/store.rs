//! Loading and saving `state.json`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::files::{self, FileError};
use super::lock::{self, Held, Session};
use super::notice::Notice;
use super::state::{Progress, SCHEMA};

const STATE: &str = "state.json";
const BACKUP: &str = "state.json.bak";

/// Where progress is kept. Get one from [`Store::open`].
#[derive(Debug, Clone)]
pub struct Store {
    home: PathBuf,
    read_only: Option<Notice>,
    session: Option<Arc<Held>>,
}

/// What [`Store::open`] found.
#[derive(Debug)]
pub struct Opened {
    /// Where to save.
    pub store: Store,
    /// What was saved; a fresh start if there was nothing, or nothing that could be read.
    pub progress: Progress,
    /// What the learner has to be told.
    pub notice: Option<Notice>,
}

/// Another program has this workshop open, and alone writes its state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`rtws learn` has this workshop open{}", .process.map_or(String::new(), |id| format!(" (process {id})")))]
pub struct InUse {
    /// The other program, if it is known.
    pub process: Option<u32>,
}

/// Progress could not be saved. The session goes on.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Saving would destroy what is there; said when it was opened.
    #[error("{0}")]
    ReadOnly(Notice),
    /// Somebody else may save, and nobody else.
    #[error("{0}, so this is not recorded")]
    InUse(#[from] InUse),
    /// The state could not be put into JSON.
    #[error("cannot put your progress into JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// What a file with a state says.
enum Found {
    Nothing,
    Unreadable,
    State(Box<Progress>),
    Newer(u32, Option<Box<Progress>>),
}

impl Store {
    /// Like [`Store::open`], for a program that goes on for long: until the store is dropped nobody else saves.
    ///
    /// # Errors
    ///
    /// When another program has done the same.
    pub fn open_session(home: &Path, now: u64) -> Result<Opened, InUse> {
        let _turn = lock::turn(home);
        match lock::session(home) {
            Session::Taken(process) => Err(InUse { process }),
            Session::Free(held) => {
                let mut opened = Self::open(home, now);
                opened.store.session = held.map(Arc::new);
                Ok(opened)
            }
        }
    }

    /// Who has the workshop open, if somebody has.
    pub fn in_use(home: &Path) -> Option<InUse> {
        let _turn = lock::turn(home);
        match lock::session(home) {
            Session::Taken(process) => Some(InUse { process }),
            Session::Free(_) => None,
        }
    }

    /// Changes what is saved in `home` as it is now, and saves it before anybody else changes it. The answer of `change`
    /// comes back whether or not it could be saved.
    pub fn change<T>(home: &Path, now: u64, change: impl FnOnce(&mut Progress) -> T) -> (T, Result<(), SaveError>) {
        let _turn = lock::turn(home);
        let session = lock::session(home);
        let mut opened = Self::open(home, now);
        let answer = change(&mut opened.progress);
        let saved = match session {
            Session::Taken(process) => Err(InUse { process }.into()),
            Session::Free(_) => opened.store.save(&opened.progress),
        };
        (answer, saved)
    }

    /// Loads what is saved in `home`. It always succeeds: what cannot be read is set aside, named by `now` in unix
    /// seconds, and the state before it is tried.
    pub fn open(home: &Path, now: u64) -> Opened {
        let store = Self { home: home.to_path_buf(), read_only: None, session: None };
        let path = store.path();
        match find(&path) {
            Found::State(progress) => store.opened(*progress, None),
            Found::Newer(schema, progress) => {
                store.opened_read_only(progress.map(|state| *state).unwrap_or_default(), Notice::Newer { path, schema })
            }
            Found::Nothing => match store.backup() {
                Some(progress) => store.opened(progress, Some(Notice::Missing { home: home.to_path_buf() })),
                None => store.opened(Progress::default(), None),
            },
            Found::Unreadable => {
                let backup = store.backup();
                let recovered = backup.is_some();
                let progress = backup.unwrap_or_default();
                match set_aside(&path, now) {
                    Some(aside) => store.opened(progress, Some(Notice::SetAside { aside, recovered })),
                    None => store.opened_read_only(progress, Notice::Stuck { path }),
                }
            }
        }
    }

    /// Where the state is saved.
    pub fn path(&self) -> PathBuf {
        self.home.join(STATE)
    }

    /// Whether nothing is saved, because that would destroy what is there.
    pub fn is_read_only(&self) -> bool {
        self.read_only.is_some()
    }

    /// Saves the state. The one that was there is kept as `state.json.bak`, unless it is the same or cannot be read.
    pub fn save(&self, progress: &Progress) -> Result<(), SaveError> {
        if let Some(notice) = &self.read_only {
            return Err(SaveError::ReadOnly(notice.clone()));
        }
        let mut json = serde_json::to_vec_pretty(progress)?;
        json.push(b'\n');
        let path = self.path();
        if let Ok(old) = fs::read(&path) {
            if old == json {
                return Ok(());
            }
            if serde_json::from_slice::<Progress>(&old).is_ok() {
                files::replace(&self.home.join(BACKUP), &old)?;
            }
        }
        Ok(files::replace(&path, &json)?)
    }

    fn opened(self, progress: Progress, notice: Option<Notice>) -> Opened {
        Opened { store: self, progress, notice }
    }

    fn opened_read_only(self, progress: Progress, notice: Notice) -> Opened {
        let store = Self { read_only: Some(notice.clone()), ..self };
        store.opened(progress, Some(notice))
    }

    fn backup(&self) -> Option<Progress> {
        match find(&self.home.join(BACKUP)) {
            Found::State(progress) => Some(*progress),
            Found::Nothing | Found::Unreadable | Found::Newer(..) => None,
        }
    }
}

/// Only the version, so that it can be read from a format that is not known.
#[derive(Deserialize)]
struct Version {
    schema: u32,
}

fn find(path: &Path) -> Found {
    let json = match fs::read(path) {
        Ok(json) => json,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Found::Nothing,
        Err(_) => return Found::Unreadable,
    };
    let progress = serde_json::from_slice(&json).map(Box::new);
    match serde_json::from_slice::<Version>(&json) {
        Ok(Version { schema }) if schema > SCHEMA => Found::Newer(schema, progress.ok()),
        Ok(_) => progress.map_or(Found::Unreadable, Found::State),
        Err(_) => Found::Unreadable,
    }
}

/// Renames a file that cannot be read. One that was set aside in the same second stays.
fn set_aside(path: &Path, now: u64) -> Option<PathBuf> {
    let name = |suffix: &str| path.with_file_name(format!("{STATE}.unreadable-{now}{suffix}"));
    let free = std::iter::once(name(""))
        .chain((2..100).map(|number| name(&format!("-{number}"))))
        .find(|aside| !aside.exists())?;
    fs::rename(path, &free).ok()?;
    Some(free)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::{Place, StepState};

    struct Home(tempfile::TempDir);

    impl Home {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn open(&self) -> Opened {
            Store::open(&self.0.path().join("home"), 1_700_000_000)
        }

        fn file(&self, name: &str) -> PathBuf {
            self.0.path().join("home").join(name)
        }

        fn write(&self, name: &str, text: &str) {
            fs::create_dir_all(self.0.path().join("home")).unwrap();
            fs::write(self.file(name), text).unwrap();
        }
    }

    fn at(step: &str) -> Progress {
        let mut progress = Progress::default();
        progress.enter(Place::new("rooms", step), 7);
        progress
    }

    #[test]
    fn nothing_saved_is_a_fresh_start_and_writes_nothing() {
        let home = Home::new();
        let opened = home.open();
        assert_eq!((opened.progress, opened.notice), (Progress::default(), None));
        assert!(!home.file("").exists());
    }

    #[test]
    fn what_is_saved_is_loaded() {
        let home = Home::new();
        home.open().store.save(&at("read")).unwrap();
        let opened = home.open();
        assert_eq!(opened.progress.step_state("rooms/read"), StepState::Started);
        assert_eq!((opened.progress, opened.notice), (at("read"), None));
    }

    #[test]
    fn the_state_before_is_kept() {
        let home = Home::new();
        let store = home.open().store;
        store.save(&at("one")).unwrap();
        store.save(&at("two")).unwrap();
        store.save(&at("two")).unwrap();
        let backup: Progress = serde_json::from_slice(&fs::read(home.file(BACKUP)).unwrap()).unwrap();
        assert_eq!(backup, at("one"), "saving the same again must not lose the state before");
    }

    #[test]
    fn a_state_that_broke_meanwhile_does_not_replace_the_good_backup() {
        let home = Home::new();
        let store = home.open().store;
        store.save(&at("one")).unwrap();
        store.save(&at("two")).unwrap();
        home.write(STATE, "{");
        store.save(&at("three")).unwrap();
        let backup: Progress = serde_json::from_slice(&fs::read(home.file(BACKUP)).unwrap()).unwrap();
        assert_eq!(backup, at("one"));
    }

    #[test]
    fn a_state_that_cannot_be_read_is_set_aside_and_the_one_before_loaded() {
        for broken in ["", "{\"schema\": 1, \"steps\"", "[]", "{\"schema\": 1, \"steps\": 7}", "\u{0}"] {
            let home = Home::new();
            let store = home.open().store;
            store.save(&at("one")).unwrap();
            store.save(&at("two")).unwrap();
            home.write(STATE, broken);
            let opened = home.open();
            let aside = home.file("state.json.unreadable-1700000000");
            assert_eq!(opened.progress, at("one"));
            assert_eq!(opened.notice, Some(Notice::SetAside { aside: aside.clone(), recovered: true }));
            assert_eq!(fs::read_to_string(aside).unwrap(), broken);
            opened.store.save(&at("three")).unwrap();
            assert_eq!(home.open().progress, at("three"));
        }
    }

    #[test]
    fn without_a_backup_it_is_a_fresh_start_that_is_said() {
        let home = Home::new();
        home.write(STATE, "{");
        home.write("state.json.unreadable-1700000000", "an earlier one");
        home.write(BACKUP, "{");
        let opened = home.open();
        let aside = home.file("state.json.unreadable-1700000000-2");
        assert_eq!(opened.progress, Progress::default());
        assert!(opened.notice.as_ref().unwrap().to_string().contains("You start afresh"));
        assert_eq!(opened.notice, Some(Notice::SetAside { aside, recovered: false }));
        assert_eq!(fs::read_to_string(home.file("state.json.unreadable-1700000000")).unwrap(), "an earlier one");
    }

    #[test]
    fn a_state_that_is_missing_comes_from_the_backup() {
        let home = Home::new();
        let store = home.open().store;
        store.save(&at("one")).unwrap();
        store.save(&at("two")).unwrap();
        fs::remove_file(home.file(STATE)).unwrap();
        let opened = home.open();
        assert_eq!(opened.progress, at("one"));
        assert!(matches!(opened.notice, Some(Notice::Missing { .. })));
    }

    #[test]
    fn a_newer_state_is_shown_and_never_written() {
        for newer in [
            r#"{ "schema": 2, "position": { "lesson": "rooms", "step": "one" } }"#,
            r#"{ "schema": 2, "position": "another shape" }"#,
        ] {
            let home = Home::new();
            home.write(STATE, newer);
            let opened = home.open();
            assert!(opened.store.is_read_only());
            assert!(matches!(opened.notice, Some(Notice::Newer { schema: 2, .. })));
            let error = opened.store.save(&opened.progress).unwrap_err();
            assert!(error.to_string().contains("Update rtws"), "{error}");
            assert_eq!(fs::read_to_string(home.file(STATE)).unwrap(), newer);
        }
    }

    #[test]
    fn unknown_fields_survive_a_round_trip() {
        let home = Home::new();
        home.write(STATE, r#"{ "schema": 1, "theme": { "name": "dark" }, "steps": { "a/b": { "stars": 3 } } }"#);
        let mut opened = home.open();
        opened.progress.finish("a/b", 9);
        opened.store.save(&opened.progress).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&fs::read(home.file(STATE)).unwrap()).unwrap();
        assert_eq!(json["theme"]["name"], "dark");
        assert_eq!(json["steps"]["a/b"]["stars"], 3);
        assert_eq!(json["steps"]["a/b"]["state"], "done");
    }

    #[test]
    fn a_save_that_fails_says_where_and_loses_nothing() {
        let home = Home::new();
        home.open().store.save(&at("one")).unwrap();
        // A folder in the place of the backup makes writing fail, for root too.
        fs::create_dir(home.file(BACKUP)).unwrap();
        let opened = home.open();
        let error = opened.store.save(&at("two")).unwrap_err().to_string();
        assert!(error.contains(&home.file(BACKUP).display().to_string()), "{error}");
        assert_eq!(home.open().progress, at("one"));
        fs::remove_dir(home.file(BACKUP)).unwrap();
        opened.store.save(&at("two")).unwrap();
        assert_eq!(home.open().progress, at("two"));
    }

    #[test]
    fn a_second_session_is_refused_until_the_first_is_over() {
        let home = Home::new();
        let first = Store::open_session(&home.file(""), 7).unwrap();
        let refused = Store::open_session(&home.file(""), 7).unwrap_err();
        assert_eq!(refused, InUse { process: Some(std::process::id()) });
        drop(first);
        Store::open_session(&home.file(""), 7).unwrap();
    }

    #[test]
    fn while_a_session_is_open_nobody_else_changes_anything() {
        let home = Home::new();
        let session = Store::open_session(&home.file(""), 7).unwrap();
        session.store.save(&at("one")).unwrap();
        let (answer, saved) = Store::change(&home.file(""), 7, |progress| {
            progress.attempted("a");
            progress.clone()
        });
        assert_eq!(answer.exercise("a").attempts, 1, "what was asked for is done all the same");
        assert!(matches!(saved, Err(SaveError::InUse(_))));
        assert_eq!(home.open().progress, at("one"));
        drop(session);
        Store::change(&home.file(""), 7, |progress| progress.attempted("a")).1.unwrap();
        assert_eq!(home.open().progress.exercise("a").attempts, 1);
    }
}
