//! The languages that exercises are written in.

use std::path::{Path, PathBuf};

use crate::folder;

/// A language that exercises are written in. What differs from one language to another is a method here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Rust, which the compiler of the learner's machine builds.
    #[default]
    Rust,
}

impl Language {
    /// Each of them.
    pub const ALL: [Self; 1] = [Self::Rust];

    /// How the names of its files end, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Rust => "rs",
        }
    }

    /// The folder in a package that holds the code in this language.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Rust => "src",
        }
    }

    /// The name of a file in this language.
    pub fn file_name(self, stem: &str) -> String {
        format!("{stem}.{}", self.extension())
    }

    /// The language of a file, by its name.
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?;
        Self::ALL.into_iter().find(|language| extension == language.extension())
    }

    /// The files of a folder that hold code, by name. Without the folder there are none.
    pub fn files_in(folder: &Path) -> Vec<PathBuf> {
        let mut files = folder::entries(folder).unwrap_or_default();
        files.retain(|path| Self::of(path).is_some());
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_knows_its_own_files() {
        for language in Language::ALL {
            assert_eq!(Language::of(Path::new(&language.file_name("greet"))), Some(language));
        }
        for name in ["greet", "rs", ".rs", "greet.rs~", "greet.rs.orig", "greet.RS"] {
            assert_eq!(Language::of(Path::new(name)), None, "{name}");
        }
    }
}
