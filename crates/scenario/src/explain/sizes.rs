//! What is hard to see in what a client sent: lengths, and characters that do not show.

use std::collections::BTreeMap;

use serde_json::Value;

use super::evidence::Evidence;

/// Up to this length, in bytes, a text's length is easy to see, and no limit of anything.
const EASY_TO_COUNT: usize = 30;

impl Evidence<'_> {
    /// The lengths of the texts that a client sent in this step, if they are hard to see.
    pub(super) fn lengths(&self, step: usize) -> Option<String> {
        let length = |key: &str, text: &str| {
            let (characters, bytes) = (text.chars().count(), text.len());
            (bytes > EASY_TO_COUNT).then(|| match characters {
                same if same == bytes => format!("{key} has {characters} characters"),
                _ => format!("{key} has {characters} characters in {bytes} bytes"),
            })
        };
        self.of_texts(step, length)
    }

    /// Characters that look like nothing or like a space, in what a client sent in this step.
    pub(super) fn hard_to_see(&self, step: usize) -> Option<String> {
        let hidden = |key: &str, text: &str| {
            let mut hidden: Vec<_> = text.chars().filter(|c| is_hidden(*c)).collect();
            hidden.dedup();
            let named: Vec<_> = hidden.iter().take(3).map(|c| format!("U+{:04X}", u32::from(*c))).collect();
            (!named.is_empty()).then(|| format!("{key} has characters that do not show: {}", named.join(", ")))
        };
        self.of_texts(step, hidden)
    }

    fn of_texts(&self, step: usize, say: impl Fn(&str, &str) -> Option<String>) -> Option<String> {
        // The log has the beginning of a long payload.
        let (from, sent) = self.action(step)?.split_once(" emits ")?;
        let mut payload = serde_json::Deserializer::from_str(sent.get(sent.find('{')?..)?).into_iter();
        let fields: BTreeMap<String, Value> = payload.next()?.ok()?;
        let said: Vec<_> = fields.iter().filter_map(|(key, value)| say(key, value.as_str()?)).collect();
        (!said.is_empty()).then(|| format!("In what {from} sent, {}.", said.join(" and ")))
    }
}

/// JSON escapes the control characters of ASCII, which are seen then.
fn is_hidden(c: char) -> bool {
    let is_zero_width = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    !c.is_ascii() && (c.is_whitespace() || c.is_control() || is_zero_width)
}
