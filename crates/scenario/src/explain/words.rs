//! Sentences.

use std::fmt;

use serde_json::Value;

use crate::json::differences;

/// A longer word, in characters, is shortened.
const LONGEST: usize = 120;

/// Milliseconds from which on a time between two steps is a pause.
const PAUSE: u64 = 100;

/// So many different pauses are told.
const FEW: usize = 3;

/// What stays of its beginning and of its end.
const BEGINNING: usize = 40;
const END: usize = 10;

/// Sentences in their order, each of them once.
#[derive(Debug, Default)]
pub(super) struct Sentences(Vec<String>);

impl Sentences {
    pub(super) fn add(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if !sentence.is_empty() && !self.0.contains(&sentence) {
            self.0.push(sentence);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Extend<String> for Sentences {
    fn extend<T: IntoIterator<Item = String>>(&mut self, sentences: T) {
        sentences.into_iter().for_each(|sentence| self.add(sentence));
    }
}

impl IntoIterator for Sentences {
    type Item = String;
    type IntoIter = std::vec::IntoIter<String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Sentences {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join(" "))
    }
}

/// "ann", "ann and bob", "ann, bob and cat".
pub(super) fn list<T: AsRef<str>>(names: &[T]) -> String {
    let names: Vec<_> = names.iter().map(AsRef::as_ref).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// Texts in the order of their first time, each with the times at which it was, in milliseconds.
#[derive(Debug, Default)]
pub(super) struct Counted(Vec<(String, Vec<u64>)>);

impl Counted {
    pub(super) fn add(&mut self, text: String, at_ms: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == text) {
            Some((_, times)) => times.push(at_ms),
            None => self.0.push((text, vec![at_ms])),
        }
    }

    /// Each text once, with how often and how far apart it was if that was more than once.
    pub(super) fn texts(self) -> Vec<(String, String)> {
        self.0.into_iter().map(|(text, times)| (text, often(&times))).collect()
    }
}

impl FromIterator<String> for Counted {
    fn from_iter<T: IntoIterator<Item = String>>(texts: T) -> Self {
        let mut counted = Self::default();
        texts.into_iter().for_each(|text| counted.add(text, 0));
        counted
    }
}

/// How often something was, and how far apart where time passed between all of them.
fn often(times: &[u64]) -> String {
    let pauses: Option<Vec<_>> = times.windows(2).map(|pair| pause(pair[1].saturating_sub(pair[0]))).collect();
    let mut pauses = pauses.unwrap_or_default();
    pauses.dedup();
    match times.len() {
        0 | 1 => String::new(),
        count if pauses.is_empty() || pauses.len() > FEW => format!(" ({count} times)"),
        count => format!(" ({count} times, {} apart)", list(&pauses)),
    }
}

/// A time that has passed on purpose, in words. Each step takes a moment in itself.
pub(super) fn pause(ms: u64) -> Option<String> {
    duration(ms).filter(|_| ms >= PAUSE)
}

/// A time in words, to the tenth of a second; nothing for none.
pub(super) fn duration(ms: u64) -> Option<String> {
    match ms {
        0 => None,
        1..1_000 => Some(format!("{ms} ms")),
        1_000..120_000 => Some(format!("{}.{} s", ms / 1_000, ms % 1_000 / 100)),
        _ => Some(format!("{} min", ms / 60_000)),
    }
}

/// How two texts of JSON differ, as the end of a sentence.
pub(super) fn in_words(wanted: &str, found: &str) -> String {
    let json = |text| serde_json::from_str::<Value>(text).unwrap_or_default();
    let differences = differences(&json(wanted), &json(found), false);
    if differences.is_empty() { String::new() } else { format!("; {}", differences.join(", ")) }
}

/// The text without the middle of its longest words.
pub(super) fn shortened(text: &str) -> String {
    text.split_inclusive(['"', ' ']).map(short).collect()
}

fn short(word: &str) -> String {
    let characters: Vec<_> = word.chars().collect();
    if characters.len() <= LONGEST {
        return word.to_owned();
    }
    let left_out = characters.len() - BEGINNING - END;
    let (beginning, end) = (&characters[..BEGINNING], &characters[characters.len() - END..]);
    format!("{}… {left_out} characters …{}", beginning.iter().collect::<String>(), end.iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_and_repetitions_counted() {
        assert_eq!([list(&["ann"]), list(&["ann", "bob", "cat"])], ["ann", "ann, bob and cat"]);
        let counted: Counted = ["a", "b", "a"].map(str::to_owned).into_iter().collect();
        let texts: Vec<_> = counted.texts().into_iter().map(|(text, often)| text + &often).collect();
        assert_eq!(texts, ["a (2 times)", "b"]);
    }

    #[test]
    fn repetitions_are_told_with_the_time_between_them() {
        let often =
            [&[7][..], &[0, 1], &[0, 1_000, 2_000], &[0, 500, 2_000], &[0, 500, 500], &[0, 100, 300, 600, 1_000]]
                .map(often);
        let told = [
            "",
            " (2 times)",
            " (3 times, 1.0 s apart)",
            " (3 times, 500 ms and 1.5 s apart)",
            " (3 times)",
            " (5 times)",
        ];
        assert_eq!(often, told);
    }

    #[test]
    fn a_time_has_as_many_digits_as_it_needs() {
        let words: Vec<_> = [0, 50, 1_099, 119_999, 2_400_000].into_iter().map(duration).collect();
        let words: Vec<_> = words.iter().map(Option::as_deref).collect();
        assert_eq!(words, [None, Some("50 ms"), Some("1.0 s"), Some("119.9 s"), Some("40 min")]);
    }

    #[test]
    fn the_middle_of_a_long_text_is_left_out() {
        let text = format!("ann sent {{\"id\":\"{}b\"}}, and that was it.", "w".repeat(999));
        let expected =
            format!("ann sent {{\"id\":\"{}… 951 characters …{}b\"}}, and that was it.", "w".repeat(40), "w".repeat(8));
        assert_eq!(shortened(&text), expected);
        let kept = format!("\"{}\" {}", "w".repeat(119), "a word ".repeat(30));
        assert_eq!(shortened(&kept), kept);
    }
}
