//! `kind = "read"`: a page.

use super::super::fields::Fields;
use super::context::Context;
use super::kind::{Kind, Use};

/// A page to read. It has only the keys of every step, but the text is required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read;

impl Kind for Read {
    fn read(fields: &mut Fields<'_>, _context: &mut Context<'_>) -> Self {
        fields.require("text");
        Self
    }

    fn exercise(&self) -> Use<'_> {
        Use::Nothing
    }
}
