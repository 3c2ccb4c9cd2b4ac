//! Where the address of a link leads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::super::markdown::EXTENSIONS;
use super::subject::{Subject, is_page};

/// Why a link of a page in this folder leads nowhere.
pub(super) fn problem(subject: &Subject<'_>, folder: &Path, page: &str, address: &str) -> Option<String> {
    // What is encoded is told by whatever follows the link.
    if has_scheme(address) || address.starts_with("//") || address.contains('%') {
        return None;
    }
    let (file, anchor) = address.split_once('#').map_or((address, None), |(file, anchor)| (file, Some(anchor)));
    let file = file.split('?').next().unwrap_or_default();
    if file.is_empty() {
        let Some(anchor) = anchor.filter(|anchor| !anchor.is_empty()) else {
            return Some("this link has no address".to_owned());
        };
        return (!has_anchor(page, anchor)).then(|| format!("this page has no heading `#{anchor}`"));
    }
    if file.starts_with('/') || !subject.exists(&folder.join(file)) {
        return Some(format!("there is no file `{file}` beside this page"));
    }
    let anchor = anchor.filter(|_| is_page(Path::new(file)))?;
    let other = subject.read_quietly(&folder.join(file))?;
    (!has_anchor(other.text(), anchor)).then(|| format!("`{file}` has no heading `#{anchor}`"))
}

/// Whether an address is one of another kind than a file's: `https:`, `mailto:`, `tel:`.
fn has_scheme(address: &str) -> bool {
    let is_of_scheme = |it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.');
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|it: char| it.is_ascii_alphabetic()) && scheme.chars().all(is_of_scheme)
    })
}

fn has_anchor(page: &str, anchor: &str) -> bool {
    let in_html = ["id", "name"].iter().any(|key| page.contains(&format!("{key}=\"{anchor}\"")));
    in_html || anchors(page).contains(anchor)
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
            Event::SoftBreak | Event::HardBreak => heading.iter_mut().for_each(|heading| heading.push(' ')),
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
