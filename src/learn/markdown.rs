//! Markdown as lines for the screen.
//!
//! A small part of Markdown, as lessons need it: headings, paragraphs, emphasis, code, lists, tables, quotes, links and
//! rules. HTML is shown as it is written, except comments, which are for authors.
//!
//! Prose is wrapped to the width. Code is not, because a wrapped line of code lies about where lines end: it is cut,
//! and says so with an ellipsis.

mod inline;
mod table;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Parser, Tag, TagEnd};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use self::inline::Inline;
use self::table::Table;
use super::theme::Theme;
use crate::course::{DEEPEST, EXTENSIONS};
use crate::text::{clean, truncate, width};

/// The least that a text is given, however narrow the panel or deep the list: below it, lines would be single letters.
const MIN_WIDTH: usize = 8;

/// How far code stands in from the text around it.
const CODE_INDENT: &str = "  ";

/// Lays `source` out for a panel of `width` columns.
pub fn render(source: &str, width: u16, theme: &Theme) -> Vec<Line<'static>> {
    let mut renderer = Renderer::new(usize::from(width), theme);
    for event in Parser::new_ext(source, EXTENSIONS) {
        renderer.event(event);
    }
    renderer.flush();
    renderer.lines
}

/// The left margin of every line of a list item or a quote.
struct Margin {
    /// On its first line, where that differs: an item's marker.
    first: Option<Span<'static>>,
    rest: Span<'static>,
}

/// A link or an image, whose address follows its text.
struct Target {
    address: String,
    text_from: usize,
}

struct Renderer<'a> {
    theme: &'a Theme,
    width: usize,
    lines: Vec<Line<'static>>,
    margins: Vec<Margin>,
    /// How many more lists and quotes are open that are nested too deep to be shown.
    deeper: usize,
    /// The next number of each open list; `None` for bullets.
    lists: Vec<Option<u64>>,
    styles: Vec<Style>,
    inline: Inline,
    targets: Vec<Target>,
    table: Option<Table>,
    code: Option<String>,
    html: String,
    /// Nothing was written since the text, the item or the quote began, so no empty line is needed.
    fresh: bool,
}

impl<'a> Renderer<'a> {
    fn new(width: usize, theme: &'a Theme) -> Self {
        Self {
            theme,
            width,
            lines: Vec::new(),
            margins: Vec::new(),
            deeper: 0,
            lists: Vec::new(),
            styles: Vec::new(),
            inline: Inline::default(),
            targets: Vec::new(),
            table: None,
            code: None,
            html: String::new(),
            fresh: true,
        }
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => self.inline.push_code(&clean(&code), self.style().patch(self.theme.code)),
            Event::Html(html) => self.html.push_str(&html),
            Event::InlineHtml(html) if !is_comment(&html) => self.inline.push(&clean(&html), self.theme.muted),
            Event::SoftBreak => self.inline.push(" ", self.style()),
            Event::HardBreak => self.inline.line_break(),
            Event::Rule => self.rule(),
            Event::TaskListMarker(done) => self.inline.push(if done { "[x] " } else { "[ ] " }, self.style()),
            // Not enabled, or nothing to show.
            Event::InlineHtml(_) | Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.begin_block(),
            Tag::Heading { level, .. } => {
                self.begin_block();
                self.styles.push(self.heading(level));
            }
            Tag::BlockQuote(_) => {
                self.begin_block();
                let bar = Span::styled("│ ", self.theme.muted);
                self.indent(Margin { first: None, rest: bar });
                self.fresh = true;
            }
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => {
                self.begin_block();
                self.code = Some(String::new());
            }
            Tag::List(first) => {
                if self.lists.is_empty() {
                    self.begin_block();
                } else {
                    self.flush();
                }
                self.lists.push(first);
            }
            Tag::Item => self.begin_item(),
            Tag::Table(alignments) => {
                self.begin_block();
                self.table = Some(Table::new(alignments));
            }
            Tag::TableRow | Tag::TableHead => {
                if let Some(table) = &mut self.table {
                    table.begin_row();
                }
            }
            Tag::Emphasis => self.add_style(self.theme.emphasis),
            Tag::Strong => self.add_style(self.theme.strong),
            Tag::Strikethrough => self.add_style(Style::new().add_modifier(Modifier::CROSSED_OUT)),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.begin_target(&dest_url),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.flush(),
            TagEnd::HtmlBlock => self.end_html(),
            TagEnd::Heading(_) => {
                self.flush();
                self.styles.pop();
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.unindent();
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Item => self.end_item(),
            TagEnd::Table => self.end_table(),
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.inline);
                if let Some(table) = &mut self.table {
                    table.push(cell);
                }
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.styles.pop();
            }
            TagEnd::Link | TagEnd::Image => self.end_target(),
            _ => {}
        }
    }

    fn text(&mut self, text: &CowStr<'_>) {
        match &mut self.code {
            Some(code) => code.push_str(text),
            None => self.inline.push(&clean(text), self.style()),
        }
    }

    fn end_html(&mut self) {
        let html = std::mem::take(&mut self.html);
        if is_comment(&html) {
            return;
        }
        self.begin_block();
        for line in html.lines() {
            self.inline.push(&clean(line), self.theme.muted);
            self.inline.line_break();
        }
        self.flush();
    }

    fn rule(&mut self) {
        self.begin_block();
        self.emit(vec![Span::styled("─".repeat(self.room()), self.theme.muted)]);
    }

    fn heading(&self, level: HeadingLevel) -> Style {
        match level {
            HeadingLevel::H1 => self.theme.title,
            HeadingLevel::H2 => self.theme.heading,
            _ => self.theme.heading.patch(self.theme.emphasis),
        }
    }

    fn begin_item(&mut self) {
        self.flush();
        let marker = match self.lists.last_mut() {
            Some(Some(number)) => {
                let marker = format!("{number}. ");
                *number += 1;
                marker
            }
            _ => "• ".to_owned(),
        };
        let rest = Span::raw(" ".repeat(width(&marker)));
        self.indent(Margin { first: Some(Span::styled(marker, self.theme.muted)), rest });
        self.fresh = true;
    }

    fn end_item(&mut self) {
        self.flush();
        if self.deeper == 0 && self.margins.last().is_some_and(|margin| margin.first.is_some()) {
            // An empty item still has its marker.
            self.emit(Vec::new());
        }
        self.unindent();
    }

    /// Begins a list's item or a quote. A lesson has none that are too deep; other texts must not cost more.
    fn indent(&mut self, margin: Margin) {
        if self.margins.len() < DEEPEST { self.margins.push(margin) } else { self.deeper += 1 }
    }

    fn unindent(&mut self) {
        match self.deeper.checked_sub(1) {
            Some(fewer) => self.deeper = fewer,
            None => drop(self.margins.pop()),
        }
    }

    fn end_code(&mut self) {
        let room = self.room() - CODE_INDENT.len();
        for line in self.code.take().unwrap_or_default().lines() {
            let line = truncate(&clean(line), room).into_owned();
            self.emit(vec![Span::raw(CODE_INDENT), Span::styled(line, self.theme.code)]);
        }
    }

    fn end_table(&mut self) {
        if let Some(table) = self.table.take() {
            for line in table.lay_out(self.room(), self.theme) {
                self.emit(line.spans);
            }
        }
    }

    fn begin_target(&mut self, address: &str) {
        self.targets.push(Target { address: clean(address), text_from: self.inline.len() });
        self.add_style(self.theme.link);
    }

    fn end_target(&mut self) {
        self.styles.pop();
        let Some(target) = self.targets.pop() else { return };
        let text = self.inline.text_from(target.text_from);
        if text != target.address && format!("mailto:{text}") != target.address {
            self.inline.push(&format!(" ({})", target.address), self.theme.muted);
        }
    }

    fn style(&self) -> Style {
        self.styles.last().copied().unwrap_or_default()
    }

    fn add_style(&mut self, style: Style) {
        self.styles.push(self.style().patch(style));
    }

    /// The columns between the margins and the panel's edge.
    fn room(&self) -> usize {
        let margins: usize = self.margins.iter().map(|margin| margin.rest.width()).sum();
        self.width.saturating_sub(margins).max(MIN_WIDTH)
    }

    /// Starts a block, separated from the previous one by an empty line.
    fn begin_block(&mut self) {
        self.flush();
        if !self.fresh {
            let margin: String = self.margins.iter().map(|margin| margin.rest.content.as_ref()).collect();
            self.lines.push(Line::styled(margin.trim_end().to_owned(), self.theme.muted));
        }
    }

    /// Writes the text collected so far, if any.
    fn flush(&mut self) {
        let inline = std::mem::take(&mut self.inline);
        for line in inline.wrap(self.room()) {
            self.emit(line.spans);
        }
    }

    fn emit(&mut self, content: Vec<Span<'static>>) {
        let margins = self.margins.iter_mut().map(|margin| margin.first.take().unwrap_or_else(|| margin.rest.clone()));
        let spans: Vec<_> = margins.chain(content).collect();
        self.lines.push(Line::from(spans));
        self.fresh = false;
    }
}

fn is_comment(html: &str) -> bool {
    html.trim_start().starts_with("<!--")
}

#[cfg(test)]
mod tests;
