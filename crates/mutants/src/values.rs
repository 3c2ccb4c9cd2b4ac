//! Values: a text or a number is read otherwise than it was sent, at an edge that the page does not have.
//!
//! The other changes are of the code's structure. These stand for an answer that adds a rule, which a check notices only if some
//! client sends the value.

use syn::ExprMethodCall;
use syn::visit::{self, Visit};

use crate::edit::{Edit, range};

/// What trims a text that was read.
const TRIMMED: &str = ".map(|text| text.trim())";

/// What follows the call that reads a text, and the change in words.
const TEXTS: [(&str, &str); 14] = [
    (".filter(|text| text.chars().count() <= 64)", "a text of more than 64 characters is none"),
    (".filter(|text| text.len() <= 80)", "a text of more than 80 bytes is none"),
    (".filter(|text| text.len() <= 255)", "a text of more than 255 bytes is none"),
    (".filter(|text| text.len() > 1)", "a text of one byte is none"),
    (".filter(|text| text.is_ascii())", "a text that is not ASCII is none"),
    (".filter(|text| !text.contains(char::is_control))", "a text with a control character is none"),
    (".filter(|text| !text.contains('\"'))", "a text with a quote is none"),
    (".filter(|text| !text.contains('<'))", "a text with markup is none"),
    (".filter(|text| !text.contains('\\u{200b}'))", "a text with a character of no width is none"),
    (".filter(|text| !text.trim().is_empty())", "a blank text is none"),
    (".filter(|text| *text != \"constructor\")", "a name of JavaScript's objects is none"),
    (".map(|text| text.split(':').next().unwrap_or(text))", "a text ends at a colon"),
    (".map(|text| text.split(char::is_whitespace).next().unwrap_or(text))", "a text ends at a blank"),
    (TRIMMED, "a text is trimmed"),
];

/// What follows the call that reads a number, and the change in words.
const NUMBERS: [(&str, &str); 3] = [
    (".filter(|number| *number < 1 << 31)", "a number of more than 31 bits is none"),
    (".filter(|number| *number < 1 << 53)", "a number of more than 53 bits is none"),
    (".map(|number| number % 256)", "a number has 8 bits"),
];

pub(crate) fn edits(file: &syn::File, source: &str) -> Vec<Edit> {
    let mut values = Values { source, edits: Vec::new() };
    values.visit_file(file);
    values.edits
}

struct Values<'a> {
    source: &'a str,
    edits: Vec<Edit>,
}

impl Values<'_> {
    /// Whether the answer does the same with the text itself, right after it is read.
    fn is_done(&self, edit: &str, end: usize) -> bool {
        let rest = self.source.get(end..).unwrap_or_default().trim_start();
        edit == TRIMMED && rest.starts_with(".map(str::trim)")
    }
}

impl Visit<'_> for Values<'_> {
    fn visit_expr_method_call(&mut self, call: &ExprMethodCall) {
        let others: &[(&str, &str)] = match call.method.to_string().as_str() {
            "as_str" => &TEXTS,
            "as_u64" | "as_i64" => &NUMBERS,
            _ => &[],
        };
        let end = range(call).end;
        let others = others.iter().filter(|(text, _)| !self.is_done(text, end));
        let edits: Vec<_> = others.map(|(text, change)| Edit::new(end..end, *text, *change)).collect();
        self.edits.extend(edits);
        visit::visit_expr_method_call(self, call);
    }
}
