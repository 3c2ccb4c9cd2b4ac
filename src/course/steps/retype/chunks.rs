//! The chunks of a re-typing step: where the source is cut.

use fields::{Required, Text, suggest, table};

use crate::course::diagnostic::Code;
use crate::course::reader::Reader;

/// A piece of a worked example with one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// What the piece achieves, in a few words.
    pub label: String,
    /// The reason for it.
    pub why: String,
    /// The lines of the piece.
    pub text: String,
}

table! {
    /// A chunk, as it is written.
    pub(in crate::course) struct Keys = "a chunk" {
        /// A part of the line that it starts with.
        starts: Required<Text>,
        /// Its purpose, in a few words.
        label: Required<String>,
        /// The reason for it.
        why: Required<String>,
    }
}

/// More lines than this are hard to hold in mind at once.
const MOST_LINES: usize = 11;

/// Where a chunk starts, in lines and in bytes.
struct Start {
    line: usize,
    offset: usize,
}

pub(super) fn new(keys: Vec<Keys>, reader: &Reader<'_>, source: Option<&str>) -> Vec<Chunk> {
    let mut starts: Vec<Option<Start>> = Vec::new();
    let mut chunks = Vec::new();
    let mut spans = Vec::new();
    for Keys { starts: pattern, label, why } in keys {
        chunks.push(Chunk { label: label.or_default(), why: why.or_default(), text: String::new() });
        spans.push(pattern.0.as_ref().map_or(0..0, Text::span));
        let previous = starts.iter().flatten().last();
        let start = source.zip(pattern.0).and_then(|(source, pattern)| find(reader, source, &pattern, previous));
        starts.push(start);
    }
    if let Some(source) = source {
        cut(source, &starts, &mut chunks);
        warn_of_long(reader, &chunks, &spans);
    }
    chunks
}

/// The first line with the pattern after the start of the previous chunk.
fn find(reader: &Reader<'_>, source: &str, pattern: &Text, previous: Option<&Start>) -> Option<Start> {
    let wanted = pattern.get_ref();
    let first_line = previous.map_or(0, |start| start.line + 1);
    let found = lines(source).find(|(line, _, text)| *line >= first_line && text.contains(wanted.as_str()));
    let Some((line, offset, _)) = found else {
        let earlier = lines(source).any(|(_, _, text)| text.contains(wanted.as_str()));
        let (message, help) = if earlier {
            (
                format!("`{wanted}` stands only before the chunk above it starts"),
                Some("list the chunks in the order of the source".to_owned()),
            )
        } else {
            let near = suggest::nearest(wanted, lines(source).map(|(_, _, text)| text.trim()));
            (format!("no line of the source contains `{wanted}`"), near.map(|near| format!("did you mean `{near}`?")))
        };
        reader.error(pattern.span(), Code::Chunks, message, help);
        return None;
    };
    if previous.is_none() && line > 0 {
        let message = format!("the first chunk starts at line {}, so no chunk holds what stands above", line + 1);
        let help = "let the first chunk start at the source's first line".to_owned();
        reader.error(pattern.span(), Code::Chunks, message, help);
    }
    Some(Start { line, offset })
}

/// The number, the offset in bytes and the text of each line.
fn lines(source: &str) -> impl Iterator<Item = (usize, usize, &str)> {
    let mut offset = 0;
    source.split_inclusive('\n').enumerate().map(move |(number, line)| {
        let start = offset;
        offset += line.len();
        (number, start, line.trim_end_matches('\n'))
    })
}

/// Gives each chunk the text from its start to the next one's.
fn cut(source: &str, starts: &[Option<Start>], chunks: &mut [Chunk]) {
    let mut end = source.len();
    for (start, chunk) in starts.iter().zip(chunks).rev() {
        if let Some(start) = start {
            source[start.offset..end].clone_into(&mut chunk.text);
            end = start.offset;
        }
    }
}

fn warn_of_long(reader: &Reader<'_>, chunks: &[Chunk], spans: &[std::ops::Range<usize>]) {
    for (chunk, span) in chunks.iter().zip(spans) {
        let lines = chunk.text.lines().filter(|line| !line.trim().is_empty()).count();
        if lines > MOST_LINES {
            let message = format!("the chunk has {lines} lines; 5 to {MOST_LINES} are what a learner can hold");
            reader.warning(span.clone(), Code::LongChunk, message, "cut it where its purpose changes".to_owned());
        }
    }
}
