//! Where something stands, for people.

/// The line and the column in characters, both from 1, of a position in bytes. A position inside of a character is that of
/// the character, one behind the end is the end.
pub fn position(text: &str, offset: usize) -> (usize, usize) {
    let offset = (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The end of the line at this position.
pub fn line_end(text: &str, offset: usize) -> usize {
    let rest = text.as_bytes().get(offset..).unwrap_or_default();
    rest.iter().position(|byte| *byte == b'\n').map_or(text.len(), |newline| offset + newline + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "é = 1\nüü = 2\n";
        for (offset, found) in [(0, (1, 1)), (1, (1, 1)), (2, (1, 2)), (7, (2, 1)), (11, (2, 3)), (99, (3, 1))] {
            assert_eq!(position(text, offset), found, "{offset}");
        }
    }
}
