//! The width of code, in pages, texts and re-typed sources. Prose is wrapped; code is cut where the panel ends.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::super::diagnostic::Code;
use super::super::markdown::EXTENSIONS;
use super::super::source::Source;
use super::super::steps::Body;
use super::subject::{Subject, is_page};
use crate::text::width;

/// A terminal of 120 columns shows this many columns of a text beside the monitor.
const COLUMNS: usize = 60;

/// Code that is typed has the whole width: a terminal of 80 columns shows this many of it.
const TYPED_COLUMNS: usize = 76;

pub(super) fn check(subject: &Subject<'_>) {
    for path in subject.folder.used() {
        let Some(source) = subject.read_quietly(&path) else { continue };
        if is_page(&path) {
            blocks(subject, &source);
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            fenced(subject, &source);
        } else if is_shown(subject, source.text()) {
            lines(source.text()).for_each(|(at, line)| check_width(subject, &source, (at, line), TYPED_COLUMNS));
        }
    }
}

/// The blocks of code in a page.
fn blocks(subject: &Subject<'_>, source: &Source) {
    let mut is_code = false;
    for (event, place) in Parser::new_ext(source.text(), EXTENSIONS).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Text(_) if is_code => {
                for (at, line) in lines(&source.text()[place.clone()]) {
                    check_width(subject, source, (place.start + at, line), COLUMNS);
                }
            }
            _ => {}
        }
    }
}

/// Whether a step has the learner type this text, or shows it beside.
fn is_shown(subject: &Subject<'_>, text: &str) -> bool {
    subject.lesson.steps.iter().any(|step| {
        if let Body::Retype(retype) = &step.body {
            retype.source == text || retype.beside.as_deref() == Some(text)
        } else {
            false
        }
    })
}

/// The blocks of code in the texts of a table, whose Markdown is not parsed here.
fn fenced(subject: &Subject<'_>, source: &Source) {
    let mut open: Option<&str> = None;
    for (at, line) in lines(source.text()) {
        let marks = fence(line);
        match (open, marks) {
            (None, Some(marks)) => open = Some(marks),
            (Some(opened), Some(marks)) if marks.starts_with(opened) && line.trim() == marks => open = None,
            (Some(_), _) => check_width(subject, source, (at, line), COLUMNS),
            (None, None) => {}
        }
    }
}

/// The marks that begin or end a block of code.
fn fence(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let (marks, info) = line.split_at(line.len() - line.trim_start_matches(mark).len());
    (marks.len() >= 3 && !info.contains('`')).then_some(marks)
}

fn check_width(subject: &Subject<'_>, source: &Source, (at, line): (usize, &str), columns: usize) {
    let fits = |(at, it): &(usize, char)| width(&line[..at + it.len_utf8()]) <= columns;
    if width(line) > columns
        && let Some((beyond, _)) = line.char_indices().find(|it| !fits(it))
    {
        let message = format!("this line has {} columns, and only {columns} of them are shown", width(line));
        let warning = source.error(at + beyond..at + line.len(), Code::WideCode, message).warning();
        subject.folder.sink.report(warning.help("break the line".to_owned()));
    }
}

/// Each line and where it begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line.trim_end()))
    })
}
