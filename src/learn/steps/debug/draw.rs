//! The debug step, stage by stage.

use layout::{CodeFile, Package};
use ratatui::text::Span;

use super::state::DebugScreen;
use crate::course::steps::Bug;
use crate::coursework::assertion::{Tried, TryError};
use crate::learn::document::Page;
use crate::learn::model::Model;
use crate::learn::theme::mark;
use crate::progress::steps::DebugStage;

pub(super) fn draw(page: &mut Page<'_>, model: &Model, screen: &DebugScreen) {
    match screen.debugging(model) {
        Some((bug, progress)) if !screen.choosing => stage(page, model, screen, bug, progress.stage),
        Some(_) | None => catalogue(page, model, screen),
    }
    page.gap();
    page.rule();
    page.step_text(model);
}

fn catalogue(page: &mut Page<'_>, model: &Model, screen: &DebugScreen) {
    let (debug, selected) = (&screen.debug, screen.selected);
    let fixed = model.progress.kinds.debug.get(&model.key()).map(|progress| &progress.fixed);
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

fn stage(page: &mut Page<'_>, model: &Model, screen: &DebugScreen, bug: &Bug, stage: DebugStage) {
    stages(page, stage);
    page.markdown(&format!("## {}", bug.title));
    page.markdown(&bug.symptom);
    page.gap();
    let file = CodeFile::of(&screen.debug.exercise).shown(Package::Exercises);
    match stage {
        DebugStage::Observing => observing(page, model, &file),
        DebugStage::Asserting => asserting(page, model, screen, bug),
        DebugStage::Fixing => fixing(page, screen, &file),
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

/// The stages, with the learner's place among them.
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

fn asserting(page: &mut Page<'_>, model: &Model, screen: &DebugScreen, bug: &Bug) {
    let path = format!("{}/assertions/{}/{}.toml", model.home, screen.debug.exercise, bug.id);
    page.line(vec![Span::styled("File  ", page.theme.muted), Span::styled(path, page.theme.code)]);
    page.paragraph("e opens it, c tries it on the buggy server and on a correct one.", 0, page.theme.muted);
    if screen.proof {
        page.gap();
        page.line(vec![Span::styled("These steps at its end would prove the bug:", page.theme.strong)]);
        page.paragraph(&bug.proof, 2, page.theme.code);
    }
    match &screen.assertion {
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

fn fixing(page: &mut Page<'_>, screen: &DebugScreen, file: &str) {
    if let Some(Ok(result)) = &screen.assertion {
        outcome(page, result);
        page.gap();
    }
    page.line(vec![Span::styled("File  ", page.theme.muted), Span::styled(file.to_owned(), page.theme.code)]);
    page.paragraph(
        "Fix the code. Every save is checked against your assertion and the example's own scenarios.",
        0,
        page.theme.muted,
    );
    if let Some(left) = &screen.fix {
        page.gap();
        page.line(vec![Span::styled(format!("{} Not fixed yet", mark::BAD), page.theme.bad)]);
        page.paragraph(left, 2, page.theme.strong);
    }
}
