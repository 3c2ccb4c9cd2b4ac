//! `rtws hint`: one more hint each time.

use std::process::ExitCode;

use serde::Serialize;

use super::{Context, PASSED, Paint, Ui, print, print_json, session::Session};
use crate::{coursework::hint, text::clean_multiline};

/// Show the next hint for an exercise
///
/// Hints go from a nudge to the shape of the answer. Each call shows one more, and after the last one that one again.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// The exercise; without one, the one that you are at
    #[arg(value_name = "EXERCISE")]
    exercise: Option<String>,
    /// Show every hint at once
    #[arg(long)]
    all: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// The hints that one call shows.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Shown<'a> {
    schema: u32,
    exercise: &'a str,
    revealed: usize,
    total: usize,
    hints: Vec<Hint>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Hint {
    number: usize,
    text: String,
}

/// Reveals a hint and shows it.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let session = Session::open(context)?;
    let exercise = session.exercise(args.exercise.as_deref())?;
    let hints = session.change(|progress, _| {
        if args.all { hint::reveal_all(progress, exercise) } else { hint::reveal(progress, exercise) }
    })?;
    let shown = shown(&exercise.id, &exercise.hints, hints.revealed, args.all);
    if args.json {
        print_json(&shown)?;
    } else if hints.total == 0 {
        print(&hints.in_words())?;
    } else {
        print(&text(&shown, context.ui))?;
    }
    Ok(ExitCode::from(PASSED))
}

fn shown<'a>(exercise: &'a str, hints: &'a [String], revealed: usize, all: bool) -> Shown<'a> {
    let first = if all { 1 } else { revealed };
    let numbered =
        hints.iter().enumerate().map(|(index, text)| Hint { number: index + 1, text: without_notes(text.trim()) });
    let chosen = numbered.filter(|hint| (first..=revealed).contains(&hint.number)).collect();
    Shown { schema: 1, exercise, revealed, total: hints.len(), hints: chosen }
}

/// Markdown whose code blocks name only their language. The lesson's notes after it, such as the file that a block
/// belongs to, are for the course's own tests.
fn without_notes(markdown: &str) -> String {
    let line = |line: &'_ str| match line.split_once(',') {
        Some((fence, _notes)) if fence.trim_start().starts_with("```") => fence.to_owned(),
        _ => line.to_owned(),
    };
    markdown.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn text(shown: &Shown<'_>, ui: Ui) -> String {
    let hints = shown.hints.iter().map(|hint| {
        let headline = format!("{}: {}", shown.exercise, hint::heading(hint.number, shown.total));
        format!("{}\n{}\n", ui.paint(Paint::Strong, &headline), clean_multiline(&hint.text))
    });
    hints.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Depth;

    const PLAIN: Ui = Ui { depth: Depth::None, width: 80, status_line: false };

    fn hints() -> Vec<String> {
        ["a nudge\n", "the shape\n"].map(str::to_owned).to_vec()
    }

    #[test]
    fn one_call_shows_the_newest_hint_and_all_shows_every_one() {
        let hints = hints();
        assert_eq!(shown("a", &hints, 2, false).hints, [Hint { number: 2, text: "the shape".to_owned() }]);
        assert_eq!(shown("a", &hints, 2, true).hints.len(), 2);
        assert_eq!(text(&shown("a", &hints, 1, false), PLAIN), "a: hint 1 of 2\na nudge\n");
    }

    #[test]
    fn code_names_its_language_and_nothing_of_the_courses_own() {
        let hints = ["So:\n\n```rust,in=starters/a.rs\nlet (a, b) = c;\n```\n".to_owned()];
        assert_eq!(shown("a", &hints, 1, false).hints[0].text, "So:\n\n```rust\nlet (a, b) = c;\n```");
    }
}
