//! A value as it is written.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use crate::mistake::{Code, Mistake, Report};
use crate::table::Fields;

/// A value as it is written, and its key.
#[derive(Clone, Copy)]
pub struct Item<'a> {
    report: &'a dyn Report,
    key: &'static str,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Item<'a> {
    pub(crate) fn new(report: &'a dyn Report, key: &'static str, value: &'a Spanned<DeValue<'a>>) -> Self {
        Self { report, key, value }
    }

    /// The key behind which it stands, or the list that it is in.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// Where it stands.
    pub fn span(&self) -> Range<usize> {
        self.value.span()
    }

    /// What it is.
    pub fn value(&self) -> &'a DeValue<'a> {
        self.value.get_ref()
    }

    /// What it is, if it is a string.
    pub fn as_str(&self) -> Option<&'a str> {
        self.value().as_str()
    }

    /// A value inside of it.
    pub fn inner(&self, value: &'a Spanned<DeValue<'a>>) -> Self {
        Self { value, ..*self }
    }

    /// The values of a list.
    pub fn list(self) -> impl Iterator<Item = Item<'a>> {
        let values = match self.value() {
            DeValue::Array(values) => values.as_ref(),
            _ => self.wrong_type("a list").unwrap_or_default(),
        };
        values.iter().map(move |value| self.inner(value))
    }

    pub(crate) fn is_empty_list(&self) -> bool {
        self.value().as_array().is_some_and(|values| values.is_empty())
    }

    /// What `read` makes of a table, which is called `what` with its article. Keys that it asks nothing about are reported.
    pub fn table<T>(self, what: &'static str, read: impl FnOnce(&mut Fields<'_>) -> T) -> Option<T> {
        let mut fields = self.fields(what)?;
        let table = read(&mut fields);
        fields.finish();
        Some(table)
    }

    /// The table, to be read key by key.
    pub fn fields(self, what: &'static str) -> Option<Fields<'a>> {
        match self.value() {
            DeValue::Table(table) => Some(Fields::new(self.report, what, table, self.span())),
            _ => self.wrong_type("a table"),
        }
    }

    /// Reports something about it.
    pub fn error(&self, code: Code, message: impl Into<String>, help: impl Into<Option<String>>) {
        self.report.report(Mistake { span: self.span(), code, message: message.into(), help: help.into() });
    }

    /// Reports that it is something else, with its article.
    pub fn wrong_type<T>(&self, wanted: &str) -> Option<T> {
        let found = with_article(self.value().type_str());
        self.error(Code::WrongType, format!("expected {wanted}, found {found}"), None);
        None
    }

    /// Whether the file may have this text. What it objects to it has reported.
    pub(crate) fn accepts(&self, text: &str) -> bool {
        self.report.accepts(self.span(), text)
    }

    pub(crate) fn number<T>(&self, parse: impl Fn(&str, u32) -> Option<T>) -> Option<T> {
        let number = match self.value() {
            DeValue::Integer(digits) => parse(digits.as_str(), digits.radix()),
            _ => None,
        };
        number.or_else(|| self.wrong_type("a whole number, not negative"))
    }
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}
