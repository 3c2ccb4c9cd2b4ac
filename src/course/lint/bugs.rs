//! The scenarios in the file of a bug.

use scenario::Script;

use super::super::diagnostic::Code;
use super::super::source::Source;
use super::super::steps::{Body, Bug};
use super::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) {
    for step in &subject.lesson.steps {
        let Body::Debug(debug) = &step.body else { continue };
        for bug in &debug.bugs {
            let path = subject.places.bug(&bug.id);
            if let Some(source) = subject.read(&path) {
                one(subject, &source, bug);
            }
        }
    }
}

fn one(subject: &Subject<'_>, source: &Source, bug: &Bug) {
    let file = In { subject, source };
    let Some(starter) = file.script(&bug.assertion_starter, "assertion", 0) else { return };
    if starter.asserts() {
        let message = "this assertion is complete, so nothing is left for the learner to write";
        file.error("assertion", Code::BadValue, message.to_owned());
    }
    let above = bug.assertion_starter.lines().count() + 1;
    let Some(completed) = file.script(&bug.completed_assertion(), "proof", above) else { return };
    if !completed.asserts() {
        file.error("proof", Code::AssertsNothing, "this proof asserts nothing".to_owned());
    }
}

struct In<'a> {
    subject: &'a Subject<'a>,
    source: &'a Source,
}

impl In<'_> {
    /// A scenario that stands in the value of a key, below so many lines of another one.
    fn script(&self, text: &str, key: &str, above: usize) -> Option<Script> {
        Script::read(text).map_err(|mistakes| self.report(mistakes, text, key, above)).ok()
    }

    fn report(&self, mistakes: Vec<fields::Mistake>, text: &str, key: &str, above: usize) {
        // One mistake of a text within a text is enough to look there.
        for mistake in mistakes.into_iter().take(1) {
            let (line, _) = fields::position(text, mistake.span.start);
            let line = line.saturating_sub(above).max(1);
            self.error(key, mistake.code.into(), format!("line {line} of this text: {}", mistake.in_words()));
        }
    }

    fn error(&self, key: &str, code: Code, message: String) {
        let text = self.source.text();
        let lines = text.split_inclusive('\n').scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line))
        });
        let found = lines.into_iter().find(|(_, line)| line.trim_start().split(['=', ' ']).next() == Some(key));
        let start = found.map_or(0, |(start, _)| start);
        self.subject.folder.sink.report(self.source.error(start..start + key.len(), code, message));
    }
}
