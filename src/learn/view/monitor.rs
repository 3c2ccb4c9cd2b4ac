//! The right pane: sockets, rooms, warnings, log.
//!
//! ```text
//! ┏ Monitor  127.0.0.1:7420 ━━━━━━━━━━━━━━┓
//! ┃ 7 sockets                             ┃
//! ┃   ann      x1b…                       ┃
//! ┃      in 0.2  out 1.4  ▁▂▁▃  project:p1┃
//! ┃ rooms  project:p1 3                   ┃
//! ┃ ▲ scraper sends 20 events a second    ┃
//! ┃ 0:12 ann joined project:p1            ┃
//! ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
//! ```

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Borders, Paragraph};

use crate::learn::model::{Focus, Model};
use crate::learn::theme::{Theme, mark};
use crate::monitor::{Kind, LogLine, Monitor, NoisyClient, Socket, Warning};
use crate::text::{clean, truncate, width};

/// From this width on a socket takes one line.
const ONE_LINE_FROM: usize = 70;

/// Below this width a sparkline on a separate line is half as long.
const NARROW: usize = 44;

/// Below this width a sparkline in the socket's line is half as long.
const WIDE: usize = 90;

const NAME_COLUMNS: usize = 10;
const ID_COLUMNS: usize = 20;
const SPARKS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Seconds of history in a sparkline.
const SPARKLINE: usize = 12;

/// Events a second that fill a sparkline's height; fewer fill only part of it.
const LIVELY: f64 = 5.0;

/// Characters of a socket id in a log line, enough to tell two apart.
const SHORT_ID: usize = 6;

pub(super) fn draw(frame: &mut Frame<'_>, pane: Rect, model: &Model, theme: &Theme) {
    frame.render_widget(block(model, theme), pane);
    let area = pane.inner(Margin::new(1, 1));
    let columns = usize::from(area.width);
    let rows = usize::from(area.height);
    let monitor = model.pane.shown();
    let mut lines = sockets(model, columns, rows * 3 / 5, theme);
    lines.extend(rooms(monitor, columns, theme));
    lines.extend(remarks(model, columns, theme));
    lines.push(Line::styled("─".repeat(columns), theme.border));
    lines.truncate(rows);
    let log = monitor.log(&model.pane.filter);
    let room = rows - lines.len();
    let from = log.len().saturating_sub(room);
    lines.extend(log[from..].iter().map(|line| log_line(line, columns, theme)));
    frame.render_widget(Paragraph::new(lines), area);
}

fn block<'a>(model: &Model, theme: &Theme) -> Block<'a> {
    let focused = model.focus == Focus::Monitor;
    let pane = &model.pane;
    let (title, address) = match (pane.show.as_ref().and_then(|show| show.server.as_ref()), &pane.live) {
        (Some(server), _) => (" The lesson's server ", &server.address),
        (None, Some(live)) => (" Your server ", &live.address),
        (None, None) => (" Monitor ", &pane.address),
    };
    let mut title = vec![Span::styled(title, theme.title), Span::styled(format!("{} ", clean(address)), theme.muted)];
    if model.pane.frozen.is_some() {
        title.push(Span::styled(" frozen ", theme.selected));
    }
    Block::new()
        .borders(Borders::ALL)
        .border_type(if focused { BorderType::Thick } else { BorderType::Plain })
        .border_style(if focused { theme.border_focused } else { theme.border })
        .title(Line::from(title))
}

fn sockets(model: &Model, columns: usize, rows: usize, theme: &Theme) -> Vec<Line<'static>> {
    let monitor = model.pane.shown();
    let one_line = columns >= ONE_LINE_FROM;
    let rows_each = if one_line { 1 } else { 2 };
    let mut lines = vec![heading(monitor.connected(), columns, theme)];
    let sockets = model.pane.sockets();
    let room = rows.saturating_sub(2) / rows_each;
    let from = first_shown(&sockets, model.pane.selected.as_deref(), room);
    for socket in sockets.iter().skip(from).take(room) {
        let selected = model.focus == Focus::Monitor && model.pane.selected.as_deref() == Some(socket.id.as_str());
        let row = Row { socket, selected, columns, theme };
        if one_line { lines.push(row.one_line()) } else { lines.extend(row.two_lines()) }
    }
    let hidden = sockets.len().saturating_sub(from + room) + from;
    if hidden > 0 {
        let keys = if model.focus == Focus::Monitor { "↑ ↓" } else { "Tab, then ↑ ↓" };
        lines.push(Line::styled(format!("  and {hidden} more: {keys}"), theme.muted));
    }
    let listed = sockets.iter().filter(|socket| socket.gone.is_none()).count();
    let others = monitor.connected().saturating_sub(listed);
    if model.pane.show.is_some() && others > 0 {
        let text = if others == 1 { "1 other is".to_owned() } else { format!("{others} others are") };
        lines.push(Line::styled(format!("  {text} left out during the show"), theme.muted));
    }
    lines
}

/// The first socket to show, so that the chosen one stays in sight.
fn first_shown(sockets: &[&Socket], selected: Option<&str>, room: usize) -> usize {
    let index = selected.and_then(|id| sockets.iter().position(|socket| socket.id == id));
    index.map_or(0, |index| (index + 1).saturating_sub(room.max(1)))
}

fn heading(connected: usize, columns: usize, theme: &Theme) -> Line<'static> {
    let count = if connected == 1 { "1 socket".to_owned() } else { format!("{connected} sockets") };
    if columns < ONE_LINE_FROM {
        return Line::styled(format!("{count}, events/s in and out"), theme.muted);
    }
    let seconds = seconds_shown(columns);
    let text = format!(
        "  {count:<NAME_COLUMNS$} {:<ID_COLUMNS$} {:>5} {:>5}  {:<seconds$}  rooms",
        "socket id",
        "in/s",
        "out/s",
        format!("{seconds} s")
    );
    Line::styled(text, theme.muted)
}

/// Seconds of a sparkline if a socket takes one line; in a terminal of 80 columns the rooms need the space.
fn seconds_shown(columns: usize) -> usize {
    if columns < WIDE { SPARKLINE / 2 } else { SPARKLINE }
}

/// One socket of the list.
struct Row<'a> {
    socket: &'a Socket,
    selected: bool,
    columns: usize,
    theme: &'a Theme,
}

impl Row<'_> {
    fn one_line(&self) -> Line<'static> {
        let seconds = seconds_shown(self.columns);
        let rates = format!(" {}  ", self.rates());
        let mut spans = self.name_and_id();
        let used: usize = spans.iter().map(Span::width).sum::<usize>() + width(&rates) + seconds + 2;
        spans.push(Span::styled(rates, self.style()));
        spans.push(Span::styled(format!("{:<seconds$}  ", self.sparkline(seconds)), self.theme.accent));
        spans.push(Span::styled(self.place(self.columns.saturating_sub(used)), self.style()));
        Line::from(spans)
    }

    fn two_lines(&self) -> [Line<'static>; 2] {
        let rates = format!("   {} ", self.rates());
        let seconds = if self.columns < NARROW { SPARKLINE / 2 } else { SPARKLINE };
        let used = width(&rates) + seconds + 1;
        let second = vec![
            Span::styled(rates, self.style()),
            Span::styled(format!("{:<seconds$} ", self.sparkline(seconds)), self.theme.accent),
            Span::styled(self.place(self.columns.saturating_sub(used)), self.style()),
        ];
        [Line::from(self.name_and_id()), Line::from(second)]
    }

    /// Events a second in and out. A socket that is gone has none.
    fn rates(&self) -> String {
        if self.socket.gone.is_some() {
            return format!("{:>5} {:>5}", "-", "-");
        }
        let rates = self.socket.rates();
        format!("{:>5.1} {:>5.1}", rates.received, rates.sent)
    }

    fn name_and_id(&self) -> Vec<Span<'static>> {
        let noisy = self.socket.flags().contains(&NoisyClient::default().name());
        let flag = match (noisy, self.socket.flags().is_empty()) {
            (true, _) => Span::styled(format!("{} ", mark::NOISY), self.theme.noisy),
            (false, false) => Span::styled(format!("{} ", mark::WARNING), self.theme.warning),
            (false, true) => Span::raw(if self.selected { mark::CURRENT.to_owned() + " " } else { "  ".to_owned() }),
        };
        let name = truncate(self.socket.name.as_deref().unwrap_or("-"), NAME_COLUMNS).into_owned();
        let name = format!("{name}{} ", " ".repeat(NAME_COLUMNS.saturating_sub(width(&name))));
        let room = self.columns.saturating_sub(3 + NAME_COLUMNS).min(ID_COLUMNS);
        let id = format!("{:<room$}", truncate(&self.socket.id, room));
        let style = if self.selected { self.theme.selected } else { self.style() };
        vec![flag, Span::styled(name, style), Span::styled(id, style)]
    }

    fn style(&self) -> Style {
        if self.socket.gone.is_some() { self.theme.muted } else { Style::new() }
    }

    /// The rooms that it is in, or why it is gone.
    fn place(&self, columns: usize) -> String {
        if let Some(reason) = &self.socket.gone {
            return truncate(&format!("gone: {reason}"), columns).into_owned();
        }
        let mut rooms: Vec<_> = self.socket.rooms().map(str::to_owned).collect();
        if self.socket.more_rooms() > 0 {
            rooms.push(format!("and {} more", self.socket.more_rooms()));
        }
        truncate(&rooms.join(", "), columns).into_owned()
    }

    /// The events of the last seconds in both directions, against the most of them or a lively pace.
    fn sparkline(&self, seconds: usize) -> String {
        let history: Vec<f64> =
            self.socket.history().rev().take(seconds).map(|sample| sample.received + sample.sent).collect();
        let most = history.iter().copied().fold(LIVELY, f64::max);
        history.iter().rev().map(|value| spark(value / most)).collect()
    }
}

/// A bar for a share from 0 to 1.
fn spark(share: f64) -> &'static str {
    let steps = [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875];
    SPARKS[steps.iter().filter(|step| share >= **step).count()]
}

fn rooms(monitor: &Monitor, columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let rooms: Vec<_> = monitor.rooms().map(|(name, members)| format!("{name} {}", members.len())).collect();
    let text = if rooms.is_empty() { "none".to_owned() } else { rooms.join("  ") };
    let text = truncate(&text, columns.saturating_sub(7)).into_owned();
    vec![Line::from(vec![Span::styled("rooms  ", theme.muted), Span::raw(text)])]
}

/// The monitor's warnings, and what it does not show.
fn remarks(model: &Model, columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let monitor = model.pane.shown();
    let warnings = monitor.warnings().into_iter().map(|(socket, text)| {
        let text = format!("{} {text}", socket.name.as_deref().unwrap_or(&socket.id));
        let text = truncate(&text, columns.saturating_sub(2)).into_owned();
        Line::from(vec![Span::styled(format!("{} ", mark::NOISY), theme.noisy), Span::styled(text, theme.warning)])
    });
    let printed = model
        .pane
        .live
        .iter()
        .flat_map(|live| live.printed.iter().rev().take(3).rev())
        .map(|line| Line::styled(truncate(&format!("printed: {line}"), columns).into_owned(), theme.accent));
    let notices = monitor.notices().into_iter();
    let notices = notices.map(|notice| Line::styled(truncate(&notice, columns).into_owned(), theme.muted));
    warnings.take(3).chain(printed).chain(notices).collect()
}

fn log_line(line: &LogLine, columns: usize, theme: &Theme) -> Line<'static> {
    let seconds = line.at_ms / 1000;
    let time = format!("{}:{:02} ", seconds / 60, seconds % 60);
    let id: String = line.socket.as_deref().unwrap_or_default().chars().take(SHORT_ID).collect();
    let who = match (&line.name, id.is_empty()) {
        // Otherwise a long name would leave no room for the event.
        (Some(name), _) => format!("{id} {} ", truncate(name, NAME_COLUMNS)),
        (None, false) => format!("{id} "),
        (None, true) => String::new(),
    };
    let style = match line.kind {
        Kind::Server | Kind::Connect => theme.accent,
        Kind::Join => theme.good,
        Kind::Leave | Kind::Disconnect => theme.warning,
        Kind::Problem => theme.bad,
        Kind::Traffic => theme.muted,
    };
    // A whole log in bold would be loud; the words tell what happened anyway.
    let style = Style { add_modifier: Modifier::empty(), ..style };
    let room = columns.saturating_sub(width(&time) + width(&who));
    Line::from(vec![
        Span::styled(time, theme.muted),
        Span::raw(who),
        Span::styled(truncate(&line.text, room).into_owned(), style),
    ])
}
