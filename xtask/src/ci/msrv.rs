use anyhow::{Context as _, Result};
use serde_json::Value;

use super::{Outcome, Section};
use crate::context::Context;

pub(super) const SECTION: Section = Section {
    name: "msrv",
    proves: "No dependency asks for a newer Rust than Cargo.toml promises; clippy looks at our own code.",
    check,
};

fn check(context: &mut Context) -> Result<Outcome> {
    let metadata = context.cargo("metadata --locked --format-version=1").answer()?.passed()?;
    let metadata: Value = serde_json::from_str(&metadata.text)?;
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let promised = packages.iter().find(|package| package["name"] == "rtws").and_then(version);
    let promised = promised.context("the package rtws promises no Rust version")?;
    let newer: Vec<_> = packages.iter().filter(|package| version(package).is_some_and(|it| it > promised)).collect();
    for package in &newer {
        let [name, version, rust] = ["name", "version", "rust_version"].map(|key| package[key].as_str().unwrap_or("?"));
        println!("{name} {version} needs Rust {rust}");
    }
    anyhow::ensure!(newer.is_empty(), "these need a newer Rust than {}.{}", promised.0, promised.1);
    println!("none of {} packages needs more than Rust {}.{}", packages.len(), promised.0, promised.1);
    Ok(Outcome::Passed)
}

/// The Rust version of a package that names one, without its third number.
fn version(package: &Value) -> Option<(u32, u32)> {
    let mut numbers = package["rust_version"].as_str()?.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next().flatten().unwrap_or_default()))
}
