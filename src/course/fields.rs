//! A TOML table, read key by key.
//!
//! Deriving `Deserialize` would stop at the first mistake. This reader reports each one in its place and goes on, so
//! that an instructor sees all of them at once.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Code, Diagnostic, Sink};
use super::source::Source;
use super::suggest;
use judge::folder::is_id;

/// A string and its position.
pub(super) type Text = Spanned<String>;

/// The text, or an empty one: then its absence has been reported, and the course is not returned.
pub(super) fn owned(text: Option<Text>) -> String {
    text.map(Spanned::into_inner).unwrap_or_default()
}

/// Parses a file and hands its table to `read`. A file that is not TOML is reported, mistake by mistake, and not read.
pub(super) fn parse<T>(
    source: &Source,
    sink: &Sink,
    what: &'static str,
    read: impl FnOnce(Fields<'_>) -> T,
) -> Option<T> {
    let (table, mistakes) = DeTable::parse_recoverable(source.text());
    if mistakes.is_empty() {
        return Some(read(Fields::new(source, sink, what, table.get_ref(), table.span())));
    }
    // After a mistake the parser often stumbles again over the rest of the line.
    let mut reported_to = None;
    for mistake in mistakes.iter().take_while(|_| !sink.is_full()) {
        let span = mistake.span().unwrap_or(0..0);
        if reported_to.is_none_or(|end| span.start >= end) {
            reported_to = Some(source.line_end(span.start));
            sink.report(source.error(span, Code::Syntax, mistake.message()));
        }
    }
    None
}

/// A table that is being read. Every key that is asked for is known; [`Fields::finish`] reports the others.
pub(super) struct Fields<'a> {
    source: &'a Source,
    sink: &'a Sink,
    what: &'static str,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    known: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    fn new(source: &'a Source, sink: &'a Sink, what: &'static str, table: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self { source, sink, what, table, span, known: Vec::new() }
    }

    /// The position of the table.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub(super) fn source(&self) -> &'a Source {
        self.source
    }

    /// A string that has to be there and must not be empty.
    pub(super) fn text(&mut self, key: &'static str) -> Option<Text> {
        self.require(key);
        self.optional_text(key)
    }

    /// A string that is not empty, if it is there.
    pub(super) fn optional_text(&mut self, key: &'static str) -> Option<Text> {
        let value = self.get(key)?;
        self.to_text(value)
    }

    /// A string that has to be there; it may be empty.
    pub(super) fn verbatim(&mut self, key: &'static str) -> Option<Text> {
        self.require(key);
        let value = self.get(key)?;
        self.to_string(value)
    }

    /// An id that has to be there.
    pub(super) fn id(&mut self, key: &'static str) -> Option<Text> {
        let text = self.text(key)?;
        self.check_id(text)
    }

    /// An id that need not be there.
    pub(super) fn optional_id(&mut self, key: &'static str) -> Option<Text> {
        let text = self.optional_text(key)?;
        self.check_id(text)
    }

    /// Ids, at least one.
    pub(super) fn ids(&mut self, key: &'static str) -> Vec<Text> {
        self.some_texts(key).into_iter().filter_map(|text| self.check_id(text)).collect()
    }

    /// A whole number that has to be there.
    pub(super) fn number(&mut self, key: &'static str) -> Option<Spanned<u32>> {
        self.require(key);
        let value = self.get(key)?;
        self.to_number(value)
    }

    /// A whole number from 1 on that has to be there.
    pub(super) fn count(&mut self, key: &'static str) -> Option<u32> {
        self.require(key);
        self.optional_count(key)
    }

    /// A whole number from 1 on, if it is there.
    pub(super) fn optional_count(&mut self, key: &'static str) -> Option<u32> {
        let value = self.get(key)?;
        let count = self.to_number(value)?.into_inner();
        if count == 0 {
            self.error(value.span(), Code::BadValue, format!("`{key}` takes a number from 1 on"), None);
            return None;
        }
        Some(count)
    }

    /// Two whole numbers, of which the first is not greater.
    pub(super) fn range(&mut self, key: &'static str) -> Option<Spanned<[u32; 2]>> {
        self.require(key);
        let value = self.get(key)?;
        let list = self.list(key);
        let numbers: Vec<u32> =
            list.iter().filter_map(|value| self.to_number(value)).map(Spanned::into_inner).collect();
        match numbers.as_slice() {
            &[from, to] if from <= to => return Some(Spanned::new(value.span(), [from, to])),
            // A value of the wrong type has been reported.
            numbers if numbers.len() < list.len() || !value.get_ref().is_array() => {}
            _ => {
                let message = format!("`{key}` takes two numbers, from and to, such as [120, 150]");
                self.error(value.span(), Code::BadValue, message, None);
            }
        }
        None
    }

    /// Strings, if they are there.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<Text> {
        self.list(key).iter().filter_map(|value| self.to_text(value)).collect()
    }

    /// A string, or several in a list, if they are there.
    pub(super) fn text_or_texts(&mut self, key: &'static str) -> Vec<Text> {
        match self.get(key) {
            Some(value) if value.get_ref().is_array() => self.some_texts(key),
            _ => self.optional_text(key).into_iter().collect(),
        }
    }

    /// Strings, at least one.
    pub(super) fn some_texts(&mut self, key: &'static str) -> Vec<Text> {
        self.require_some(key);
        self.texts(key)
    }

    /// Tables, if they are there.
    pub(super) fn tables(&mut self, key: &'static str, what: &'static str) -> Vec<Fields<'a>> {
        self.list(key)
            .iter()
            .filter_map(|value| match value.get_ref() {
                DeValue::Table(table) => Some(Fields::new(self.source, self.sink, what, table, value.span())),
                _ => self.wrong_type(value, "a table"),
            })
            .collect()
    }

    /// Tables, at least one.
    pub(super) fn some_tables(&mut self, key: &'static str, what: &'static str) -> Vec<Fields<'a>> {
        self.require_some(key);
        self.tables(key, what)
    }

    /// Reports an error at `span`.
    pub(super) fn error(
        &self,
        span: Range<usize>,
        code: Code,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        // With this many mistakes, finding the place of each would take too long.
        if !self.sink.is_full() {
            self.report(self.source.error(span, code, message).help(help));
        }
    }

    pub(super) fn report(&self, diagnostic: Diagnostic) {
        self.sink.report(diagnostic);
    }

    /// Reports every key that was not asked for.
    pub(super) fn finish(self) {
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if !self.known.contains(&name) {
                let help = suggest::help(name, self.known.iter().copied());
                self.error(key.span(), Code::UnknownKey, format!("{} has no key `{name}`", self.what), help);
            }
        }
    }

    fn get(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.table.get(key)
    }

    /// Reports that a key is missing, if it is.
    pub(super) fn require(&mut self, key: &'static str) {
        if self.get(key).is_none() {
            self.error(
                self.span.clone(),
                Code::MissingKey,
                format!("{} needs the key `{key}`", self.what),
                format!("add `{key} = …` here"),
            );
        }
    }

    fn require_some(&mut self, key: &'static str) {
        self.require(key);
        if let Some(value) = self.get(key)
            && value.get_ref().as_array().is_some_and(|list| list.is_empty())
        {
            self.error(value.span(), Code::Empty, format!("`{key}` is empty"), None);
        }
    }

    fn list(&mut self, key: &'static str) -> &'a [Spanned<DeValue<'a>>] {
        let Some(value) = self.get(key) else {
            return &[];
        };
        match value.get_ref() {
            DeValue::Array(list) => list.as_ref(),
            _ => self.wrong_type(value, "a list").unwrap_or_default(),
        }
    }

    fn to_string(&self, value: &Spanned<DeValue<'_>>) -> Option<Text> {
        match value.get_ref() {
            DeValue::String(text) => Some(Spanned::new(value.span(), text.clone().into_owned())),
            _ => self.wrong_type(value, "a string"),
        }
    }

    fn to_text(&self, value: &Spanned<DeValue<'_>>) -> Option<Text> {
        let text = self.to_string(value)?;
        if text.get_ref().trim().is_empty() {
            self.error(text.span(), Code::Empty, "this text is empty", None);
            return None;
        }
        if let Some(excess) = self.source.excess_of(text.span(), text.get_ref()) {
            self.report(excess);
            return None;
        }
        Some(text)
    }

    fn to_number(&self, value: &Spanned<DeValue<'_>>) -> Option<Spanned<u32>> {
        let number = match value.get_ref() {
            DeValue::Integer(digits) => u32::from_str_radix(digits.as_str(), digits.radix()).ok(),
            _ => None,
        };
        match number {
            Some(number) => Some(Spanned::new(value.span(), number)),
            None => self.wrong_type(value, "a whole number, not negative"),
        }
    }

    fn check_id(&self, text: Text) -> Option<Text> {
        if is_id(text.get_ref()) {
            return Some(text);
        }
        self.error(
            text.span(),
            Code::BadId,
            format!("`{}` is not an id", text.get_ref()),
            "an id has lower-case letters, digits and single hyphens between them, 64 at most, as in `join-project`"
                .to_owned(),
        );
        None
    }

    fn wrong_type<T>(&self, value: &Spanned<DeValue<'_>>, wanted: &str) -> Option<T> {
        let found = value.get_ref().type_str();
        self.error(value.span(), Code::WrongType, format!("expected {wanted}, found {}", with_article(found)), None);
        None
    }
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}
