//! The phrases, and how they are found among words.

/// A phrase, word by word, and what to write. `a|b` is one word or the other, `!a` any but this, and `^` the beginning of a sentence that ends
/// with a full stop: questions and labels may begin as they like.
const PHRASES: [(&str, &str); 18] = [
    ("^ who", "name the subject: \"A client that …\""),
    ("^ whoever", "name the subject: \"Anyone who …\""),
    ("^ whatever", "name the subject: \"Everything that …\""),
    ("whoever", "\"anyone who\", \"the client that\""),
    ("be it", "\"even if it is\", \"whether\""),
    ("anew", "\"again\""),
    ("meanwhile", "\"while …\", or nothing"),
    ("in the place of", "\"instead of\""),
    ("through with", "\"has finished\""),
    (", as there|nobody|nothing|somebody", "\"because\""),
    ("also not", "\"not even\", \"nor\""),
    ("the own", "\"its own\", \"their own\""),
    ("!there is|are no file|files|text|folder|terminal|event|events|member|members", "\"is not a …\""),
    ("is|are looked", "name the one that looks: \"the program checks\""),
    ("comes|came|come to its|their end", "\"ends\", \"finishes\""),
    ("mend|mends|mended|mending", "\"fix\""),
    ("reckon|reckons|reckoned", "\"estimate\""),
    ("till", "\"until\""),
];

/// The same for documents alone. In a comment, `what` may begin a label ("What happened."), and `as` mostly says in which way.
const IN_DOCUMENTS: [(&str, &str); 2] = [
    ("^ what", "name the subject: \"Code that …\", \"A message that …\""),
    (", as it|they|he|she", "\"because\", or \"the way\""),
];

/// A word or a mark of punctuation.
pub(super) struct Word {
    pub(super) text: String,
    /// Where it is in the whole text, in bytes.
    pub(super) at: usize,
}

/// A phrase among words.
pub(super) struct Found {
    at: usize,
    phrase: String,
    advice: &'static str,
}

/// A phrase with its line, from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) line: usize,
    pub(super) phrase: String,
    pub(super) advice: &'static str,
}

impl Found {
    pub(super) fn located(self, text: &str) -> Finding {
        let Self { at, phrase, advice } = self;
        Finding { line: text[..at].matches('\n').count() + 1, phrase, advice }
    }
}

pub(super) fn in_document(words: &[Word]) -> Vec<Found> {
    find(words, &[&PHRASES, &IN_DOCUMENTS])
}

pub(super) fn in_source(words: &[Word]) -> Vec<Found> {
    find(words, &[&PHRASES])
}

fn find(words: &[Word], lists: &[&[(&str, &'static str)]]) -> Vec<Found> {
    let found = (0..words.len()).filter_map(|number| {
        let mut phrases = lists.iter().copied().flatten();
        let (length, advice) = phrases.find_map(|(phrase, advice)| Some((here(phrase, words, number)?, *advice)))?;
        let told: Vec<_> = words[number..number + length].iter().map(|word| word.text.as_str()).collect();
        Some(Found { at: words[number].at, phrase: told.join(" "), advice })
    });
    found.collect()
}

/// How many words the phrase has, if it begins with this word.
fn here(phrase: &str, words: &[Word], number: usize) -> Option<usize> {
    let at_beginning = phrase.strip_prefix("^ ");
    let phrase: Vec<&str> = at_beginning.unwrap_or(phrase).split(' ').collect();
    let is_here = words.get(number..number + phrase.len())?.iter().zip(&phrase).all(|(word, any)| is_any(word, any));
    (is_here && (at_beginning.is_none() || begins_statement(words, number))).then_some(phrase.len())
}

fn begins_statement(words: &[Word], number: usize) -> bool {
    let is_mark = |word: &&Word| [".", "?", "!"].contains(&word.text.as_str());
    let begins = number.checked_sub(1).is_none_or(|before| is_mark(&&words[before]));
    begins && words[number..].iter().find(is_mark).is_some_and(|mark| mark.text == ".")
}

fn is_any(word: &Word, any: &str) -> bool {
    let text = word.text.to_lowercase();
    match any.strip_prefix('!') {
        Some(other) => other != text,
        None => any.split('|').any(|one| one == text),
    }
}
