//! The expected transcript of a scenario: an insta snapshot in the lesson's folder.
//!
//! Comparing never writes, so a failing exercise leaves no file behind. Only the solutions make
//! snapshots, when insta is told to: `INSTA_UPDATE=always cargo test -p solutions`.

use std::path::{Path, PathBuf};

/// Where the snapshots of one exercise are.
#[derive(Debug, Clone)]
pub(crate) struct Snapshots {
    pub(crate) folder: PathBuf,
    /// Whether this package may change them.
    pub(crate) may_update: bool,
}

/// What the snapshot says of a transcript.
pub(crate) enum Comparison {
    Same,
    Different { expected: String },
    Missing { path: PathBuf },
}

impl Snapshots {
    pub(crate) fn compare(&self, scenario: &str, transcript: &str) -> Comparison {
        if self.may_update && update_is_asked_for() {
            self.update(scenario, transcript);
        }
        let path = self.folder.join(format!("{scenario}.snap"));
        match read(&path) {
            Some(expected) if expected == transcript => Comparison::Same,
            Some(expected) => Comparison::Different { expected },
            None => Comparison::Missing { path },
        }
    }

    fn update(&self, scenario: &str, transcript: &str) {
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(&self.folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(scenario, transcript));
    }
}

fn update_is_asked_for() -> bool {
    matches!(std::env::var("INSTA_UPDATE").as_deref(), Ok("always" | "force" | "unseen"))
}

fn read(path: &Path) -> Option<String> {
    let snapshot = insta::Snapshot::from_file(path).ok()?;
    // insta trims the end of what it stores.
    snapshot.as_text().map(|text| format!("{}\n", text.to_string().trim_end()))
}
