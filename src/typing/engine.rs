//! The state of a re-typing and what a key does to it.

use crate::course::steps::Chunk;
use crate::text::fingerprint;

use super::key::{Key, Outcome, Wrong};
use super::paste::{Burst, PasteGuard};
use super::plan::{PlanLine, plan};
use super::saved::{Cursor, Saved};
use super::score::Score;

/// A longer pause between two keys counts as reading; only this much of it is typing time.
pub const LONGEST_PAUSE_MS: u64 = 5_000;

const ENTER: &str = "Enter";

/// The chunks to type, and the learner's place in them.
#[derive(Debug, Clone)]
pub struct Retyping {
    chunks: Vec<Chunk>,
    pub(super) plan: Vec<Vec<PlanLine>>,
    saved: Saved,
    wrong: Option<Wrong>,
    last_key_ms: Option<u64>,
    guard: Option<PasteGuard>,
    before_burst: Option<Saved>,
}

impl Retyping {
    /// Starts at the first chunk.
    pub fn new(chunks: &[Chunk]) -> Self {
        let text: String = chunks.iter().map(|chunk| chunk.text.as_str()).collect();
        let saved =
            Saved { fingerprint: fingerprint(&text), scores: vec![Score::default(); chunks.len()], ..Saved::default() };
        let mut new = Self {
            chunks: chunks.to_vec(),
            plan: chunks.iter().map(|chunk| plan(&chunk.text)).collect(),
            saved,
            wrong: None,
            last_key_ms: None,
            guard: None,
            before_burst: None,
        };
        new.settle();
        new
    }

    /// Continues from `saved`. If the text has changed since, it starts at the first chunk.
    pub fn resume(chunks: &[Chunk], saved: &Saved) -> Self {
        let mut new = Self::new(chunks);
        let fits = saved.fingerprint == new.saved.fingerprint && saved.scores.len() == chunks.len();
        if fits && new.is_position(saved.cursor) {
            new.saved = saved.clone();
            new.settle();
        }
        new
    }

    /// Recognises a paste by the timing of keys, for terminals that do not mark one.
    pub fn with_paste_guard(mut self) -> Self {
        self.guard = Some(PasteGuard::default());
        self
    }

    /// The state to save, from which [`Retyping::resume`] continues.
    pub fn saved(&self) -> &Saved {
        &self.saved
    }

    /// Takes a key that was pressed at `at_ms`, in milliseconds from any start.
    pub fn press(&mut self, key: Key, at_ms: u64) -> Outcome {
        match self.guard.as_mut().map(|guard| guard.key(at_ms)) {
            Some(Burst::Paste) => return self.take_back_burst(),
            Some(Burst::First) => self.before_burst = Some(self.saved.clone()),
            Some(Burst::Fast) | None => {}
        }
        let was_wrong = self.wrong.take().is_some();
        let Some(expected) = self.expected() else { return Outcome::Ignored };
        let pressed = match key {
            Key::Backspace => return if was_wrong { Outcome::MarkCleared } else { Outcome::Ignored },
            Key::Char(character) => Some(character),
            Key::Enter => None,
        };
        if pressed == expected {
            self.count_time(at_ms);
            return self.advance();
        }
        if self.is_harmless(pressed) {
            return Outcome::Ignored;
        }
        self.count_time(at_ms);
        self.miss(expected, pressed);
        Outcome::Wrong
    }

    /// Counts a paste that the terminal reported. Nothing is inserted.
    pub fn paste(&mut self) -> Outcome {
        self.wrong = None;
        self.saved.pastes = self.saved.pastes.saturating_add(1);
        Outcome::PasteRefused
    }

    /// Whether everything is typed.
    pub fn is_done(&self) -> bool {
        self.saved.cursor.chunk >= self.chunks.len()
    }

    /// All chunks.
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// The learner's place.
    pub fn cursor(&self) -> Cursor {
        self.saved.cursor
    }

    /// The key that was wrong, until the next one.
    pub fn wrong(&self) -> Option<&Wrong> {
        self.wrong.as_ref()
    }

    /// How well one chunk was typed so far.
    pub fn score(&self, chunk: usize) -> Score {
        self.saved.scores.get(chunk).copied().unwrap_or_default()
    }

    /// How well everything was typed so far.
    pub fn total(&self) -> Score {
        self.saved.scores.iter().copied().fold(Score::default(), |sum, score| sum + score)
    }

    /// How many keys are typed, and how many there are.
    pub fn keys(&self) -> (usize, usize) {
        let all = self.plan.iter().flatten().map(PlanLine::keys).sum();
        (self.total().typed as usize, all)
    }

    /// Each missed character with the number of places where it was not right at the first try, the most missed first.
    pub fn most_missed(&self) -> Vec<(&str, u32)> {
        let mut missed: Vec<(&str, u32)> =
            self.saved.missed.iter().map(|(expected, times)| (expected.as_str(), *times)).collect();
        missed.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        missed
    }

    /// Time spent typing, without long pauses.
    pub fn elapsed_ms(&self) -> u64 {
        self.saved.elapsed_ms
    }

    /// Characters a minute; `None` before the first second.
    pub fn speed(&self) -> Option<u64> {
        (self.saved.elapsed_ms >= 1_000).then(|| u64::from(self.total().typed) * 60_000 / self.saved.elapsed_ms)
    }

    /// The text up to the cursor, given parts included. When all is typed it is exactly the source.
    pub fn text(&self) -> String {
        let Cursor { chunk, line, cell } = self.saved.cursor;
        let mut text: String = self.chunks.iter().take(chunk).map(|chunk| chunk.text.as_str()).collect();
        if let (Some(chunk), Some(lines)) = (self.chunks.get(chunk), self.plan.get(chunk)) {
            text.extend(chunk.text.split_inclusive('\n').take(line));
            if let Some(line) = lines.get(line) {
                text.extend(line.cells.iter().take(cell).map(|cell| cell.text.as_str()));
            }
        }
        text
    }

    fn line(&self) -> Option<&PlanLine> {
        let Cursor { chunk, line, .. } = self.saved.cursor;
        self.plan.get(chunk)?.get(line)
    }

    /// The key that is expected: a character, or `None` for Enter. The outer `None` means that everything is typed.
    #[allow(clippy::option_option)] // the outer one ends the typing, the inner one ends a line
    fn expected(&self) -> Option<Option<char>> {
        let line = self.line()?;
        Some(line.cells.get(self.saved.cursor.cell).and_then(|cell| cell.asked))
    }

    /// Whether pressing this key is a habit rather than a mistake.
    fn is_harmless(&self, pressed: Option<char>) -> bool {
        let Some(line) = self.line() else { return true };
        let cell = self.saved.cursor.cell;
        match pressed {
            None | Some(' ') => line.next_asked(0) == Some(cell),
            Some(character) if !character.is_ascii() => {
                let given = line.cells[..cell].iter().rev().take_while(|cell| cell.asked.is_none());
                given.into_iter().any(|cell| cell.text.contains(character))
            }
            Some(_) => false,
        }
    }

    fn advance(&mut self) -> Outcome {
        let before = self.saved.cursor;
        let missed = std::mem::take(&mut self.saved.missed_here);
        if let Some(score) = self.saved.scores.get_mut(before.chunk) {
            score.typed += 1;
            score.first_try += u32::from(!missed);
        }
        if self.expected() == Some(None) {
            self.saved.cursor = Cursor { line: before.line + 1, cell: 0, ..before };
        } else {
            self.saved.cursor.cell += 1;
        }
        self.settle();
        match self.saved.cursor {
            _ if self.is_done() => Outcome::AllDone,
            now if now.chunk != before.chunk => Outcome::ChunkDone,
            now if now.line != before.line => Outcome::LineDone,
            _ => Outcome::Right,
        }
    }

    fn miss(&mut self, expected: Option<char>, pressed: Option<char>) {
        let name = |key: Option<char>| key.map_or_else(|| ENTER.to_owned(), String::from);
        let expected = name(expected);
        // Once for each place, however often a wrong key is pressed there.
        if !self.saved.missed_here {
            *self.saved.missed.entry(expected.clone()).or_default() += 1;
        }
        if let Some(score) = self.saved.scores.get_mut(self.saved.cursor.chunk) {
            score.wrong += 1;
        }
        self.saved.missed_here = true;
        self.wrong = Some(Wrong { expected, pressed: name(pressed) });
    }

    /// Moves the cursor over given characters, to the next key that is asked for.
    fn settle(&mut self) {
        let Cursor { mut chunk, mut line, mut cell } = self.saved.cursor;
        while let Some(lines) = self.plan.get(chunk) {
            let Some(here) = lines.get(line) else {
                (chunk, line, cell) = (chunk + 1, 0, 0);
                continue;
            };
            if here.next_asked(0).is_some() {
                // Past the last character there is only Enter left.
                cell = here.next_asked(cell).unwrap_or(here.cells.len());
                break;
            }
            (line, cell) = (line + 1, 0);
        }
        self.saved.cursor = Cursor { chunk, line, cell };
    }

    fn is_position(&self, cursor: Cursor) -> bool {
        match self.plan.get(cursor.chunk) {
            Some(lines) => lines.get(cursor.line).is_some_and(|line| cursor.cell <= line.cells.len()),
            None => cursor == Cursor { chunk: self.chunks.len(), ..Cursor::default() },
        }
    }

    fn count_time(&mut self, at_ms: u64) {
        if let Some(last) = self.last_key_ms.replace(at_ms) {
            self.saved.elapsed_ms += at_ms.saturating_sub(last).min(LONGEST_PAUSE_MS);
        }
    }

    /// Undoes the keys of a burst from before it was known to be a paste. A paste counts once.
    fn take_back_burst(&mut self) -> Outcome {
        if let Some(before) = self.before_burst.take() {
            self.saved = before;
            return self.paste();
        }
        Outcome::PasteRefused
    }
}

#[cfg(test)]
mod tests;
