//! Ids that must be unique.

use std::collections::BTreeSet;

use fields::Required;

use super::diagnostic::Code;
use super::reader::{Id, Reader};

/// The ids of the whole course that become names of the learner's files.
#[derive(Clone, Default)]
pub(super) struct Names {
    pub(super) exercises: Unique,
    pub(super) notes: Unique,
}

/// A set of ids that reports duplicates.
#[derive(Clone, Default)]
pub(super) struct Unique(BTreeSet<String>);

impl Unique {
    /// Whether the id is taken.
    pub(super) fn has(&self, id: &str) -> bool {
        self.0.contains(id)
    }

    /// The id, which is given to `what` from now on. Nothing instead of one that has been reported.
    pub(super) fn claim(&mut self, reader: &Reader<'_>, id: Required<Id>, what: &str) -> String {
        let Some(Id(id)) = id.0 else { return String::new() };
        if !self.0.insert(id.get_ref().clone()) {
            let message = format!("there is already {what} `{}`", id.get_ref());
            reader.error(id.span(), Code::DuplicateId, message, "give one of them another id".to_owned());
        }
        id.into_inner()
    }
}
