//! The files that mistakes are made into are formatted as all others are.

use std::path::{Path, PathBuf};
use std::process::Command;

use judge::folder;

#[test]
fn what_a_mistake_is_made_into_is_formatted() {
    let made = Path::new(env!("OUT_DIR")).join("wrong");
    let settings = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rustfmt.toml");
    let exercises = folder::entries(&made).unwrap();
    let files: Vec<PathBuf> = exercises.iter().flat_map(|exercise| folder::files(exercise, "rs")).collect();
    assert!(!files.is_empty(), "{}: nothing was made", made.display());
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--check", "--edition", "2024", "--config-path"]).arg(settings).args(&files);
    let output = rustfmt.output().expect("`rustup component add rustfmt` installs rustfmt");
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "in solutions/wrong:\n{}", String::from_utf8_lossy(&said));
}
