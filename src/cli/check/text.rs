//! A check's report as text for people.

use judge::generation::deep::Difference;
use judge::report::{ScenarioReport, Verdict};
use judge::{CheckReport, Generated, Progress};

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
    if let Some(suspicion) = report.suspicion() {
        blocks.push(indent(&clean_multiline(suspicion.trim_end()), 2));
    }
    blocks.extend(report.written().map(|scenario| scenario_text(report, scenario, ui)));
    blocks.extend(report.generated().map(|generated| generated_text(report, generated, ui)));
    if let Some(warnings) = report.other_warnings() {
        blocks.push(indent(&ui.paint(Paint::Dim, &clean_multiline(warnings.trim_end())), 2));
    }
    if let Some(location) = &report.location {
        let place = format!("open {}:{}:{}", location.path.display(), location.line, location.column);
        blocks.push(indent(&ui.paint(Paint::Dim, &clean(&place)), 2));
    }
    blocks.join("\n")
}

/// A generated script in which the exercise does not do what the solution does.
pub(super) fn difference_text(exercise: &str, difference: &Difference, ui: Ui) -> String {
    let report = &difference.report;
    let steps = difference.script.steps.len();
    let steps = if steps == 1 { "one step".to_owned() } else { format!("{steps} steps") };
    let title = format!("{exercise}: a generated script of {steps}{}", ended_text(report));
    let mut blocks = vec![format!("  {} {title}", ui.paint(Paint::Bad, "✗"))];
    blocks.extend(details_text(&report.explanation, report, ui));
    blocks.join("\n")
}

/// A scenario after which the exercise keeps something of thousands of clients.
pub(super) fn kept_text(exercise: &str, report: &ScenarioReport, ui: Ui) -> String {
    let title = format!("{exercise}: {}, with thousands of clients", clean(&report.title));
    let explanation = indent(&clean_multiline(report.explanation.trim_end()), 4);
    format!("  {} {title}\n{explanation}", ui.paint(Paint::Bad, "✗"))
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

/// One line for all generated scenarios, and below it what the shortest that failed needs.
fn generated_text(report: &CheckReport, generated: Generated<'_>, ui: Ui) -> String {
    if generated.failed == 0 {
        return passed_text(&generated.title(), ui);
    }
    match generated.shown {
        Some(scenario) => titled_text(report, scenario, &generated.title(), ui),
        None => format!("  {} {}", ui.paint(Paint::Bad, "✗"), generated.title()),
    }
}

fn passed_text(title: &str, ui: Ui) -> String {
    format!("  {} {title}", ui.paint(Paint::Good, "✓"))
}

fn scenario_text(report: &CheckReport, scenario: &ScenarioReport, ui: Ui) -> String {
    let title = clean(&scenario.title);
    if is_passed(scenario) { passed_text(&title, ui) } else { titled_text(report, scenario, &title, ui) }
}

/// A scenario that failed, below this title.
fn titled_text(report: &CheckReport, scenario: &ScenarioReport, title: &str, ui: Ui) -> String {
    let mut blocks = vec![format!("  {} {title}{}", ui.paint(Paint::Bad, "✗"), ended_text(scenario))];
    blocks.extend(details_text(report.explanation(scenario), scenario, ui));
    blocks.join("\n")
}

/// The verdict, unless the scenario just failed.
fn ended_text(scenario: &ScenarioReport) -> String {
    match scenario.verdict {
        Verdict::Failed => String::new(),
        other => format!(" ({other})"),
    }
}

/// Why a scenario failed, how its transcript differs, and what it printed.
fn details_text(explanation: &str, scenario: &ScenarioReport, ui: Ui) -> Vec<String> {
    let mut blocks = Vec::new();
    if !explanation.is_empty() {
        blocks.push(indent(&clean_multiline(explanation.trim_end()), 4));
    }
    blocks.extend(transcripts_text(scenario, ui));
    let printed = scenario.last_printed();
    if !printed.is_empty() {
        let printed = clean_multiline(&printed.join("\n"));
        blocks.push(format!("    It printed:\n{}", indent(&ui.paint(Paint::Dim, &printed), 6)));
    }
    blocks
}

/// How the transcripts differ, if they do.
fn transcripts_text(scenario: &ScenarioReport, ui: Ui) -> Option<String> {
    let (expected, actual) = (scenario.expected.as_ref()?, scenario.actual.as_ref()?);
    (expected != actual).then(|| format!("\n{}\n", indent(&diff(expected, actual, ui), 4)))
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
            generated: false,
            verdict,
            explanation: String::new(),
            expected: None,
            actual: None,
            printed: None,
            location: None,
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
            likely_cause: None,
            code: String::new(),
        }
    }

    #[test]
    fn generated_scenarios_are_one_line_and_the_shortest_failure_is_told_where_all_written_ones_pass() {
        let generated = |verdict, explanation: &str| ScenarioReport {
            generated: true,
            explanation: explanation.to_owned(),
            ..scenario("Generated", verdict)
        };
        let good = generated(Verdict::Passed, "");
        let (short, long) = (generated(Verdict::Failed, "The short one."), generated(Verdict::Failed, "The long one."));
        let text = |scenarios: Vec<ScenarioReport>| report_text(&report(Verdict::Failed, scenarios, None), PLAIN);
        let passed = text(vec![scenario("Joins", Verdict::Passed), good.clone(), good.clone()]);
        assert!(passed.ends_with("  ✓ Joins\n  ✓ 2 generated scenarios"), "{passed}");
        let failed = text(vec![scenario("Joins", Verdict::Passed), good, short.clone(), long]);
        assert!(failed.ends_with("  ✓ Joins\n  ✗ 2 of 3 generated scenarios\n    The short one."), "{failed}");
        let both =
            text(vec![ScenarioReport { explanation: "Written.".into(), ..scenario("Joins", Verdict::Failed) }, short]);
        assert!(both.ends_with("  ✗ Joins\n    Written.\n  ✗ 1 of 1 generated scenarios"), "{both}");
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
    fn a_warning_that_names_a_likely_cause_stands_above_the_scenarios_and_others_below() {
        let unused = "warning: unused implementer of `Future` that must be used\n";
        let report = |verdict| CheckReport {
            warnings: Some(format!("{unused}warning: unused variable\n")),
            likely_cause: Some(unused.to_owned()),
            ..report(verdict, vec![scenario("Joins", verdict)], None)
        };
        let expected = "join-project failed  (0 of 1 scenarios, 0.5 s)\n  warning: unused implementer of `Future` that must \
            be used\n  ✗ Joins\n  warning: unused variable";
        assert_eq!(report_text(&report(Verdict::Failed), PLAIN), expected);
        assert!(report_text(&report(Verdict::Passed), PLAIN).contains("✓ Joins\n  warning: unused implementer"));
    }

    #[test]
    fn a_generated_difference_is_told_like_any_other_failure() {
        let text = "title = 't'\nclients = ['ann']\n[[steps]]\nconnect = 'ann'\n";
        let script = scenario::Script::parse(text, std::path::Path::new("a.toml")).unwrap();
        let tell = |report| {
            difference_text("join-project", &Difference { seed: 1, scripts: 1, script: script.clone(), report }, PLAIN)
        };
        let failed = ScenarioReport {
            printed: Some("here\n".into()),
            explanation: "It failed.".into(),
            ..scenario("Generated", Verdict::Failed)
        };
        let expected = "  ✗ join-project: a generated script of one step\n    It failed.\n    It printed:\n      here";
        assert_eq!(tell(failed.clone()), expected);
        let crashed = tell(ScenarioReport { verdict: Verdict::Crashed, ..failed });
        assert!(crashed.starts_with("  ✗ join-project: a generated script of one step (crashed)\n"), "{crashed}");
    }

    #[test]
    fn output_is_bounded() {
        let printed = format!("{}\n{}\n", "first\n".repeat(100), "x".repeat(1000));
        let failed = ScenarioReport { printed: Some(printed), ..scenario("Joins", Verdict::Failed) };
        let text = report_text(&report(Verdict::Failed, vec![failed], None), PLAIN);
        assert_eq!(text.matches("first").count(), 8, "{text}");
        assert!(text.ends_with(&format!("\n      {}…", "x".repeat(300))), "{text}");
    }

    #[test]
    fn a_single_exercise_needs_no_summary() {
        let passed = report(Verdict::Passed, Vec::new(), None);
        let failed = report(Verdict::Failed, Vec::new(), None);
        assert_eq!(summary(std::slice::from_ref(&passed), PLAIN), None);
        assert_eq!(summary(&[passed, failed], PLAIN).unwrap(), "1 of 2 exercises passed");
    }
}
