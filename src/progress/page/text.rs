//! Foreign text on a page, which cannot change the page around it: a line becomes one line without HTML, and a text of
//! several lines becomes a quotation, which ends any fence, list or heading that the text begins.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser};

use crate::text::clean_multiline;

pub(in crate::progress) fn table<const COLUMNS: usize>(
    head: &[&str; COLUMNS],
    rows: impl Iterator<Item = Vec<String>>,
) -> String {
    let row = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let head = row(&head.map(str::to_owned));
    let rule = format!("|{}", "---|".repeat(COLUMNS));
    [head, rule].into_iter().chain(rows.map(|cells| row(&cells))).collect::<Vec<_>>().join("\n")
}

/// Foreign text on one line.
pub(in crate::progress) fn line(text: &str) -> String {
    without_html(&clean_multiline(text).split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Foreign text in a cell of a table.
pub(in crate::progress) fn cell(text: &str) -> String {
    line(text).replace('|', "\\|")
}

/// Foreign text as a quotation.
pub(in crate::progress) fn quote(text: &str) -> String {
    let text = without_html(&clean_multiline(text));
    let lines = text.trim_matches('\n').lines().map(|line| format!("> {line}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// How often a text is searched for HTML that was hidden by other HTML. A text that still has some shows all of its
/// `<`.
const MOST_ROUNDS: usize = 8;

/// The text with its HTML shown instead of obeyed: a tag that is left open would swallow the rest of the page.
fn without_html(text: &str) -> String {
    let mut shown = text.to_owned();
    // Escaping one piece of HTML may reveal another. Each round leaves fewer `<`.
    for _ in 0..MOST_ROUNDS {
        let found = html(&shown);
        if found.is_empty() {
            return shown;
        }
        shown = with_each(&shown, &found, |tag| tag.replace('<', "&lt;"));
    }
    shown.replace('<', "&lt;")
}

/// The text with these ranges, which are in order, replaced.
fn with_each(text: &str, places: &[Range<usize>], replace: impl Fn(&str) -> String) -> String {
    let mut made = String::with_capacity(text.len());
    let mut from = 0;
    for place in places {
        made.push_str(&text[from..place.start]);
        made.push_str(&replace(&text[place.clone()]));
        from = place.end;
    }
    made + &text[from..]
}

/// The ranges of HTML, in the order of the text.
fn html(text: &str) -> Vec<Range<usize>> {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter();
    let found = events.filter(|(event, range)| is_html(event) && text[range.clone()].contains('<'));
    found.map(|(_, range)| range).collect()
}

fn is_html(event: &Event<'_>) -> bool {
    matches!(event, Event::Html(_) | Event::InlineHtml(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_tags_is_shown_in_a_few_rounds() {
        let shown = without_html(&format!("1 < 2, `<a>` {}", "<a> ".repeat(20_000)));
        assert_eq!(shown, format!("1 < 2, `<a>` {}", "&lt;a> ".repeat(20_000)));
    }
}
