//! The report of the steps whose answers are notes: compare and reflect. The notes are in their own files.

use serde::Serialize;

use super::super::notes::ReadNotes;
use super::super::page::NoteReport;
use crate::course::steps::{Compare, Reflect};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::progress) struct Facts {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) notes: Vec<NoteReport>,
}

pub(super) fn of_compare(compare: &Compare, notes: &ReadNotes) -> Facts {
    Facts { notes: vec![NoteReport::new(&compare.note, Some(&compare.prompt), notes)] }
}

pub(super) fn of_reflect(reflect: &Reflect, notes: &ReadNotes) -> Facts {
    let notes = reflect.prompts.iter().map(|prompt| NoteReport::new(&prompt.id, Some(&prompt.question), notes));
    Facts { notes: notes.collect() }
}
