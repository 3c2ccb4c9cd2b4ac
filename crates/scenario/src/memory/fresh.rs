//! Texts that are others each time a script is played.

use serde_json::Value;

use crate::script::{Action, Script};

impl Script {
    /// The same with new texts in place of those that are to be fresh.
    pub(super) fn of_life(&self, number: u32, fresh: &[String]) -> Self {
        let mut script = self.clone();
        for step in &mut script.steps {
            if let Some(payload) = step.action.payload_mut() {
                renew(payload, number, fresh);
            }
        }
        script
    }
}

impl Action {
    /// Whether the step sends this text, somewhere in a payload.
    pub(crate) fn sends(&self, text: &str) -> bool {
        let mut renewed = self.clone();
        if let Some(payload) = renewed.payload_mut() {
            renew(payload, 0, &[text.to_owned()]);
        }
        renewed != *self
    }
}

fn renew(value: &mut Value, number: u32, fresh: &[String]) {
    match value {
        Value::String(text) if fresh.contains(text) => *text = format!("{text}-{number}"),
        Value::Array(values) => values.iter_mut().for_each(|value| renew(value, number, fresh)),
        Value::Object(fields) => fields.values_mut().for_each(|value| renew(value, number, fresh)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
