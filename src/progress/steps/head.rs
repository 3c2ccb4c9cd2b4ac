//! What the report says of every step, as far as its kind needs it for its own part.

use super::super::step::StepState;

/// A step that is reported.
#[derive(Debug, Clone, Copy)]
pub(in crate::progress) struct Head<'a> {
    pub(in crate::progress) title: &'a str,
    pub(in crate::progress) state: StepState,
}
