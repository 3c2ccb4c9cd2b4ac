//! Makes text from elsewhere fit for a screen.
//!
//! Event names, payloads, compiler output, Markdown and file contents all come from somebody else. Every one of them
//! goes through [`clean`] or [`clean_multiline`] before it is drawn: a terminal obeys escape sequences wherever they come
//! from, and a reader believes what bidirectional overrides and invisible characters make a line look like.
//!
//! What is removed and what is shown:
//!
//! | in the text | on the screen |
//! |---|---|
//! | escape sequences (CSI, OSC, DCS and the rest, 7-bit and 8-bit) | nothing |
//! | other C0 controls and DEL | their control picture, such as `␀` |
//! | C1 controls, invisible and bidirectional format characters, line separators | their code point, such as `<U+202E>` |
//! | a tab | spaces up to the next tab stop |
//! | a newline | a newline in [`clean_multiline`], `⏎` in [`clean`] |
//!
//! Cleaning takes linear time and cleaning twice changes nothing more. Two hostile inputs are bounded: a sequence that
//! never ends loses only its introducer, so that it cannot hide the text after it, and no character carries more than
//! [`MAX_MARKS`] combining marks.

mod clean;
pub mod comparison;
mod layout;

pub use clean::{MAX_MARKS, TAB_WIDTH, clean, clean_multiline};
pub use layout::{truncate, width, wrap};

/// The text with its first letter in upper case.
pub fn sentence_case(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A short digest of `text` that is the same on every machine and in every release.
///
/// It shows that a file was edited. It is no protection against deliberate collisions.
pub fn fingerprint(text: &str) -> String {
    // FNV-1a, 64 bits. The hasher of the standard library may change between releases.
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn a_fingerprint_is_stable_and_notices_an_edit() {
        assert_eq!(fingerprint(""), "cbf29ce484222325");
        assert_eq!(fingerprint("a"), "af63dc4c8601ec8c");
        assert_ne!(fingerprint("a\n"), fingerprint("a"));
    }
}
