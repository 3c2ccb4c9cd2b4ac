//! The scenarios that an answer's program is told to play, and the results that it leaves for the program that judges.
//!
//! All of it is files in one folder, so that a process which is killed leaves everything that it has written:
//!
//! ```text
//! order.json              what to play
//! ended.jsonl             how each process ended, one a line
//! 0/played.jsonl          of the first scenario: how far it came, a line a step, and at its end what happened
//! 0/log.json              the server's event log
//! 0/printed               what the program printed
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};

use scenario::Script;
use scenario::memory::Repetitions;
use scenario::panic::Panic;
use scenario::run::{Logged, Outcome};
use serde::{Deserialize, Serialize};

/// The version of the format of these files. A program that was built with another version cannot read them.
pub const SCHEMA: u32 = 4;

/// More than any play needs; the rest of a longer file is not read.
const MOST_BYTES: u64 = 64 << 20;

/// The scenarios to play, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// [`SCHEMA`].
    pub schema: u32,
    /// How many scenarios may be played at a time.
    pub at_a_time: usize,
    /// Whether time is real; otherwise it is virtual.
    pub real_time: bool,
    /// The scenarios, in the order in which they begin.
    pub scenarios: Vec<Ordered>,
}

/// A scenario to play.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ordered {
    /// Its name in messages: the file.
    pub path: PathBuf,
    /// What is played.
    pub script: Script,
    /// Whether everything is left behind that an explanation needs: the server's event log, the step that begins, and late
    /// work. All of it takes longer than some plays.
    pub log: bool,
    /// How often the script is played if it is about memory.
    pub repetitions: Repetitions,
}

/// A line of `played.jsonl`. The last one counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// The step that begins, as explanations name it; `None` while `app` runs, before the first step.
    At(Option<String>),
    /// The play finished.
    Played(Box<Outcome>),
    /// A panic outside handlers, in `app` itself for example.
    Panicked(Panic),
    /// The scenario cannot be played. This is not the answer's mistake.
    Unplayable(String),
}

/// How the process of a scenario ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcessEnd {
    /// It exited, with this code.
    Exited(i32),
    /// The signal with this number ended it.
    Signalled(i32),
}

/// A line of `ended.jsonl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The scenario's place in the order, from 0.
    pub scenario: usize,
    /// How its process ended.
    pub end: ProcessEnd,
}

/// The results that a scenario's play has left.
#[derive(Debug, Default)]
pub struct Left {
    /// How its process ended, if it was started and has ended.
    pub end: Option<ProcessEnd>,
    /// How far it got; `None` if it was not started.
    pub line: Option<Line>,
    printed: PathBuf,
    log: PathBuf,
}

impl Order {
    /// Writes the order into a folder, in which the program finds it.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::write(folder.join("order.json"), serde_json::to_vec(self)?)
    }

    pub(crate) fn read(folder: &Path) -> io::Result<Self> {
        let order: Self = serde_json::from_slice(&fs::read(folder.join("order.json"))?)?;
        if order.schema == SCHEMA {
            Ok(order)
        } else {
            Err(io::Error::other(format!("its format is version {}, and this program knows {SCHEMA}", order.schema)))
        }
    }

    /// The results in the folder, for each scenario of the order.
    pub fn left(&self, folder: &Path) -> Vec<Left> {
        let mut left: Vec<_> = (0..self.scenarios.len()).map(|index| Left::of(&place(folder, index))).collect();
        for Ended { scenario, end } in lines::<Ended>(&folder.join("ended.jsonl")) {
            if let Some(left) = left.get_mut(scenario) {
                left.end = Some(end);
            }
        }
        left
    }
}

impl Left {
    fn of(place: &Path) -> Self {
        let line = lines(&place.join("played.jsonl")).pop();
        Self { end: None, line, printed: place.join("printed"), log: place.join("log.json") }
    }

    /// The program's output, up to a limit.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or the program has replaced it by something that is not a file.
    pub fn printed(&self) -> io::Result<impl Read> {
        open(&self.printed)
    }

    /// Whether there is an event log.
    pub fn has_log(&self) -> bool {
        self.log.exists()
    }

    /// The server's event log; empty if the play did not finish.
    pub fn log(&self) -> Vec<Logged> {
        read(&self.log).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }
}

/// The folder of one scenario.
pub(crate) fn place(folder: &Path, index: usize) -> PathBuf {
    folder.join(index.to_string())
}

/// Writes lines that outlive this process.
pub(crate) struct Lines(File);

impl Lines {
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        OpenOptions::new().create(true).append(true).open(path).map(Self)
    }

    /// In one write, so that nobody reads half of it.
    pub(crate) fn write(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.0.write_all(&text)
    }
}

/// The lines of a file, up to the first incomplete one, which a program leaves if it is killed while it writes.
fn lines<T: for<'a> Deserialize<'a>>(path: &Path) -> Vec<T> {
    let Ok(text) = read(path) else { return Vec::new() };
    serde_json::Deserializer::from_slice(&text).into_iter().map_while(Result::ok).collect()
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    open(path)?.read_to_end(&mut text)?;
    Ok(text)
}

/// Opens a file that a program has left. By now it may be anything, such as a pipe or a link to a device.
fn open(path: &Path) -> io::Result<impl Read + use<>> {
    #[cfg(unix)]
    let file = {
        use rustix::fs::{Mode, OFlags};
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        File::from(rustix::fs::open(path, flags, Mode::empty())?)
    };
    #[cfg(not(unix))]
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    Ok(BufReader::new(file.take(MOST_BYTES)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_whole_line_counts() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("0");
        fs::create_dir(&place).unwrap();
        fs::write(place.join("played.jsonl"), "{\"at\":null}\n{\"at\":\"step 1\"}\n{\"panicked\":\"o").unwrap();
        fs::write(folder.path().join("ended.jsonl"), "{\"scenario\":0,\"end\":{\"signalled\":6}}\n{\"scenario\":7,")
            .unwrap();
        let path = Path::new("a.toml");
        let text = "title = 'A'\nclients = ['ann']\n[[steps]]\nconnect = 'ann'\n";
        let ordered = Ordered {
            path: path.into(),
            script: Script::parse(text, path).unwrap(),
            log: true,
            repetitions: Repetitions::Few,
        };
        let order = Order { schema: SCHEMA, at_a_time: 1, real_time: false, scenarios: vec![ordered.clone(), ordered] };
        let left = order.left(folder.path());
        assert!(matches!(&left[0].line, Some(Line::At(Some(step))) if step == "step 1"), "{left:?}");
        assert_eq!((left[0].end, left[1].end), (Some(ProcessEnd::Signalled(6)), None));
        assert!(left[1].line.is_none() && left[0].log().is_empty());
    }

    #[test]
    fn another_form_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let order = Order { schema: SCHEMA + 1, at_a_time: 1, real_time: false, scenarios: Vec::new() };
        order.write(folder.path()).unwrap();
        assert!(Order::read(folder.path()).is_err());
        Order { schema: SCHEMA, ..order.clone() }.write(folder.path()).unwrap();
        assert!(Order::read(folder.path()).is_ok());
    }
}
