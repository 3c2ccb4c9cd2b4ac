//! Ids of lessons and exercises, and of what else names a file.

/// A longer name is not a valid file name everywhere.
const LONGEST_ID: usize = 64;

/// Whether `text` is an id: lower-case letters, digits and single hyphens between them, and at most 64 of them.
///
/// Ids become file names, so they contain nothing else.
pub fn is_id(text: &str) -> bool {
    text.len() <= LONGEST_ID
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_short_enough_for_a_file() {
        assert!(is_id(&"a".repeat(LONGEST_ID)));
        assert!(!is_id(&"a".repeat(LONGEST_ID + 1)));
    }

    #[test]
    fn an_id_is_kebab_case_and_never_leaves_its_folder() {
        for id in ["rooms", "join-project", "q1", "01-rooms"] {
            assert!(is_id(id), "{id}");
        }
        for text in ["", "-", "a-", "-a", "a--b", "Rooms", "a b", "a_b", "..", "a/b", "a\\b", "é"] {
            assert!(!is_id(text), "{text}");
        }
    }
}
