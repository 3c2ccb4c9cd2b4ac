//! A mistake in a lesson: what is wrong, where, and what to do.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

/// Whether a course with this mistake can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The lesson cannot be opened.
    Error,
    /// The lesson can be opened, but an instructor should look.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// Declares the codes together with their spelling, so that neither can exist without the other.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What kind of mistake it is. The spelling is stable, so that a program may act on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Code {
            /// The code as it is shown.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// The file is not TOML.
    Syntax = "syntax",
    /// A key that has no meaning here.
    UnknownKey = "unknown-key",
    /// A key that has to be there.
    MissingKey = "missing-key",
    /// A value of another type than the key takes.
    WrongType = "wrong-type",
    /// A value of the right type that makes no sense.
    BadValue = "bad-value",
    /// An empty value where something is required.
    Empty = "empty",
    /// An id that is not kebab-case, or a folder that is not named `NN-id`.
    BadId = "bad-id",
    /// An id that is taken.
    DuplicateId = "duplicate-id",
    /// A file or folder that is not there.
    MissingFile = "missing-file",
    /// A file that exists but cannot be read as text.
    UnreadableFile = "unreadable-file",
    /// A file or a text that is longer than any need be.
    TooLong = "too-long",
    /// Lists and quotes that are nested too deep to follow.
    TooDeep = "too-deep",
    /// A path that leaves the lesson's folder.
    OutsideFolder = "outside-folder",
    /// A step of an unknown kind.
    UnknownKind = "unknown-kind",
    /// An exercise that the lesson does not have.
    UnknownExercise = "unknown-exercise",
    /// A scenario that the exercise does not have.
    UnknownScenario = "unknown-scenario",
    /// A required lesson that does not exist.
    UnknownLesson = "unknown-lesson",
    /// Lessons that require each other.
    RequiresCycle = "requires-cycle",
    /// Chunks that are not, in order, the whole source.
    Chunks = "chunks",
    /// A chunk that is longer than a learner can hold.
    LongChunk = "long-chunk",
    /// A step that covers no section of the module, in a lesson whose other steps do.
    NoSection = "no-section",
    /// Steps that together take less or more than their lesson.
    MinutesDoNotAddUp = "minutes-do-not-add-up",
    /// A step that takes less or more than its author says, by its length.
    MinutesOff = "minutes-off",
    /// An interview question whose answer says too little or too much.
    Interview = "interview",
    /// A bug that does not fit the worked example.
    BugDoesNotFit = "bug-does-not-fit",
    /// A bug that no step plants.
    UnknownBug = "unknown-bug",
    /// A show without a program to play it on.
    NoServer = "no-server",
    /// A scenario that holds whatever happens.
    AssertsNothing = "asserts-nothing",
    /// An exercise that nothing checks.
    NoScenario = "no-scenario",
    /// An exercise that a single scenario checks.
    FewScenarios = "few-scenarios",
    /// A scenario without an expected transcript.
    MissingSnapshot = "missing-snapshot",
    /// An expected transcript of a scenario that has changed since.
    StaleSnapshot = "stale-snapshot",
    /// A file instead of an expected transcript.
    BadSnapshot = "bad-snapshot",
    /// Code of the lesson that does not compile.
    DoesNotCompile = "does-not-compile",
    /// A starter with nothing left to do.
    StarterPasses = "starter-passes",
    /// A starter that panics, hangs or ends.
    StarterBreaks = "starter-breaks",
    /// A starter that fails for another reason than its author has declared.
    StarterFailsOtherwise = "starter-fails-otherwise",
    /// A solution that does not pass.
    SolutionFails = "solution-fails",
    /// An answer that does something else on another run.
    DiffersEachTime = "differs-each-time",
    /// A right answer that does not pass.
    RightFails = "right-fails",
    /// A wrong answer that cannot be made, passes, or is caught in other words.
    WrongAnswer = "wrong-answer",
    /// A proof that does not fail with its bug.
    ProofHolds = "proof-holds",
    /// A proof that fails without its bug.
    ProofFails = "proof-fails",
    /// A show that does not hold on its server.
    ShowFails = "show-fails",
    /// Code that rustfmt would change.
    NotFormatted = "not-formatted",
    /// A file that nothing uses.
    Stray = "stray",
    /// Code that is wider than the panel.
    WideCode = "wide-code",
    /// A link that leads nowhere.
    BrokenLink = "broken-link",
    /// A picture, which a terminal does not show.
    Picture = "picture",
    /// A block of code that does not say its language.
    NoLanguage = "no-language",
    /// Two scenarios of an exercise that want the same place.
    SamePlace = "same-place",
    /// Generated scenarios of an alphabet that has changed since.
    OldSet = "old-set",
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A mistake in a lesson. It serialises to what `rtws lesson lint --json` documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Whether the course can be used anyway.
    pub severity: Severity,
    /// What kind of mistake it is.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// The name of the lesson's folder; none if it is about all lessons.
    #[serde(skip)]
    pub lesson: Option<String>,
    /// The file, from the workshop's root.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What to do about it.
    pub help: Option<String>,
    /// The excerpt of the file to show.
    #[serde(skip)]
    pub(super) excerpt: Option<Excerpt>,
}

impl Diagnostic {
    /// An error about a whole file or folder.
    pub fn about(path: impl Into<PathBuf>, code: Code, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            lesson: None,
            path: path.into(),
            line: 1,
            column: 1,
            help: None,
            excerpt: None,
        }
    }

    /// With this advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<Option<String>>) -> Self {
        self.help = help.into();
        self
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Whether it keeps the course from being loaded.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, code, message, path, line, column, .. } = self;
        write!(formatter, "{}:{line}:{column}: {severity}[{code}]: {message}", path.display())
    }
}

/// A file's text, and the part of it that the mistake is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) text: Arc<str>,
    pub(super) span: Range<usize>,
}

/// After this many errors no more are collected: an author will fix some first.
const MOST_ERRORS: usize = 100;

/// Collects mistakes while lessons are read.
///
/// Shared by every reader of every file; none of them sees the findings of the others.
#[derive(Debug, Default)]
pub(super) struct Sink {
    found: RefCell<Vec<Diagnostic>>,
    /// The folder's name of the lesson that is being read.
    lesson: RefCell<Option<String>>,
}

impl Sink {
    /// Whether further mistakes of this lesson need not be collected. Warnings do not count, so that they never displace an error.
    pub(super) fn is_full(&self) -> bool {
        let lesson = self.lesson.borrow();
        let is_counted = |found: &&Diagnostic| found.is_error() && found.lesson == *lesson;
        self.found.borrow().iter().filter(is_counted).count() >= MOST_ERRORS
    }

    /// Whether an error was found in the lesson that is being read.
    pub(super) fn has_errors_here(&self) -> bool {
        let lesson = self.lesson.borrow();
        self.found.borrow().iter().any(|found| found.is_error() && found.lesson == *lesson)
    }

    /// The following mistakes are in the lesson with this folder.
    pub(super) fn enter(&self, folder: &str) {
        *self.lesson.borrow_mut() = Some(folder.to_owned());
    }

    pub(super) fn report(&self, diagnostic: Diagnostic) {
        let lesson = self.lesson.borrow().clone();
        self.found.borrow_mut().push(Diagnostic { lesson, ..diagnostic });
    }

    /// The mistakes in reading order: by file, line and column.
    pub(super) fn into_sorted(self) -> Vec<Diagnostic> {
        let mut found = self.found.into_inner();
        found.sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
        found
    }
}
