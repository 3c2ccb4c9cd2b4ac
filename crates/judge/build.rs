//! Identifies the version of this code that built or judged something: hashes of the sources that decide about it.
//! Results that another version has kept are then not found.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use data_encoding::HEXLOWER;
use layout::folder;
use sha2::{Digest as _, Sha256};

/// The sources that decide how libraries are built, how an answer is compiled, and how transcripts are compared and
/// explained.
const DECIDING: [(&str, &[&str]); 3] = [
    (
        "BUILDING_SOURCES",
        &[
            "src/library",
            "src/toolchain.rs",
            "src/diagnostics.rs",
            "../layout/src/folder.rs",
            "../layout/src/package.rs",
            "src/key.rs",
        ],
    ),
    ("JUDGING_SOURCES", &["src", "../layout/src"]),
    ("COMPARING_SOURCES", &["../harness/src", "../scenario/src", "../fields/src", "../rooms/src", "../../Cargo.lock"]),
];

fn main() -> io::Result<()> {
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    for (name, sources) in DECIDING {
        let mut hash = Sha256::new();
        for source in sources {
            // Cargo watches everything in a folder.
            println!("cargo::rerun-if-changed={source}");
            add(&package.join(source), &mut hash)?;
        }
        println!("cargo::rustc-env={name}={}", HEXLOWER.encode(&hash.finalize()));
    }
    Ok(())
}

fn add(path: &Path, hash: &mut Sha256) -> io::Result<()> {
    if path.is_dir() {
        return folder::entries(path)?.iter().try_for_each(|entry| add(entry, hash));
    }
    let text = fs::read(path)?;
    hash.update(path.file_name().unwrap_or_default().as_encoded_bytes());
    hash.update(text.len().to_le_bytes());
    hash.update(text);
    Ok(())
}
