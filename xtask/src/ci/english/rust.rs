//! The texts in a Rust source: comments, and string literals of at least [`WORDS`] words. A parser such as `syn` drops
//! comments, so this reads characters.

/// The fewest words of a message; a shorter literal is a name, a key or a part of another text.
const WORDS: usize = 4;

/// A text in a source.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) kind: Kind,
    /// The line on which it begins, from 1.
    pub(super) line: usize,
    /// The text without slashes or quotes.
    pub(super) content: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A line, or several lines of the same kind of comment below each other.
    Comment,
    /// A string literal, with its escapes resolved as far as they matter for words.
    Message,
}

/// What begins at a place in a source: its length, and its text if it has one.
enum Token<'a> {
    Comment(&'a str),
    Literal(&'a str, usize),
    Other(usize),
}

pub(super) fn texts(source: &str) -> Vec<Text> {
    let (mut texts, mut at, mut line): (Vec<Text>, _, _) = (Vec::new(), 0, 1);
    let mut comment_ended = 0;
    while at < source.len() {
        let length = match token(&source[at..]) {
            Token::Comment(comment) => {
                let text = comment.trim_start_matches('/').strip_prefix('!').unwrap_or(comment.trim_start_matches('/'));
                let text = text.strip_prefix(' ').unwrap_or(text);
                match texts.last_mut() {
                    Some(last) if comment_ended + 1 == line => last.content = format!("{}\n{text}", last.content),
                    _ => texts.push(Text { kind: Kind::Comment, line, content: text.to_owned() }),
                }
                comment_ended = line;
                comment.len()
            }
            Token::Literal(literal, length) => {
                let text = continued(literal).replace("\\n", "\n\n").replace("\\\"", "\"");
                if text.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count() >= WORDS {
                    texts.push(Text { kind: Kind::Message, line, content: text });
                    comment_ended = 0;
                }
                length
            }
            Token::Other(length) => length,
        };
        line += source[at..at + length].matches('\n').count();
        at += length;
    }
    texts
}

/// A literal without what a backslash at the end of a line takes away: the end, and the next line's indentation.
fn continued(literal: &str) -> String {
    let mut pieces = literal.split("\\\n");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.trim_start())
}

fn token(rest: &str) -> Token<'_> {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    if rest.starts_with("//") {
        return Token::Comment(rest.lines().next().unwrap_or(rest));
    }
    if rest.starts_with("/*") {
        return Token::Other(rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    if let Some(raw) = rest.strip_prefix("br").or(rest.strip_prefix('r')).filter(|raw| raw.starts_with(['"', '#'])) {
        let before = rest.len() - raw.len();
        return raw_literal(raw).map_or(Token::Other(before), |(text, length)| Token::Literal(text, before + length));
    }
    match &rest[..first] {
        "\"" => literal(rest),
        "'" => Token::Other(character(rest)),
        // The rest of a word, so that the `r` of `for` begins no literal.
        _ => Token::Other(
            rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len()).max(first),
        ),
    }
}

fn literal(rest: &str) -> Token<'_> {
    let mut is_escaped = false;
    let end = rest[1..].find(|letter| {
        let is_end = letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        is_end
    });
    end.map_or(Token::Other(1), |end| Token::Literal(&rest[1..=end], end + 2))
}

/// The text of a literal such as `#"…"#`, and the length of the literal.
fn raw_literal(raw: &str) -> Option<(&str, usize)> {
    let hashes = raw.len() - raw.trim_start_matches('#').len();
    let text = raw[hashes..].strip_prefix('"')?;
    let end = text.find(&format!("\"{}", "#".repeat(hashes)))?;
    Some((&text[..end], end + 2 + 2 * hashes))
}

/// The length of a character literal; 1 for the quote of a lifetime.
fn character(rest: &str) -> usize {
    let inner = rest.chars().nth(1).map_or(0, char::len_utf8);
    match &rest[1..] {
        escaped if escaped.starts_with('\\') => escaped[2..].find('\'').map_or(1, |end| end + 4),
        inside if inside[inner..].starts_with('\'') => inner + 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(source: &str) -> Vec<(Kind, usize, String)> {
        texts(source).into_iter().map(|Text { kind, line, content }| (kind, line, content)).collect()
    }

    #[test]
    fn comments_below_each_other_are_one_text() {
        let source = "/// One,\n/// two.\nfn f() {} // Three.\n\n// Four.\n";
        let expected = [(1, "One,\ntwo.\nThree."), (5, "Four.")];
        assert_eq!(told(source), expected.map(|(line, text)| (Kind::Comment, line, text.to_owned())));
    }

    #[test]
    fn literals_are_told_from_comments_lifetimes_and_characters() {
        let source = "fn f<'a>(b: char) { g('\"', '\\'', /* \" */ \"a \\\"b\\\" // c d\", r#\"e \"f\" g h\"#) }\nlet four = \"i\\nj k l\";\n";
        let expected = [(1, "a \"b\" // c d"), (1, "e \"f\" g h"), (2, "i\n\nj k l")];
        assert_eq!(told(source), expected.map(|(line, text)| (Kind::Message, line, text.to_owned())));
    }

    #[test]
    fn short_literals_are_no_messages_and_lines_are_counted_through_long_ones() {
        let source = "let a = \"one two three\";\nlet b = \"one two \\\n    three four\";\n// Five.\n";
        let expected = [(Kind::Message, 2, "one two three four"), (Kind::Comment, 4, "Five.")];
        assert_eq!(told(source), expected.map(|(kind, line, text)| (kind, line, text.to_owned())));
    }
}
