//! The worked example, typed again: one chunk at a time, with its label and the reason for it.

use layout::{CodeFile, Package};
use ratatui::text::{Line, Span};

use super::state::RetypeScreen;
use crate::course::steps::Retype;
use crate::learn::document::Page;
use crate::learn::model::Model;
use crate::learn::theme::mark;
use crate::text::clean;
use crate::typing::{Fading, State};

/// Draws the chunk that is typed, and keeps the cursor in sight.
pub(super) fn draw(page: &mut Page<'_>, model: &Model, screen: &RetypeScreen) {
    if screen.beside {
        return beside(page, &screen.retype);
    }
    if screen.typing.is_done() {
        return done(page, model, screen);
    }
    if !screen.active {
        page.step_text(model);
        page.gap();
        let what = if screen.typing.keys().0 == 0 { "Press Enter to begin." } else { "Press Enter to go on." };
        page.line(vec![Span::styled(what, page.theme.accent)]);
        page.gap();
    }
    let cursor = chunk(page, screen);
    if screen.active {
        footer(page, screen);
        page.gap();
        beside(page, &screen.retype);
        page.keep_in_sight(cursor);
    }
}

fn chunk(page: &mut Page<'_>, screen: &RetypeScreen) -> u16 {
    let number = screen.typing.cursor().chunk;
    let chunks = screen.typing.chunks();
    let Some(chunk) = chunks.get(number) else { return 0 };
    page.line(vec![
        Span::styled(format!("{} of {}  ", number + 1, chunks.len()), page.theme.muted),
        Span::styled(clean(&chunk.label), page.theme.heading),
    ]);
    let why = page.rendered(&chunk.why, page.columns);
    page.lines.extend(why);
    page.gap();
    let first = page.lines.len();
    for line in screen.typing.lines(number, screen.fading) {
        let spans = line.pieces.into_iter().map(|piece| {
            let style = match piece.state {
                State::Done => page.theme.typed,
                State::Given | State::Pending => page.theme.pending,
                State::Cursor => page.theme.cursor,
                State::Wrong => page.theme.wrong,
            };
            Span::styled(piece.text, style)
        });
        page.lines.push(spans.collect::<Line<'_>>());
    }
    u16::try_from(first + screen.typing.cursor().line).unwrap_or(u16::MAX)
}

/// The last key, and the score so far.
fn footer(page: &mut Page<'_>, screen: &RetypeScreen) {
    page.gap();
    if let Some(wrong) = screen.typing.wrong() {
        let text = format!("{} expected {}, not {}", mark::BAD, name(&wrong.expected), name(&wrong.pressed));
        page.line(vec![Span::styled(text, page.theme.bad)]);
    } else if screen.pasted {
        page.line(vec![Span::styled("A paste inserts nothing here.", page.theme.warning)]);
    } else {
        page.line(vec![Span::styled(score(screen), page.theme.muted)]);
    }
}

fn name(key: &str) -> String {
    match key {
        " " => "a space".to_owned(),
        "Enter" => "Enter".to_owned(),
        key => format!("`{}`", clean(key)),
    }
}

fn score(screen: &RetypeScreen) -> String {
    let (keys, all) = screen.typing.keys();
    let right = screen.typing.total().percent().map_or(String::new(), |percent| format!(", {percent} % right at once"));
    format!("{keys} of {all} keys{right}")
}

fn done(page: &mut Page<'_>, model: &Model, screen: &RetypeScreen) {
    page.line(vec![Span::styled(format!("{} Typed to the end", mark::GOOD), page.theme.good)]);
    page.paragraph(&score(screen), 2, page.theme.muted);
    let missed: Vec<_> =
        screen.typing.most_missed().into_iter().take(5).map(|(key, count)| format!("{} {count}", name(key))).collect();
    if !missed.is_empty() {
        page.paragraph(&format!("most missed: {}", missed.join(", ")), 2, page.theme.muted);
    }
    if let Some(exercise) = &screen.retype.exercise {
        let text = format!("It is in {}.", CodeFile::of(exercise).shown(Package::Exercises));
        page.paragraph(&text, 2, page.theme.muted);
    }
    page.gap();
    let again = match screen.fading {
        Fading::None => "Press f to type it again with every other word hidden, or n to go on.",
        Fading::Words => "Press f to type it from memory, with the labels alone, or n to go on.",
        Fading::All => "From memory. Press f to do it again, or n to go on.",
    };
    page.line(vec![Span::styled(again, page.theme.accent)]);
    page.step_text(model);
}

fn beside(page: &mut Page<'_>, retype: &Retype) {
    let Some(beside) = &retype.beside else { return };
    if !page.lines.is_empty() {
        page.rule();
    }
    page.line(vec![Span::styled("The same in JavaScript", page.theme.heading)]);
    page.gap();
    page.verbatim(beside, page.theme.code);
}
