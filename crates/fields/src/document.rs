//! From a text to a table.

use toml::de::DeTable;

use crate::mistake::{Code, Mistake, Report};
use crate::place::line_end;
use crate::table::{Fields, Table};

/// Reads a text. One that is not TOML is reported, mistake by mistake, and not read; what is wrong in a table is reported
/// as well, and the table is then not whole.
pub fn read<T: Table>(text: &str, report: &dyn Report) -> Option<T> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        let mut fields = Fields::new(report, T::WHAT, table.get_ref(), table.span());
        fields.is_root = true;
        let read = T::from_fields(&mut fields);
        fields.finish();
        return Some(read);
    }
    // After a mistake the parser often stumbles again over the rest of the line.
    let mut reported_to = None;
    for error in errors.iter().take_while(|_| !report.is_full()) {
        let span = error.span().unwrap_or(0..0);
        if reported_to.is_none_or(|end| span.start >= end) {
            reported_to = Some(line_end(text, span.start));
            report.report(Mistake { span, code: Code::Syntax, message: error.message().to_owned(), help: None });
        }
    }
    None
}
