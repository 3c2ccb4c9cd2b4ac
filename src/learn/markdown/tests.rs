use insta::assert_snapshot;

use super::*;
use crate::colour::Depth;
use crate::learn::testing::styled_lines;

fn lines(source: &str, width: u16) -> Vec<Line<'static>> {
    render(source, width, &Theme::new(Depth::Sixteen))
}

fn styled(source: &str, width: u16) -> String {
    styled_lines(&lines(source, width))
}

/// The text alone, with the panel's right edge drawn.
fn plain(source: &str, width: u16) -> String {
    let row = |line: &Line<'_>| {
        let text: String = line.spans.iter().map(|span| span.content.as_ref()).collect();
        let free = usize::from(width).saturating_sub(line.width());
        format!("{text}{}|", " ".repeat(free))
    };
    lines(source, width).iter().map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn headings_and_paragraphs() {
    let source =
        "# Rooms\nA *room* is **named** by\nthe server, see `socket.join`.\n\n## Who hears it\n### In detail\nAll.";
    assert_snapshot!(styled(source, 24), @r#"
    Rooms

    A room is named by the
    server, see socket.join.

    Who hears it

    In detail

    All.
    styles
    0     0-4     magenta bold  "Rooms"
    2     2-5     italic  "room"
    2     10-14   bold  "named"
    3     12-22   cyan  "socket.join"
    5     0-11    bold  "Who hears it"
    7     0-8     bold italic  "In detail"
    "#);
}

#[test]
fn paragraphs_wrap_between_words_and_wide_characters_count_twice() {
    assert_snapshot!(plain("alpha beta gamma delta\\\nbroken here 日本語 日本語日本語日本", 12), @r#"
    alpha beta  |
    gamma delta |
    broken here |
    日本語      |
    日本語日本語|
    日本        |
    "#);
}

#[test]
fn a_word_wider_than_the_panel_is_broken() {
    assert_snapshot!(plain("see project:0123456789abcdef now", 10), @r#"
    see       |
    project:01|
    23456789ab|
    cdef now  |
    "#);
}

#[test]
fn code_blocks_are_indented_and_cut_but_not_wrapped() {
    let source = "Try:\n\n```rust\nio.on_connection(|socket| {\n\tsocket.join(room);\n\n});\n```\nthen";
    assert_snapshot!(styled(source, 24), @r#"
    Try:

      io.on_connection(|soc…
          socket.join(room);

      });

    then
    styles
    2-3   2-23    cyan
    5     2-4     cyan  "});"
    "#);
}

#[test]
fn lists_hang_and_nest() {
    let source = "Before\n\n- one two three four\n- five\n  1. six seven eight nine\n  2. ten\n-\n- [x] done\n\n9. nine\n10. ten\n\n    more";
    assert_snapshot!(plain(source, 14), @r#"
    Before        |
                  |
    • one two     |
      three four  |
    • five        |
      1. six seven|
         eight    |
         nine     |
      2. ten      |
    •             |
    • [x] done    |
                  |
    9. nine       |
    10. ten       |
                  |
        more      |
    "#);
}

#[test]
fn quotes_keep_their_bar() {
    assert_snapshot!(styled("> one two three\n>\n> - four five six\n\nafter", 12), @r#"
    │ one two
    │ three
    │
    │ • four
    │   five six

    after
    styles
    0-1   0-1     dim
    2     0       dim  "│"
    3     0-3     dim  "│ •"
    4     0-1     dim  "│"
    "#);
}

#[test]
fn tables_fit_their_cells_and_then_the_panel() {
    let source = "| Section | Step | # |\n|:--|:-:|--:|\n| Core idea | read | 1 |\n| **Deep** dive | retype it | 10 |";
    assert_snapshot!(styled(source, 60), @r##"
    Section   │   Step    │  #
    ──────────┼───────────┼───
    Core idea │   read    │  1
    Deep dive │ retype it │ 10
    styles
    0     0-6     bold  "Section"
    0     9-11    dim  " │"
    0     14-17   bold  "Step"
    0     21-23   dim  " │"
    0     25      bold  "#"
    1     0-25    dim  "──────────┼───────────┼───"
    2-3   9-11    dim
    2-3   21-23   dim
    3     0-3     bold  "Deep"
    "##);
    assert_snapshot!(plain(source, 22), @r#"
    Section │  Step   │  #|
    ────────┼─────────┼───|
    Core    │  read   │  1|
    idea    │         │   |
    ────────┼─────────┼───|
    Deep    │ retype  │ 10|
    dive    │   it    │   |
    "#);
}

#[test]
fn a_link_shows_its_address_once() {
    let source = "See [the protocol](https://socket.io/docs) or <https://socket.io> or <me@example.org>.";
    assert_snapshot!(styled(source, 44), @r#"
    See the protocol (https://socket.io/docs) or
    https://socket.io or me@example.org.
    styles
    0     4-15    magenta underlined  "the protocol"
    0     16-40   dim  " (https://socket.io/docs)"
    1     0-16    magenta underlined  "https://socket.io"
    1     21-34   magenta underlined  "me@example.org"
    "#);
}

#[test]
fn rules_and_html_and_comments() {
    assert_snapshot!(plain("a\n\n---\n\n<!-- for\nauthors -->\n\n<b>bold</b> text <!-- hidden --> end\n\n<div>\nx\n</div>", 20), @r#"
    a                   |
                        |
    ────────────────────|
                        |
    <b>bold</b> text end|
                        |
    <div>               |
    x                   |
    </div>              |
    "#);
}

#[test]
fn nothing_gives_nothing() {
    assert!(lines("", 20).is_empty());
    assert!(lines("\n\n<!-- only this -->\n", 20).is_empty());
}

#[test]
fn foreign_text_is_cleaned_everywhere() {
    let evil = "\u{1b}[31m\u{202e}x";
    let source = format!(
        "# {evil}\n{evil} `{evil}` [a](http://{evil})\n\n    {evil}\n\n|{evil}|\n|-|\n|{evil}|\n\n<b>{evil}</b>"
    );
    for line in lines(&source, 40) {
        let text: String = line.spans.iter().map(|span| span.content.as_ref()).collect();
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    }
}

#[test]
fn no_line_is_wider_than_the_panel() {
    let source = "# A long title of a text\n\nwords and `code` and [a link](https://example.org/long)\n\n> - quote\n>   1. nested deep\n\n```\nlet code = \"that is long\";\n```\n\n| a | b |\n|-|-|\n| some text | more text |\n\n---";
    for width in 16..60 {
        for line in lines(source, width) {
            assert!(line.width() <= usize::from(width), "{width}: {line}");
        }
    }
}

#[test]
fn short_code_stays_on_one_line_and_long_code_is_broken() {
    assert_eq!(plain("It is told `no such task` then.", 16), "It is told      |\nno such task    |\nthen.           |");
    let long = format!("a `{}b`", "word ".repeat(10));
    assert_eq!(plain(&long, 16).lines().next(), Some("a word word word|"));
}

#[test]
fn endless_nesting_is_cut() {
    for nested in ["- ", "> ", ">"] {
        let lines = render(&format!("{}x\n\nand more\n", nested.repeat(10_000)), 40, &Theme::new(Depth::None));
        assert!(lines.iter().all(|line| line.spans.len() <= crate::course::DEEPEST + 1), "{nested}");
        assert_eq!(lines.last().unwrap().to_string(), "and more", "{nested}");
    }
}
