//! How long the learner spends at a step.
//!
//! A step that stays open overnight is not a step of eight hours. So only the time between two signs of the learner
//! counts while the step is on the screen, and only the beginning of a long pause.

use crate::progress::{EDITOR_LIMIT_MS, IDLE_LIMIT_MS};

use super::super::message::Message;
use super::super::model::Model;

/// Counts the time since the last sign, if this is one.
pub(super) fn count(model: &mut Model, message: &Message) {
    let is_sign = matches!(
        message,
        Message::Key(_) | Message::Paste(_) | Message::Saved { .. } | Message::Edited | Message::Quit
    );
    if !is_sign {
        return;
    }
    let limit_ms = if model.is_in_editor { EDITOR_LIMIT_MS } else { IDLE_LIMIT_MS };
    let passed_ms = model.now_ms.saturating_sub(model.last_sign_ms);
    model.last_sign_ms = model.now_ms;
    let key = model.key();
    model.progress.spent(&key, passed_ms.min(limit_ms));
    model.progress.sign(model.unix_seconds);
}
