//! Names what reads as translated in the documents. CONTRIBUTING.md has the rules; these are the phrases that a program
//! can tell. It does not read the pages of the lessons and the words on the screen yet.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Outcome, Section};
use crate::context::Context;

pub(super) const SECTION: Section =
    Section { name: "english", proves: "The documents have none of the phrases that read as translated.", check };

/// A phrase, word by word, and what to write. `a|b` is one word or the other, `!a` any but this, and `^` the beginning of a sentence that ends
/// with a full stop: questions and labels may begin as they like.
const PHRASES: [(&str, &str); 18] = [
    ("^ who", "name the subject: \"A client that …\""),
    ("^ whoever", "name the subject: \"Anyone who …\""),
    ("^ what", "name the subject: \"Code that …\", \"A message that …\""),
    ("^ whatever", "name the subject: \"Everything that …\""),
    ("whoever", "\"anyone who\", \"the client that\""),
    ("be it", "\"even if it is\", \"whether\""),
    ("anew", "\"again\""),
    ("meanwhile", "\"while …\", or nothing"),
    ("in the place of", "\"instead of\""),
    ("through with", "\"has finished\""),
    (", as it|they|there|he|she", "\"because\", or \"the way\""),
    ("also not", "\"not even\", \"nor\""),
    ("the own", "\"its own\", \"their own\""),
    ("!there is|are no file|files|text|folder|terminal|event|events|member|members", "\"is not a …\""),
    ("is|are looked", "name the one that looks: \"the program checks\""),
    ("mend|mends|mended|mending", "\"fix\""),
    ("reckon|reckoned", "\"estimate\""),
    ("till", "\"until\""),
];

fn check(context: &mut Context) -> Result<Outcome> {
    let documents = documents(context)?;
    let mut found = 0;
    for path in &documents {
        let text = fs::read_to_string(context.root.join(path));
        let text = text.with_context(|| format!("cannot read {}", path.display()))?;
        for Finding { line, phrase, advice } in findings(&text) {
            println!("{}:{line}: \"{phrase}\": write {advice}", path.display());
            found += 1;
        }
    }
    ensure!(found == 0, "{found} phrases read as translated");
    println!("none of {} documents has such a phrase", documents.len());
    Ok(Outcome::Passed)
}

/// All Markdown but the pages of lessons.
fn documents(context: &Context) -> Result<Vec<PathBuf>> {
    let files = context.program("git").words("ls-files --cached --others --exclude-standard -- *.md :!*lessons/*/*");
    let files = files.answer()?.passed()?;
    Ok(files.text.lines().map(PathBuf::from).collect())
}

#[derive(Debug, PartialEq, Eq)]
struct Finding {
    line: usize,
    phrase: String,
    advice: &'static str,
}

/// Those of a text in Markdown, without its code.
fn findings(text: &str) -> Vec<Finding> {
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    let found = blocks(text).into_iter().flat_map(|words: Vec<Word>| {
        let begin = |number| Some((number, phrase_at(&words, number)?));
        let found: Vec<_> = (0..words.len()).filter_map(begin).collect();
        found.into_iter().map(move |(number, (length, advice))| {
            let told: Vec<_> = words[number..number + length].iter().map(|word| word.text.as_str()).collect();
            Finding { line: line(words[number].at), phrase: told.join(" "), advice }
        })
    });
    found.collect()
}

/// A word or a mark of punctuation.
struct Word {
    text: String,
    /// Where it is in the whole text.
    at: usize,
}

/// The words of each paragraph, heading, entry of a list and cell of a table.
fn blocks(text: &str) -> Vec<Vec<Word>> {
    let (mut blocks, mut words, mut is_code) = (Vec::new(), Vec::new(), false);
    for (event, place) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Text(text) if !is_code => words.extend(split(&text, place.start)),
            // Any word that is no part of a phrase.
            Event::Code(_) => words.push(Word { text: "`…`".to_owned(), at: place.start }),
            Event::Start(Tag::Item)
            | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell) => {
                blocks.push(std::mem::take(&mut words));
            }
            _ => {}
        }
    }
    blocks
}

/// `start` is where the text begins in the whole.
fn split(text: &str, start: usize) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut is_open = false;
    for (at, character) in text.char_indices() {
        let is_letter = character.is_alphanumeric() || "'’-".contains(character);
        match words.last_mut() {
            Some(word) if is_open && is_letter => word.text.push(character),
            _ if character.is_whitespace() => {}
            _ => words.push(Word { text: character.to_string(), at: start + at }),
        }
        is_open = is_letter;
    }
    words
}

/// The phrase that begins with this word: how many words it has, and the advice.
fn phrase_at(words: &[Word], number: usize) -> Option<(usize, &'static str)> {
    let is_mark = |word: &&Word| [".", "?", "!"].contains(&word.text.as_str());
    let begins = number.checked_sub(1).is_none_or(|before| is_mark(&&words[before]));
    let is_statement = begins && words[number..].iter().find(is_mark).is_some_and(|mark| mark.text == ".");
    PHRASES.iter().find_map(|(phrase, advice)| {
        let at_beginning = phrase.strip_prefix("^ ");
        let phrase: Vec<&str> = at_beginning.unwrap_or(phrase).split(' ').collect();
        let is_here =
            words.get(number..number + phrase.len())?.iter().zip(&phrase).all(|(word, any)| is_any(word, any));
        (is_here && (at_beginning.is_none() || is_statement)).then_some((phrase.len(), *advice))
    })
}

fn is_any(word: &Word, any: &str) -> bool {
    let text = word.text.to_lowercase();
    match any.strip_prefix('!') {
        Some(other) => other != text,
        None => any.split('|').any(|one| one == text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(usize, String)> {
        findings(text).into_iter().map(|finding| (finding.line, finding.phrase)).collect()
    }

    #[test]
    fn a_phrase_is_named_with_its_line_also_where_it_goes_on_in_the_next() {
        let text =
            "# What it is\n\nWho sends is heard, as\nit should be.\n\n- Done. What waits, waits.\n- Mended anew\n";
        let expected = [(3, "Who"), (3, ", as it"), (6, "What"), (7, "Mended"), (7, "anew")];
        assert_eq!(told(text), expected.map(|(line, phrase)| (line, phrase.to_owned())));
    }

    #[test]
    fn code_questions_labels_and_words_within_words_are_not_named() {
        let text =
            "Who may enter? The `whoever`.\n\n```text\nbe it\n```\n\n**What I did**\n\nThe dividend was renewed.\n";
        assert_eq!(told(text), []);
    }

    #[test]
    fn cells_and_entries_are_sentences_of_their_own() {
        let text = "| a | b |\n|---|---|\n| it is | no file |\n| b | it is no file |\n\nThere is no file.\n";
        assert_eq!(told(text), [(4, "it is no file".to_owned())]);
    }
}
