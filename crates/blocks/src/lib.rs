//! The blocks of code in the lessons' texts: their places and languages.
//!
//! `build.rs` makes a module of each block of Rust, and `tests/rust.rs` contains all of them as one crate. So every
//! text has to compile, and authors need no extra line for that. `lessons/README.md` says how a block is read.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use layout::{Layout, folder};

/// A fenced block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The line of its opening fence, from 1.
    pub line: usize,
    /// The words after the fence, split at commas: the language, then how to read it.
    pub info: Vec<String>,
    /// The lines between the fences, without the indentation of the fence.
    pub code: String,
}

/// The files under `root` whose texts have blocks: the lessons, and the two pages about them.
///
/// # Errors
///
/// When a folder cannot be read.
pub fn files(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = vec![root.join("README.md")];
    add_files(&Layout::at(root).lessons(), &mut files)?;
    files.sort();
    Ok(files)
}

fn add_files(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for path in folder::entries(folder)? {
        if path.is_dir() {
            add_files(&path, files)?;
        } else if path.extension().is_some_and(|end| end == "md" || end == "toml") {
            files.push(path);
        }
    }
    Ok(())
}

/// A block that would not be noticed, and the line of the text, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockError {
    /// It is inside a line, as in a string with `\n` in it.
    WithinALine(usize),
    /// It is never closed.
    Open(usize),
}

impl fmt::Display for BlockError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WithinALine(line) => {
                write!(formatter, "line {line}: put the fences of the block on lines of their own")
            }
            Self::Open(line) => write!(formatter, "line {line}: the block is never closed"),
        }
    }
}

impl std::error::Error for BlockError {}

/// The blocks of a text in this language.
///
/// # Errors
///
/// When a fence is not at the beginning of a line, or is never closed.
pub fn blocks(text: &str, language: &str) -> Result<Vec<Block>, BlockError> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<Fence<'_>> = None;
    for (number, line) in (1..).zip(text.lines()) {
        match open {
            Some(fence) if fence.is_closed_by(line) => open = None,
            Some(fence) => {
                if let Some(block) = blocks.last_mut() {
                    block.code.push_str(fence.without_indentation(line));
                    block.code.push('\n');
                }
            }
            None => {
                open = Fence::opened_by(line);
                if let Some(fence) = open {
                    let info = fence.info.split(',').map(|word| word.trim().to_owned()).collect();
                    blocks.push(Block { line: number, info, code: String::new() });
                } else if line.contains(&format!("```{language}\\n")) {
                    return Err(BlockError::WithinALine(number));
                }
            }
        }
    }
    if let (Some(_), Some(block)) = (open, blocks.last()) {
        return Err(BlockError::Open(block.line));
    }
    blocks.retain(|block| block.info[0] == language);
    Ok(blocks)
}

/// A line that opens a block.
#[derive(Clone, Copy)]
struct Fence<'a> {
    indentation: usize,
    marks: &'a str,
    info: &'a str,
}

impl<'a> Fence<'a> {
    fn opened_by(line: &'a str) -> Option<Self> {
        let trimmed = line.trim_start();
        let length = ['`', '~'].map(|mark| trimmed.chars().take_while(|character| *character == mark).count());
        let (marks, info) = trimmed.split_at(length.into_iter().max().filter(|length| *length >= 3)?);
        Some(Self { indentation: line.len() - trimmed.len(), marks, info: info.trim() })
    }

    fn is_closed_by(self, line: &str) -> bool {
        let line = line.trim();
        line.starts_with(self.marks) && line.trim_start_matches(&self.marks[..1]).is_empty()
    }

    fn without_indentation(self, line: &'a str) -> &'a str {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        &line[spaces.min(self.indentation)..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(usize, String)> {
        let found = blocks(text, "rust").unwrap_or_default();
        found.into_iter().map(|block| (block.line, block.code)).collect()
    }

    #[test]
    fn blocks_are_found_in_markdown_lists_and_toml_strings() {
        let text = "a\n```rust\nlet a;\n```\n1. b\n\n   ~~~rust\n   if a {\n       b\n   }\n   ~~~\ntext = '''\n```rust\nc\n```\n'''\n";
        let expected = [(2, "let a;\n"), (7, "if a {\n    b\n}\n"), (13, "c\n")];
        assert_eq!(codes(text), expected.map(|(line, code)| (line, code.to_owned())));
    }

    #[test]
    fn other_languages_and_blocks_within_blocks_are_ignored() {
        assert!(codes("```js\nlet a;\n```\n````markdown\n```rust\na\n```\n````\n`rust`\n```\nrust\n```\n").is_empty());
    }

    #[test]
    fn the_words_after_the_language_say_how_to_read_it() {
        let found = blocks("```rust, sketch\n```\n", "rust").unwrap_or_default();
        assert_eq!(found[0].info, ["rust", "sketch"]);
    }

    #[test]
    fn a_block_that_would_not_be_noticed_is_a_mistake() {
        assert!(blocks("hints = [\"So:\\n\\n```rust\\nlet a;\\n```\\n\"]\n", "rust").is_err());
        assert!(blocks("```rust\nlet a;\n", "rust").is_err());
    }
}
