//! The result of the step's show.

use ratatui::text::Span;

use crate::learn::document::Page;
use crate::learn::message::Played;
use crate::learn::model::{Model, Shown};
use crate::text::truncate;

/// Characters that are shown of a long line, at its beginning and at its end: a payload may be large.
const BEGINNING: usize = 90;
const ENDING: usize = 20;

pub(super) fn draw(page: &mut Page<'_>, model: &Model, is_beside_monitor: bool) {
    let Some(shown) = &model.work.shown else { return };
    page.gap();
    page.rule();
    match shown {
        Shown::Playing => {
            let where_it_is = if is_beside_monitor { "" } else { " with Tab" };
            let text = format!("It is being played on the server: watch the monitor{where_it_is}.");
            page.line(vec![Span::styled(text, page.theme.muted)]);
        }
        Shown::Played(Ok(Played { transcript, tally })) => {
            page.line(vec![Span::styled("What just happened on the server", page.theme.heading)]);
            for (line, times) in runs(transcript) {
                let (indent, style) =
                    if line.starts_with(' ') { (4, page.theme.accent) } else { (0, page.theme.muted) };
                let often = if times > 1 { format!(" ({times} times)") } else { String::new() };
                page.paragraph(&(shortened(line.trim_start()) + &often), indent, style);
            }
            page.gap();
            let heading = if tally.is_empty() { "Nobody received an event" } else { "How often each received it" };
            page.line(vec![Span::styled(heading, page.theme.heading)]);
            for line in tally {
                page.paragraph(&line.to_string(), 0, page.theme.strong);
            }
        }
        Shown::Played(Err(trouble)) => page.paragraph(&format!("It could not be shown: {trouble}"), 0, page.theme.bad),
    }
}

fn shortened(line: &str) -> String {
    let length = line.chars().count();
    if length <= BEGINNING + ENDING {
        return line.to_owned();
    }
    let ending: String = line.chars().skip(length - ENDING).collect();
    format!("{}{ending}", truncate(line, BEGINNING))
}

/// Each line, and how often it is repeated in a row.
fn runs(text: &str) -> Vec<(&str, usize)> {
    let mut runs: Vec<(&str, usize)> = Vec::new();
    for line in text.lines() {
        match runs.last_mut() {
            Some((last, times)) if *last == line => *times += 1,
            _ => runs.push((line, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_keeps_its_beginning_and_its_end() {
        assert_eq!(shortened("1 connect zoe"), "1 connect zoe");
        let long = format!("5 zoe emits x {{\"text\":\"{}\"}} 3000 times", "x".repeat(4000));
        let short = shortened(&long);
        assert!(short.starts_with("5 zoe emits x {") && short.ends_with("xx\"} 3000 times"), "{short}");
        assert!(short.chars().count() <= BEGINNING + ENDING, "{short}");
    }

    #[test]
    fn a_flood_takes_one_line() {
        assert_eq!(runs("1 a\n  x\n  x\n  y\n  x\n"), [("1 a", 1), ("  x", 2), ("  y", 1), ("  x", 1)]);
        assert_eq!(runs(""), []);
    }
}
