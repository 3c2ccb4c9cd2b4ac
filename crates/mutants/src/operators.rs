//! Comparisons, bounds, sums and what joins conditions.

use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ExprBinary, ExprRange, ExprUnary, RangeLimits, UnOp};

use crate::edit::{Edit, range};

pub(crate) fn edits(file: &syn::File, source: &str) -> Vec<Edit> {
    let mut operators = Operators { source, edits: Vec::new() };
    operators.visit_file(file);
    operators.edits
}

struct Operators<'a> {
    source: &'a str,
    edits: Vec<Edit>,
}

impl Visit<'_> for Operators<'_> {
    fn visit_expr_binary(&mut self, binary: &ExprBinary) {
        for other in others(&binary.op) {
            self.edits.push(Edit::became(self.source, range(&binary.op), other));
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_unary(&mut self, unary: &ExprUnary) {
        if matches!(unary.op, UnOp::Not(_)) {
            self.edits.push(Edit::without(self.source, range(&unary.op)));
        }
        visit::visit_expr_unary(self, unary);
    }

    fn visit_expr_range(&mut self, bounds: &ExprRange) {
        let other = match bounds.limits {
            RangeLimits::HalfOpen(_) => "..=",
            RangeLimits::Closed(_) => "..",
        };
        if bounds.end.is_some() {
            self.edits.push(Edit::became(self.source, range(&bounds.limits), other));
        }
        visit::visit_expr_range(self, bounds);
    }

    fn visit_expr(&mut self, expression: &Expr) {
        if let Expr::If(it) = expression
            && !matches!(*it.cond, Expr::Let(_))
        {
            for always in ["true", "false"] {
                self.edits.push(Edit::became(self.source, range(&it.cond), always));
            }
        }
        visit::visit_expr(self, expression);
    }
}

/// What somebody might have written instead.
fn others(operator: &BinOp) -> &'static [&'static str] {
    match operator {
        BinOp::Lt(_) => &["<=", ">"],
        BinOp::Le(_) => &["<", ">"],
        BinOp::Gt(_) => &[">=", "<"],
        BinOp::Ge(_) => &[">", "<"],
        BinOp::Eq(_) => &["!="],
        BinOp::Ne(_) => &["=="],
        BinOp::And(_) => &["||"],
        BinOp::Or(_) => &["&&"],
        BinOp::Add(_) => &["-"],
        BinOp::Sub(_) | BinOp::Mul(_) => &["+"],
        BinOp::Div(_) => &["*"],
        BinOp::AddAssign(_) => &["-=", "="],
        BinOp::SubAssign(_) => &["+=", "="],
        _ => &[],
    }
}
