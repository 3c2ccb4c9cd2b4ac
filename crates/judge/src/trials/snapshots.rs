//! Makes expected transcripts from the solutions when insta is told to: `INSTA_UPDATE=always cargo test -p solutions`.
//! Nothing else writes them.

use crate::{CheckReport, LONGEST, Workshop};

/// A transcript that may have been cut has about [`LONGEST`] bytes.
const MOST: usize = LONGEST - 2048;

pub(super) fn update_is_asked_for() -> bool {
    matches!(std::env::var("INSTA_UPDATE").as_deref(), Ok("always" | "force" | "unseen"))
}

/// Makes a solution's transcript the expected one. A cut transcript is incomplete, so it is not taken, and the test
/// fails. Generated scenarios have theirs in their set.
pub(super) fn update(workshop: &Workshop, exercise: &str, report: &CheckReport) {
    let Some(lesson) = workshop.layout.lesson_of(exercise) else { return };
    for scenario in report.scenarios.iter().filter(|scenario| !scenario.generated) {
        let snapshot = lesson.snapshot(exercise, &scenario.name);
        let transcript = scenario.actual.as_ref().filter(|transcript| transcript.len() < MOST);
        let Some(transcript) = transcript else { continue };
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(snapshot.parent().unwrap_or(&snapshot));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(scenario.name.as_str(), transcript));
    }
}
