//! Fits messages of the compiler into columns: its prose is wrapped, its pictures of the code are cut.

use crate::text::{truncate, width, wrap};

/// A line of a message as lines of at most `columns`. In a picture, characters point at the lines above or below, so
/// such a line stays one line.
pub(super) fn fitted(line: &str, columns: usize) -> Vec<String> {
    if width(line) <= columns {
        return vec![line.to_owned()];
    }
    if is_of_a_picture(line) {
        return vec![truncate(line, columns).into_owned()];
    }
    let text = line.trim_start();
    let margin = line.len() - text.len();
    // The sign of a note stands out.
    let further = if text.starts_with("= ") { margin + 2 } else { margin };
    let parts = wrap(text, columns.saturating_sub(further).max(1)).into_iter().enumerate();
    let line = |(number, part): (usize, String)| {
        let margin = if number == 0 { margin } else { further };
        truncate(&format!("{}{part}", " ".repeat(margin)), columns).into_owned()
    };
    parts.map(line).collect()
}

/// Whether rustc drew this line: `7 |`, `  |`, `7 +`, ` --> src/a.rs:7:5`.
fn is_of_a_picture(line: &str) -> bool {
    let line = line.trim_start();
    let numbered = line.trim_start_matches(|character: char| character.is_ascii_digit());
    let behind = numbered.strip_prefix(' ').filter(|_| numbered.len() < line.len()).unwrap_or(numbered);
    ["|", "+ ", "- ", "~ ", "-->", ":::"].iter().any(|sign| behind.starts_with(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(text: &str, columns: usize) -> String {
        text.lines().flat_map(|line| fitted(line, columns)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn prose_is_wrapped_and_pictures_are_cut() {
        let said = "\
error[E0382]: borrow of moved value: `locks`
 --> exercises/src/presence.rs:21:47
   |
21 |         socket.on(\"join-project\", move |socket, payload| join(socket));
   |                                   ------------- value moved into closure here
21 |
   = note: closures capture the variables that they use, by reference unless `move`
help: consider cloning the value before moving it into the closure
19 +         let value = locks.clone().and_some_more();";
        let expected = "\
error[E0382]: borrow of moved value:
`locks`
 --> exercises/src/presence.rs:21:47
   |
21 |         socket.on(\"join-project\", m…
   |                                   -…
21 |
   = note: closures capture the
     variables that they use, by
     reference unless `move`
help: consider cloning the value before
moving it into the closure
19 +         let value = locks.clone().a…";
        assert_eq!(fit(said, 41), expected);
    }

    #[test]
    fn no_line_is_too_wide() {
        let said = "    = help: a-word-that-is-too-long and 日本語日本語日本語\n                 found 日本語";
        for columns in 2..40 {
            let fitted = fit(said, columns);
            assert!(fitted.lines().all(|line| width(line) <= columns), "{columns}: {fitted}");
        }
    }
}
