//! Names phrases that read as translated, in documents, in the comments of all our Rust, and in the messages of the program
//! and its crates. CONTRIBUTING.md has the rules; these are the phrases that a program can tell.
//!
//! The pages of the lessons are counted only, until they are rewritten. Lessons, answers and exercises are not read.

mod markdown;
mod phrases;
mod rust;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use layout::{Language, Package, shown};

use super::{Outcome, Section};
use crate::context::Context;
use phrases::Finding;
use rust::Kind;

pub(super) const SECTION: Section = Section {
    name: "english",
    proves: "Documents, comments and messages have none of the phrases that read as translated.",
    check,
};

fn check(context: &mut Context) -> Result<Outcome> {
    let documents = files(context, "*.md :!*lessons/*/*")?;
    let sources = files(context, &own_sources())?;
    let mut found = 0;
    for path in documents.iter().chain(&sources) {
        for Finding { line, phrase, advice } in findings(context, path)? {
            println!("{}:{line}: \"{phrase}\": write {advice}", path.display());
            found += 1;
        }
    }
    ensure!(found == 0, "{found} phrases read as translated");
    println!("none of {} documents and {} sources has such a phrase", documents.len(), sources.len());
    let mut later = 0;
    for page in files(context, "lessons/*/*.md")? {
        later += findings(context, &page)?.len();
    }
    println!("warning: the pages of the lessons have {later}");
    Ok(Outcome::Passed)
}

/// The patterns of our own code: learners' files and answers are read as code, not as prose.
fn own_sources() -> String {
    let (learners, answers) = (Package::Exercises.sources(Language::Rust), Package::Solutions.name());
    format!("{} :!*lessons/* :!{} :!{answers}", Language::Rust.file_name("*"), shown(&learners))
}

/// The files that git knows under these patterns, and new ones.
fn files(context: &Context, patterns: &str) -> Result<Vec<PathBuf>> {
    let files = context.program("git").words("ls-files --cached --others --exclude-standard --").words(patterns);
    let files = files.answer()?.passed()?;
    // One that was moved or deleted is listed until that is committed.
    Ok(files.text.lines().map(PathBuf::from).filter(|path| context.root.join(path).exists()).collect())
}

fn findings(context: &Context, path: &Path) -> Result<Vec<Finding>> {
    let text = fs::read_to_string(context.root.join(path));
    let text = text.with_context(|| format!("cannot read {}", path.display()))?;
    Ok(match Language::of(path) {
        Some(Language::Rust) => of_source(&text, is_product(path)),
        None => of_document(&text),
    })
}

/// Whether its messages are for learners and graders: tests and tools may say anything.
fn is_product(path: &Path) -> bool {
    let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
    let is_source = names.first().is_some_and(|name| name == "src") || names.get(2).is_some_and(|name| name == "src");
    is_source && names[0] != "xtask" && !names.iter().any(|name| name.starts_with("test"))
}

fn of_document(text: &str) -> Vec<Finding> {
    markdown::blocks(text)
        .iter()
        .flat_map(|words| phrases::in_document(words))
        .map(|found| found.located(text))
        .collect()
}

fn of_source(source: &str, has_messages: bool) -> Vec<Finding> {
    let texts = rust::texts(source).into_iter().filter(|text| has_messages || text.kind == Kind::Comment);
    let found = texts.flat_map(|rust::Text { kind, line, content }| {
        let blocks = markdown::blocks(&content);
        let found: Vec<_> = blocks.iter().flat_map(|words| phrases::in_source(words)).collect();
        found.into_iter().map(move |found| {
            let found = found.located(&content);
            // A message is a value: where its lines break says nothing about the source.
            Finding { line: if kind == Kind::Comment { line + found.line - 1 } else { line }, ..found }
        })
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(findings: Vec<Finding>) -> Vec<(usize, String)> {
        findings.into_iter().map(|finding| (finding.line, finding.phrase)).collect()
    }

    #[test]
    fn a_phrase_is_named_with_its_line_even_if_it_goes_on_in_the_next() {
        let text =
            "# What it is\n\nWho sends is heard, as\nit should be.\n\n- Done. What waits, waits.\n- Mended anew\n";
        let expected = [(3, "Who"), (3, ", as it"), (6, "What"), (7, "Mended"), (7, "anew")];
        assert_eq!(told(of_document(text)), expected.map(|(line, phrase)| (line, phrase.to_owned())));
    }

    #[test]
    fn code_questions_labels_and_words_within_words_are_not_named() {
        let text =
            "Who may enter? The `whoever`.\n\n```text\nbe it\n```\n\n**What I did**\n\nThe dividend was renewed.\n";
        assert_eq!(told(of_document(text)), []);
    }

    #[test]
    fn cells_and_entries_are_sentences_of_their_own() {
        let text = "| a | b |\n|---|---|\n| it is | no file |\n| b | it is no file |\n\nThere is no file.\n";
        assert_eq!(told(of_document(text)), [(4, "it is no file".to_owned())]);
    }

    #[test]
    fn comments_of_all_sources_are_read_and_messages_of_the_product() {
        let source = "//! A file.\n\n/// It is done, as\n/// there is time.\nfn f() {\n    // Done anew.\n    g(\"this is no file at all\", \"anew\", 'a');\n}\n";
        let comments = [(3, ", as there".to_owned()), (6, "anew".to_owned())];
        assert_eq!(told(of_source(source, false)), comments);
        assert_eq!(told(of_source(source, true))[2..], [(7, "this is no file".to_owned())]);
    }

    #[test]
    fn a_doc_comment_may_be_a_label() {
        assert_eq!(told(of_source("/// What happened.\nstruct A;\n", true)), []);
        assert_eq!(told(of_source("/// Who sends is heard.\nstruct A;\n", true)), [(1, "Who".to_owned())]);
    }

    #[test]
    fn messages_are_those_of_the_program_and_its_crates() {
        let is_product = |path: &str| is_product(Path::new(path));
        assert!(is_product("src/cli/check.rs") && is_product("crates/judge/src/lib.rs"));
        assert!(!is_product("xtask/src/main.rs") && !is_product("tests/course.rs"));
        assert!(!is_product("src/learn/update/tests/live.rs") && !is_product("crates/rooms/tests/guard.rs"));
    }
}
