//! Limits on the Markdown of a lesson's text.
//!
//! Each level of a list or a quote is drawn on every line below it, so endless nesting would be laid out without end. A
//! parser copes with any text of bounded length, so the length is checked first.

use judge::LONGEST;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::diagnostic::Code;

/// The most lists and quotes inside each other.
pub const DEEPEST: usize = 16;

/// The extensions of Markdown that lessons may use.
pub const EXTENSIONS: Options =
    Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH).union(Options::ENABLE_TASKLISTS);

/// How a text exceeds the limits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excess {
    pub(super) code: Code,
    /// Where it begins, in bytes.
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// How this text exceeds the limits, if it does.
pub(super) fn excess(text: &str) -> Option<Excess> {
    if text.len() > LONGEST {
        return Some(Excess {
            code: Code::TooLong,
            at: LONGEST,
            message: format!("this text has {} KiB, and none may have more than {}", text.len() >> 10, LONGEST >> 10),
            help: "divide it among several steps",
        });
    }
    let at = too_deep(text)?;
    Some(Excess {
        code: Code::TooDeep,
        at,
        message: format!("more than {DEEPEST} lists and quotes are inside each other here"),
        help: "let it nest less deep",
    })
}

/// The start of the first list or quote that is nested too deep.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut events = Parser::new_ext(text, EXTENSIONS).into_offset_iter();
    let deep = events.find(|(event, _)| {
        match event {
            Event::Start(Tag::Item | Tag::BlockQuote(_)) => depth += 1,
            Event::End(TagEnd::Item | TagEnd::BlockQuote(_)) => depth -= 1,
            _ => {}
        }
        depth > DEEPEST
    });
    deep.map(|(_, range)| range.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_counted_for_every_kind_of_list_and_quote() {
        for nested in ["- ", "> ", ">", "1. ", "* > "] {
            let levels = nested.chars().filter(|character| "->1*".contains(*character)).count();
            let text = |depth: usize| format!("one\n\n{}x\n", nested.repeat(depth / levels));
            assert_eq!(excess(&text(DEEPEST)), None, "{nested}");
            let deep = excess(&text(DEEPEST + levels)).unwrap();
            assert_eq!(deep.code, Code::TooDeep, "{nested}");
            assert!(deep.at > 4, "{nested}: {}", deep.at);
        }
        let indented = (0..=DEEPEST).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect::<Vec<_>>().concat();
        assert_eq!(excess(&indented).unwrap().code, Code::TooDeep);
    }

    #[test]
    fn rules_and_code_do_not_nest() {
        let text = format!("{}\n\n```text\n{}x\n```\n", "- ".repeat(100), "> ".repeat(100));
        assert_eq!(excess(&text), None);
    }

    #[test]
    fn a_text_that_is_too_long_is_not_even_parsed() {
        let long = excess(&"- ".repeat(LONGEST)).unwrap();
        assert_eq!((long.code, long.at), (Code::TooLong, LONGEST));
        assert_eq!(excess(&"x".repeat(LONGEST)), None);
    }
}
