//! The first lines of a wrong answer that is a file, which say what is wrong with it.

use crate::mistakes::{Mistake, OR};

/// What the first lines lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum HeaderError {
    #[error("begin the file with `//! ` and the mistake in a sentence")]
    NoSentence,
    #[error("add a line `//! Fails: ` with the scenario that catches the mistake")]
    NoScenario,
    #[error("keep one line `//! Fails: `; one scenario is enough")]
    Scenarios,
    #[error("add a line `//! Says: ` with words of the explanation that name the mistake")]
    NoWords,
}

/// The mistake that they tell of.
pub(super) fn in_header(source: &str) -> Result<Mistake, HeaderError> {
    let lines: Vec<_> = source.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
    let all = |key| lines.iter().filter_map(move |line| line.strip_prefix(key)).map(|rest| rest.trim().to_owned());
    let says = lines.first().filter(|line| !line.is_empty()).ok_or(HeaderError::NoSentence)?;
    let mut fails = all("Fails:");
    let (first, second) = (fails.next().ok_or(HeaderError::NoScenario)?, fails.next());
    if second.is_some() {
        return Err(HeaderError::Scenarios);
    }
    let words: Vec<_> = all("Says:").filter(|words| !words.is_empty()).collect();
    if words.is_empty() {
        return Err(HeaderError::NoWords);
    }
    let reader = all("Reader:").map(|one| one.split(OR).map(str::to_owned).collect()).collect();
    Ok(Mistake { says: (*says).to_owned(), fails: first, words, reader })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_lacks_something_says_how_to_fix_it() {
        for (text, lack) in [
            ("pub fn app() {}", HeaderError::NoSentence),
            ("//!\n//! Fails: back\n", HeaderError::NoSentence),
            ("//! It forgets.\n//! Says: x\n", HeaderError::NoScenario),
            ("//! It forgets.\n//! Fails: back\n", HeaderError::NoWords),
            ("//! It forgets.\n//! Fails: back\n//! Says:\n", HeaderError::NoWords),
            ("//! It forgets.\n//! Fails: back\n//! Fails: forth\n", HeaderError::Scenarios),
        ] {
            assert_eq!(in_header(text).unwrap_err(), lack, "{text}");
            let advice = lack.to_string();
            assert!(advice.contains("//! "), "{advice}");
        }
    }
}
