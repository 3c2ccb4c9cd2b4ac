//! Loading and saving `state.json`.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use judge::source::{MOST_BYTES, bytes};
use serde::Deserialize;
use serde_json::Number;

use super::files::{self, FileError};
use super::holder::Holder;
use super::lock::{self, Held, LockError, Session};
use super::notice::Notice;
use super::state::{Progress, SCHEMA};

const STATE: &str = "state.json";
const BACKUP: &str = "state.json.bak";

/// The most objects and lists of a state.
const MOST_PARTS: usize = 100_000;

/// The place where progress is saved. Get one from [`Store::open`].
#[derive(Debug, Clone)]
pub struct Store {
    home: PathBuf,
    read_only: Option<Notice>,
    session: Option<Arc<Held>>,
}

/// The result of [`Store::open`].
#[derive(Debug)]
pub struct Opened {
    /// Where to save.
    pub store: Store,
    /// The saved progress; a fresh start if there was none that could be read.
    pub progress: Progress,
    /// A warning for the learner.
    pub notice: Option<Notice>,
}

/// Another program has this workshop open, and only that one writes its state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`rtws learn` has this workshop open{}", Holder::in_parentheses(.holder.as_ref()))]
pub struct InUse {
    /// The other program, if it is known.
    pub holder: Option<Holder>,
}

/// Why a workshop cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It is open elsewhere.
    #[error("{0}\nGo on there, or close it first.")]
    InUse(#[from] InUse),
    /// It is unknown whether it is open elsewhere.
    #[error(transparent)]
    Lock(#[from] LockError),
}

/// Progress could not be saved. The session goes on.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Saving would destroy the file that is there; the notice at opening says why.
    #[error("{0}")]
    ReadOnly(Notice),
    /// Another program has the workshop open, and only that one may save.
    #[error("{0}, so this is not recorded")]
    InUse(#[from] InUse),
    /// Another program holds the lock, and does not release it.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The state would be too long to be read again.
    #[error("your progress would be too long to be read again: {0}")]
    TooLong(#[from] TooLong),
    /// The state could not be put into JSON.
    #[error("cannot put your progress into JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// How a state exceeds the limits for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooLong {
    /// In bytes.
    #[error("it has more than {} MiB", MOST_BYTES >> 20)]
    Bytes,
    /// In objects and lists.
    #[error("it has more than {MOST_PARTS} parts")]
    Parts,
}

impl SaveError {
    /// Whether the same save may succeed a moment later.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::File(_) | Self::Lock(_) | Self::InUse(_) => true,
            Self::ReadOnly(_) | Self::TooLong(_) | Self::Json(_) => false,
        }
    }
}

/// The result of reading a state.
enum Found {
    Nothing,
    State(Box<Progress>),
    /// Written by a newer program, with this version of the format.
    Newer(String, Option<Box<Progress>>),
    /// It is not a state. Holds the reason.
    Unreadable(String),
    /// The system does not let us read it, which may pass. Holds the reason.
    Denied(String),
}

impl Store {
    /// Like [`Store::open`], for a program that runs for long: until the store is dropped, no other program saves.
    ///
    /// # Errors
    ///
    /// When another program has done the same, or when that cannot be found out.
    pub fn open_session(home: &Path, now: u64) -> Result<Opened, Refusal> {
        let _turn = lock::turn(home)?;
        match lock::session(home)? {
            Session::Taken(holder) => Err(InUse { holder }.into()),
            Session::Free(held) => {
                let mut opened = Self::open(home, now);
                opened.store.session = held.map(Arc::new);
                Ok(opened)
            }
        }
    }

    /// The program that has the workshop open, if there is one.
    ///
    /// # Errors
    ///
    /// When that cannot be found out.
    pub fn in_use(home: &Path) -> Result<Option<InUse>, LockError> {
        let _turn = lock::turn(home)?;
        Ok(match lock::session(home)? {
            Session::Taken(holder) => Some(InUse { holder }),
            Session::Free(_) => None,
        })
    }

    /// Changes what is saved in `home` as it is now, and saves it before any other program changes it. Returns the
    /// result of `change`, whether or not the state could be saved.
    pub fn change<T>(home: &Path, now: u64, change: impl FnOnce(&mut Progress) -> T) -> (T, Result<(), SaveError>) {
        let locked = Self::locked(home);
        let mut opened = Self::open(home, now);
        let answer = change(&mut opened.progress);
        let saved = locked.and_then(|_locks| opened.store.save(&opened.progress));
        (answer, saved)
    }

    /// The right to change the state, for as long as this is held.
    fn locked(home: &Path) -> Result<(Option<Held>, Option<Held>), SaveError> {
        let turn = lock::turn(home)?;
        match lock::session(home)? {
            Session::Taken(holder) => Err(InUse { holder }.into()),
            Session::Free(session) => Ok((session, turn)),
        }
    }

    /// Loads what is saved in `home`. It always succeeds: an unreadable state is set aside, with `now`, in unix
    /// seconds, in its name, and the previous state is tried.
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
            Found::Unreadable(why) => {
                let backup = store.backup();
                let recovered = backup.is_some();
                let progress = backup.unwrap_or_default();
                match set_aside(&path, now) {
                    Some(aside) => store.opened(progress, Some(Notice::SetAside { aside, why, recovered })),
                    None => store.opened_read_only(progress, Notice::Stuck { path, why }),
                }
            }
            Found::Denied(why) => {
                let progress = store.backup().unwrap_or_default();
                store.opened_read_only(progress, Notice::Stuck { path, why })
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

    /// Saves the state. The previous one is kept as `state.json.bak`, unless it is the same or cannot be read.
    pub fn save(&self, progress: &Progress) -> Result<(), SaveError> {
        if let Some(notice) = &self.read_only {
            return Err(SaveError::ReadOnly(notice.clone()));
        }
        let mut json = serde_json::to_vec_pretty(progress)?;
        json.push(b'\n');
        check_size(&json)?;
        let path = self.path();
        if let Ok(old) = bytes(&path) {
            if old == json {
                return Ok(());
            }
            if check_size(&old).is_ok() && serde_json::from_slice::<Progress>(&old).is_ok() {
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
            Found::Nothing | Found::Newer(..) | Found::Unreadable(_) | Found::Denied(_) => None,
        }
    }
}

/// Only the version, so that it can be read from an unknown format.
#[derive(Deserialize)]
struct Version {
    schema: Number,
}

impl Version {
    fn is_newer(&self) -> bool {
        // A number that is not whole, or does not fit, comes from an unknown program.
        self.schema
            .as_u64()
            .map_or_else(|| self.schema.as_f64() > Some(f64::from(SCHEMA)), |schema| schema > u64::from(SCHEMA))
    }
}

fn find(path: &Path) -> Found {
    let json = match bytes(path) {
        Ok(json) => json,
        Err(error) if error.kind() == ErrorKind::NotFound => return Found::Nothing,
        // An error of the system does not mean that there is no state: too many files may be open.
        Err(error) if error.raw_os_error().is_some() => return Found::Denied(files::reason(&error)),
        Err(error) => return Found::Unreadable(error.to_string()),
    };
    if let Err(why) = check_size(&json) {
        return Found::Unreadable(why.to_string());
    }
    let progress = serde_json::from_slice(&json).map(Box::new);
    match serde_json::from_slice::<Version>(&json) {
        Ok(version) if version.is_newer() => Found::Newer(version.schema.to_string(), progress.ok()),
        Ok(_) => progress.map_or_else(|error| Found::Unreadable(error.to_string()), Found::State),
        Err(error) => Found::Unreadable(error.to_string()),
    }
}

/// Checks that reading this takes a bounded amount of memory: a part of two bytes takes about a hundred once it is
/// read.
fn check_size(json: &[u8]) -> Result<(), TooLong> {
    if json.len() as u64 > MOST_BYTES {
        return Err(TooLong::Bytes);
    }
    let parts = json.iter().filter(|byte| matches!(byte, b'{' | b'[')).count();
    if parts > MOST_PARTS { Err(TooLong::Parts) } else { Ok(()) }
}

/// Renames a file that cannot be read. A file that was set aside in the same second stays.
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
    fn the_previous_state_is_kept() {
        let home = Home::new();
        let store = home.open().store;
        store.save(&at("one")).unwrap();
        store.save(&at("two")).unwrap();
        store.save(&at("two")).unwrap();
        let backup: Progress = serde_json::from_slice(&fs::read(home.file(BACKUP)).unwrap()).unwrap();
        assert_eq!(backup, at("one"), "saving the same again must not lose the previous state");
    }

    #[test]
    fn a_state_that_has_since_broken_does_not_replace_the_good_backup() {
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
            let Some(Notice::SetAside { aside: told, recovered: true, .. }) = opened.notice else { panic!() };
            assert_eq!(told, aside);
            assert_eq!(fs::read_to_string(aside).unwrap(), broken);
            opened.store.save(&at("three")).unwrap();
            assert_eq!(home.open().progress, at("three"));
        }
    }

    #[test]
    fn without_a_backup_it_is_a_fresh_start_with_a_warning() {
        let home = Home::new();
        home.write(STATE, "{");
        home.write("state.json.unreadable-1700000000", "an earlier one");
        home.write(BACKUP, "{");
        let opened = home.open();
        let aside = home.file("state.json.unreadable-1700000000-2");
        assert_eq!(opened.progress, Progress::default());
        assert!(opened.notice.as_ref().unwrap().to_string().contains("You start afresh"));
        let Some(Notice::SetAside { aside: told, recovered: false, .. }) = opened.notice else { panic!() };
        assert_eq!(told, aside);
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
        for (schema, rest) in [
            ("2", r#", "position": { "lesson": "rooms", "step": "one" }"#),
            ("2", r#", "position": "another shape""#),
            ("99999999999", ""),
            ("18446744073709551616", ""),
            ("2.5", ""),
        ] {
            let home = Home::new();
            let newer = format!(r#"{{ "schema": {schema}{rest} }}"#);
            home.write(STATE, &newer);
            let opened = home.open();
            assert!(opened.store.is_read_only());
            assert!(matches!(opened.notice, Some(Notice::Newer { .. })), "{:?}", opened.notice);
            let error = opened.store.save(&opened.progress).unwrap_err();
            assert!(error.to_string().contains("Update rtws"), "{error}");
            assert_eq!(fs::read_to_string(home.file(STATE)).unwrap(), newer);
        }
    }

    #[cfg(unix)]
    #[test]
    fn anything_but_a_state_is_set_aside_and_holds_nothing_up() {
        let long = " ".repeat(usize::try_from(MOST_BYTES).unwrap() + 1);
        let many = format!(r#"{{ "schema": 1, "x": [{}{{}}] }}"#, "{},".repeat(MOST_PARTS));
        let home = Home::new();
        home.write(BACKUP, r#"{ "schema": 1 }"#);
        let state = home.file(STATE);
        let make: [(&dyn Fn(), &str); 5] = [
            (
                &|| assert!(std::process::Command::new("mkfifo").arg(&state).status().unwrap().success()),
                "a pipe or a device",
            ),
            (&|| std::os::unix::fs::symlink("/dev/zero", &state).unwrap(), "a pipe or a device"),
            (&|| fs::create_dir(&state).unwrap(), "it is a folder"),
            (&|| home.write(STATE, &long), "more than 4 MiB"),
            (&|| home.write(STATE, &many), "more than 100000 parts"),
        ];
        for (make, words) in make {
            make();
            let opened = home.open();
            let Some(Notice::SetAside { why, recovered: true, .. }) = opened.notice else { panic!("{words}") };
            assert!(why.contains(words), "{why}");
            assert!(fs::symlink_metadata(&state).is_err());
        }
    }

    /// A link that leads to itself stands for all errors of the system, such as too many open files.
    #[cfg(unix)]
    #[test]
    fn a_state_that_the_system_refuses_to_read_stays_where_it_is() {
        let home = Home::new();
        home.write(BACKUP, r#"{ "schema": 1 }"#);
        std::os::unix::fs::symlink(STATE, home.file(STATE)).unwrap();
        let opened = home.open();
        assert!(matches!(opened.notice, Some(Notice::Stuck { .. })), "{:?}", opened.notice);
        assert!(opened.store.is_read_only());
        assert!(fs::symlink_metadata(home.file(STATE)).is_ok());
    }

    #[test]
    fn a_state_that_could_not_be_read_again_is_not_written() {
        let home = Home::new();
        let store = home.open().store;
        store.save(&at("one")).unwrap();
        let mut long = at("two");
        long.kinds.interview.answer("rooms/question", &"x".repeat(usize::try_from(MOST_BYTES).unwrap()), 1, None);
        let error = store.save(&long).unwrap_err().to_string();
        assert!(error.contains("too long to be read again: it has more than 4 MiB"), "{error}");
        assert_eq!(home.open().progress, at("one"));
    }

    #[test]
    fn a_lock_that_somebody_holds_is_reported_and_nothing_is_saved() {
        let home = Home::new();
        let _held = lock::turn(&home.file("")).unwrap();
        let saved = Store::change(&home.file(""), 7, |progress| progress.attempted("a")).1;
        assert!(matches!(saved, Err(SaveError::Lock(LockError::Held { .. }))), "{saved:?}");
        assert!(matches!(Store::open_session(&home.file(""), 7), Err(Refusal::Lock(_))));
        assert!(!home.file(STATE).exists());
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
        // A folder in place of the backup makes writing fail, for root too.
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
        let Err(Refusal::InUse(refused)) = Store::open_session(&home.file(""), 7) else { panic!() };
        assert_eq!(refused.holder.unwrap().process, std::process::id());
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
        assert_eq!(answer.exercise("a").attempts, 1, "the request is carried out all the same");
        assert!(matches!(saved, Err(SaveError::InUse(_))));
        assert_eq!(home.open().progress, at("one"));
        drop(session);
        Store::change(&home.file(""), 7, |progress| progress.attempted("a")).1.unwrap();
        assert_eq!(home.open().progress.exercise("a").attempts, 1);
    }
}
