//! Shows: each does on its own server what it says.

use futures_util::FutureExt as _;
use judge::report::Verdict;
use judge::{Scenarios, Subject as Answer, check_text};
use layout::folder::stem;

use super::subject::{FullError, Subject, Trial, why};
use crate::course::{Code, Diagnostic, Show};

pub(super) fn trials<'a>(subject: &'a Subject<'_>) -> Vec<Trial<'a>> {
    let shows = subject.lesson.steps.iter().filter_map(|step| step.show.as_ref());
    shows.map(|show| one(subject, show).boxed()).collect()
}

async fn one(subject: &Subject<'_>, show: &Show) -> Result<Vec<Diagnostic>, FullError> {
    let file = subject.lesson.folder.path().join(&show.name);
    let exercise = stem(&show.stage.file);
    let answer = Answer { file: &show.stage.file, exercise: &exercise };
    let report = check_text(subject.workshop, answer, &show.stage.program(), Scenarios::Only(&file), &|_| {}).await?;
    if report.verdict == Verdict::Passed {
        return Ok(Vec::new());
    }
    let message =
        format!("this show does not hold on its server, `{}`\n{}", layout::shown(&show.stage.file), why(&report));
    Ok(vec![subject.error(subject.workshop.layout.from_root(&file), Code::ShowFails, message)])
}
