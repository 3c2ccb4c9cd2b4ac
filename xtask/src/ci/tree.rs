use anyhow::Result;

use super::{Outcome, Section};
use crate::context::Context;

pub(super) const SECTION: Section =
    Section { name: "tree", proves: "The sections before have left the working tree as it was.", check };

fn check(context: &mut Context) -> Result<Outcome> {
    let now = context.working_tree()?;
    if now == context.tree {
        println!("the working tree is as it was");
        return Ok(Outcome::Passed);
    }
    context.tree.difference(&now).for_each(|line| println!("- {line}"));
    now.difference(&context.tree).for_each(|line| println!("+ {line}"));
    anyhow::bail!("the checks changed the working tree (+ is new)")
}
