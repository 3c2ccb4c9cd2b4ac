//! The workshop's own files.

use std::{path::Path, time::Duration};

use layout::{Language, Layout, Package, shown};
use tokio::time::timeout;

use super::finding::Finding;
use crate::{
    course::{self, Colour, Course},
    progress::{self, Store},
    watch::{self, WatchError},
};

/// How long a change of a file may take to be noticed.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the lessons can be read.
pub(super) fn lessons(root: &Path) -> Finding {
    let (open, diagnostics) = match Course::load(root) {
        Ok(course) => {
            let mistakes = course.broken.into_iter().flat_map(|lesson| lesson.mistakes).collect::<Vec<_>>();
            (course.lessons.len(), mistakes)
        }
        Err(diagnostics) => (0, diagnostics),
    };
    if diagnostics.is_empty() {
        return Finding::ok("lessons", format!("{open} of them, without a mistake"));
    }
    let found = format!("{open} can be opened, and others not\n{}", course::render(&diagnostics, Colour::Off));
    Finding::failed("lessons", found, "git status shows what was changed; fix the file named above.")
}

/// Whether a save of an exercise is noticed.
pub(super) async fn watching(root: &Path) -> Finding {
    let folder = Layout::at(root).sources(Package::Exercises);
    let place = shown(&Package::Exercises.sources(Language::default()));
    let by_hand = "Press c in the workshop, or use `rtws check`: saves go unnoticed on some network drives.";
    match timeout(PATIENCE, watch::notices_changes(&folder)).await {
        Ok(Ok(())) => Finding::ok("file watching", format!("a change in {place} is noticed")),
        Ok(Err(WatchError::Watch { source, .. })) => {
            Finding::warning("file watching", source.to_string(), watch_fix(by_hand))
        }
        Ok(Err(error)) => Finding::failed(
            "file watching",
            error.to_string(),
            format!("Make {place} writable; git status shows what is missing."),
        ),
        Err(_) => Finding::warning("file watching", format!("a change in {place} goes unnoticed"), watch_fix(by_hand)),
    }
}

fn watch_fix(by_hand: &str) -> String {
    if cfg!(target_os = "linux") {
        return format!("sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512\n{by_hand}");
    }
    by_hand.to_owned()
}

/// Whether the learner's progress can be saved.
pub(super) fn progress(home: &Path) -> Finding {
    if let Err(error) = progress::try_home(home) {
        return Finding::failed("progress", error.to_string(), "or: export RTWS_HOME=\"$HOME/.rtws\"");
    }
    match Store::in_use(home) {
        Ok(None) => Finding::ok("progress", format!("kept in {}", home.display())),
        Ok(Some(in_use)) => Finding::warning("progress", in_use.to_string(), "Go on there, or close it."),
        Err(error) => Finding::failed("progress", error.to_string(), "or: export RTWS_HOME=\"$HOME/.rtws\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{doctor::Status, session::tests::Learner};

    #[tokio::test]
    async fn a_sound_workshop_is_fine() {
        let learner = Learner::new("");
        let context = learner.context();
        assert_eq!(lessons(&context.root).status, Status::Ok);
        assert_eq!(watching(&context.root).await.status, Status::Ok);
        assert_eq!(progress(&context.home).status, Status::Ok);
        let left: Vec<_> = std::fs::read_dir(context.root.join("exercises/src")).unwrap().collect();
        assert_eq!(left.len(), 2, "nothing is left behind: {left:?}");
    }

    #[tokio::test]
    async fn what_is_broken_is_named_with_its_place() {
        let learner = Learner::new("");
        let root = learner.context().root;
        learner.write("lessons/00-welcome/lesson.toml", "title = 7");
        let broken = lessons(&root);
        assert_eq!(broken.status, Status::Failed);
        assert!(broken.found.contains("lesson.toml:1"), "{}", broken.found);
        std::fs::remove_dir_all(root.join("exercises/src")).unwrap();
        assert_eq!(watching(&root).await.status, Status::Failed);
        let home = learner.write("a-file", "");
        assert_eq!(progress(&home).status, Status::Failed);
    }
}
