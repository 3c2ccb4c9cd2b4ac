//! Foreign text made fit for a screen.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

/// Cleans text that is shown on one line.
pub fn clean(text: &str) -> String {
    text.replace('\t', "    ").replace(|c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c), "")
}

/// The columns that `text` takes on the screen.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Cuts `text` to `columns`; what was cut ends in an ellipsis.
pub fn truncate(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().take(columns.saturating_sub(1)).chain(['…']).collect())
}
