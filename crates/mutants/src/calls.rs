//! Calls in a chain: one is left out, or the chain tells others than it should.

use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall};

use crate::edit::{Edit, range};

/// Calls that say who is told.
const TELLS: [&str; 2] = ["emit", "emit_with_ack"];

pub(crate) fn edits(file: &syn::File, source: &str) -> Vec<Edit> {
    let mut calls = Calls { source, edits: Vec::new() };
    calls.visit_file(file);
    calls.edits
}

struct Calls<'a> {
    source: &'a str,
    edits: Vec<Edit>,
}

impl Visit<'_> for Calls<'_> {
    fn visit_expr_method_call(&mut self, call: &ExprMethodCall) {
        let (whole, receiver) = (range(call), range(&*call.receiver));
        self.edits.push(Edit::without(self.source, receiver.end..whole.end));
        if TELLS.iter().any(|tells| call.method == tells) {
            self.targets(call);
        }
        if let ("unwrap_or_default" | "is_some" | "is_ok" | "is_empty", []) =
            (call.method.to_string().as_str(), call.args.iter().collect::<Vec<_>>().as_slice())
        {
            self.edits.push(Edit::became(self.source, whole, "Default::default()"));
        }
        visit::visit_expr_method_call(self, call);
    }
}

impl Calls<'_> {
    /// Others are told: everybody, everybody else, the sender alone; or only those that read fast.
    fn targets(&mut self, call: &ExprMethodCall) {
        let receiver = range(&*call.receiver);
        let end = receiver.end;
        self.edits.push(Edit::new(end..end, ".volatile()", "`.volatile()` put in"));
        let first = first_of(&call.receiver);
        let name = self.source[range(first)].to_owned();
        for other in [format!("{name}.io()"), format!("{name}.broadcast()"), name.clone()] {
            if self.source[receiver.clone()] != *other {
                self.edits.push(Edit::became(self.source, receiver.clone(), &other));
            }
        }
        // The sender is left out, or not.
        let rest = &self.source[range(first).end..end];
        let other = match rest.strip_prefix(".io()") {
            Some(rest) => format!("{name}{rest}"),
            None => format!("{name}.io(){rest}"),
        };
        self.edits.push(Edit::became(self.source, receiver, &other));
    }
}

/// What a chain of calls begins with.
fn first_of(expression: &Expr) -> &Expr {
    match expression {
        Expr::MethodCall(call) => first_of(&call.receiver),
        other => other,
    }
}
