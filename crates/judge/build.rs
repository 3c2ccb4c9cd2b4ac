//! Says by which version of the judging code a verdict was given: a hash over the sources that decide about one.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest as _, Sha256};

/// The crates whose code compares and explains.
const DECIDING: [&str; 3] = ["../judge/src", "../scenario/src", "../rooms/src"];

fn main() -> io::Result<()> {
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut hash = Sha256::new();
    for folder in DECIDING {
        // Cargo looks at all that is in the folder.
        println!("cargo::rerun-if-changed={folder}");
        add(&package.join(folder), &mut hash)?;
    }
    let text: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    println!("cargo::rustc-env=JUDGE_SOURCES={text}");
    Ok(())
}

fn add(path: &Path, hash: &mut Sha256) -> io::Result<()> {
    if path.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        entries.retain(|entry| entry.file_name().is_some_and(|name| !name.as_encoded_bytes().starts_with(b".")));
        entries.sort();
        return entries.iter().try_for_each(|entry| add(entry, hash));
    }
    let text = fs::read(path)?;
    hash.update(path.file_name().unwrap_or_default().as_encoded_bytes());
    hash.update(text.len().to_le_bytes());
    hash.update(text);
    Ok(())
}
