//! The facts about every step that its kind needs for its own part of the report.

use super::super::step::StepState;

/// A step that is reported.
#[derive(Debug, Clone, Copy)]
pub(in crate::progress) struct Head<'a> {
    pub(in crate::progress) title: &'a str,
    pub(in crate::progress) state: StepState,
}
