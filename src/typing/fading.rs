//! Hides text that the learner should remember.

use super::plan::PlanLine;

/// How much of the remaining text is hidden.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fading {
    /// Nothing.
    #[default]
    None,
    /// Every other word.
    Words,
    /// Everything but the indentation.
    All,
}

/// For each line and cell, whether it is hidden until it is typed.
pub(super) fn hidden(lines: &[PlanLine], fading: Fading) -> Vec<Vec<bool>> {
    match fading {
        Fading::None => lines.iter().map(|line| vec![false; line.cells.len()]).collect(),
        Fading::Words => every_other_word(lines),
        Fading::All => {
            let inked = |line: &PlanLine| line.cells.iter().map(|cell| !cell.text.trim().is_empty()).collect();
            lines.iter().map(inked).collect()
        }
    }
}

fn every_other_word(lines: &[PlanLine]) -> Vec<Vec<bool>> {
    let mut words = 0_usize;
    let mut line_hidden = |line: &PlanLine| {
        let mut in_word = false;
        let cells = line.cells.iter().map(|cell| {
            let part = cell.asked.is_some_and(|key| key.is_ascii_alphanumeric() || key == '_');
            words += usize::from(part && !in_word);
            in_word = part;
            part && words.is_multiple_of(2)
        });
        cells.collect()
    };
    lines.iter().map(&mut line_hidden).collect()
}

#[cfg(test)]
mod tests {
    use super::super::plan::plan;
    use super::*;

    fn shown(text: &str, fading: Fading) -> String {
        let lines = plan(text);
        let hidden = hidden(&lines, fading);
        let cells = lines.iter().zip(&hidden).flat_map(|(line, hidden)| line.cells.iter().zip(hidden));
        cells.map(|(cell, hidden)| if *hidden { "·" } else { cell.text.as_str() }).collect()
    }

    #[test]
    fn every_other_word_is_hidden_and_punctuation_stays() {
        assert_eq!(shown("let project_id = payload[\"id\"];", Fading::Words), "let ·········· = payload[\"··\"];");
        assert_eq!(shown("a b\nc d", Fading::Words), "a ·c ·");
    }

    #[test]
    fn everything_is_hidden_but_the_white_space() {
        assert_eq!(shown("  a + b // c", Fading::All), "  · · · ·· ·");
    }
}
