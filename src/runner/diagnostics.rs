//! What `cargo --message-format=json` says, and the part of it that a learner needs.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A screen shows a few errors at best; a macro gone wrong can produce megabytes.
const MAX_TEXT: usize = 64 * 1024;

/// A place in a file, counted from one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Location {
    /// The file, as an absolute path.
    pub path: PathBuf,
    /// Its line.
    pub line: u32,
    /// The column in that line, in characters.
    pub column: u32,
}

/// Why an exercise does not compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileErrors {
    /// The errors as rustc draws them: those in the learner's file if there are any, or else all.
    pub text: String,
    /// How many errors `text` shows.
    pub count: usize,
    /// The first of them in the learner's file.
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
    pub(super) manifest_path: PathBuf,
    pub(super) target: Target,
    pub(super) executable: Option<PathBuf>,
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

impl Target {
    pub(super) fn is_test(&self, name: &str) -> bool {
        self.name == name && self.kind.iter().any(|kind| kind == "test")
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct RustcMessage {
    level: String,
    message: String,
    pub(super) rendered: Option<String>,
    spans: Vec<Span>,
}

impl RustcMessage {
    /// Whether this is an error in itself, and not the closing count of errors.
    pub(super) fn is_error(&self) -> bool {
        self.level.starts_with("error") && !self.message.starts_with("aborting due to")
    }

    /// Whether the code compiled and the linker failed, for which no source line is to blame.
    pub(super) fn is_from_linker(&self) -> bool {
        self.spans.is_empty() && self.message.starts_with("link")
    }
}

#[derive(Debug, Deserialize)]
struct Span {
    file_name: String,
    line_start: u32,
    column_start: u32,
    is_primary: bool,
}

/// Cuts the errors of one test to those that lie in the learner's file `source`, given relative to `root`.
pub(super) fn for_learner(errors: &[RustcMessage], root: &Path, source: &Path) -> CompileErrors {
    let in_source = |error: &&RustcMessage| primary_span_in(error, source).is_some();
    let mut chosen: Vec<&RustcMessage> = errors.iter().filter(in_source).collect();
    let location = chosen.first().and_then(|error| primary_span_in(error, source)).map(|span| Location {
        path: root.join(source),
        line: span.line_start,
        column: span.column_start,
    });
    if chosen.is_empty() {
        chosen = errors.iter().collect();
    }
    CompileErrors { text: cut(chosen.iter().map(|error| readable(error)).collect()), count: chosen.len(), location }
}

fn primary_span_in<'a>(error: &'a RustcMessage, source: &Path) -> Option<&'a Span> {
    (error.spans.iter()).find(|span| span.is_primary && plain_path(&span.file_name) == source)
}

/// The error's text with `exercises/tests/../src/x.rs` spelled as the learner knows it.
fn readable(error: &RustcMessage) -> String {
    let mut text = (error.rendered.clone()).unwrap_or_else(|| format!("error: {}\n", error.message));
    for span in &error.spans {
        let plain = plain_path(&span.file_name);
        text = text.replace(&span.file_name, &plain.to_string_lossy());
    }
    text
}

fn plain_path(path: &str) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in Path::new(path).components() {
        let parent_of_a_folder =
            component == Component::ParentDir && matches!(plain.components().next_back(), Some(Component::Normal(_)));
        if parent_of_a_folder {
            plain.pop();
        } else if component != Component::CurDir {
            plain.push(component);
        }
    }
    plain
}

fn cut(mut text: String) -> String {
    if text.len() > MAX_TEXT {
        let boundary = (0..=MAX_TEXT).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(boundary.unwrap_or_default());
        text.push_str("\n… the rest is left out: mend the first error and check again …\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error(file: &str, line: u32, text: &str) -> RustcMessage {
        serde_json::from_value(json!({
            "level": "error",
            "message": text,
            "rendered": format!("error: {text}\n --> {file}:{line}:5\n"),
            "spans": [{ "file_name": file, "line_start": line, "column_start": 5, "is_primary": true }],
        }))
        .unwrap()
    }

    #[test]
    fn errors_outside_the_learners_file_are_left_out() {
        let errors = [
            error("exercises/tests/a.rs", 3, "echo"),
            error("exercises/tests/../src/a.rs", 7, "cause"),
            error("exercises/tests/../src/a.rs", 9, "second"),
        ];
        let found = for_learner(&errors, Path::new("/w"), Path::new("exercises/src/a.rs"));
        assert_eq!(found.count, 2);
        let expected = "error: cause\n --> exercises/src/a.rs:7:5\nerror: second\n --> exercises/src/a.rs:9:5\n";
        assert_eq!(found.text, expected);
        let location = found.location.unwrap();
        assert_eq!(location.path, Path::new("/w/exercises/src/a.rs"));
        assert_eq!((location.line, location.column), (7, 5));
    }

    #[test]
    fn an_error_that_lies_only_in_the_test_is_shown_without_a_place_to_open() {
        let errors = [error("exercises/tests/a.rs", 3, "cannot find function `app`")];
        let found = for_learner(&errors, Path::new("/w"), Path::new("exercises/src/a.rs"));
        assert!(found.text.contains("cannot find function `app`"));
        assert_eq!(found.location, None);
    }

    #[test]
    fn a_flood_of_errors_is_cut_between_characters() {
        let errors = [error("exercises/src/a.rs", 1, &"é".repeat(MAX_TEXT))];
        let found = for_learner(&errors, Path::new("/w"), Path::new("exercises/src/a.rs"));
        assert!(found.text.len() < MAX_TEXT + 200);
        assert!(found.text.contains("left out"));
    }

    #[test]
    fn the_closing_count_and_warnings_are_no_errors() {
        let mut message = error("a.rs", 1, "aborting due to 2 previous errors");
        assert!(!message.is_error());
        message = error("a.rs", 1, "unused variable");
        message.level = "warning".into();
        assert!(!message.is_error());
        message.level = "error: internal compiler error".into();
        assert!(message.is_error());
    }

    #[test]
    fn messages_of_other_kinds_are_passed_over() {
        let message = serde_json::from_str(r#"{"reason":"build-script-executed","env":[]}"#);
        assert!(matches!(message, Ok(Message::Other)));
    }
}
