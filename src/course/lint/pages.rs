//! The Markdown of pages: links, pictures, and the languages of code.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Parser, Tag, TagEnd};

use super::super::diagnostic::Code;
use super::super::markdown::EXTENSIONS;
use super::super::source::Source;
use super::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) {
    for path in subject.folder.used().into_iter().filter(|path| path.extension().is_some_and(|it| it == "md")) {
        if let Some(source) = subject.read_quietly(&path) {
            page(subject, &source, path.parent().unwrap_or(Path::new("")));
        }
    }
}

fn page(subject: &Subject<'_>, source: &Source, folder: &Path) {
    let anchors = anchors(source.text());
    let warn = |place: Range<usize>, code, message: String, help: &str| {
        subject.folder.sink.report(source.error(place, code, message).warning().help(help.to_owned()));
    };
    let mut broken: Vec<Range<usize>> = Vec::new();
    let on_broken = |link: BrokenLink<'_>| {
        // A word in brackets is only that; with two pairs of them, or with text before, a reference is meant.
        if link.reference.as_ref() != source.text()[link.span.clone()].trim_matches(['[', ']']) {
            broken.push(link.span);
        }
        None::<(CowStr<'_>, CowStr<'_>)>
    };
    let parser = Parser::new_with_broken_link_callback(source.text(), EXTENSIONS, Some(on_broken));
    for (event, place) in parser.into_offset_iter() {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, .. }) if link_type != LinkType::Email => {
                if let Some(problem) = missing(subject, folder, &dest_url, &anchors) {
                    warn(place, Code::BrokenLink, problem, "correct it, or leave the link out");
                }
            }
            Event::Start(Tag::Image { .. }) => {
                let message = "a terminal shows no picture: learners see its text and its address";
                warn(place, Code::Picture, message.to_owned(), "say it in words, or draw it as a block of `text`");
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                let message = "this block of code does not say its language";
                warn(place, Code::NoLanguage, message.to_owned(), "fence it, as in ```text");
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if info.trim().is_empty() => {
                let message = "this block of code does not say its language";
                warn(place, Code::NoLanguage, message.to_owned(), "name it behind the fence, as in ```text");
            }
            _ => {}
        }
    }
    for place in broken {
        let message = "nothing defines this reference, so learners see its brackets".to_owned();
        warn(place, Code::BrokenLink, message, "define it at the end of the page: `[name]: address`");
    }
}

/// Why a link leads nowhere.
fn missing(subject: &Subject<'_>, folder: &Path, address: &str, anchors: &BTreeSet<String>) -> Option<String> {
    if address.contains("://") || address.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = address.split_once('#').map_or((address, None), |(file, anchor)| (file, Some(anchor)));
    if !file.is_empty() {
        let is_there = subject.exists(&folder.join(file));
        return (!is_there).then(|| format!("there is no file `{file}` beside this page"));
    }
    let anchor = anchor.unwrap_or_default();
    (!anchors.contains(anchor)).then(|| format!("this page has no heading `#{anchor}`"))
}

/// The headings of a page, as links name them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    let (mut heading, mut times) = (None::<String>, BTreeMap::new());
    for event in Parser::new_ext(text, EXTENSIONS) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let name = anchor(&heading.take().unwrap_or_default());
                let earlier = times.entry(name.clone()).or_insert(0);
                anchors.insert(if *earlier == 0 { name } else { format!("{name}-{earlier}") });
                *earlier += 1;
            }
            Event::Text(text) | Event::Code(text) => heading.iter_mut().for_each(|heading| heading.push_str(&text)),
            _ => {}
        }
    }
    anchors
}

/// As GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
    kept.map(|it| if it == ' ' { '-' } else { it }).flat_map(char::to_lowercase).collect()
}
