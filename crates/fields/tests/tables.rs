//! What is read from a table, and what is said of a wrong one.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::num::NonZeroU32;

use fields::{Filled, Found, Key, OneOrMany, Required, Spanned, Table, Text, Verbatim, position, read, table};

table! {
    /// Something with every kind of key.
    #[derive(Debug, PartialEq)]
    struct Everything = "a thing" {
        /// What it is called.
        name: Required<Text>,
        note: Option<Verbatim>,
        count: Option<NonZeroU32>,
        range: Option<Spanned<[u32; 2]>>,
        is_on: Option<bool>,
        tags: Vec<String>,
        to: Option<OneOrMany<String>>,
        parts: Filled<Part>,
    }
}

table! {
    /// A part of it.
    #[derive(Debug, PartialEq)]
    struct Part = "a part" {
        /// How large.
        /// In metres.
        size: Required<u32>,
    }
}

table! {
    /// A table below the whole text, with tables that it needs.
    #[derive(Debug, PartialEq)]
    struct Box = "a box" {
        parts: Filled<Part>,
    }
}

table! {
    #[derive(Debug, PartialEq)]
    struct Boxes = "all boxes" {
        boxes: Vec<Box>,
    }
}

/// What is said of a text: line, column, message and help.
fn said(text: &str) -> Vec<(usize, usize, String)> {
    let found = Found::default();
    let _ = read::<Everything>(text, &found);
    let line = |mistake: fields::Mistake| {
        let (line, column) = position(text, mistake.span.start);
        let help = mistake.help.map(|help| format!("; {help}")).unwrap_or_default();
        (line, column, mistake.message + &help)
    };
    found.into_sorted().into_iter().map(line).collect()
}

const SOUND: &str = "name = 'x'\nparts = [{ size = 0x10 }]\n";

#[test]
fn every_key_has_its_value() {
    let text = format!("{SOUND}note = ''\ncount = 1\nrange = [1, 2]\nis_on = true\ntags = ['a', 'b']\nto = 'c'\n");
    let found = Found::default();
    let read: Everything = read(&text, &found).unwrap();
    assert_eq!(found.into_sorted(), []);
    assert_eq!(read.name.0.as_ref().map(Text::span), Some(7..10));
    assert_eq!((read.note, read.is_on), (Some(Verbatim(String::new())), Some(true)));
    assert_eq!((read.count.map(NonZeroU32::get), read.range.map(Spanned::into_inner)), (Some(1), Some([1, 2])));
    assert_eq!((read.tags, read.to), (vec!["a".into(), "b".into()], Some(OneOrMany(vec!["c".into()]))));
    assert_eq!(read.parts.0, [Part { size: Required(Some(16)) }]);
}

#[test]
fn each_mistake_is_told_where_it_stands_and_with_what_to_do() {
    for (more, line, column, words) in [
        ("tag = []", 3, 1, "a thing has no key `tag`; did you mean `tags`?"),
        ("note = 1", 3, 8, "expected a string, found an integer"),
        ("count = 0", 3, 9, "`count` takes a number from 1 on"),
        ("count = -1", 3, 9, "expected a whole number, not negative, found an integer"),
        ("range = [2, 1]", 3, 9, "`range` takes two numbers, from and to, such as [120, 150]"),
        ("range = [1, 'b']", 3, 13, "expected a whole number, not negative, found a string"),
        ("is_on = 'yes'", 3, 9, "expected true or false, found a string"),
        ("tags = ['a', ' ']", 3, 14, "this text is empty"),
        ("tags = 'a'", 3, 8, "expected a list, found a string"),
        ("to = []", 3, 6, "`to` is empty"),
        ("to = = 1", 3, 6, ""),
    ] {
        let said = said(&format!("{SOUND}{more}\n"));
        assert_eq!(said.len(), 1, "{more}: {said:?}");
        assert_eq!((said[0].0, said[0].1), (line, column), "{more}: {said:?}");
        assert!(said[0].2.starts_with(words), "{more}: {said:?}");
    }
}

#[test]
fn what_has_to_be_there_and_is_not_is_told_together() {
    let name = (1, 1, "a thing needs the key `name`; add `name = …` here".to_owned());
    assert_eq!(said(""), [name.clone(), (1, 1, "a thing needs the key `parts`; add `[[parts]]` here".to_owned())]);
    assert_eq!(said("parts = []")[1], (1, 9, "`parts` is empty".to_owned()));
    let inner = (1, 10, "a part needs the key `size`; add `size = …` here".to_owned());
    assert_eq!(said("parts = [{}]"), [name, inner]);
}

#[test]
fn a_list_of_tables_is_shown_as_it_can_be_written_at_that_place() {
    let found = Found::default();
    let _ = read::<Boxes>("[[boxes]]\n", &found);
    assert_eq!(found.into_sorted()[0].help.as_deref(), Some("add `parts = [{ … }]` here"));
}

#[test]
fn no_more_mistakes_are_kept_than_anybody_would_read() {
    let found = Found::default();
    let _ = read::<Boxes>(&"[[boxes]]\n".repeat(100_000), &found);
    assert_eq!(found.into_sorted().len(), 100);
}

#[test]
fn a_table_knows_what_may_be_written_in_it() {
    let keys: Vec<_> = Everything::KEYS.iter().filter(|key| key.is_required).map(|key| key.name).collect();
    assert_eq!(keys, ["name", "parts"]);
    assert_eq!(Part::KEYS, [Key { name: "size", doc: " How large.\n In metres.\n", is_required: true }]);
}
