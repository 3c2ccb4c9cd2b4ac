//! The three single lines: header, status, keys.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::coursework::{progress::in_words, reset};
use crate::learn::bindings::{Action, Deed, bindings};
use crate::learn::jobs::Job;
use crate::learn::keys::Binding;
use crate::learn::model::{Held, Model, Tone};
use crate::learn::screen::Screen;
use crate::learn::theme::{Theme, mark};
use crate::text::{clean, truncate, width};

/// Shown in turn while something goes on; only the clock changes it.
const SPINNER: [&str; 4] = ["|", "/", "-", "\\"];
const SPINNER_MS: u64 = 150;

pub(super) fn header(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: &Theme) {
    let lesson = model.lesson();
    let place = format!("{} of {} ", model.position.step + 1, lesson.steps.len());
    let room = usize::from(area.width).saturating_sub(width(&place) + 8);
    let title = truncate(&clean(&lesson.title), room).into_owned();
    let line = Line::from(vec![Span::styled(" rtws  ", theme.accent), Span::styled(title, theme.strong)]);
    frame.render_widget(Paragraph::new(line), area);
    frame.render_widget(Paragraph::new(Span::styled(place, theme.muted)).alignment(Alignment::Right), area);
}

pub(super) fn status(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: &Theme) {
    let (text, style) = if let Some(held) = &model.held {
        match held {
            Held::ResetAsked(exercise) => {
                (format!("r again puts the starter back, and keeps yours for `rtws undo {exercise}`"), theme.warning)
            }
            Held::Reset(exercise) => (format!("{} {}", mark::GOOD, reset::way_back(exercise)), theme.good),
        }
    } else if let Some(work) = work(model) {
        (work, theme.accent)
    } else if let Some(status) = &model.status {
        match status.tone {
            Tone::Plain => (status.text.clone(), theme.accent),
            Tone::Good => (format!("{} {}", mark::GOOD, status.text), theme.good),
            Tone::Bad => (format!("{} {}", mark::BAD, status.text), theme.bad),
        }
    } else if model.work.preparing {
        (preparing(model), theme.muted)
    } else {
        return;
    };
    let text = truncate(&clean(&text), usize::from(area.width).saturating_sub(2)).into_owned();
    frame.render_widget(Paragraph::new(Line::from(vec![Span::raw(" "), Span::styled(text, style)])), area);
}

fn work(model: &Model) -> Option<String> {
    let running = model.work.jobs.newest()?;
    let elapsed = model.now_ms.saturating_sub(running.since_ms);
    let job = job_in_words(running.job);
    let what = match &running.progress {
        Some(progress) => format!("{job}: {}", in_words(progress)),
        None => job.to_owned(),
    };
    Some(format!("{} {what} · {} s", spinner(model.now_ms), elapsed / 1000))
}

fn preparing(model: &Model) -> String {
    let what = model.work.prepared.as_ref().map_or_else(|| "starting cargo".to_owned(), in_words);
    format!("{} building the exercises in the background: {what}", spinner(model.now_ms))
}

fn spinner(now_ms: u64) -> &'static str {
    let turn = usize::try_from(now_ms / SPINNER_MS).unwrap_or(0);
    SPINNER[turn % SPINNER.len()]
}

fn job_in_words(job: Job) -> &'static str {
    match job {
        Job::Check => "checking",
        Job::Try => "trying your assertion on both servers",
        Job::Fix => "checking your fix",
        Job::Serve => "starting your server",
        Job::ServeBug => "starting the buggy server",
        Job::Show => "starting the lesson's server",
    }
}

/// The keys that matter most, as many as fit. Help always has a place, because it shows the rest.
pub(super) fn keys(frame: &mut Frame<'_>, area: Rect, screen: &Screen, theme: &Theme) {
    let all = bindings(screen).into_iter().filter(|binding| binding.in_bar);
    let (help, others): (Vec<_>, Vec<_>) = all.partition(|binding| binding.action == Action::Workshop(Deed::Help));
    let mut room = usize::from(area.width).saturating_sub(help.iter().map(columns).sum());
    let fitting = others.iter().take_while(|binding| {
        let left = room.checked_sub(columns(binding));
        room = left.unwrap_or(room);
        left.is_some()
    });
    let shown = fitting.chain(&help).flat_map(|binding| {
        let key = Span::styled(format!(" {}", binding.name), theme.key);
        [key, Span::styled(format!(" {} ", binding.does), theme.muted)]
    });
    frame.render_widget(Paragraph::new(shown.collect::<Line<'_>>()), area);
}

fn columns(binding: &Binding<Action>) -> usize {
    width(binding.name) + width(binding.does) + 3
}
