//! Numbers, texts and truth values, also those inside of macros such as `json!`.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Lit, Macro};

use crate::edit::{Edit, bytes, range};

pub(crate) fn edits(file: &syn::File, source: &str) -> Vec<Edit> {
    let mut constants = Constants { source, edits: Vec::new() };
    constants.visit_file(file);
    constants.edits
}

struct Constants<'a> {
    source: &'a str,
    edits: Vec<Edit>,
}

impl Constants<'_> {
    fn literal(&mut self, literal: &Lit) {
        let at = range(literal);
        for other in others(literal) {
            self.edits.push(Edit::became(self.source, at.clone(), &other));
        }
    }

    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => self.literal(&Lit::new(literal)),
                TokenTree::Ident(name) if name == "true" || name == "false" => {
                    let other = if name == "true" { "false" } else { "true" };
                    self.edits.push(Edit::became(self.source, bytes(name.span()), other));
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }
}

impl Visit<'_> for Constants<'_> {
    fn visit_lit(&mut self, literal: &Lit) {
        self.literal(literal);
    }

    fn visit_macro(&mut self, call: &Macro) {
        self.tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }

    /// Nothing in a comment or an attribute is done.
    fn visit_attribute(&mut self, _attribute: &Attribute) {}
}

fn others(literal: &Lit) -> Vec<String> {
    match literal {
        Lit::Int(number) => {
            let Ok(value) = number.base10_parse::<u64>() else { return Vec::new() };
            let suffix = number.suffix();
            let others = [Some(value + 1), value.checked_sub(1)];
            others.into_iter().flatten().map(|other| format!("{other}{suffix}")).collect()
        }
        Lit::Float(number) => {
            number.base10_parse::<f64>().map(|value| vec![format!("{:?}", value * 2.0)]).unwrap_or_default()
        }
        Lit::Bool(value) => vec![(!value.value).to_string()],
        Lit::Str(text) if text.value().is_empty() => vec!["\"x\"".to_owned()],
        Lit::Str(text) => vec![format!("{:?}", text.value() + "x")],
        _ => Vec::new(),
    }
}
