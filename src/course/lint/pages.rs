//! The Markdown of pages: links, pictures, and the languages of code. `links` says where an address leads.

use std::ops::Range;
use std::path::Path;

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Parser, Tag};

use super::super::diagnostic::Code;
use super::super::markdown::EXTENSIONS;
use super::super::source::Source;
use super::links;
use super::subject::{Subject, is_page};

pub(super) fn check(subject: &Subject<'_>) {
    for path in subject.folder.used().into_iter().filter(|path| is_page(path)) {
        if let Some(source) = subject.read_quietly(&path) {
            page(subject, &source, path.parent().unwrap_or(Path::new("")));
        }
    }
}

fn page(subject: &Subject<'_>, source: &Source, folder: &Path) {
    let warn = |place: Range<usize>, code, message: String, help: &str| {
        subject.folder.sink.report(source.error(place, code, message).warning().help(help.to_owned()));
    };
    let mut broken: Vec<Range<usize>> = Vec::new();
    let on_broken = |link: BrokenLink<'_>| {
        if is_meant(source.text(), &link) {
            broken.push(link.span);
        }
        None::<(CowStr<'_>, CowStr<'_>)>
    };
    let parser = Parser::new_with_broken_link_callback(source.text(), EXTENSIONS, Some(on_broken));
    for (event, place) in parser.into_offset_iter() {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, .. }) if link_type != LinkType::Email => {
                if let Some(problem) = links::problem(subject, folder, source.text(), &dest_url) {
                    warn(place, Code::BrokenLink, problem, "correct it, or leave the link out");
                }
            }
            Event::Start(Tag::Image { .. }) => {
                let message = "a terminal shows no picture: learners see its text and its address";
                warn(place, Code::Picture, message.to_owned(), "say it in words, or draw it as a block of `text`");
            }
            Event::Start(Tag::CodeBlock(kind)) if says_no_language(&kind) => {
                let message = "this block of code does not say its language";
                warn(
                    place,
                    Code::NoLanguage,
                    message.to_owned(),
                    "fence it, and name it behind the fence, as in ```text",
                );
            }
            _ => {}
        }
    }
    for place in broken {
        let message = "nothing defines this reference, so learners see its brackets".to_owned();
        let help = "define it at the end of the page, as in `[name]: address`; if it is code, put it between backticks";
        warn(place, Code::BrokenLink, message, help);
    }
}

fn says_no_language(kind: &CodeBlockKind<'_>) -> bool {
    match kind {
        CodeBlockKind::Indented => true,
        CodeBlockKind::Fenced(info) => info.trim().is_empty(),
    }
}

/// Whether a reference is meant: two pairs of brackets with words in them. `rows[i][0]` and `[a-z]` are code.
fn is_meant(text: &str, link: &BrokenLink<'_>) -> bool {
    let is_word = |it: char| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_' | '.');
    let reference = link.reference.as_ref();
    let is_alone = reference == text[link.span.clone()].trim_matches(['[', ']']);
    let is_behind_code = text[..link.span.start].ends_with(|it: char| it.is_alphanumeric() || matches!(it, ']' | ')'));
    let has_words = reference.chars().all(is_word) && reference.chars().filter(|it| it.is_alphabetic()).count() > 2;
    has_words && !is_alone && !is_behind_code
}
