//! Makes a module of each block of Rust in the lessons' texts, for `tests/rust.rs`.
//!
//! A block's lines keep their numbers, and its module is a file named after the text: so a compiler message about
//! `lessons/01-rooms/hints.toml/block.rs:51` is about line 51 of `lessons/01-rooms/hints.toml`.

#[path = "src/lib.rs"]
#[allow(unreachable_pub, reason = "it is a library, too")]
mod blocks;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use blocks::Block;
use layout::{Language, Layout};

/// Lines that begin like this belong outside functions.
const ITEMS: [&str; 14] = [
    "//!",
    "#[",
    "async fn ",
    "const ",
    "enum ",
    "fn ",
    "impl",
    "mod ",
    "pub ",
    "static ",
    "struct ",
    "trait ",
    "type ",
    "use ",
];

fn main() -> Result<(), Box<dyn Error>> {
    let root = folder("CARGO_MANIFEST_DIR").join("../..");
    let out = folder("OUT_DIR");
    let mut modules = String::new();
    println!("cargo::rerun-if-changed={}", Layout::at("../..").lessons().display());
    println!("cargo::rerun-if-changed=../../README.md");
    for file in blocks::files(&root)? {
        let name = file.strip_prefix(&root)?;
        let text = fs::read_to_string(&file)?;
        let found = blocks::blocks(&text, "rust").map_err(|mistake| format!("{}, {mistake}", name.display()))?;
        for block in found {
            let folder = out.join(name);
            fs::create_dir_all(&folder)?;
            let path = folder.join(Language::Rust.file_name(&format!("block-{}", block.line)));
            fs::write(&path, module(&block, &file)?)?;
            let identifier = modules.lines().count();
            modules.push_str(&format!("#[path = {:?}] mod block_{identifier};\n", path.to_string_lossy()));
        }
    }
    let count = modules.lines().count();
    modules.push_str(&format!("const COUNT: usize = {count};\n"));
    fs::write(out.join("blocks.rs"), modules)?;
    Ok(())
}

/// A folder that cargo tells a build script.
fn folder(variable: &str) -> PathBuf {
    env::var_os(variable).unwrap_or_default().into()
}

/// A block as a module. The lines that have to come before it share the line of its fence.
fn module(block: &Block, file: &Path) -> Result<String, Box<dyn Error>> {
    let (mut context, mut attribute) = (String::new(), "");
    for word in &block.info[1..] {
        match word.split_once('=') {
            // The compiler parses even the code that it leaves out.
            None if word == "sketch" => attribute = "#[cfg(any())] ",
            Some(("in", name)) => context = context_of(&file.with_file_name(name))?,
            _ => return Err(format!("{}, line {}: what is `{word}`?", file.display(), block.line).into()),
        }
    }
    let above = "\n".repeat(block.line - 1);
    let code = fill_gaps(&block.code);
    let is_file = code.lines().any(|line| ITEMS.iter().any(|item| line.starts_with(item)));
    let (open, close) =
        if is_file { ("", "") } else { ("fn block(io: &Io, socket: &Socket, payload: &Payload) {", "}") };
    let imports = "use super::*; use super::super::prelude::*;";
    Ok(format!("{above}{attribute}mod block {{ {open}\n{code}{close}\n{imports} }}\n{context}"))
}

/// The file that a block is an excerpt of, with its `//!` lines as plain comments, because it is now part of another file.
fn context_of(file: &Path) -> io::Result<String> {
    println!("cargo::rerun-if-changed={}", file.display());
    let text = fs::read_to_string(file)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))?;
    let lines = text.lines().map(|line| line.replacen("//!", "//", usize::from(line.starts_with("//!"))) + "\n");
    Ok(lines.collect())
}

/// The code with something in place of each `/* … */`.
fn fill_gaps(code: &str) -> String {
    let mut parts = code.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |filled, part| filled + "todo!()" + part.split_once("*/").map_or("", |(_, after)| after))
}
