//! Every block of code in the lessons' texts names its language and has to be valid in it.
//!
//! Here are the languages that need no compiler: `crates/blocks` compiles those in Rust, and `tests/node.rs` has Node
//! parse those in JavaScript.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};
use scenario::Script;

const LANGUAGES: [&str; 7] = ["rust", "js", "toml", "json", "sh", "text", "markdown"];

fn texts() -> impl Iterator<Item = (PathBuf, String)> {
    let files = blocks::files(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let texts = files.into_iter().filter(|file| file.extension() == Some(OsStr::new("md")));
    texts.map(|file| (file.clone(), fs::read_to_string(file).unwrap()))
}

/// Calls `check` with each block in this language and the words behind the language.
fn each_block(language: &str, check: impl Fn(&str, &[String]) -> anyhow::Result<()>) {
    let mut checked = 0;
    for (file, text) in texts() {
        for block in blocks::blocks(&text, language).unwrap_or_else(|error| panic!("{}: {error}", file.display())) {
            if let Err(error) = check(&block.code, &block.info[1..]) {
                panic!("{}, block of line {}: {error}", file.display(), block.line);
            }
            checked += 1;
        }
    }
    assert!(checked > 0, "no block of {language}");
}

#[test]
fn every_block_says_its_language() {
    for (file, text) in texts() {
        for (event, place) in Parser::new(&text).into_offset_iter() {
            let Event::Start(Tag::CodeBlock(kind)) = event else { continue };
            let line = text[..place.start].lines().count() + 1;
            let CodeBlockKind::Fenced(info) = kind else {
                panic!("{}, line {line}: fence this block, and say its language", file.display());
            };
            let language = info.split(',').next().unwrap_or_default();
            assert!(
                LANGUAGES.contains(&language),
                "{}, line {line}: {language:?} is none of {LANGUAGES:?}",
                file.display()
            );
        }
    }
}

/// The words around code are wrapped, code is cut. A terminal of 120 columns shows this many of it beside the monitor.
#[test]
fn code_in_a_lesson_is_not_cut() {
    const COLUMNS: usize = 60;
    let files = blocks::files(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    for file in files.iter().filter(|file| file.parent().unwrap().join("lesson.toml").exists()) {
        let text = fs::read_to_string(file).unwrap();
        for block in LANGUAGES.iter().flat_map(|language| blocks::blocks(&text, language).unwrap()) {
            for (line, code) in (block.line + 1..).zip(block.code.lines()) {
                assert!(code.chars().count() <= COLUMNS, "{}, line {line}: {code}", file.display());
            }
        }
    }
}

/// Steps without a head belong to a scenario with all clients that they name, each connected.
#[test]
fn every_block_of_toml_can_be_read() {
    each_block("toml", |code, words| {
        let table: toml::Table = code.parse()?;
        if !words.iter().any(|word| word == "steps") {
            return Ok(());
        }
        let steps = table["steps"].as_array().into_iter().flatten().filter_map(toml::Value::as_table);
        let at = ["from", "at", "expect_none", "expect_disconnect"];
        let clients: BTreeSet<&str> = steps.flat_map(|step| at.map(|key| step.get(key)?.as_str())).flatten().collect();
        let clients = Vec::from_iter(clients);
        let script = format!("title = \"t\"\nclients = {clients:?}\n[[steps]]\nconnect = {clients:?}\n{code}");
        Ok(Script::parse(&script, Path::new("block")).map(drop)?)
    });
}

#[test]
fn every_block_of_json_can_be_read() {
    each_block("json", |code, _| Ok(serde_json::from_str::<serde_json::Value>(code).map(drop)?));
}

#[test]
fn every_command_of_ours_is_one_that_the_program_takes() {
    each_block("sh", |code, _| {
        for line in code.lines() {
            let Some(arguments) = line.strip_prefix("rtws ").or_else(|| line.strip_prefix("cargo run -- ")) else {
                continue;
            };
            let arguments = arguments.split(" #").next().unwrap_or_default().split_whitespace();
            let output = Command::new(env!("CARGO_BIN_EXE_rtws")).args(arguments).arg("--help").output();
            let output = output?;
            anyhow::ensure!(output.status.success(), "{line}\n{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    });
}
