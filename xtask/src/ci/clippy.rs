use anyhow::Result;

use super::{Outcome, Section};
use crate::context::Context;

pub(super) const SECTION: Section = Section {
    name: "clippy",
    proves: "No lint warns in any target, fuzz targets included, and our code needs no newer Rust than promised.",
    check,
};

fn check(context: &mut Context) -> Result<Outcome> {
    context.cargo("clippy --workspace --all-targets --features xtask/authors --locked -- -D warnings").check()?;
    // The fuzz targets are not members; crates/rooms/README.md says how to run them.
    let fuzz = context.cargo("clippy --manifest-path crates/rooms/fuzz/Cargo.toml --locked");
    fuzz.args(["--target-dir".as_ref(), context.target.as_os_str()]).words("-- -D warnings").check()?;
    Ok(Outcome::Passed)
}
