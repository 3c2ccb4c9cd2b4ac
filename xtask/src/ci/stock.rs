use anyhow::Result;

use super::{Outcome, Section, test};
use crate::context::Context;
use crate::install;

pub(super) const SECTION: Section = Section {
    name: "stock",
    proves: "Stock clients in JavaScript, Python and Rust get along with ours; installs them.",
    check,
};

fn check(context: &mut Context) -> Result<Outcome> {
    install::stock_clients(context)?;
    // The programs wait for each other most of the time.
    let words = "test --locked --package rooms --test stock -- --ignored --test-threads=8";
    test::run(context, "with stock clients", words)?;
    Ok(Outcome::Passed)
}
