//! Compares two texts of code side by side, and marks the words that differ.
//!
//! Only code is compared: comments and blank lines stay where they are, and do not count as changes.

use std::cmp::Ordering;
use std::ops::Range;

use serde::Serialize;
use similar::{Algorithm, DiffOp, DiffTag};
use unicode_segmentation::UnicodeSegmentation;

use super::{clean_multiline, width};

/// The fewest columns in which two texts of code can be read side by side.
pub const SIDE_BY_SIDE_FROM: usize = 100;

/// In place of a line's sign on the continuation of a line that was too long.
pub const CONTINUED: &str = "↳ ";

/// Two lines with less than this percentage of their words in common count as two lines, not as one that was changed.
const LEAST_RESEMBLANCE: u32 = 40;

/// The most pairs of lines that are compared. The lines of a larger change are shown unpaired.
const MOST_PAIRS: usize = 250_000;

/// Rows without a change that are shown around one.
const CONTEXT: usize = 3;

/// A row of both texts: a line of each, or of only one if the other has nothing like it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Whether there is no change here: both lines are the same, or hold no code.
    pub same: bool,
    /// The line of the first text.
    pub first: Option<Line>,
    /// The line of the second text.
    pub second: Option<Line>,
}

/// A line in pieces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its number, from 1.
    pub number: usize,
    /// The line from left to right, fit for a screen.
    pub pieces: Vec<Piece>,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The characters.
    pub text: String,
    /// Whether the other text differs in this place.
    pub differs: bool,
}

/// Both texts in rows.
pub fn compare(first: &str, second: &str) -> Vec<Row> {
    let (first, second) = (clean_multiline(first), clean_multiline(second));
    let (first, second): (Vec<_>, Vec<_>) = (first.lines().collect(), second.lines().collect());
    let (first_code, second_code) = (code(&first), code(&second));
    let operations = similar::capture_diff_slices(Algorithm::Myers, &first_code.lines, &second_code.lines);
    let mut all = Vec::new();
    let (mut first_at, mut second_at) = (0, 0);
    for mut row in operations.iter().flat_map(|operation| rows(&first_code.lines, &second_code.lines, operation)) {
        let first_to = first_code.place(row.first.as_mut(), first_at);
        let second_to = second_code.place(row.second.as_mut(), second_at);
        all.extend(without_code(&first, first_at..first_to, &second, second_at..second_to));
        (first_at, second_at) =
            (first_to + usize::from(row.first.is_some()), second_to + usize::from(row.second.is_some()));
        all.push(row);
    }
    all.extend(without_code(&first, first_at..first.len(), &second, second_at..second.len()));
    all
}

/// The lines of a text that hold code.
struct Code<'a> {
    lines: Vec<&'a str>,
    /// The index of each line in the text, from 0.
    places: Vec<usize>,
}

fn code<'a>(text: &[&'a str]) -> Code<'a> {
    let holds_code = |line: &str| !line.trim_start().starts_with("//") && !line.trim().is_empty();
    let (places, lines) = text.iter().enumerate().filter(|(_, line)| holds_code(line)).unzip();
    Code { lines, places }
}

impl Code<'_> {
    /// Gives a line of code its number in the text, and returns its index; without a line that is `at`.
    fn place(&self, line: Option<&mut Line>, at: usize) -> usize {
        line.map_or(at, |line| {
            let place = self.places[line.number - 1];
            line.number = place + 1;
            place
        })
    }
}

/// The lines between two lines of code, side by side.
fn without_code(first: &[&str], firsts: Range<usize>, second: &[&str], seconds: Range<usize>) -> Vec<Row> {
    unpaired(first, firsts, second, seconds).into_iter().map(|row| Row { same: true, ..row }).collect()
}

/// A part of the rows.
#[derive(Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Changes, and the rows around them.
    Shown(&'a [Row]),
    /// This many rows without a change, far from any.
    LeftOut(usize),
}

/// All rows, without those that are far from a change.
pub fn folded(rows: &[Row]) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut shown, mut end) = (0, 0);
    for stretch in rows.chunk_by(|one, next| one.same == next.same) {
        let start = end;
        end += stretch.len();
        let from = if start == 0 { start } else { start + CONTEXT };
        let to = if end == rows.len() { end } else { end.saturating_sub(CONTEXT) };
        // A single row takes no more room than the remark about it.
        if stretch[0].same && to > from + 1 {
            parts.push(Part::Shown(&rows[shown..from]));
            parts.push(Part::LeftOut(to - from));
            shown = to;
        }
    }
    parts.push(Part::Shown(&rows[shown..]));
    parts.retain(|part| !matches!(part, Part::Shown([])));
    parts
}

/// The remark in place of rows that are left out.
pub fn left_out(count: usize) -> String {
    format!("  … {count} lines without a change")
}

fn rows(first: &[&str], second: &[&str], operation: &DiffOp) -> Vec<Row> {
    let (old, new) = (operation.old_range(), operation.new_range());
    if operation.tag() == DiffTag::Equal {
        let same = |(old, new)| Row { same: true, first: Some(whole(first, old)), second: Some(whole(second, new)) };
        return old.zip(new).map(same).collect();
    }
    let mut rows = Vec::new();
    let (mut old_at, mut new_at) = (old.start, new.start);
    for (paired_old, paired_new) in pairs(&first[old.clone()], &second[new.clone()]) {
        let (paired_old, paired_new) = (old.start + paired_old, new.start + paired_new);
        rows.extend(unpaired(first, old_at..paired_old, second, new_at..paired_new));
        rows.push(changed(first, paired_old, second, paired_new));
        (old_at, new_at) = (paired_old + 1, paired_new + 1);
    }
    rows.extend(unpaired(first, old_at..old.end, second, new_at..new.end));
    rows
}

/// Lines that resemble nothing on the other side, paired up to save room.
fn unpaired(first: &[&str], old: Range<usize>, second: &[&str], new: Range<usize>) -> Vec<Row> {
    let count = old.len().max(new.len());
    let (mut old, mut new) = (old, new);
    let row = |_| Row {
        same: false,
        first: old.next().map(|index| whole(first, index)),
        second: new.next().map(|index| whole(second, index)),
    };
    (0..count).map(row).collect()
}

/// A line and its changed version.
fn changed(first: &[&str], old: usize, second: &[&str], new: usize) -> Row {
    let (mut before, mut after) = (Line::empty(old), Line::empty(new));
    let (old_words, new_words) = (words(first[old]), words(second[new]));
    for operation in similar::capture_diff_slices(Algorithm::Myers, &old_words, &new_words) {
        let differs = operation.tag() != DiffTag::Equal;
        append(&mut before.pieces, &old_words[operation.old_range()].concat(), differs);
        append(&mut after.pieces, &new_words[operation.new_range()].concat(), differs);
    }
    Row { same: false, first: Some(before), second: Some(after) }
}

/// A line split into names, numbers and single other characters; joined, they are the line.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let is_other = |character: char| !is_word(character);
        let end = if is_word(first) { rest.find(is_other).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after;
    }
    words
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn whole(lines: &[&str], index: usize) -> Line {
    let mut line = Line::empty(index);
    append(&mut line.pieces, lines[index], false);
    line
}

/// Pairs lines in order, so that the total resemblance of all pairs is the greatest.
fn pairs(first: &[&str], second: &[&str]) -> Vec<(usize, usize)> {
    if first.len() * second.len() > MOST_PAIRS {
        return Vec::new();
    }
    let (first, second) = (sorted_words(first), sorted_words(second));
    // `best[i][j]` is the best total for the lines from `i` and from `j` on.
    let mut best = vec![vec![0_u32; second.len() + 1]; first.len() + 1];
    for i in (0..first.len()).rev() {
        for j in (0..second.len()).rev() {
            let paired = resemblance(&first[i], &second[j]).map_or(0, |percent| percent + best[i + 1][j + 1]);
            best[i][j] = paired.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < first.len() && j < second.len() {
        if best[i][j] == best[i + 1][j] {
            i += 1;
        } else if best[i][j] == best[i][j + 1] {
            j += 1;
        } else {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        }
    }
    pairs
}

/// The names and numbers of each line.
fn sorted_words<'a>(lines: &[&'a str]) -> Vec<Vec<&'a str>> {
    let sorted = |line: &&'a str| {
        let mut words: Vec<_> = words(line).into_iter().filter(|word| word.starts_with(is_word)).collect();
        words.sort_unstable();
        words
    };
    lines.iter().map(sorted).collect()
}

/// The share of words that both lines have, in percent; `None` if they have too little in common to be one changed
/// line.
fn resemblance(first: &[&str], second: &[&str]) -> Option<u32> {
    let (mut i, mut j, mut common) = (0, 0, 0_usize);
    while i < first.len() && j < second.len() {
        match first[i].cmp(second[j]) {
            Ordering::Less => i += 1,
            Ordering::Greater => j += 1,
            Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
        }
    }
    let percent = (200 * common).checked_div(first.len() + second.len())?;
    u32::try_from(percent).ok().filter(|percent| *percent >= LEAST_RESEMBLANCE)
}

impl Line {
    fn empty(index: usize) -> Self {
        Self { number: index + 1, pieces: Vec::new() }
    }

    /// The whole line in rows of this many columns. It is broken where a reader would break it; a part that is still
    /// too long, before a word; and a word that is longer than a row, anywhere.
    pub fn broken(&self, columns: usize) -> Vec<Vec<Piece>> {
        let pieces = self.pieces.iter();
        let words: Vec<_> =
            pieces.flat_map(move |piece| words(&piece.text).into_iter().map(move |word| (word, piece))).collect();
        let (mut rows, mut row, mut used) = (Vec::new(), Vec::new(), 0);
        for unit in words.chunk_by(|(word, _), (next, _)| !may_break(word, next)) {
            let unit_columns = unit.iter().map(|(word, _)| width(word)).sum::<usize>();
            let fits_a_row = unit_columns <= columns;
            let parts = unit.iter().flat_map(|(word, piece)| {
                let parts = if width(word) > columns { word.graphemes(true).collect() } else { vec![*word] };
                parts.into_iter().map(move |part| (part, piece.differs))
            });
            for (index, (part, differs)) in parts.enumerate() {
                let needed = if index == 0 && fits_a_row { unit_columns } else { width(part) };
                if used > 0 && used + needed > columns {
                    rows.push(std::mem::take(&mut row));
                    used = 0;
                }
                used += width(part);
                append(&mut row, part, differs);
            }
        }
        rows.push(row);
        rows
    }
}

/// Whether a line of code may be broken between these two words: after white space, after an opening bracket or a
/// separator, and before the dot of a call.
fn may_break(word: &str, next: &str) -> bool {
    let is_space = |word: &str| word.starts_with(char::is_whitespace);
    (is_space(word) && !is_space(next))
        || (matches!(word, "(" | "[" | "{" | ",") && !is_space(next))
        || (next == "." && word != ".")
}

fn append(pieces: &mut Vec<Piece>, text: &str, differs: bool) {
    match pieces.last_mut() {
        Some(piece) if piece.differs == differs => piece.text.push_str(text),
        _ if text.is_empty() => {}
        _ => pieces.push(Piece { text: text.to_owned(), differs }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: Option<&Line>) -> String {
        let piece = |piece: &Piece| if piece.differs { format!("[{}]", piece.text) } else { piece.text.clone() };
        line.map_or("-".to_owned(), |line| {
            format!("{}:{}", line.number, line.pieces.iter().map(piece).collect::<String>())
        })
    }

    fn table(first: &str, second: &str) -> Vec<(bool, String, String)> {
        let rows = compare(first, second);
        rows.iter().map(|row| (row.same, shown(row.first.as_ref()), shown(row.second.as_ref()))).collect()
    }

    #[test]
    fn a_changed_line_stands_beside_what_it_became_with_the_word_marked() {
        let rows = table("use a;\nlet room = one;\nend\n", "use a;\nlet room = two;\nend\nmore\n");
        let expected = [
            (true, "1:use a;", "1:use a;"),
            (false, "2:let room = [one];", "2:let room = [two];"),
            (true, "3:end", "3:end"),
            (false, "-", "4:more"),
        ];
        assert_eq!(rows, expected.map(|(same, first, second)| (same, first.to_owned(), second.to_owned())));
    }

    #[test]
    fn a_line_is_found_again_below_lines_that_are_new() {
        let rows = table("socket.join(room);\n", "// Only now.\nlet room = name(id);\nsocket.join(&room);\n");
        let expected = [
            (true, "-", "1:// Only now."),
            (false, "-", "2:let room = name(id);"),
            (false, "1:socket.join(room);", "3:socket.join([&]room);"),
        ];
        assert_eq!(rows, expected.map(|(same, first, second)| (same, first.to_owned(), second.to_owned())));
    }

    #[test]
    fn comments_and_empty_lines_are_not_changes_and_stay_where_they_are() {
        let first = "//! The starter.\nuse a;\n// 1. Join.\n//    Page: joining.\nlet room = one;\n";
        let second = "//! One way to do it.\n\nuse a;\nlet room = two;\n\n// That is all.\n";
        let expected = [
            (true, "1://! The starter.", "1://! One way to do it."),
            (true, "-", "2:"),
            (true, "2:use a;", "3:use a;"),
            (true, "3:// 1. Join.", "-"),
            (true, "4://    Page: joining.", "-"),
            (false, "5:let room = [one];", "4:let room = [two];"),
            (true, "-", "5:"),
            (true, "-", "6:// That is all."),
        ];
        assert_eq!(
            table(first, second),
            expected.map(|(same, first, second)| (same, first.to_owned(), second.to_owned()))
        );
    }

    #[test]
    fn rows_far_from_a_change_are_left_out() {
        let lines: Vec<_> = (0..30).map(|number| format!("line {number};\n")).collect();
        let rows =
            compare(&lines.concat(), &lines.concat().replace("line 10;", "row 10;").replace("line 19;", "row 19;"));
        let numbers = |part: Part<'_>| match part {
            Part::Shown(rows) => format!(
                "{}-{}",
                rows[0].first.as_ref().unwrap().number,
                rows[rows.len() - 1].first.as_ref().unwrap().number
            ),
            Part::LeftOut(count) => format!("{count} left out"),
        };
        let parts: Vec<_> = folded(&rows).into_iter().map(numbers).collect();
        assert_eq!(parts, ["7 left out", "8-14", "2 left out", "17-23", "7 left out"]);
        assert_eq!(folded(&rows[8..12]), [Part::Shown(&rows[8..12])]);
        assert_eq!(folded(&[]), []);
    }

    #[test]
    fn a_line_is_broken_where_a_reader_would_break_it() {
        let line = compare("    let id = payload.get(key).map(str::trim).filter(|id| !id.is_empty());\n", "")
            .remove(0)
            .first
            .unwrap();
        let text = |row: &Vec<Piece>| row.iter().map(|piece| piece.text.as_str()).collect::<String>();
        let rows = |columns| line.broken(columns).iter().map(text).collect::<Vec<_>>();
        assert_eq!(rows(40), ["    let id = payload.get(key).map(", "str::trim).filter(|id| !id.is_empty());"]);
        assert_eq!(rows(12)[..4], ["    let id ", "= payload", ".get(key)", ".map("]);
    }

    #[test]
    fn a_path_is_as_many_words_as_it_has_names() {
        let rows = table("socket.to(room).emit(a);\n", "socket.io().to(room).emit(a);\n");
        let expected = (false, "1:socket.to(room).emit(a);".to_owned(), "1:socket.[io().]to(room).emit(a);".to_owned());
        assert_eq!(rows, [expected]);
    }

    #[test]
    fn lines_that_resemble_nothing_are_not_marked_word_by_word() {
        let rows = table("return;\n", "socket.emit(\"joined\", payload);\n");
        assert_eq!(rows, [(false, "1:return;".to_owned(), "1:socket.emit(\"joined\", payload);".to_owned())]);
    }

    #[test]
    fn two_large_texts_are_compared_without_looking_for_words() {
        let rows = compare(&"let one = 1;\n".repeat(1000), &"let two = 1;\n".repeat(1000));
        assert_eq!(rows.len(), 1000);
        assert!(rows.iter().all(|row| row.first.as_ref().is_some_and(|line| line.pieces.len() == 1)));
    }

    #[test]
    fn the_same_text_has_no_row_that_differs() {
        assert!(compare("a\nb\n", "a\nb\n").iter().all(|row| row.same));
        assert!(compare("", "").is_empty());
    }

    #[test]
    fn escape_codes_do_not_reach_the_terminal() {
        assert_eq!(table("a\x1b[2Jb\n", ""), [(false, "1:ab".to_owned(), "-".to_owned())]);
    }

    #[test]
    fn a_long_line_is_broken_and_nothing_of_it_is_lost() {
        let line = compare("let 日本 = one_long_name;\n", "let 日本 = two_long_name;\n").remove(0).first.unwrap();
        let rows = line.broken(7);
        let text = |row: &Vec<Piece>| row.iter().map(|piece| piece.text.as_str()).collect::<String>();
        let texts: Vec<_> = rows.iter().map(text).collect();
        assert!(texts.iter().all(|text| width(text) <= 7), "{texts:?}");
        assert_eq!(texts.concat(), "let 日本 = one_long_name;");
        assert!(rows.iter().flatten().any(|piece| piece.differs));
        assert_eq!(Line { number: 1, pieces: Vec::new() }.broken(7).len(), 1, "an empty line is a row");
    }
}
