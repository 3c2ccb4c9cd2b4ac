//! A file of a lesson that is being read: its tables, and where its mistakes go.

use std::ops::Range;

use fields::{Item, Mistake, Report, Shape, Table, Text, Value};
use layout::is_id;
use scenario::Script;

use super::diagnostic::{Code, Sink};
use super::source::Source;

/// A file with positions, and what is wrong in it.
pub(super) struct Reader<'a> {
    source: &'a Source,
    sink: &'a Sink,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a Source, sink: &'a Sink) -> Self {
        Self { source, sink }
    }

    /// Reads the file. One that is not TOML is reported and not read.
    pub(super) fn read<T: Table>(&self) -> Option<T> {
        fields::read(self.source.text(), self)
    }

    /// Reads the file as a scenario. One that is wrong is reported and not read.
    pub(super) fn script(&self) -> Option<Script> {
        let script = Script::read(self.source.text());
        script.map_err(|mistakes| mistakes.into_iter().for_each(|mistake| self.report(mistake))).ok()
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
        if !self.is_full() {
            self.sink.report(self.source.error(span, code, message).help(help));
        }
    }

    /// Reports a doubt about what stands at `span`.
    pub(super) fn warning(&self, span: Range<usize>, code: Code, message: String, help: String) {
        self.sink.report(self.source.error(span, code, message).warning().help(help));
    }
}

impl Report for Reader<'_> {
    fn report(&self, mistake: Mistake) {
        self.error(mistake.span, mistake.code.into(), mistake.message, mistake.help);
    }

    fn is_full(&self) -> bool {
        self.sink.is_full()
    }

    fn accepts(&self, span: Range<usize>, text: &str) -> bool {
        let Some(excess) = self.source.excess_of(span, text) else { return true };
        self.sink.report(excess);
        false
    }
}

impl From<fields::Code> for Code {
    fn from(code: fields::Code) -> Self {
        match code {
            fields::Code::Syntax => Self::Syntax,
            fields::Code::UnknownKey => Self::UnknownKey,
            fields::Code::MissingKey => Self::MissingKey,
            fields::Code::WrongType => Self::WrongType,
            fields::Code::BadValue => Self::BadValue,
            fields::Code::Empty => Self::Empty,
            fields::Code::BadId => Self::BadId,
        }
    }
}

/// An id and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Id(pub(super) Text);

impl Value for Id {
    fn shape() -> Shape {
        Shape::Pattern("^[a-z0-9]+(-[a-z0-9]+)*$")
    }

    fn read(item: Item<'_>) -> Option<Self> {
        let text = Text::read(item)?;
        if is_id(text.get_ref()) {
            return Some(Self(text));
        }
        let help =
            "an id has lower-case letters, digits and single hyphens between them, 64 at most, as in `join-project`";
        item.error(fields::Code::BadId, format!("`{}` is not an id", text.get_ref()), help.to_owned());
        None
    }
}
