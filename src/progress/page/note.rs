//! A note on a page.

use serde::Serialize;

use super::super::notes::ReadNotes;
use super::text::{line, quote};

/// The learner's text under a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::progress) struct NoteReport {
    pub(in crate::progress) id: String,
    question: String,
    /// The learner's text, if there is any.
    pub(in crate::progress) text: Option<String>,
    /// Why the note cannot be read, if it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
}

impl NoteReport {
    /// A note under the question of the course, or else under that of its file.
    pub(in crate::progress) fn new(id: &str, asked: Option<&str>, notes: &ReadNotes) -> Self {
        let (question, text, trouble) = match notes.get(id) {
            None => (String::new(), None, None),
            Some(Ok(note)) => {
                let text = Some(note.text.clone()).filter(|text| !text.trim().is_empty());
                (note.question.clone(), text, None)
            }
            Some(Err(trouble)) => (String::new(), None, Some(trouble.to_string())),
        };
        Self { id: id.to_owned(), question: asked.map_or(question, str::to_owned), text, trouble }
    }

    pub(in crate::progress) fn blocks(&self, level: &str) -> Vec<String> {
        let question = if self.question.trim().is_empty() { &self.id } else { &self.question };
        let text = match (&self.text, &self.trouble) {
            (Some(text), _) => quote(text),
            (None, Some(trouble)) => format!("This note cannot be read: {}", line(trouble)),
            (None, None) => "Nothing written.".to_owned(),
        };
        vec![format!("{level} {}", line(question)), text]
    }
}
