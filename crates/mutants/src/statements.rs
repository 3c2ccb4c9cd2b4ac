//! Statements: one is left out, or two change places.

use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprReturn, Stmt};

use crate::edit::{Edit, range};

pub(crate) fn edits(file: &syn::File, source: &str) -> Vec<Edit> {
    let mut statements = Statements { source, edits: Vec::new() };
    statements.visit_file(file);
    statements.edits
}

struct Statements<'a> {
    source: &'a str,
    edits: Vec<Edit>,
}

impl Visit<'_> for Statements<'_> {
    fn visit_block(&mut self, block: &Block) {
        for statement in block.stmts.iter().filter(|statement| is_done(statement)) {
            self.edits.push(Edit::without(self.source, range(statement)));
        }
        for pair in block.stmts.windows(2) {
            let [one, other] = pair else { continue };
            // Where a binding may come later, it makes no difference.
            if is_done(one) && is_done(other) && !(registers(one) && registers(other)) {
                self.edits.push(Edit::swapped(self.source, range(one), range(other)));
            }
        }
        visit::visit_block(self, block);
    }

    fn visit_expr_return(&mut self, returned: &ExprReturn) {
        if returned.expr.is_none() {
            let at = range(returned);
            self.edits.push(Edit::new(at, "()", "`return` left out"));
        }
        visit::visit_expr_return(self, returned);
    }
}

/// Whether the statement only registers what happens later. In which order that is done makes no difference.
fn registers(statement: &Stmt) -> bool {
    let Stmt::Expr(Expr::MethodCall(call), _) = statement else { return false };
    let is_closure = |argument: &Expr| matches!(argument, Expr::Closure(_));
    call.method.to_string().starts_with("on") && call.args.iter().any(is_closure)
}

/// Whether the statement does something by itself, and gives its block no value.
fn is_done(statement: &Stmt) -> bool {
    match statement {
        Stmt::Expr(_, semicolon) => semicolon.is_some(),
        Stmt::Macro(call) => call.semi_token.is_some(),
        Stmt::Local(_) | Stmt::Item(_) => false,
    }
}
