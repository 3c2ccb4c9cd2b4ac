//! `docs/instructors.md` builds a lesson: its files are written and its commands run, in the order of the page.

use std::fs;
use std::path::Path;

use crate::copy::Workshop;

/// A part of the page: a file that it shows, or a command.
#[derive(Debug)]
enum Part {
    File(String, String),
    Command(Vec<String>),
}

/// A file stands in the block behind the line that ends with its path in backticks and a colon.
fn parts(page: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut path: Option<String> = None;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let block: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            if language == "sh" {
                let words = |line: &str| line.split_whitespace().skip(1).map(str::to_owned).collect();
                parts.extend(block.iter().map(|line| Part::Command(words(line))));
            } else if let Some(path) = path.take() {
                parts.push(Part::File(path, block.join("\n") + "\n"));
            }
        } else if !line.is_empty() {
            path = line.strip_suffix("`:").and_then(|line| line.rsplit_once('`')).map(|(_, path)| path.to_owned());
        }
    }
    parts
}

#[test]
fn the_lesson_of_the_guide_is_built_by_its_own_commands() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/instructors.md")).unwrap();
    let workshop = Workshop::empty();
    let (mut files, mut commands) = (0, 0);
    for part in parts(&page) {
        match part {
            Part::File(path, text) => {
                assert!(workshop.root.join(&path).is_file(), "`lesson new` has written no {path}");
                fs::write(workshop.root.join(path), text).unwrap();
                files += 1;
            }
            Part::Command(arguments) => {
                let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
                let said = workshop.passes(&arguments);
                if arguments.starts_with(&["lesson", "lint"]) {
                    assert_eq!(said, "nothing is wrong\n", "{arguments:?}");
                }
                if arguments[1] == "transcripts" {
                    let shown = said.lines().take_while(|line| !line.contains("nothing-to-say")).collect::<Vec<_>>();
                    assert!(page.contains(&shown.join("\n")), "the page shows something else than\n{said}");
                }
                commands += 1;
            }
        }
    }
    assert!(files >= 8 && commands >= 6, "{files} files and {commands} commands");
    assert_eq!(workshop.lint(&["--full"]), Vec::<String>::new());
}
