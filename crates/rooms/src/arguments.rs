//! The arguments of an event or an answer, as JSON texts and bytes.

use std::borrow::Cow;

use bytes::Bytes;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::bounded;

/// The arguments of an event or an answer, as they came. They take at most twice the memory of their text, however many
/// there are.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    first: Option<Box<RawValue>>,
    /// All of them as one list, if there are more than the first.
    all: Option<Box<RawValue>>,
    /// The first as a tree of values, once it has been read.
    value: Option<Value>,
    attachments: Vec<Bytes>,
}

impl Arguments {
    pub(crate) fn new(arguments: &[&RawValue], attachments: Vec<Bytes>) -> Self {
        let first = arguments.first().map(|first| (*first).to_owned());
        let all = if arguments.len() > 1 { list(arguments) } else { None };
        Self { first, all, value: None, attachments }
    }

    /// Reads the first as a tree of values, which takes time if it is large.
    pub(crate) fn with_value(mut self) -> Self {
        self.value = self.first.as_ref().and_then(|first| bounded::value(first.get()).ok());
        self
    }

    /// Roughly the memory that they take in addition to the text that they came in.
    pub(crate) fn memory_beside_text(&self) -> usize {
        self.all.as_ref().map_or(0, |all| all.get().len())
    }

    /// The first as a tree of values, if it has been read and not been taken yet.
    pub(crate) fn take_value(&mut self) -> Option<Value> {
        self.value.take()
    }

    pub(crate) fn first(&self) -> Option<&RawValue> {
        self.first.as_deref()
    }

    /// Each argument as JSON text.
    pub(crate) fn each(&self) -> Vec<&RawValue> {
        let several = self.all.as_ref().and_then(|all| serde_json::from_str(all.get()).ok());
        several.unwrap_or_else(|| self.first().into_iter().collect())
    }

    pub(crate) fn attachments(&self) -> &[Bytes] {
        &self.attachments
    }

    /// All of them as one list.
    pub(crate) fn all(&self) -> Cow<'_, RawValue> {
        let made = || list(self.first.as_deref().as_slice()).map_or(Cow::Borrowed(RawValue::NULL), Cow::Owned);
        self.all.as_deref().map_or_else(made, Cow::Borrowed)
    }
}

/// These texts as one JSON list. Each of them is JSON, so this does not fail.
fn list(items: &[&RawValue]) -> Option<Box<RawValue>> {
    let texts: usize = items.iter().map(|item| item.get().len() + 1).sum();
    let mut text = String::with_capacity(texts + 2);
    for (index, item) in items.iter().enumerate() {
        text.push(if index == 0 { '[' } else { ',' });
        text.push_str(item.get());
    }
    text.push_str(if items.is_empty() { "[]" } else { "]" });
    RawValue::from_string(text).ok()
}
