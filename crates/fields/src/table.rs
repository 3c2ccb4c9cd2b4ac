//! Tables by declaration.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::item::Item;
use crate::mistake::{Code, Mistake, Report};
use crate::shape::Written;
use crate::suggest;

/// A key as it is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// As it is written.
    pub name: &'static str,
    /// What it means, as its declaration says.
    pub doc: &'static str,
    /// Whether it has to be there.
    pub is_required: bool,
}

/// A table with declared keys; see [`table!`](crate::table!).
pub trait Table: Sized {
    /// What it is, with its article.
    const WHAT: &'static str;
    /// All that it may have.
    const KEYS: &'static [Key];

    /// The same, each with what its value may be.
    fn written() -> Vec<Written>;

    /// Reads its keys, and reports what is wrong with them.
    fn from_fields(fields: &mut Fields<'_>) -> Self;
}

/// Declares a [`Table`] as a struct: what its type is called in messages, and a type for each key that says what its value
/// is, and whether it has to be there. What the comments say is kept in [`Table::KEYS`].
#[macro_export]
macro_rules! table {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident = $what:literal {
            $($(#[doc = $doc:literal])* $key:ident: $type:ty,)*
        }
    ) => {
        $(#[$meta])*
        #[allow(clippy::struct_field_names, reason = "a key is called as it is written")]
        $vis struct $name {
            $($(#[doc = $doc])* $vis $key: $type,)*
        }

        impl $crate::Table for $name {
            const WHAT: &'static str = $what;
            const KEYS: &'static [$crate::Key] = &[$($crate::Key {
                name: stringify!($key),
                doc: concat!($($doc, "\n"),*),
                is_required: <$type as $crate::Field>::IS_REQUIRED,
            }),*];

            fn written() -> Vec<$crate::shape::Written> {
                let shapes: Vec<$crate::Shape> = vec![$(<$type as $crate::Field>::shape()),*];
                let keys = <Self as $crate::Table>::KEYS.iter().copied();
                keys.zip(shapes).map(|(key, shape)| $crate::shape::Written { key, shape }).collect()
            }

            #[allow(unused_variables, reason = "of a table without keys nothing is read")]
            fn from_fields(fields: &mut $crate::Fields<'_>) -> Self {
                Self { $($key: <$type as $crate::Field>::read(fields, stringify!($key)),)* }
            }
        }

        impl $crate::Value for $name {
            const IS_TABLE: bool = true;

            fn shape() -> $crate::Shape {
                $crate::Shape::Table(<Self as $crate::Table>::written())
            }

            fn read(item: $crate::Item<'_>) -> Option<Self> {
                item.table(<Self as $crate::Table>::WHAT, <Self as $crate::Table>::from_fields)
            }
        }
    };
}

/// A table that is being read. Every key that is asked for is known.
pub struct Fields<'a> {
    report: &'a dyn Report,
    what: &'static str,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    known: Vec<&'static str>,
    /// Whether it is the whole text. Only there can a list of tables be written with `[[headings]]`.
    pub(crate) is_root: bool,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(report: &'a dyn Report, what: &'static str, table: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self { report, what, table, span, known: Vec::new(), is_root: false }
    }

    /// The position of the table.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Its keys as they are written, each with its place.
    pub fn written(&self) -> impl Iterator<Item = (&'a str, Range<usize>)> + use<'a> {
        self.table.keys().map(|key| (key.get_ref().as_ref(), key.span()))
    }

    /// What stands behind a key, if it is there.
    pub fn get(&mut self, key: &'static str) -> Option<Item<'a>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        let value: &'a Spanned<DeValue<'a>> = self.table.get(key)?;
        Some(Item::new(self.report, key, value))
    }

    /// As [`Fields::get`], for a key that has to be there. `line` shows how it is written.
    pub(crate) fn require(&mut self, key: &'static str, line: &str) -> Option<Item<'a>> {
        let found = self.get(key);
        if found.is_none() {
            let message = format!("{} needs the key `{key}`", self.what);
            self.error(self.span(), Code::MissingKey, message, format!("add `{line}` here"));
        }
        found
    }

    /// Reports something at `span`.
    pub fn error(&self, span: Range<usize>, code: Code, message: String, help: impl Into<Option<String>>) {
        self.report.report(Mistake { span, code, message, help: help.into() });
    }

    /// Reports every key that was not asked for.
    pub fn finish(self) {
        self.finish_with(|_| None);
    }

    /// The same; `elsewhere` says of a key what it is about, if it means something in another table.
    pub fn finish_with(self, elsewhere: impl Fn(&str) -> Option<String>) {
        let unknown = self.written().filter(|(name, _)| !self.known.contains(name));
        for (name, span) in unknown.take_while(|_| !self.report.is_full()) {
            if let Some(message) = elsewhere(name) {
                self.error(span, Code::UnknownKey, message, None);
            } else {
                let help = suggest::help(name, self.known.iter().copied());
                self.error(span, Code::UnknownKey, format!("{} has no key `{name}`", self.what), help);
            }
        }
    }
}
