//! Ids that must be unique.

use std::collections::BTreeSet;

use super::diagnostic::Code;
use super::fields::{Fields, Text};

/// The ids of the whole course that become names of the learner's files.
#[derive(Default)]
pub(super) struct Names {
    pub(super) exercises: Unique,
    pub(super) notes: Unique,
}

/// A set of ids that reports duplicates.
#[derive(Default)]
pub(super) struct Unique(BTreeSet<String>);

impl Unique {
    pub(super) fn claim(&mut self, fields: &Fields<'_>, id: &Text, what: &str) {
        if !self.0.insert(id.get_ref().clone()) {
            let message = format!("there is already {what} `{}`", id.get_ref());
            fields.error(id.span(), Code::DuplicateId, message, "give one of them another id".to_owned());
        }
    }
}
