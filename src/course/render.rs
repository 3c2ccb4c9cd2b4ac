//! Shows diagnostics as `rustc` does: the message, the place in the file, and what to do.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::diagnostic::{Diagnostic, Excerpt, Severity};
use crate::text::{clean, clean_multiline};

/// Whether rendered diagnostics carry colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// No escape code at all.
    Off,
    /// ANSI colours.
    On,
}

/// Shows each diagnostic with its place in the file, and their number below.
pub fn render(diagnostics: &[Diagnostic], colour: Colour) -> String {
    let renderer = match colour {
        Colour::Off => Renderer::plain(),
        Colour::On => Renderer::styled(),
    };
    let mut shown: Vec<String> = diagnostics.iter().map(|diagnostic| renderer.render(&[group(diagnostic)])).collect();
    if let Some(total) = total(diagnostics) {
        shown.push(total);
    }
    shown.join("\n\n")
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let (first, rest) = diagnostic.message.split_once('\n').map_or((diagnostic.message.as_str(), ""), |parts| parts);
    let title = level.primary_title(clean(first)).id(diagnostic.code.as_str());
    let path = clean(&diagnostic.path.to_string_lossy());
    let group = match &diagnostic.excerpt {
        Some(excerpt) => title.element(snippet(excerpt, diagnostic.line).path(path)),
        None => title.element(Origin::path(path)),
    };
    let group = match rest {
        "" => group,
        rest => group.element(Level::NOTE.message(clean_multiline(rest))),
    };
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(clean_multiline(help))),
        None => group,
    }
}

/// The line of the mistake, clean on both sides of the marked part.
fn snippet(excerpt: &Excerpt, line: usize) -> Snippet<'static, Annotation<'static>> {
    let (text, span) = (&excerpt.text, &excerpt.span);
    let start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |newline| span.end + newline);
    let (before, marked, after) =
        (clean(&text[start..span.start]), clean(&text[span.clone()]), clean(&text[span.end..end]));
    let span = before.len()..before.len() + marked.len();
    Snippet::source(before + &marked + &after).line_start(line).annotation(AnnotationKind::Primary.span(span))
}

/// "2 errors and 1 warning".
fn total(diagnostics: &[Diagnostic]) -> Option<String> {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let warnings = diagnostics.len() - errors;
    match (count(errors, "error"), count(warnings, "warning")) {
        (Some(errors), Some(warnings)) => Some(format!("{errors} and {warnings}")),
        (errors, warnings) => errors.or(warnings),
    }
}

fn count(number: usize, noun: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{number} {noun}s")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::diagnostic::Code;
    use super::super::source::Source;
    use super::*;

    fn misspelt() -> Diagnostic {
        Source::new("lessons/01-a/lesson.toml", "title = \"A\"\nsumary = \"\tB\"\n")
            .error(12..18, Code::UnknownKey, "a lesson has no key `sumary`")
            .help("did you mean `summary`?".to_owned())
    }

    #[test]
    fn a_diagnostic_shows_the_message_the_place_and_what_to_do() {
        let shown = render(&[misspelt()], Colour::Off);
        assert_eq!(
            shown,
            "\
error[unknown-key]: a lesson has no key `sumary`
 --> lessons/01-a/lesson.toml:2:1
  |
2 | sumary = \"    B\"
  | ^^^^^^
  |
  = help: did you mean `summary`?

1 error"
        );
    }

    #[test]
    fn colours_are_there_only_when_asked_for() {
        assert!(!render(&[misspelt()], Colour::Off).contains('\u{1b}'));
        assert!(render(&[misspelt()], Colour::On).contains("\u{1b}["));
    }

    #[test]
    fn a_whole_file_needs_no_excerpt() {
        let missing = Diagnostic::about("lessons/01-a", Code::MissingFile, "no lesson.toml").warning();
        let shown = render(&[missing, misspelt()], Colour::Off);
        assert!(shown.starts_with("warning[missing-file]: no lesson.toml\n--> lessons/01-a\n"), "{shown}");
        assert!(shown.ends_with("1 error and 1 warning"), "{shown}");
    }

    #[test]
    fn the_contents_of_a_file_cannot_reach_the_terminal_as_a_command() {
        let source = Source::new("lessons/\u{1b}[2J/lesson.toml", "title = \"\u{1b}[2J\u{202e}\u{9b}2J\"\n");
        let hostile = source.error(9..12, Code::Syntax, "\u{1b}]0;x\u{7}oops").help("\u{1b}[31mred".to_owned());
        let shown = render(&[hostile], Colour::Off);
        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\u{9b}', '\u{7}']), "{shown:?}");
    }

    #[test]
    fn nothing_found_renders_as_nothing() {
        assert_eq!(render(&[], Colour::Off), "");
    }
}
