//! The words of a text in Markdown, without its code.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::phrases::Word;

/// The words of each paragraph, heading, entry of a list and cell of a table.
pub(super) fn blocks(text: &str) -> Vec<Vec<Word>> {
    let (mut blocks, mut words, mut is_code) = (Vec::new(), Vec::new(), false);
    for (event, place) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Text(text) if !is_code => words.extend(split(&text, place.start)),
            // Any word that is not part of a phrase.
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
