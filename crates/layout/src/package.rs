//! The packages of answers.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::Language;

/// A package that holds exercises, each with the same ids and the same scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Package {
    /// The learner's own files.
    #[default]
    Exercises,
    /// Our answers.
    Solutions,
}

impl Package {
    /// The package's name, which is its folder's too.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exercises => "exercises",
            Self::Solutions => "solutions",
        }
    }

    /// The folder of its code in a language, as a path from the workshop's root.
    pub fn sources(self, language: Language) -> PathBuf {
        Path::new(self.name()).join(language.folder())
    }
}

impl fmt::Display for Package {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}
