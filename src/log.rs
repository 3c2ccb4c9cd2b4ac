//! A log file, for people who look for a bug in this program: everything that it drops or ignores, and how long
//! operations take.
//!
//! `RTWS_LOG` asks for it: a level (`error`, `warn`, `info`, `debug`, `trace`) writes `log` in the learner's folder,
//! and anything else is the path of a file, at level `debug`. Lines are added at the end of the file. They never appear
//! on the screen, and never hold a token, a session's id or what clients send. Without the variable nothing is written.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use env_logger::Target;
use log::{LevelFilter, Record};
use time::OffsetDateTime;

/// The requested log cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the log {}: {source}\nSet RTWS_LOG to another file, or to nothing.", path.display())]
pub struct LogError {
    /// The path of the file.
    pub path: PathBuf,
    /// The system's error.
    pub source: io::Error,
}

#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    level: LevelFilter,
    path: PathBuf,
}

/// Writes a log from now on, if `rtws_log`, the variable, asks for one.
///
/// # Errors
///
/// When its file cannot be opened.
pub fn start(rtws_log: Option<&OsStr>, home: &Path) -> Result<(), LogError> {
    let Some(Wanted { level, path }) = wanted(rtws_log, home) else { return Ok(()) };
    let file = open(&path).map_err(|source| LogError { path, source })?;
    let mut logger = env_logger::Builder::new();
    logger.filter_level(LevelFilter::Off);
    // Libraries have lines of their own, some of them about what clients send.
    for crate_of_ours in ["rtws", "judge", "rooms"] {
        logger.filter_module(crate_of_ours, level);
    }
    logger.format(|line, record| writeln!(line, "{}", in_words(SystemTime::now().into(), record)));
    // Fails if the program has a log already; that one stays.
    let _ = logger.target(Target::Pipe(Box::new(file))).try_init();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), process = std::process::id(), "rtws begins");
    Ok(())
}

fn wanted(rtws_log: Option<&OsStr>, home: &Path) -> Option<Wanted> {
    let value = rtws_log.filter(|value| !value.is_empty())?;
    match value.to_str().and_then(level) {
        Some(LevelFilter::Off) => None,
        Some(level) => Some(Wanted { level, path: home.join("log") }),
        None => Some(Wanted { level: LevelFilter::Debug, path: value.into() }),
    }
}

fn level(name: &str) -> Option<LevelFilter> {
    name.parse().ok()
}

/// A line of the log: the time as RFC 3339 has it, in UTC, the level, the module and the message.
fn in_words(time: OffsetDateTime, record: &Record<'_>) -> String {
    let (year, month, day) = time.to_calendar_date();
    let (hour, minute, second, micro) = time.to_hms_micro();
    let (month, level, module, message) = (u8::from(month), record.level(), record.target(), record.args());
    format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micro:06}Z {level:>5} {module}: {message}"
    )
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    options().append(true).create(true).open(path)
}

/// A pipe that nobody reads must not block the program, neither when it is opened nor when it is full.
#[cfg(unix)]
fn options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = File::options();
    options.custom_flags(libc::O_NONBLOCK);
    options
}

#[cfg(not(unix))]
fn options() -> OpenOptions {
    File::options()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_goes_to_the_learners_folder_and_anything_else_is_a_file() {
        let wanted = |value: &str| wanted(Some(OsStr::new(value)), Path::new("home"));
        let at = |level, path: &str| Some(Wanted { level, path: path.into() });
        assert_eq!(wanted("debug"), at(LevelFilter::Debug, "home/log"));
        assert_eq!(wanted("WARN"), at(LevelFilter::Warn, "home/log"));
        assert_eq!(wanted("/tmp/rtws.log"), at(LevelFilter::Debug, "/tmp/rtws.log"));
        assert_eq!(wanted("4"), at(LevelFilter::Debug, "4"));
        assert_eq!(wanted(""), None);
        assert_eq!(wanted("off"), None);
        assert_eq!(super::wanted(None, Path::new("home")), None);
    }
}
