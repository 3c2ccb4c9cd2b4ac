//! A check's report as text for people.

use judge::report::{ScenarioReport, Verdict};
use judge::{CheckReport, Progress};

use crate::{
    cli::{Paint, Ui, diff::diff},
    coursework::progress::in_words,
    text::{clean, clean_multiline},
};

/// The exercise with its verdict, and below it a line for each scenario, with what a failing one needs.
pub(super) fn report_text(report: &CheckReport, ui: Ui) -> String {
    let mut blocks = vec![headline(report, ui)];
    if let Some(message) = &report.message {
        blocks.push(indent(&clean_multiline(message.trim_end()), 2));
    }
    blocks.extend(report.scenarios.iter().map(|scenario| scenario_text(report, scenario, ui)));
    if let Some(warnings) = &report.warnings {
        blocks.push(indent(&ui.paint(Paint::Dim, &clean_multiline(warnings.trim_end())), 2));
    }
    if let Some(location) = &report.location {
        let place = format!("open {}:{}:{}", location.path.display(), location.line, location.column);
        blocks.push(indent(&ui.paint(Paint::Dim, &clean(&place)), 2));
    }
    blocks.join("\n")
}

/// "2 of 3 exercises passed", if there was more than one.
pub(super) fn summary(reports: &[CheckReport], ui: Ui) -> Option<String> {
    let passed = reports.iter().filter(|report| report.verdict == Verdict::Passed).count();
    let all = reports.len();
    let paint = if passed == all { Paint::Good } else { Paint::Bad };
    (all > 1).then(|| ui.paint(paint, &format!("{passed} of {all} exercises passed")))
}

/// The progress of a check, in a few words.
pub(super) fn progress_text(exercise: &str, progress: &Progress) -> String {
    format!("{exercise}: {}", in_words(progress))
}

fn headline(report: &CheckReport, ui: Ui) -> String {
    let passed = report.passed();
    // The message says why some were not played.
    let scenarios = match (report.scenarios.len(), &report.message) {
        (0, _) | (_, Some(_)) => String::new(),
        (all, None) => format!("{passed} of {all} scenarios, "),
    };
    format!(
        "{} {}  {}",
        ui.paint(Paint::Strong, &report.id),
        verdict_text(report.verdict, ui),
        ui.paint(Paint::Dim, &format!("({scenarios}{:.1} s)", report.seconds))
    )
}

fn scenario_text(report: &CheckReport, scenario: &ScenarioReport, ui: Ui) -> String {
    let title = clean(&scenario.title);
    if is_passed(scenario) {
        return format!("  {} {title}", ui.paint(Paint::Good, "✓"));
    }
    let verdict = match scenario.verdict {
        Verdict::Failed => String::new(),
        other => format!(" ({other})"),
    };
    let mut blocks = vec![format!("  {} {title}{verdict}", ui.paint(Paint::Bad, "✗"))];
    let explanation = report.explanation(scenario);
    if !explanation.is_empty() {
        blocks.push(indent(&clean_multiline(explanation.trim_end()), 4));
    }
    match (&scenario.expected, &scenario.actual) {
        (Some(expected), Some(actual)) if expected != actual => {
            blocks.push(format!("\n{}\n", indent(&diff(expected, actual, ui), 4)));
        }
        _ => {}
    }
    let printed = report.printed(scenario);
    if !printed.is_empty() {
        let printed = clean_multiline(&printed.join("\n"));
        blocks.push(format!("    It printed:\n{}", indent(&ui.paint(Paint::Dim, &printed), 6)));
    }
    blocks.join("\n")
}

fn is_passed(scenario: &ScenarioReport) -> bool {
    scenario.verdict == Verdict::Passed
}

fn verdict_text(verdict: Verdict, ui: Ui) -> String {
    let paint = if verdict == Verdict::Passed { Paint::Good } else { Paint::Bad };
    ui.paint(paint, &verdict.to_string())
}

fn indent(text: &str, columns: usize) -> String {
    let margin = " ".repeat(columns);
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!("{margin}{line}") });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Depth;

    const PLAIN: Ui = Ui { depth: Depth::None, width: 80, status_line: false };

    fn scenario(title: &str, verdict: Verdict) -> ScenarioReport {
        ScenarioReport {
            name: title.to_lowercase(),
            title: title.to_owned(),
            verdict,
            explanation: String::new(),
            expected: None,
            actual: None,
            printed: None,
        }
    }

    fn report(verdict: Verdict, scenarios: Vec<ScenarioReport>, message: Option<&str>) -> CheckReport {
        CheckReport {
            id: "join-project".into(),
            verdict,
            seconds: 0.54,
            scenarios,
            message: message.map(str::to_owned),
            location: None,
            sha256: None,
            warnings: None,
            code: String::new(),
        }
    }

    #[test]
    fn a_failing_scenario_has_its_explanation_and_difference() {
        let failing = ScenarioReport {
            explanation: "client bob never joined project:p1,\nso it heard nothing".into(),
            expected: Some("1 connect ann\n2 ann <- a\n".into()),
            actual: Some("1 connect ann\n2 ann <- b\n".into()),
            ..scenario("Only the room hears", Verdict::Failed)
        };
        let report = report(Verdict::Failed, vec![scenario("Joins", Verdict::Passed), failing], None);
        let expected = "\
join-project failed  (1 of 2 scenarios, 0.5 s)
  ✓ Joins
  ✗ Only the room hears
    client bob never joined project:p1,
    so it heard nothing

    - expected  + yours
      1 connect ann
    - 2 ann <- a
    + 2 ann <- b
";
        assert_eq!(report_text(&report, PLAIN), expected);
    }

    #[test]
    fn scenarios_are_not_counted_where_the_program_did_not_play_them_all() {
        let report = report(Verdict::TimedOut, vec![scenario("Joins", Verdict::Passed)], Some("It was stopped."));
        let expected = "join-project timed out  (0.5 s)\n  It was stopped.\n  ✓ Joins";
        assert_eq!(report_text(&report, PLAIN), expected);
    }

    #[test]
    fn a_compile_error_is_shown_as_it_is_but_for_escape_codes() {
        let report = report(Verdict::CompileError, Vec::new(), Some("error: bad\x1b[2J\n --> a.rs:1:2\n"));
        assert_eq!(report_text(&report, PLAIN), "join-project compile error  (0.5 s)\n  error: bad\n   --> a.rs:1:2");
    }

    #[test]
    fn a_scenario_that_did_not_just_fail_says_how_it_ended() {
        let report = report(Verdict::TimedOut, vec![scenario("Joins", Verdict::TimedOut)], None);
        assert!(report_text(&report, PLAIN).contains("✗ Joins (timed out)"));
    }

    #[test]
    fn the_message_is_not_repeated_and_the_output_of_a_failing_scenario_is_shown() {
        let crashed = ScenarioReport { explanation: "It crashed.".into(), ..scenario("Joins", Verdict::Crashed) };
        let printed = Some("here\x1b[2J\nnote: run with `RUST_BACKTRACE=1` to see more\n".into());
        let failed =
            ScenarioReport { printed, explanation: "It failed.".into(), ..scenario("Leaves", Verdict::Failed) };
        let report = CheckReport {
            warnings: Some("warning: unused variable\n".into()),
            ..report(Verdict::Crashed, vec![crashed, failed], Some("It crashed."))
        };
        let expected = "join-project crashed  (0.5 s)\n  It crashed.\n  ✗ Joins (crashed)\n  ✗ Leaves\n    \
            It failed.\n    It printed:\n      here\n  warning: unused variable";
        assert_eq!(report_text(&report, PLAIN), expected);
    }

    #[test]
    fn a_single_exercise_needs_no_summary() {
        let passed = report(Verdict::Passed, Vec::new(), None);
        let failed = report(Verdict::Failed, Vec::new(), None);
        assert_eq!(summary(std::slice::from_ref(&passed), PLAIN), None);
        assert_eq!(summary(&[passed, failed], PLAIN).unwrap(), "1 of 2 exercises passed");
    }
}
