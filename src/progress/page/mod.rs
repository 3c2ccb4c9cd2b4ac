//! The building blocks of a report's pages: foreign text, tables, times and notes.

mod moment;
mod note;
mod text;

pub(super) use moment::{duration, moment, zone};
pub(super) use note::NoteReport;
pub(super) use text::{cell, line, quote, table};
