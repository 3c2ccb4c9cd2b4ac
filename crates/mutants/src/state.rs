//! State: what all connections share becomes each one's own.

use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprMethodCall, Stmt};

use crate::edit::{Edit, range};

/// The call that is made for each connection.
const CONNECTION: &str = "on_connection";

pub(crate) fn edits(file: &syn::File, source: &str) -> Vec<Edit> {
    let mut state = State { source, edits: Vec::new() };
    state.visit_file(file);
    state.edits
}

struct State<'a> {
    source: &'a str,
    edits: Vec<Edit>,
}

impl Visit<'_> for State<'_> {
    fn visit_block(&mut self, block: &Block) {
        let inside = block.stmts.iter().find_map(inside_of_connection);
        if let Some(inside) = inside {
            let before = block.stmts.iter().take_while(|statement| range(*statement).start < inside);
            for local in before.filter(|statement| matches!(statement, Stmt::Local(_))) {
                self.edits.push(Edit::moved(self.source, range(local), inside, "became each connection's own"));
            }
        }
        visit::visit_block(self, block);
    }
}

/// The place behind the brace of the closure that is called for each connection.
fn inside_of_connection(statement: &Stmt) -> Option<usize> {
    let mut found = Connection(None);
    found.visit_stmt(statement);
    found.0
}

struct Connection(Option<usize>);

impl Visit<'_> for Connection {
    fn visit_expr_method_call(&mut self, call: &ExprMethodCall) {
        if call.method == CONNECTION
            && let Some(Expr::Closure(closure)) = call.args.first()
            && let Expr::Block(block) = &*closure.body
        {
            self.0 = Some(range(&block.block).start + 1);
        }
        visit::visit_expr_method_call(self, call);
    }
}
