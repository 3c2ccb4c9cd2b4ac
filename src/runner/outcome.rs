//! From how the test binary ended and what it reported to a verdict.

use std::time::Duration;

use scenario::report::{Running, ScenarioReport, Verdict};
use serde::Deserialize;

/// The exit code of a Rust program whose main thread panicked.
const PANICKED: i32 = 101;
/// The exit code of a program that the dynamic linker gave up.
const NOT_LOADED: i32 = 127;
/// How many lines of what the program printed last are worth showing.
const LAST_LINES: usize = 15;

/// How the test binary ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    /// By itself, with this code.
    Exited(i32),
    /// By this signal.
    #[cfg_attr(windows, allow(dead_code, reason = "there are no signals"))]
    Signalled(String),
    /// By us, after this time.
    TimedOut(Duration),
    /// By us, as it had more than this many processes.
    #[cfg_attr(windows, allow(dead_code, reason = "nobody counts them there"))]
    TooManyProcesses(usize),
}

impl Ended {
    /// By the signal of this number.
    #[cfg(unix)]
    pub(super) fn signalled(signal: i32) -> Self {
        let name = signal_hook::low_level::signal_name(signal);
        Self::Signalled(name.map_or_else(|| format!("signal {signal}"), str::to_owned))
    }
}

/// Windows has no signals, so there is always a code.
#[cfg(windows)]
impl From<std::process::ExitStatus> for Ended {
    fn from(status: std::process::ExitStatus) -> Self {
        Self::Exited(status.code().unwrap_or_default())
    }
}

/// What the test binary writes to the path in `RTWS_REPORT`, all lines together.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Report {
    schema: u32,
    pub(super) scenarios: Vec<ScenarioReport>,
    /// Where the program was, if it did not come to its end.
    running: Option<Running>,
}

impl Report {
    /// Reads a report. Half a line, which a program leaves that is stopped as it writes, ends it; without a whole one, or
    /// with one of another schema, there is none.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let lines = serde_json::Deserializer::from_slice(text).into_iter::<Self>().map_while(Result::ok);
        let mut report: Option<Self> = None;
        for line in lines {
            if line.schema != 1 {
                return None;
            }
            let report = report.get_or_insert_default();
            report.scenarios.extend(line.scenarios);
            report.running = line.running;
        }
        if let Some(report) = &mut report {
            report.scenarios.sort_by(|one, other| one.name.cmp(&other.name));
        }
        report
    }
}

/// The verdict of a whole run, and what to say about it when the scenarios do not say it themselves.
pub(super) fn judge(
    ended: &Ended,
    report: Option<&Report>,
    scenarios_expected: usize,
    standard_error: &str,
) -> (Verdict, Option<String>) {
    let (verdict, message) = judge_end(ended, report, scenarios_expected, standard_error);
    match (message, report.and_then(|report| report.running.as_ref())) {
        (Some(message), Some(running)) => (verdict, Some(with_place(&message, running))),
        (message, _) => (verdict, message),
    }
}

fn judge_end(
    ended: &Ended,
    report: Option<&Report>,
    scenarios_expected: usize,
    standard_error: &str,
) -> (Verdict, Option<String>) {
    let reported = report.map_or(0, |report| report.scenarios.len());
    let complete = reported >= scenarios_expected.max(1);
    match ended {
        Ended::TimedOut(after) => (Verdict::TimedOut, Some(timed_out(*after, standard_error))),
        Ended::TooManyProcesses(most) => (Verdict::Crashed, Some(too_many_processes(*most, standard_error))),
        Ended::Signalled(signal) => some_message(crashed(signal, standard_error)),
        // Windows has no signals: a crash is a code with its highest bit set.
        Ended::Exited(code) if *code < 0 => some_message(crashed(&format!("code {code:#x}"), standard_error)),
        Ended::Exited(code) if !complete => ended_early(*code, reported, scenarios_expected, standard_error),
        Ended::Exited(code) => match (report.and_then(worst), code) {
            (Some(verdict), _) => (verdict, None),
            (None, 0) => (Verdict::Passed, None),
            (None, code) => (
                Verdict::ExitedEarly,
                Some(with_last_lines(
                    &format!(
                        "Every scenario passed, and then the program ended with code {code}.\n\
                         Look for `std::process::exit`, or for a panic in a task or a `drop`."
                    ),
                    standard_error,
                )),
            ),
        },
    }
}

/// How a program ended that was meant to go on, for people.
pub(super) fn describe(ended: &Ended, standard_error: &str) -> String {
    match ended {
        Ended::Exited(code) if *code >= 0 => {
            with_last_lines(&format!("The program ended with code {code}."), standard_error)
        }
        Ended::Exited(code) => crashed(&format!("code {code:#x}"), standard_error).1,
        Ended::Signalled(signal) => crashed(signal, standard_error).1,
        Ended::TimedOut(after) => timed_out(*after, standard_error),
        Ended::TooManyProcesses(most) => too_many_processes(*most, standard_error),
    }
}

/// Says where it was behind the first line, which says what happened.
fn with_place(message: &str, Running { title, step }: &Running) -> String {
    let place = match step {
        Some(step) => format!("It got as far as {step} of the scenario \"{title}\"."),
        None => format!("It got no further than `app`, before the first step of the scenario \"{title}\"."),
    };
    let (what, rest) = message.split_once('\n').unwrap_or((message, ""));
    format!("{what}\n{place}\n{rest}").trim_end().to_owned()
}

/// The verdict that all failing scenarios share, or else just "failed".
fn worst(report: &Report) -> Option<Verdict> {
    let mut failing =
        (report.scenarios.iter().map(|scenario| scenario.verdict)).filter(|verdict| *verdict != Verdict::Passed);
    let first = failing.next()?;
    Some(if failing.all(|verdict| verdict == first) { first } else { Verdict::Failed })
}

fn timed_out(after: Duration, standard_error: &str) -> String {
    with_last_lines(
        &format!(
            "The program still ran after {} s and was stopped.\n\
             Look for a loop that never ends, a lock that is never released, or blocking code in a handler.",
            after.as_secs_f32()
        ),
        standard_error,
    )
}

fn too_many_processes(most: usize, standard_error: &str) -> String {
    let headline = format!(
        "The program had more than {most} processes and was stopped, with all of them.\n\
         Look for a `Command` that is started again and again."
    );
    with_last_lines(&headline, standard_error)
}

fn crashed(how: &str, standard_error: &str) -> (Verdict, String) {
    let (verdict, advice) = if standard_error.contains("memory allocation of") {
        (Verdict::OutOfMemory, "It asked for more memory than it may have: look for a collection that only grows.")
    } else if standard_error.contains("overflowed its stack") {
        (Verdict::Crashed, "Its stack overflowed: look for a function that calls itself without end.")
    } else if how == "SIGXCPU" {
        (Verdict::TimedOut, "It used more CPU time than it may: look for a loop that never ends.")
    } else if how == "SIGXFSZ" {
        (Verdict::Crashed, "It wrote a larger file than it may: look for what it writes, and how often.")
    } else if how == "SIGKILL" {
        (Verdict::Crashed, "It was killed from outside; a system does that when memory runs out.")
    } else {
        (Verdict::Crashed, "Look for `abort`, a panic while another panic unwinds, or unsafe code.")
    };
    let headline = format!("The program was ended by {how}.\n{advice}");
    (verdict, with_last_lines(&headline, standard_error))
}

fn some_message((verdict, message): (Verdict, String)) -> (Verdict, Option<String>) {
    (verdict, Some(message))
}

fn ended_early(code: i32, reported: usize, expected: usize, standard_error: &str) -> (Verdict, Option<String>) {
    let (verdict, headline) = if is_not_loaded(code, standard_error) {
        let headline = "The program was not loaded: another cargo is building what it links.\nCheck again.";
        (Verdict::ExitedEarly, headline.to_owned())
    } else if code == PANICKED {
        let headline = "The program panicked before the scenarios were done.\nLook at the message and the line below.";
        (Verdict::Crashed, headline.to_owned())
    } else {
        let done = match (reported, expected) {
            (0, _) | (_, 0) => "before any scenario was done".to_owned(),
            _ => format!("after {reported} of {expected} scenarios"),
        };
        (Verdict::ExitedEarly, format!("The program ended with code {code} {done}.\nLook for `std::process::exit`."))
    };
    (verdict, Some(with_last_lines(&headline, standard_error)))
}

/// Whether the dynamic linker gave up, by its exit code and the words of glibc. The library that exercises link may have been
/// replaced since the build, by another cargo.
pub(super) fn is_not_loaded(code: i32, standard_error: &str) -> bool {
    let words = ["symbol lookup error", "error while loading shared libraries"];
    code == NOT_LOADED && words.iter().any(|words| standard_error.contains(words))
}

fn with_last_lines(headline: &str, output: &str) -> String {
    let lines: Vec<&str> = output.trim().lines().filter(|line| !is_about_backtraces(line)).collect();
    let from = lines.len().saturating_sub(LAST_LINES);
    let last = lines.get(from..).unwrap_or_default().join("\n");
    if last.is_empty() {
        return headline.to_owned();
    }
    format!("{headline}\nThe last that it printed:\n{}", with_learners_paths(&last))
}

/// A backtrace of the harness and the runtime is no help in finding one's own mistake.
fn is_about_backtraces(line: &str) -> bool {
    line.starts_with("note: run with `RUST_BACKTRACE")
}

/// The test includes the learner's file by a path that nobody would type.
fn with_learners_paths(text: &str) -> String {
    text.replace("tests/../src/", "src/").replace("tests\\../src/", "src\\")
}

#[cfg(test)]
mod tests {
    use Verdict::{Crashed, ExitedEarly, Failed, OutOfMemory, Passed, TimedOut};

    use super::*;

    fn report(verdicts: &[Verdict]) -> Report {
        let scenarios = verdicts.iter().map(|verdict| ScenarioReport {
            name: "a".into(),
            title: "A".into(),
            verdict: *verdict,
            explanation: String::new(),
            expected: None,
            actual: None,
        });
        Report { schema: 1, scenarios: scenarios.collect(), running: None }
    }

    fn verdict(ended: &Ended, verdicts: &[Verdict], expected: usize, standard_error: &str) -> (Verdict, String) {
        let report = report(verdicts);
        let report = (!verdicts.is_empty()).then_some(&report);
        let (verdict, message) = judge(ended, report, expected, standard_error);
        (verdict, message.unwrap_or_default())
    }

    #[test]
    fn a_complete_report_decides() {
        assert_eq!(verdict(&Ended::Exited(0), &[Passed, Passed], 2, "").0, Passed);
        assert_eq!(verdict(&Ended::Exited(101), &[Passed, Failed], 2, "").0, Failed);
        assert_eq!(verdict(&Ended::Exited(101), &[Passed, TimedOut], 2, "").0, TimedOut);
        assert_eq!(verdict(&Ended::Exited(101), &[Failed, TimedOut], 2, "").0, Failed);
        assert_eq!(verdict(&Ended::Exited(0), &[Failed], 1, "").0, Failed);
    }

    #[test]
    fn leaving_before_the_end_never_passes() {
        let (early, message) = verdict(&Ended::Exited(0), &[Passed], 2, "");
        assert_eq!(early, ExitedEarly);
        assert!(message.contains("code 0 after 1 of 2 scenarios"), "{message}");
        assert_eq!(verdict(&Ended::Exited(0), &[], 0, "").0, ExitedEarly);
        assert_eq!(verdict(&Ended::Exited(0), &[], 2, "").0, ExitedEarly);
        assert_eq!(verdict(&Ended::Exited(3), &[Passed], 1, "").0, ExitedEarly);
    }

    #[test]
    fn a_signal_is_named_whatever_was_reported() {
        let signalled = Ended::Signalled("SIGSEGV".into());
        let (crashed, message) = verdict(&signalled, &[Passed], 1, "boom\n");
        assert_eq!(crashed, Crashed);
        assert!(message.contains("SIGSEGV") && message.ends_with("boom"), "{message}");
        let abort = Ended::Signalled("SIGABRT".into());
        let (memory, _) = verdict(&abort, &[], 1, "memory allocation of 100000000000 bytes failed\n");
        assert_eq!(memory, OutOfMemory);
        let (cpu, message) = verdict(&Ended::Signalled("SIGXCPU".into()), &[], 1, "");
        assert_eq!(cpu, TimedOut);
        assert!(message.contains("CPU time"), "{message}");
        let (file, message) = verdict(&Ended::Signalled("SIGXFSZ".into()), &[], 1, "");
        assert_eq!(file, Crashed);
        assert!(message.contains("larger file"), "{message}");
        let (stack, message) = verdict(&abort, &[], 1, "\nthread 'main' (7) has overflowed its stack\n");
        assert_eq!(stack, Crashed);
        assert!(message.contains("calls itself"), "{message}");
    }

    #[test]
    fn a_program_that_does_not_come_to_its_end_says_how_far_it_came() {
        let title = "Only the room hears".to_owned();
        let step = Some("step 2 (ann emits claim {})".to_owned());
        let mut left = Report { running: Some(Running { title: title.clone(), step }), ..report(&[Passed]) };
        let stopped = judge(&Ended::TimedOut(Duration::from_secs(10)), Some(&left), 2, "here\n").1.unwrap();
        let expected = "The program still ran after 10 s and was stopped.\n\
            It got as far as step 2 (ann emits claim {}) of the scenario \"Only the room hears\".\n\
            Look for a loop that never ends, a lock that is never released, or blocking code in a handler.\n\
            The last that it printed:\nhere";
        assert_eq!(stopped, expected);
        left.running = Some(Running { title, step: None });
        let crashed = judge(&Ended::Signalled("SIGSEGV".into()), Some(&left), 2, "").1.unwrap();
        assert!(crashed.contains("no further than `app`, before the first step of the scenario"), "{crashed}");
    }

    #[test]
    fn libraries_of_another_build_are_not_the_learners_mistake() {
        let printed = "greet-1: symbol lookup error: greet-1: undefined symbol: _ZN8scenario7harness4main17h9E";
        let (_, message) = verdict(&Ended::Exited(127), &[], 1, printed);
        assert!(message.contains("another cargo"), "{message}");
    }

    #[test]
    fn a_panic_shows_the_last_of_what_was_printed() {
        let printed: Vec<String> = (0..100).map(|n| format!("line {n}")).collect();
        let (crashed, message) = verdict(&Ended::Exited(101), &[], 1, &printed.join("\n"));
        assert_eq!(crashed, Crashed);
        assert!(message.contains("line 99") && !message.contains("line 80"), "{message}");
    }

    #[test]
    fn a_panic_names_the_learners_file_as_the_learner_does() {
        let printed =
            "panicked at exercises/tests/../src/a.rs:7:5:\nmine\nnote: run with `RUST_BACKTRACE=1` to see more\n";
        let (_, message) = verdict(&Ended::Exited(101), &[], 1, printed);
        assert!(message.ends_with("panicked at exercises/src/a.rs:7:5:\nmine"), "{message}");
    }

    #[test]
    fn half_a_report_or_another_schema_is_none() {
        assert!(Report::parse(br#"{"schema":1,"scenarios":[]}"#).is_some());
        assert!(Report::parse(br#"{"schema":1,"scenarios":["#).is_none());
        assert!(Report::parse(br#"{"schema":2,"scenarios":[]}"#).is_none());
        assert!(Report::parse(b"").is_none());
    }

    #[test]
    fn the_lines_of_a_report_add_up_and_the_last_says_where_the_program_is() {
        let scenario = |name: &str| {
            let scenario = ScenarioReport { name: name.to_owned(), ..report(&[Passed]).scenarios[0].clone() };
            format!("{{\"schema\":1,\"scenarios\":[{}]}}\n", serde_json::to_string(&scenario).unwrap())
        };
        let running = "{\"schema\":1,\"scenarios\":[],\"running\":{\"title\":\"t\",\"step\":\"step 1\"}}\n";
        let names = |text: &str| {
            let report = Report::parse(text.as_bytes()).unwrap();
            let names: Vec<_> = report.scenarios.into_iter().map(|scenario| scenario.name).collect();
            (names.join(" "), report.running.is_some())
        };
        let (one, other) = (scenario("b"), scenario("a"));
        assert_eq!(names(&[running, &one, running, &other].concat()), ("a b".to_owned(), false));
        assert_eq!(names(&[running, &one, running, &other[..9]].concat()), ("b".to_owned(), true));
        assert!(Report::parse([running, &running.replace(":1,", ":2,")].concat().as_bytes()).is_none());
    }
}
