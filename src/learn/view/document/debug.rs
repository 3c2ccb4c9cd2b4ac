//! The debug step, stage by stage.

use ratatui::text::Span;

use crate::course::{Bug, Debug};
use crate::coursework::assertion::{Tried, TryError};
use crate::learn::model::Model;
use crate::learn::screen::Screen;
use crate::learn::theme::mark;
use crate::progress::{DebugProgress, DebugStage};

use super::Page;

pub(super) fn draw(page: &mut Page<'_>, model: &Model, debug: &Debug) {
    let Screen::Debug { selected, choosing, .. } = model.screen else { return };
    match model.debugging() {
        Some((bug, progress)) if !choosing => stage(page, model, debug, bug, progress),
        _ => catalogue(page, model, debug, selected),
    }
    page.gap();
    page.rule();
    page.step_text(model);
}

fn catalogue(page: &mut Page<'_>, model: &Model, debug: &Debug, selected: usize) {
    let fixed = model.progress.debug.get(&model.key()).map(|progress| &progress.fixed);
    page.line(vec![Span::styled("Choose a bug, then press Enter", page.theme.heading)]);
    page.gap();
    let titles = debug.bugs.iter().map(|bug| (bug.title.as_str(), fixed.is_some_and(|fixed| fixed.contains(&bug.id))));
    for (index, (title, fixed)) in titles.chain([("Surprise me", false)]).enumerate() {
        let pointer = if index == selected { mark::CURRENT } else { " " };
        let style = if index == selected { page.theme.selected } else { ratatui::style::Style::new() };
        let mut spans = vec![
            Span::styled(format!("{pointer} "), page.theme.accent),
            Span::styled(format!(" {} ", crate::text::clean(title)), style),
        ];
        if fixed {
            spans.push(Span::styled(format!(" {} fixed", mark::GOOD), page.theme.good));
        }
        page.line(spans);
    }
}

fn stage(page: &mut Page<'_>, model: &Model, debug: &Debug, bug: &Bug, progress: &DebugProgress) {
    stages(page, progress.stage);
    page.markdown(&format!("## {}", bug.title));
    page.markdown(&bug.symptom);
    page.gap();
    let file = format!("exercises/src/{}.rs", debug.exercise);
    match progress.stage {
        DebugStage::Observing => observing(page, model, &file),
        DebugStage::Asserting => asserting(page, model, bug),
        DebugStage::Fixing => fixing(page, model, &file),
        DebugStage::Fixed => {
            page.line(vec![Span::styled(format!("{} Fixed: {}", mark::GOOD, bug.pitfall), page.theme.good)]);
            page.markdown(&bug.explanation);
        }
    }
}

fn observing(page: &mut Page<'_>, model: &Model, file: &str) {
    page.markdown(&format!("The bug is in `{file}`; your original is kept."));
    page.markdown(if model.pane.live.is_some() {
        "The monitor shows that server with the simulated clients on it. `Tab` goes there, and then `t` shows single \
         events. When you have seen the symptom, press `a` to write the assertion."
    } else {
        "Press `l` to serve it and watch it in the monitor. When you have seen the symptom, press `a` to write the \
         assertion."
    });
}

/// Where the learner is on the way.
fn stages(page: &mut Page<'_>, now: DebugStage) {
    let names = [
        (DebugStage::Observing, "watch"),
        (DebugStage::Asserting, "assert"),
        (DebugStage::Fixing, "fix"),
        (DebugStage::Fixed, "done"),
    ];
    let mut spans = Vec::new();
    for (index, (stage, name)) in names.into_iter().enumerate() {
        if index > 0 {
            spans.push(Span::styled(" > ", page.theme.muted));
        }
        let style = if stage == now { page.theme.selected } else { page.theme.muted };
        spans.push(Span::styled(format!(" {name} "), style));
    }
    page.line(spans);
}

fn asserting(page: &mut Page<'_>, model: &Model, bug: &Bug) {
    let path = model.assertion_path(&bug.id);
    page.line(vec![Span::styled("File  ", page.theme.muted), Span::styled(path, page.theme.code)]);
    page.paragraph("e opens it, c tries it on the buggy server and on a correct one.", 0, page.theme.muted);
    if matches!(model.screen, Screen::Debug { proof: true, .. }) {
        page.gap();
        page.line(vec![Span::styled("These steps at its end would prove the bug:", page.theme.strong)]);
        page.paragraph(&bug.proof, 2, page.theme.code);
    }
    match &model.work.assertion {
        None => {}
        Some(Err(trouble)) => {
            page.gap();
            page.line(vec![Span::styled(format!("{} The assertion could not be tried", mark::BAD), page.theme.bad)]);
            page.paragraph(&not_tried(trouble), 2, page.theme.strong);
        }
        Some(Ok(result)) => {
            page.gap();
            outcome(page, result);
        }
    }
}

fn not_tried(error: &TryError) -> String {
    let way = if matches!(error, TryError::NotPlanted { .. }) { ": press b and plant the bug again." } else { "" };
    format!("{error}{way}")
}

fn outcome(page: &mut Page<'_>, result: &Tried) {
    let (buggy, correct) = if result.holds_on_buggy {
        (Some("It holds on the buggy server, so it does not notice the bug."), !result.holds_on_correct)
    } else {
        (None, !result.holds_on_correct)
    };
    if let Some(text) = buggy {
        page.line(vec![Span::styled(format!("{} {text}", mark::BAD), page.theme.bad)]);
    } else {
        page.line(vec![Span::styled(format!("{} It fails on the buggy server:", mark::GOOD), page.theme.good)]);
        page.paragraph(&result.on_buggy, 2, page.theme.strong);
    }
    if correct {
        let text = format!("{} It fails on a correct server too, so it asks for too much:", mark::BAD);
        page.line(vec![Span::styled(text, page.theme.bad)]);
        page.paragraph(&result.on_correct, 2, page.theme.strong);
    } else {
        page.line(vec![Span::styled(format!("{} It holds on a correct server.", mark::GOOD), page.theme.good)]);
    }
}

fn fixing(page: &mut Page<'_>, model: &Model, file: &str) {
    if let Some(Ok(result)) = &model.work.assertion {
        outcome(page, result);
        page.gap();
    }
    page.line(vec![Span::styled("File  ", page.theme.muted), Span::styled(file.to_owned(), page.theme.code)]);
    page.paragraph(
        "Mend the code. Every save is checked against your assertion and the example's own scenarios.",
        0,
        page.theme.muted,
    );
    if let Some(left) = &model.work.fix {
        page.gap();
        page.line(vec![Span::styled(format!("{} Not fixed yet", mark::BAD), page.theme.bad)]);
        page.paragraph(left, 2, page.theme.strong);
    }
}
