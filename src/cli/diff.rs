//! The difference between the expected and the actual transcript, line by line.

use similar::{ChangeTag, InlineChange, TextDiff};

use super::{Paint, Ui};
use crate::text::clean;

/// How many equal lines are shown around a difference.
const CONTEXT: usize = 3;

/// The lines that differ and some around them: `-` was expected and is missing, `+` came instead.
pub(super) fn diff(expected: &str, actual: &str, ui: Ui) -> String {
    let diff = TextDiff::from_lines(expected, actual);
    let mut lines = vec![format!("{}  {}", ui.paint(Paint::Good, "- expected"), ui.paint(Paint::Bad, "+ yours"))];
    for (index, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if index > 0 {
            lines.push(ui.paint(Paint::Dim, "  …"));
        }
        let changes = group.iter().flat_map(|operation| diff.iter_inline_changes(operation));
        lines.extend(changes.map(|change| line(&change, ui)));
    }
    lines.join("\n")
}

fn line(change: &InlineChange<'_, str>, ui: Ui) -> String {
    let (sign, whole, part) = match change.tag() {
        ChangeTag::Equal => return ui.paint(Paint::Dim, &format!("  {}", text_of(change))),
        ChangeTag::Delete => ("- ", Paint::Good, Paint::GoodPart),
        ChangeTag::Insert => ("+ ", Paint::Bad, Paint::BadPart),
    };
    if !ui.has_colours() {
        return format!("{sign}{}", text_of(change));
    }
    let parts = change.iter_strings_lossy().map(|(is_different, text)| {
        let text = clean(text.trim_end_matches(['\r', '\n']));
        ui.paint(if is_different { part } else { whole }, &text)
    });
    ui.paint(whole, sign) + &parts.collect::<String>()
}

fn text_of(change: &InlineChange<'_, str>) -> String {
    let text: String = change.iter_strings_lossy().map(|(_, text)| text).collect();
    clean(text.trim_end_matches(['\r', '\n']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Depth;

    const PLAIN: Ui = Ui { depth: Depth::None, width: 80, status_line: false };

    #[test]
    fn only_the_lines_around_a_difference_are_shown() {
        let expected = "1\n2\n3\n4\n5\nbob <- greeting\n7\n8\n9\n10\n11\n12\n13\n14\n15\nlast\n";
        let actual = expected.replace("bob <- greeting", "bob <- nothing").replace("last", "end");
        let shown = "- expected  + yours\n  3\n  4\n  5\n- bob <- greeting\n+ bob <- nothing\n  7\n  8\n  9\n  …\n  13\n  14\n  15\n- last\n+ end";
        assert_eq!(diff(expected, &actual, PLAIN), shown);
    }

    #[test]
    fn colour_marks_the_part_of_a_line_that_differs() {
        let shown = diff("ann hears one\n", "ann hears two\n", Ui { depth: Depth::Sixteen, ..PLAIN });
        assert!(shown.contains("\x1b[32;7mone\x1b[0m"), "{shown:?}");
        assert!(shown.contains("\x1b[31;7mtwo\x1b[0m"), "{shown:?}");
        assert!(shown.contains("\x1b[32mann hears \x1b[0m"), "{shown:?}");
    }

    #[test]
    fn escape_codes_in_a_transcript_do_not_reach_the_terminal() {
        assert!(!diff("a\n", "b\x1b[2J\n", PLAIN).contains('\x1b'));
    }
}
