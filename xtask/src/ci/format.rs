use anyhow::Result;
use layout::Language;

use super::{Outcome, Section};
use crate::context::Context;
use crate::workshop::answers;

pub(super) const SECTION: Section =
    Section { name: "format", proves: "All Rust is formatted, the answers and fuzz targets included.", check };

fn check(context: &mut Context) -> Result<Outcome> {
    context.cargo("fmt --all --check").check()?;
    context.cargo("fmt --manifest-path crates/rooms/fuzz/Cargo.toml --check").check()?;
    // A generated list leads to these files, and cargo fmt does not follow it. A test checks the files that are made
    // from mistakes.
    let answers = answers(&context.root)?;
    let files: Vec<_> =
        answers.iter().map(|(path, _)| path).filter(|path| Language::of(path) == Some(Language::Rust)).collect();
    if !files.is_empty() {
        context.program("rustfmt").words("--edition 2024 --check").args(files).check()?;
    }
    println!("formatted");
    Ok(Outcome::Passed)
}
