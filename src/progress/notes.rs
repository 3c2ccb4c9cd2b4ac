//! The learner's notes: Markdown files that can be read and edited without the workshop.
//!
//! A note is a heading, which is the question, an empty line, and the text. Any change that an editor makes to the file
//! is read back: without the heading, the whole file is the text.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use judge::LONGEST;

use super::files::{self, FileError};
use crate::course::is_id;

/// A question and what the learner wrote about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// The question, on one line.
    pub question: String,
    /// The text, as Markdown.
    pub text: String,
}

/// The notes by their ids, each with its text or why it cannot be read.
pub type ReadNotes = BTreeMap<String, Result<Note, FileError>>;

/// The folder of the notes.
#[derive(Debug, Clone)]
pub struct Notes {
    folder: PathBuf,
}

impl Notes {
    /// The notes among the learner's files in `home`.
    pub fn new(home: &Path) -> Self {
        Self { folder: home.join("notes") }
    }

    /// Where the note with this id is, or will be.
    pub fn path(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.md"))
    }

    /// The note with this id, if there is one.
    pub fn read(&self, id: &str) -> Result<Option<Note>, FileError> {
        let path = self.checked_path(id, FileError::read)?;
        match files::read(&path)? {
            Some(markdown) if markdown.len() > LONGEST => {
                Err(FileError::read(&path, io::Error::other(format!("it has more than {} KiB", LONGEST >> 10))))
            }
            markdown => Ok(markdown.map(|markdown| parse(&markdown))),
        }
    }

    /// Every existing note, by its id: its text, or why it cannot be read.
    pub fn all(&self) -> Result<BTreeMap<String, Result<Note, FileError>>, FileError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(FileError::read(&self.folder, error)),
        };
        let names = entries.filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned());
        let ids = names.filter_map(|name| name.strip_suffix(".md").filter(|id| is_id(id)).map(str::to_owned));
        Ok(ids.filter_map(|id| Some((id.clone(), self.read(&id).transpose()?))).collect())
    }

    /// Writes the note with this id, in place of the earlier one. A note that cannot be read stays: nobody has seen it.
    pub fn write(&self, id: &str, note: &Note) -> Result<(), FileError> {
        let path = self.checked_path(id, FileError::write)?;
        self.read(id)?;
        files::replace(&path, print(note).as_bytes())
    }

    /// An invalid id could name a file anywhere.
    fn checked_path(&self, id: &str, error: fn(&Path, std::io::Error) -> FileError) -> Result<PathBuf, FileError> {
        let path = self.path(id);
        if is_id(id) { Ok(path) } else { Err(error(&path, std::io::ErrorKind::InvalidInput.into())) }
    }
}

fn print(note: &Note) -> String {
    let question = note.question.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("# {question}\n\n{}\n", note.text)
}

fn parse(markdown: &str) -> Note {
    let markdown = markdown.strip_prefix('\u{feff}').unwrap_or(markdown).replace("\r\n", "\n");
    let heading = markdown.trim_start_matches('\n').strip_prefix("# ");
    let (question, text) = match heading {
        Some(heading) => {
            let (question, rest) = heading.split_once('\n').unwrap_or((heading, ""));
            (question.trim().to_owned(), rest.strip_prefix('\n').unwrap_or(rest))
        }
        None => (String::new(), markdown.as_str()),
    };
    Note { question, text: text.strip_suffix('\n').unwrap_or(text).to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(text: &str) -> Note {
        Note { question: "Which risk?".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_note_is_markdown_with_its_question_as_heading() {
        let home = tempfile::tempdir().unwrap();
        let notes = Notes::new(home.path());
        assert_eq!(notes.read("production-risk").unwrap(), None);
        notes.write("production-risk", &note("Memory grows.")).unwrap();
        let markdown = std::fs::read_to_string(home.path().join("notes/production-risk.md")).unwrap();
        assert_eq!(markdown, "# Which risk?\n\nMemory grows.\n");
        assert_eq!(notes.read("production-risk").unwrap(), Some(note("Memory grows.")));
    }

    #[test]
    fn any_text_comes_back_as_it_was() {
        for text in ["", "\n", "a", "a\n", "\n\na\n\n", "  indented", "# a heading\n\ntext", "- é\n- 日本\n", "a  "]
        {
            assert_eq!(parse(&print(&note(text))), note(text), "{text:?}");
        }
    }

    #[test]
    fn the_changes_of_an_editor_are_read() {
        for (markdown, question, text) in [
            ("# Which risk?\r\n\r\nMemory.\r\n", "Which risk?", "Memory."),
            ("\u{feff}# Which risk?\n\nMemory.", "Which risk?", "Memory."),
            ("\n\n# Which risk?\nMemory.\n", "Which risk?", "Memory."),
            ("# My own words\n\nMemory.\n", "My own words", "Memory."),
            ("Memory.\n\n# Later\n", "", "Memory.\n\n# Later"),
            ("# Which risk?", "Which risk?", ""),
            ("# Which risk?\n", "Which risk?", ""),
            ("", "", ""),
        ] {
            assert_eq!(parse(markdown), Note { question: question.to_owned(), text: text.to_owned() }, "{markdown:?}");
        }
    }

    #[test]
    fn a_question_of_several_lines_becomes_one_heading() {
        let question = "Which risk,\n  and which mitigation?".to_owned();
        let printed = print(&Note { question, text: "x".to_owned() });
        assert_eq!(printed, "# Which risk, and which mitigation?\n\nx\n");
    }

    #[test]
    fn an_id_that_would_leave_the_folder_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let notes = Notes::new(home.path());
        for id in ["../state", "", "a/b", "a.b"] {
            assert!(notes.write(id, &note("x")).is_err(), "{id}");
            assert!(notes.read(id).is_err(), "{id}");
        }
        assert!(std::fs::read_dir(home.path()).unwrap().next().is_none());
    }

    #[test]
    fn all_notes_are_found_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let notes = Notes::new(home.path());
        assert!(notes.all().unwrap().is_empty());
        notes.write("a", &note("x")).unwrap();
        std::fs::write(notes.path("b"), [0xff]).unwrap();
        for name in ["c.txt", "a.md~", "Not an id.md"] {
            std::fs::write(home.path().join("notes").join(name), "other").unwrap();
        }
        let all = notes.all().unwrap();
        assert_eq!(all.keys().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(all["a"].as_ref().unwrap(), &note("x"));
        assert!(all["b"].is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_note_that_is_a_pipe_is_named_and_not_waited_for() {
        let home = tempfile::tempdir().unwrap();
        let notes = Notes::new(home.path());
        notes.write("a", &note("x")).unwrap();
        let path = notes.path("b");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let all = notes.all().unwrap();
        assert!(all["a"].is_ok());
        let error = all["b"].as_ref().unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot read {}: it is not a file", path.display())), "{error}");
        assert!(error.ends_with("Move it away, or write the file again"), "{error}");
    }

    #[test]
    fn a_file_that_is_not_text_is_an_error_and_not_an_empty_note() {
        let home = tempfile::tempdir().unwrap();
        let notes = Notes::new(home.path());
        notes.write("a", &note("x")).unwrap();
        std::fs::write(notes.path("a"), [0xff]).unwrap();
        assert!(notes.read("a").unwrap_err().to_string().ends_with("Save the file as UTF-8 text"));
        assert!(notes.write("a", &note("x")).is_err(), "it would replace a text that nobody has seen");
        assert_eq!(std::fs::read(notes.path("a")).unwrap(), [0xff]);
    }

    #[test]
    fn a_note_that_is_too_long_for_a_field_is_named_and_stays() {
        let home = tempfile::tempdir().unwrap();
        let notes = Notes::new(home.path());
        notes.write("a", &note("x")).unwrap();
        let long = "x".repeat(LONGEST + 1);
        std::fs::write(notes.path("a"), &long).unwrap();
        let error = notes.write("a", &note("x")).unwrap_err().to_string();
        assert!(error.contains("it has more than 64 KiB"), "{error}");
        assert_eq!(std::fs::read_to_string(notes.path("a")).unwrap(), long);
    }
}
