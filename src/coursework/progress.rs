//! How far a check is, in words.

use judge::Progress;

/// The progress of a check, in a few words.
pub fn in_words(progress: &Progress) -> String {
    match progress {
        Progress::WaitingForBuildLock => "waiting for another cargo".to_owned(),
        Progress::Downloading => "downloading dependencies".to_owned(),
        Progress::Compiling(name) => format!("compiling {name}"),
        Progress::Running => "running the scenarios".to_owned(),
    }
}
