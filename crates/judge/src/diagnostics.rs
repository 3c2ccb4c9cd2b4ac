//! The messages of rustc and `cargo --message-format=json`, and the part of them that a learner needs.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::cut::shorten;

/// A place in a file, counted from one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The path of the file.
    pub path: PathBuf,
    /// Its line.
    pub line: u32,
    /// The column in that line, in characters.
    pub column: u32,
}

/// The compiler's messages about an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompilerText {
    /// As rustc prints them: those about the learner's file, or all of them if none is.
    pub text: String,
    /// Those that name a likely cause of a wrong verdict, with which the text begins: something that is made and not used,
    /// such as a future that nobody awaits.
    #[serde(default)]
    pub likely: Option<String>,
    /// The place of the first of them in the learner's file, as a path from the workshop's root.
    pub location: Option<Location>,
}

/// One line of cargo's JSON output.
#[derive(Debug, Deserialize)]
#[serde(tag = "reason")]
pub(super) enum Message {
    #[serde(rename = "compiler-artifact")]
    Artifact(Artifact),
    #[serde(rename = "compiler-message")]
    Diagnostic(Diagnostic),
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub(super) struct Artifact {
    manifest_path: PathBuf,
    target: Target,
    filenames: Vec<PathBuf>,
}

impl Artifact {
    /// The manifest of its package, and the files that a dependent crate may need: with macros, but without programs
    /// and metadata.
    pub(super) fn libraries(self) -> (PathBuf, impl Iterator<Item = PathBuf>) {
        let is_library = self.target.kind.iter().any(|kind| kind.ends_with("lib") || kind == "proc-macro");
        let is_linked = |file: &PathBuf| file.extension().is_some_and(|end| end != "rmeta");
        (self.manifest_path, self.filenames.into_iter().filter(move |file| is_library && is_linked(file)))
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Diagnostic {
    pub(super) target: Target,
    pub(super) message: RustcMessage,
}

#[derive(Debug, Deserialize)]
pub(super) struct Target {
    pub(super) name: String,
    kind: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RustcMessage {
    level: String,
    message: String,
    #[serde(default)]
    code: Option<Code>,
    pub(super) rendered: Option<String>,
    spans: Vec<Span>,
}

impl RustcMessage {
    /// Whether this is an error in itself, and not the closing count of errors.
    pub(super) fn is_error(&self) -> bool {
        self.level.starts_with("error") && !self.message.starts_with("aborting due to")
    }

    /// Whether this is a warning in itself, and not the closing count of warnings.
    pub(super) fn is_warning(&self) -> bool {
        self.level == "warning" && !self.spans.is_empty()
    }

    /// Whether it is about a value that has to be used and is not: a future that nobody awaits, or a result.
    fn is_about_something_unused(&self) -> bool {
        self.code.as_ref().is_some_and(|it| it.code == UNUSED)
    }

    /// Whether a file is missing. It may be there the next time.
    pub(super) fn is_about_a_missing_file(&self) -> bool {
        self.code.as_ref().is_some_and(|it| it.code == NO_MODULE) || self.message.starts_with("couldn't read")
    }

    /// Whether the code compiled and the linker failed. No source line is to blame then.
    pub(super) fn is_from_linker(&self) -> bool {
        self.spans.is_empty() && self.message.starts_with("link")
    }
}

#[derive(Debug, Deserialize)]
struct Code {
    code: String,
}

/// The lint about values that have to be used.
const UNUSED: &str = "unused_must_use";

/// The code of "file not found for module".
const NO_MODULE: &str = "E0583";

#[derive(Debug, Deserialize)]
struct Span {
    file_name: String,
    line_start: u32,
    column_start: u32,
    is_primary: bool,
}

/// Selects the messages about the learner's file `source`, a path from the workshop's root.
pub(super) fn for_learner<'a>(messages: impl Iterator<Item = &'a RustcMessage>, source: &Path) -> CompilerText {
    let messages: Vec<_> = messages.collect();
    let mut chosen: Vec<_> = messages.iter().copied().filter(|it| primary_span_in(it, source).is_some()).collect();
    let location = chosen.first().and_then(|error| primary_span_in(error, source)).map(|span| Location {
        path: source.to_owned(),
        line: span.line_start,
        column: span.column_start,
    });
    if chosen.is_empty() {
        chosen = messages;
    }
    chosen.sort_by_key(|message| !message.is_about_something_unused());
    let likely = chosen.iter().take_while(|message| message.is_about_something_unused());
    let mut likely: String = likely.map(|message| readable(message)).collect();
    let mut text = chosen.iter().map(|error| readable(error)).collect();
    // A macro gone wrong can produce megabytes.
    shorten(&mut text);
    shorten(&mut likely);
    CompilerText { text, likely: Some(likely).filter(|likely| !likely.is_empty()), location }
}

fn primary_span_in<'a>(error: &'a RustcMessage, source: &Path) -> Option<&'a Span> {
    (error.spans.iter()).find(|span| span.is_primary && Path::new(&span.file_name) == source)
}

fn readable(error: &RustcMessage) -> String {
    error.rendered.clone().unwrap_or_else(|| format!("{}: {}\n", error.level, error.message))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::LONGEST;

    fn error(file: &str, line: u32, text: &str) -> RustcMessage {
        serde_json::from_value(json!({
            "level": "error",
            "message": text,
            "rendered": format!("error: {text}\n --> {file}:{line}:5\n"),
            "spans": [{ "file_name": file, "line_start": line, "column_start": 5, "is_primary": true }],
        }))
        .unwrap()
    }

    fn of(errors: &[RustcMessage]) -> CompilerText {
        for_learner(errors.iter(), Path::new("exercises/src/a.rs"))
    }

    #[test]
    fn errors_outside_the_learners_file_are_left_out() {
        let errors = [
            error("main.rs", 3, "echo"),
            error("exercises/src/a.rs", 7, "cause"),
            error("exercises/src/a.rs", 9, "second"),
        ];
        let found = of(&errors);
        let expected = "error: cause\n --> exercises/src/a.rs:7:5\nerror: second\n --> exercises/src/a.rs:9:5\n";
        assert_eq!(found.text, expected);
        let location = found.location.unwrap();
        assert_eq!((location.path.as_path(), location.line, location.column), (Path::new("exercises/src/a.rs"), 7, 5));
    }

    #[test]
    fn an_error_outside_the_learners_file_is_shown_without_a_place_to_open() {
        let found = of(&[error("main.rs", 3, "cannot find function `app`")]);
        assert!(found.text.contains("cannot find function `app`"));
        assert_eq!(found.location, None);
    }

    #[test]
    fn a_flood_of_errors_is_cut_between_characters() {
        let errors = [error("exercises/src/a.rs", 1, &"é".repeat(LONGEST))];
        let found = of(&errors);
        assert!(found.text.len() <= LONGEST);
        assert!(found.text.contains("left out"));
    }

    #[test]
    fn the_closing_count_and_warnings_are_not_errors() {
        let mut message = error("a.rs", 1, "aborting due to 2 previous errors");
        assert!(!message.is_error());
        message = error("a.rs", 1, "unused variable");
        message.level = "warning".into();
        assert!(!message.is_error() && message.is_warning());
        message.spans.clear();
        assert!(!message.is_warning(), "1 warning emitted");
        message.level = "error: internal compiler error".into();
        assert!(message.is_error());
    }

    #[test]
    fn messages_of_other_kinds_are_ignored() {
        let message = serde_json::from_str(r#"{"reason":"build-script-executed","env":[]}"#);
        assert!(matches!(message, Ok(Message::Other)));
    }
}
