//! JSON Schemas of the files that authors write (draft 7, which editors of TOML know), and a page about their keys. Both are
//! made of the tables that read the files.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use fields::Shape;
use fields::shape::{Choice, Written};
use serde_json::{Map, Value, json};

use crate::course::schema::written;

/// The folder of schemas, from the workshop's root. Its name begins with a dot, because every other folder beside the lessons
/// is one.
const FOLDER: &str = "lessons/.schemas";

/// How the editor's plugin for TOML finds them.
const WIRING: &str = ".taplo.toml";

/// The page about the keys.
const KEYS: &str = "lessons/KEYS.md";

/// All files, as paths from the workshop's root.
pub fn files() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut wiring = "# Made by `rtws lesson schema`.\n".to_owned();
    let mut page = "# Keys of the files that authors write\n\nMade by `rtws lesson schema`.\n".to_owned();
    for file in written() {
        let path = format!("{FOLDER}/{}.json", file.name);
        let _ = write!(
            wiring,
            "\n[[rule]]\ninclude = [\"{}\"]\n\n[rule.schema]\npath = \"{path}\"\nenabled = true\n",
            file.files
        );
        let _ = write!(page, "\n## A {} (`{}`)\n", file.name, file.files);
        tables(&file.shape, &mut page);
        let mut schema = Map::new();
        schema.insert("$schema".to_owned(), "http://json-schema.org/draft-07/schema#".into());
        schema.insert("title".to_owned(), file.name.into());
        schema.extend(of(&file.shape));
        files.push((path.into(), format!("{:#}\n", Value::Object(schema))));
    }
    files.extend([(WIRING.into(), wiring), (KEYS.into(), page)]);
    files
}

/// Writes those files that differ, and returns them.
///
/// # Errors
///
/// What the system says, with the file.
pub fn write(root: &Path) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let mut changed = Vec::new();
    for (path, text) in files() {
        let full = root.join(&path);
        if fs::read_to_string(&full).is_ok_and(|old| old == text) {
            continue;
        }
        let made = full.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&full, text));
        made.map_err(|error| (path.clone(), error))?;
        changed.push(path);
    }
    Ok(changed)
}

fn of(shape: &Shape) -> Map<String, Value> {
    let value = match shape {
        Shape::Text => json!({ "type": "string", "minLength": 1 }),
        Shape::Verbatim => json!({ "type": "string" }),
        Shape::Pattern(pattern) => json!({ "type": "string", "pattern": pattern }),
        Shape::Choice(choices) => json!({ "enum": choices.iter().map(choice).collect::<Vec<_>>() }),
        Shape::Truth => json!({ "type": "boolean" }),
        Shape::Number(least) => json!({ "type": "integer", "minimum": least }),
        Shape::Range => {
            json!({ "type": "array", "items": { "type": "integer", "minimum": 0 }, "minItems": 2, "maxItems": 2 })
        }
        Shape::Anything => json!({}),
        Shape::AnyTable => json!({ "type": "object" }),
        Shape::List(item, is_filled) => {
            json!({ "type": "array", "items": of(item), "minItems": u8::from(*is_filled) })
        }
        Shape::OneOrMany(item) => {
            json!({ "anyOf": [of(item), { "type": "array", "items": of(item), "minItems": 1 }] })
        }
        Shape::Table(keys) => table(keys),
        Shape::Named(item) => json!({ "type": "object", "additionalProperties": of(item) }),
        Shape::OneOf(shapes) => json!({ "oneOf": shapes.iter().map(of).collect::<Vec<_>>() }),
    };
    if let Value::Object(map) = value { map } else { Map::new() }
}

fn table(keys: &[Written]) -> Value {
    let property = |written: &Written| {
        let mut property = of(&written.shape);
        property.insert("description".to_owned(), doc(written).into());
        (written.key.name.to_owned(), Value::Object(property))
    };
    let properties: Map<_, _> = keys.iter().map(property).collect();
    let required: Vec<_> = keys.iter().filter(|it| it.key.is_required).map(|it| it.key.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn choice(choice: &Choice) -> Value {
    match choice {
        Choice::Text(text) => (*text).into(),
        Choice::Truth(truth) => (*truth).into(),
    }
}

/// What the declaration says, in one line.
fn doc(written: &Written) -> String {
    written.key.doc.lines().map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// The tables of keys in a shape, the outer first.
fn tables(shape: &Shape, page: &mut String) {
    match shape {
        Shape::Table(keys) => {
            page.push_str("\n| key | | |\n|---|---|---|\n");
            for written in keys {
                let required = if written.key.is_required { "required" } else { "" };
                let about = format!("{} {}", doc(written), in_words(&written.shape)).trim().replace('|', "\\|");
                let _ = writeln!(page, "| `{}` | {required} | {about} |", written.key.name);
            }
            for written in keys {
                if let Some(inner) = table_in(&written.shape) {
                    let _ = write!(page, "\n### In `{}`\n", written.key.name);
                    tables(inner, page);
                }
            }
        }
        Shape::OneOf(shapes) => shapes.iter().for_each(|shape| tables(shape, page)),
        Shape::Text
        | Shape::Verbatim
        | Shape::Pattern(_)
        | Shape::Choice(_)
        | Shape::Truth
        | Shape::Number(_)
        | Shape::Range
        | Shape::Anything
        | Shape::AnyTable
        | Shape::List(..)
        | Shape::OneOrMany(_)
        | Shape::Named(_) => {}
    }
}

/// The table, or the several, that such a value is or holds.
fn table_in(shape: &Shape) -> Option<&Shape> {
    match shape {
        Shape::Table(_) | Shape::OneOf(_) => Some(shape),
        Shape::List(item, _) | Shape::OneOrMany(item) | Shape::Named(item) => table_in(item),
        Shape::Text
        | Shape::Verbatim
        | Shape::Pattern(_)
        | Shape::Choice(_)
        | Shape::Truth
        | Shape::Number(_)
        | Shape::Range
        | Shape::Anything
        | Shape::AnyTable => None,
    }
}

/// What the type of a value does not say by the meaning of its key.
fn in_words(shape: &Shape) -> String {
    match shape {
        Shape::Choice(choices) => {
            let choices: Vec<_> = choices.iter().map(|it| format!("`{}`", choice(it))).collect();
            format!("One of {}.", choices.join(", "))
        }
        Shape::Truth => "`true` or `false`.".to_owned(),
        Shape::Number(_) => "A whole number.".to_owned(),
        Shape::Range => "Two whole numbers.".to_owned(),
        Shape::List(..) => "A list.".to_owned(),
        Shape::OneOrMany(_) => "One, or a list.".to_owned(),
        Shape::Table(_) | Shape::AnyTable | Shape::Named(_) => "A table.".to_owned(),
        Shape::Text | Shape::Verbatim | Shape::Pattern(_) | Shape::Anything | Shape::OneOf(_) => String::new(),
    }
}
