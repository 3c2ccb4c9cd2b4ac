//! Locks: one is given up before others are let in, which only code that awaits in between can notice.

use syn::visit::{self, Visit};
use syn::{Block, ExprAwait, ExprMethodCall, Local, Pat, Stmt};

use crate::edit::{Edit, range};

pub(crate) fn edits(file: &syn::File, _source: &str) -> Vec<Edit> {
    let mut locks = Locks(Vec::new());
    locks.visit_file(file);
    locks.0
}

struct Locks(Vec<Edit>);

impl Visit<'_> for Locks {
    fn visit_block(&mut self, block: &Block) {
        for (index, statement) in block.stmts.iter().enumerate() {
            let Some(guard) = guard(statement) else { continue };
            let later = block.stmts[index + 1..].iter().find(|later| Awaits::in_(later));
            if let Some(later) = later {
                let at = range(later).start;
                self.0.push(Edit::new(at..at, format!("drop({guard});\n"), format!("`{guard}` is dropped early")));
            }
        }
        visit::visit_block(self, block);
    }
}

/// The name of the guard that a statement gets from `lock`.
fn guard(statement: &Stmt) -> Option<String> {
    let Stmt::Local(Local { pat: Pat::Ident(name), init: Some(value), .. }) = statement else { return None };
    let mut takes = Takes(false);
    takes.visit_expr(&value.expr);
    takes.0.then(|| name.ident.to_string())
}

struct Takes(bool);

impl Visit<'_> for Takes {
    fn visit_expr_method_call(&mut self, call: &ExprMethodCall) {
        self.0 |= call.method == "lock";
        visit::visit_expr_method_call(self, call);
    }
}

struct Awaits(bool);

impl Awaits {
    fn in_(statement: &Stmt) -> bool {
        let mut awaits = Self(false);
        awaits.visit_stmt(statement);
        awaits.0
    }
}

impl Visit<'_> for Awaits {
    fn visit_expr_await(&mut self, _awaited: &ExprAwait) {
        self.0 = true;
    }
}
