//! `rtws compare`: the learner's file and the solution, with the words marked that differ.

use std::{path::Path, process::ExitCode};

use anyhow::Context as _;
use serde::Serialize;

use super::{
    Context, NOT_PASSED, PASSED, Paint, Ui,
    output::print_error,
    print, print_json,
    session::{Session, usage},
};
use crate::{
    clock::unix_seconds,
    coursework::solution,
    progress::{ExerciseProgress, Store},
    text::{
        clean,
        comparison::{self, CONTINUED, Part, Piece, Row, SIDE_BY_SIDE_FROM, left_out},
        width,
    },
};

/// Between the halves.
const MIDDLE: &str = " | ";

/// Compare your file with the solution, once the exercise has passed
///
/// Code is compared: comments and empty lines are not changes, and lines far from a change are left out. Both are shown
/// side by side if a line has 100 columns or more. Without colours, `^` below a line marks what differs.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The exercise
    #[arg(value_name = "EXERCISE")]
    exercise: String,
    /// Show the solution although the exercise has not passed; that is recorded, and your report says so
    #[arg(long)]
    before_passing: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    exercise: &'a str,
    /// The learner's file, `first` in the rows.
    file: &'a Path,
    /// `second` in the rows.
    solution: &'a Path,
    /// When the solution was opened, if that was before the exercise had passed, in unix seconds.
    solution_opened_at: Option<u64>,
    same: bool,
    rows: Vec<Row>,
}

/// Shows both texts, if the learner may see the solution.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let session = Session::open(context)?;
    let files = session.course.files(&args.exercise).map_err(|unknown| usage(&unknown))?;
    let known = open_solution(args, context, &session)?;
    if !solution::is_open(&known) {
        print_error(&format!(
            "{0} `rtws check {1}` checks it. With --before-passing you see the solution now, and that is recorded.",
            solution::CLOSED,
            args.exercise
        ));
        return Ok(ExitCode::from(NOT_PASSED));
    }
    let texts = solution::texts(&files.code, &files.solution)?;
    let rows = comparison::compare(&texts.learner, &texts.solution);
    let document = Document {
        schema: 1,
        exercise: &args.exercise,
        file: &files.code,
        solution: &files.solution,
        solution_opened_at: known.solution_opened_at,
        same: rows.iter().all(|row| row.same),
        rows,
    };
    if args.json {
        print_json(&document)?;
    } else {
        print(&text(&document, context.ui))?;
    }
    Ok(ExitCode::from(PASSED))
}

/// The exercise's progress, after opening the solution on record if requested.
fn open_solution(args: &Args, context: &Context, session: &Session<'_>) -> anyhow::Result<ExerciseProgress> {
    let known = session.progress.exercise(&args.exercise);
    if solution::is_open(&known) || !args.before_passing {
        return Ok(known);
    }
    let now = unix_seconds();
    let (known, saved) = Store::change(&context.home, now, |progress| solution::open(progress, &args.exercise, now));
    saved.context("the solution stays closed, because opening it cannot be recorded")?;
    Ok(known)
}

fn text(document: &Document<'_>, ui: Ui) -> String {
    let mut lines = Vec::new();
    if document.solution_opened_at.is_some() {
        lines.push(ui.paint(Paint::Strong, solution::OPENED));
    }
    if document.same {
        lines.push(clean(&format!("{} and the solution hold the same code.", document.file.display())));
    } else if ui.width >= SIDE_BY_SIDE_FROM {
        let columns = (ui.width - MIDDLE.len()) / 2;
        let head = [ui.paint(Paint::Bad, &pad("- yours", columns)), ui.paint(Paint::Good, "+ the solution")];
        lines.push(head.join(MIDDLE));
        let shown = |rows: &[Row]| rows.iter().flat_map(|row| side_by_side(row, columns, ui)).collect();
        lines.extend(parts(&document.rows, ui, shown));
    } else {
        lines.push(format!("{}  {}", ui.paint(Paint::Bad, "- yours"), ui.paint(Paint::Good, "+ the solution")));
        lines.extend(parts(&document.rows, ui, |rows| unified(rows, ui)));
    }
    lines.join("\n")
}

/// All rows as lines, without those that are far from a change.
fn parts(rows: &[Row], ui: Ui, shown: impl Fn(&[Row]) -> Vec<String>) -> Vec<String> {
    let lines = |part| match part {
        Part::Shown(rows) => shown(rows),
        Part::LeftOut(count) => vec![ui.paint(Paint::Dim, &left_out(count))],
    };
    comparison::folded(rows).into_iter().flat_map(lines).collect()
}

/// One side of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    First,
    Second,
}

/// Stretches of different lines are shown as two blocks: the learner's, then the solution's. Lines without code are the
/// solution's.
fn unified(rows: &[Row], ui: Ui) -> Vec<String> {
    let stretches = rows.chunk_by(|one, next| one.same == next.same);
    let lines = stretches.flat_map(|stretch| {
        let changed = stretch.iter().filter(|row| !row.same);
        let firsts = changed.flat_map(move |row| half(row, Side::First, ui.width, ui));
        firsts.chain(stretch.iter().flat_map(move |row| half(row, Side::Second, ui.width, ui)))
    });
    lines.map(|(line, _)| line).collect()
}

fn side_by_side(row: &Row, columns: usize, ui: Ui) -> Vec<String> {
    let (firsts, seconds) = (half(row, Side::First, columns, ui), half(row, Side::Second, columns, ui));
    let at = |half: &[(String, usize)], index: usize| half.get(index).cloned().unwrap_or_default();
    let rows = 0..firsts.len().max(seconds.len());
    let lines = rows.map(|index| {
        let ((first, used), (second, _)) = (at(&firsts, index), at(&seconds, index));
        format!("{first}{}{MIDDLE}{second}", " ".repeat(columns.saturating_sub(used))).trim_end().to_owned()
    });
    lines.collect()
}

/// One side of a row in as many lines as it needs, each with its width.
fn half(row: &Row, side: Side, columns: usize, ui: Ui) -> Vec<(String, usize)> {
    let (line, sign, whole, part) = match (row.same, side) {
        (true, Side::First) => (&row.first, "  ", Paint::Dim, Paint::Dim),
        (true, Side::Second) => (&row.second, "  ", Paint::Dim, Paint::Dim),
        (false, Side::First) => (&row.first, "- ", Paint::Bad, Paint::BadPart),
        (false, Side::Second) => (&row.second, "+ ", Paint::Good, Paint::GoodPart),
    };
    let broken = line.iter().flat_map(|line| line.broken(columns.saturating_sub(sign.len()).max(1)));
    let lines = broken.enumerate().flat_map(|(index, pieces)| {
        let sign = if index == 0 { sign } else { CONTINUED };
        let text = pieces.iter().map(|piece| ui.paint(if piece.differs { part } else { whole }, &piece.text));
        let line = ui.paint(whole, sign) + &text.collect::<String>();
        let used = width(sign) + pieces.iter().map(|piece| width(&piece.text)).sum::<usize>();
        [Some((line, used)), marks(&pieces).filter(|_| !ui.has_colours())].into_iter().flatten()
    });
    lines.collect()
}

/// The line below that marks the differences, for output without colours.
fn marks(pieces: &[Piece]) -> Option<(String, usize)> {
    let mark = |piece: &Piece| if piece.differs { "^" } else { " " }.repeat(width(&piece.text));
    let marks: String = pieces.iter().map(mark).collect();
    let marks = format!("  {}", marks.trim_end());
    marks.contains('^').then(|| (marks.clone(), marks.len()))
}

fn pad(text: &str, columns: usize) -> String {
    format!("{text:columns$}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Depth;

    const PLAIN: Ui = Ui { depth: Depth::None, width: 80, status_line: false };

    fn shown(first: &str, second: &str, ui: Ui) -> String {
        let rows = comparison::compare(first, second);
        let (file, solution) = (Path::new("first.rs"), Path::new("second.rs"));
        let same = rows.iter().all(|row| row.same);
        text(&Document { schema: 1, exercise: "first", file, solution, solution_opened_at: None, same, rows }, ui)
    }

    const FIRST: &str = "use a;\nlet room = one;\nlet b = 1;\nend\n";
    const SECOND: &str = "use a;\nlet room = two;\nend\n";

    #[test]
    fn a_narrow_line_shows_one_text_after_the_other_with_marks_below_the_words() {
        let expected = "\
- yours  + the solution
  use a;
- let room = one;
             ^^^
- let b = 1;
+ let room = two;
             ^^^
  end";
        assert_eq!(shown(FIRST, SECOND, PLAIN), expected);
    }

    #[test]
    fn a_wide_line_shows_both_side_by_side() {
        let shown = shown(FIRST, SECOND, Ui { width: 101, ..PLAIN });
        let lines: Vec<_> = shown.lines().map(|line| line.split_once(MIDDLE).unwrap_or((line, ""))).collect();
        let halves: Vec<_> = lines.iter().map(|(first, second)| (first.trim_end(), *second)).collect();
        assert_eq!(
            halves[1..4],
            [
                ("  use a;", "  use a;"),
                ("- let room = one;", "+ let room = two;"),
                ("             ^^^", "             ^^^")
            ]
        );
        assert_eq!(halves[4].0.split_whitespace().collect::<Vec<_>>(), ["-", "let", "b", "=", "1;", "|"]);
        assert!(lines[..4].iter().all(|(first, _)| width(first) == 49), "{shown}");
    }

    #[test]
    fn colours_mark_the_words_and_no_line_is_wider_than_the_terminal() {
        let long = "let room = one.and_another(); // And so on, and on, until the line is longer than its half.\n";
        let ui = Ui { depth: Depth::Sixteen, width: 120, ..PLAIN };
        let shown = shown(&long.replace("and_another", "other"), long, ui);
        assert!(
            shown.contains("\x1b[31;7mother\x1b[0m") && shown.contains("\x1b[32;7mand_another\x1b[0m"),
            "{shown:?}"
        );
        assert!(shown.lines().all(|line| width(&clean(line)) <= 120), "{shown}");
        assert!(!shown.contains('^'));
    }

    #[test]
    fn texts_that_are_the_same_are_said_to_be() {
        assert_eq!(shown(FIRST, FIRST, PLAIN), "first.rs and the solution hold the same code.");
    }
}
