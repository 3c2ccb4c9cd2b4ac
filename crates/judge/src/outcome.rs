//! How a program ended, and an explanation in words.

use std::time::Duration;

use harness::order::ProcessEnd;

use super::report::Verdict;

/// The exit code of a Rust program whose main thread panicked.
const PANICKED: i32 = 101;
/// How many of the last lines of a program's output are shown.
const LAST_LINES: usize = 15;

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    /// It exited with this code.
    Exited(i32),
    /// A signal ended it.
    #[cfg_attr(windows, allow(dead_code, reason = "there are no signals"))]
    Signalled(String),
    /// We stopped it after this time.
    TimedOut(Duration),
    /// We stopped it, because it had more than this many processes.
    #[cfg_attr(windows, allow(dead_code, reason = "nobody counts them there"))]
    TooManyProcesses(usize),
}

impl Ended {
    /// The signal with this number ended it.
    #[cfg(unix)]
    pub(super) fn signalled(signal: i32) -> Self {
        let name = signal_hook::low_level::signal_name(signal);
        Self::Signalled(name.map_or_else(|| format!("signal {signal}"), str::to_owned))
    }
}

impl From<ProcessEnd> for Ended {
    fn from(end: ProcessEnd) -> Self {
        match end {
            ProcessEnd::Exited(code) => Self::Exited(code),
            #[cfg(unix)]
            ProcessEnd::Signalled(signal) => Self::signalled(signal),
            #[cfg(not(unix))]
            ProcessEnd::Signalled(signal) => Self::Signalled(format!("signal {signal}")),
        }
    }
}

/// Windows has no signals, so there is always a code.
#[cfg(windows)]
impl From<std::process::ExitStatus> for Ended {
    fn from(status: std::process::ExitStatus) -> Self {
        Self::Exited(status.code().unwrap_or_default())
    }
}

/// Says how a program ended that was meant to keep running.
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

/// Adds how far the program got, `step` of the scenario with this title, after the first line, which says what
/// happened.
pub(super) fn with_place(message: &str, title: &str, step: Option<&str>) -> String {
    let place = match step {
        Some(step) => format!("It got as far as {step} of the scenario \"{title}\"."),
        None => format!("It got no further than `app`, before the first step of the scenario \"{title}\"."),
    };
    let (what, rest) = message.split_once('\n').unwrap_or((message, ""));
    format!("{what}\n{place}\n{rest}").trim_end().to_owned()
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
        (
            Verdict::Crashed,
            "It wrote a larger file than it may, or printed as much: look for what it writes, and how often.",
        )
    } else if how == "SIGKILL" {
        (Verdict::Crashed, "It was killed from outside; a system does that when memory runs out.")
    } else {
        (Verdict::Crashed, "Look for `abort`, a panic while another panic unwinds, or unsafe code.")
    };
    let headline = format!("The program was ended by {how}.\n{advice}");
    (verdict, with_last_lines(&headline, standard_error))
}

/// The verdict on a program that ended too early, and what to look for.
pub(super) fn ended_early(ended: &Ended, printed: &str) -> (Verdict, String) {
    match ended {
        Ended::TimedOut(after) => (Verdict::TimedOut, timed_out(*after, printed)),
        Ended::TooManyProcesses(most) => (Verdict::Crashed, too_many_processes(*most, printed)),
        Ended::Signalled(signal) => crashed(signal, printed),
        // Windows has no signals: a crash is a code with its highest bit set.
        Ended::Exited(code) if *code < 0 => crashed(&format!("code {code:#x}"), printed),
        Ended::Exited(PANICKED) => {
            let headline =
                "The program panicked before the scenario was done.\nLook at the message and the line below.";
            (Verdict::Crashed, with_last_lines(headline, printed))
        }
        Ended::Exited(code) => {
            let headline = format!(
                "The program ended with code {code} before the scenario was done.\nLook for `std::process::exit`."
            );
            (Verdict::ExitedEarly, with_last_lines(&headline, printed))
        }
    }
}

/// The verdict on a program that ended like this after the scenario was done.
pub(super) fn ended_badly(ended: &Ended, printed: &str) -> (Verdict, String) {
    let (verdict, message) = ended_early(ended, printed);
    let (_, rest) = message.split_once('\n').unwrap_or_default();
    let how = match ended {
        Ended::Exited(code) => format!("with code {code}"),
        Ended::Signalled(signal) => format!("by {signal}"),
        Ended::TimedOut(_) | Ended::TooManyProcesses(_) => "only because it was stopped".to_owned(),
    };
    (verdict, format!("The scenario was done, and then the program ended {how}.\n{rest}"))
}

fn with_last_lines(headline: &str, output: &str) -> String {
    let lines: Vec<&str> = output.trim().lines().filter(|line| !is_about_backtraces(line)).collect();
    let from = lines.len().saturating_sub(LAST_LINES);
    let last = lines.get(from..).unwrap_or_default().join("\n");
    if last.is_empty() {
        return headline.to_owned();
    }
    format!("{headline}\nThe end of its output:\n{last}")
}

/// A backtrace of the program and the runtime does not help learners to find their mistake.
pub(super) fn is_about_backtraces(line: &str) -> bool {
    line.starts_with("note: run with `RUST_BACKTRACE")
}

#[cfg(test)]
mod tests {
    use Verdict::{Crashed, ExitedEarly, OutOfMemory, TimedOut};

    use super::*;

    #[test]
    fn a_signal_is_named_and_its_cause_told_from_what_was_printed() {
        let of = |signal: &str, printed: &str| ended_early(&Ended::Signalled(signal.into()), printed);
        for (signal, printed, verdict, words) in [
            ("SIGSEGV", "boom\n", Crashed, "SIGSEGV"),
            ("SIGSEGV", "boom\n", Crashed, "\nboom"),
            ("SIGABRT", "memory allocation of 100000000000 bytes failed\n", OutOfMemory, "only grows"),
            ("SIGXCPU", "", TimedOut, "CPU time"),
            ("SIGXFSZ", "", Crashed, "larger file"),
            ("SIGABRT", "\nthread 'main' (7) has overflowed its stack\n", Crashed, "calls itself"),
        ] {
            let (found, message) = of(signal, printed);
            assert_eq!(found, verdict, "{message}");
            assert!(message.contains(words), "{message}");
        }
    }

    #[test]
    fn leaving_early_and_panicking_are_told_apart() {
        assert_eq!(ended_early(&Ended::Exited(0), "").0, ExitedEarly);
        assert_eq!(ended_early(&Ended::Exited(PANICKED), "").0, Crashed);
        assert_eq!(ended_early(&Ended::TimedOut(Duration::from_secs(1)), "").0, TimedOut);
        let (verdict, message) = ended_badly(&Ended::Exited(9), "");
        let expected = "The scenario was done, and then the program ended with code 9.\nLook for `std::process::exit`.";
        assert_eq!((verdict, message.as_str()), (ExitedEarly, expected));
    }

    #[test]
    fn a_program_that_does_not_finish_says_how_far_it_got() {
        let (_, message) = ended_early(&Ended::TimedOut(Duration::from_secs(10)), "here\n");
        let expected = "The program still ran after 10 s and was stopped.\n\
            It got as far as step 2 (ann emits claim {}) of the scenario \"Only the room hears\".\n\
            Look for a loop that never ends, a lock that is never released, or blocking code in a handler.\n\
            The end of its output:\nhere";
        assert_eq!(with_place(&message, "Only the room hears", Some("step 2 (ann emits claim {})")), expected);
        let at_first = with_place("It ended.", "Only the room hears", None);
        assert!(at_first.contains("no further than `app`, before the first step of the scenario"), "{at_first}");
    }

    #[test]
    fn the_last_lines_of_a_long_output_are_shown() {
        let printed: Vec<String> = (0..100).map(|n| format!("line {n}")).collect();
        let message = ended_early(&Ended::Exited(PANICKED), &printed.join("\n")).1;
        assert!(message.contains("line 99") && !message.contains("line 80"), "{message}");
    }
}
