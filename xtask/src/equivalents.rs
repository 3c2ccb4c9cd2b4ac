//! Mutants that no scenario can catch, because they do the same: a lesson lists them, each with an argument.
//!
//! ```toml
//! [[equivalents]]
//! of = "typed"                    # right/<exercise>/typed.rs; without it, the solution
//! at = "socket.join(&me);"        # the line, without its indent
//! changes = ["`socket.join(&me);` comes after the next statement"]
//! because = "Nothing is sent between the two."
//! ```

use std::path::Path;
use std::{fs, io};

use anyhow::Context as _;
use fields::{Filled, Found, Required, Verbatim, table};
use layout::shown;
use mutants::Mutant;

table! {
    /// A file of equivalent mutants.
    struct File = "a file of equivalent mutants" {
        /// Each is a line, and changes of it.
        equivalents: Filled<Keys>,
    }
}

table! {
    /// A line whose changes make no difference.
    struct Keys = "an equivalent mutant" {
        /// The right answer; without it the solution.
        of: Option<String>,
        /// The line, without its indent.
        at: Required<Verbatim>,
        /// The changes, as `cargo xtask attack` prints them.
        changes: Vec<Verbatim>,
        /// Why they make no difference.
        because: Required<Verbatim>,
    }
}

/// A mutant that a lesson calls equivalent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Equivalent {
    of: Option<String>,
    at: String,
    pub(crate) change: String,
}

impl Equivalent {
    /// Whether it is this mutant of the right answer of this name, or of the solution.
    pub(crate) fn is(&self, of: Option<&str>, source: &str, mutant: &Mutant) -> bool {
        let line = source.lines().nth(mutant.line - 1).unwrap_or_default().trim();
        self.of.as_deref() == of && self.at == line && self.change == mutant.change
    }

    /// Its place, in words.
    pub(crate) fn place(&self) -> String {
        format!("{}: {}", self.of.as_deref().unwrap_or("the solution"), self.at)
    }

    /// Whether it is of the right answer of this name, or of the solution.
    pub(crate) fn is_of(&self, of: Option<&str>) -> bool {
        self.of.as_deref() == of
    }
}

/// Those in a file; none if there is no file.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Equivalent>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", shown(path))),
    };
    let found = Found::default();
    let file: Option<File> = fields::read(&text, &found);
    let mistakes = found.into_sorted();
    if let Some(mistake) = mistakes.first() {
        let (line, column) = fields::position(&text, mistake.span.start);
        anyhow::bail!("{}:{line}:{column}: {}", shown(path), mistake.in_words());
    }
    Ok(file.into_iter().flat_map(|file| file.equivalents.0).flat_map(each).collect())
}

fn each(keys: Keys) -> Vec<Equivalent> {
    let (of, at) = (keys.of, keys.at.or_default().0);
    let change = |Verbatim(change)| Equivalent { of: of.clone(), at: at.clone(), change };
    keys.changes.into_iter().map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_equivalent_is_known_by_its_answer_its_line_and_its_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("greet.toml");
        fs::write(&path, "[[equivalents]]\nat = 'two();'\nchanges = ['`2` became `3`']\nbecause = 'It is.'\n").unwrap();
        let all = read(&path).unwrap();
        let mutant = Mutant { line: 2, change: "`2` became `3`".to_owned(), source: String::new() };
        assert!(all[0].is(None, "one();\n    two();\n", &mutant));
        assert!(!all[0].is(Some("typed"), "one();\n    two();\n", &mutant));
        assert!(!all[0].is(None, "two();\none();\n", &mutant));
    }

    #[test]
    fn a_mistake_in_the_file_has_a_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("greet.toml");
        fs::write(&path, "[[equivalents]]\nat = 'two();'\nchange = 'x'\nbecause = 'It is.'\n").unwrap();
        let error = format!("{:#}", read(&path).unwrap_err());
        assert!(error.contains("greet.toml:3:1") && error.contains("did you mean `changes`?"), "{error}");
    }
}
