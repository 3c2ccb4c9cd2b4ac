//! `rtws play`: a scenario against any Socket.IO server.

mod find;

use std::{path::Path, process::ExitCode};

use judge::report::Verdict;
use scenario::{
    Network, Outcome, Script,
    network::Address,
    run::{End, RunError},
};
use serde::Serialize;

use super::{
    Context, NOT_PASSED, PASSED, Paint, Ui, Usage, output::print_error, print, print_json, reach::cannot_connect,
};
use crate::text::{clean, clean_multiline};
use find::{Found, find};

/// Play a scenario against a Socket.IO server, and print what its clients sent and received
///
/// The scenario's clients connect over TCP, so the server may be any that speaks Socket.IO v5: `rtws serve`, your own, or
/// one in another language. The exit code is 0 if everything that the scenario expects holds, 1 if not, and 3 if the
/// server cannot be reached.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  rtws play worked-example/whole-path     a scenario of the course
  rtws play worked-example                shows which there are
  rtws play mine.toml --url localhost:3000")]
pub struct Args {
    /// A scenario file, or a scenario of the course as `exercise/scenario`
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// The server to play against
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7420")]
    url: String,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// The result of a run.
#[derive(Serialize)]
struct Report {
    schema: u32,
    scenario: String,
    title: String,
    url: String,
    verdict: Verdict,
    /// The expectations that did not hold, one a line.
    explanation: String,
    transcript: String,
    #[serde(skip)]
    summary: String,
}

/// Plays the scenario that `args` names.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let address = Address::parse(&args.url).map_err(|error| Usage(error.to_string()))?;
    let found = find(&args.scenario, &context.root)?;
    let script = Script::load(&found.path).map_err(|error| Usage(error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(scenario::run(&script, Network::Tcp(address)));
    let report = report(&found, &script, &args.url, result)?;
    if args.json {
        print_json(&report)?;
    } else {
        show(&report, context.ui)?;
    }
    Ok(ExitCode::from(if report.verdict == Verdict::Passed { PASSED } else { NOT_PASSED }))
}

fn report(found: &Found, script: &Script, url: &str, result: Result<Outcome, RunError>) -> anyhow::Result<Report> {
    let (problems, transcript) = match result {
        Ok(outcome) => (problems(&found.path, &outcome), outcome.transcript.to_string()),
        Err(RunError::Connect { error, .. }) => return Err(cannot_connect(url, &error)),
        Err(error @ (RunError::NotConnected { .. } | RunError::ConnectedAlready { .. })) => {
            return Err(Usage(format!("{}: {error}", found.path.display())).into());
        }
        Err(error @ RunError::Runtime(_)) => return Err(error.into()),
    };
    let verdict = if problems.is_empty() { Verdict::Passed } else { Verdict::Failed };
    Ok(Report {
        schema: 1,
        scenario: found.name.clone(),
        title: script.title.clone(),
        url: url.to_owned(),
        verdict,
        summary: summary(script, verdict),
        explanation: problems.join("\n"),
        transcript,
    })
}

/// The expectations that did not hold, each with its place in the scenario file.
fn problems(path: &Path, outcome: &Outcome) -> Vec<String> {
    let path = path.display();
    let unmet = outcome.unmet.iter().map(|unmet| format!("{path}:{}: {}", unmet.line, unmet.message));
    let end = outcome.end.iter().map(|(end, step)| format!("{path}: {} at step {step}", in_words(end)));
    unmet.chain(end).collect()
}

fn in_words(end: &End) -> String {
    match end {
        End::Stuck(client) => format!("the server stopped answering {client}"),
        End::Gone(client) => format!("the server had ended {client}'s connection, which is needed"),
        End::Unasked { client, event } => format!("the server waits for no ack of {event} from {client}"),
        End::Refused { client, error } => format!("{client} cannot connect: {error}"),
    }
}

fn summary(script: &Script, verdict: Verdict) -> String {
    let expectations = script.steps.iter().filter(|step| step.action.is_expectation()).count();
    match (verdict, expectations) {
        (Verdict::Passed, 0) => "played; this scenario expects nothing".to_owned(),
        (Verdict::Passed, 1) => "passed: its one expectation holds".to_owned(),
        (Verdict::Passed, all) => format!("passed: all {all} expectations hold"),
        _ => "failed".to_owned(),
    }
}

/// Prints the transcript on standard output, and the failed expectations and the verdict on standard error.
fn show(report: &Report, ui: Ui) -> anyhow::Result<()> {
    print(&clean_multiline(&report.transcript))?;
    for problem in report.explanation.lines() {
        print_error(&clean(problem));
    }
    let paint = if report.verdict == Verdict::Passed { Paint::Good } else { Paint::Bad };
    print_error(&ui.paint(paint, &report.summary));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(steps: &str) -> Script {
        let text = format!("title = \"t\"\nclients = [\"ann\", \"bob\"]\n{steps}");
        Script::parse(&text, Path::new("test.toml")).unwrap()
    }

    const STEPS: &str = "[[steps]]
        connect = [\"ann\", \"bob\"]
        [[steps]]
        disconnect = \"bob\"
        [[steps]]
        emit = \"a\"
        from = \"ann\"
        [[steps]]
        emit = \"a\"
        from = \"bob\"";

    fn report_of(result: Result<Outcome, RunError>) -> anyhow::Result<Report> {
        let found = Found { name: "x".into(), path: "x.toml".into() };
        report(&found, &script(STEPS), "url", result)
    }

    #[test]
    fn a_connection_that_the_server_ended_is_a_failure_and_not_a_mistake_of_the_scenario() {
        let outcome = Outcome { end: Some((End::Gone("ann".into()), 3)), ..Outcome::default() };
        let report = report_of(Ok(outcome)).unwrap();
        assert_eq!(report.verdict, Verdict::Failed);
        assert_eq!(report.explanation, "x.toml: the server had ended ann's connection, which is needed at step 3");
    }

    #[test]
    fn a_step_of_a_client_that_left_is_a_mistake_of_the_scenario() {
        let error = report_of(Err(RunError::NotConnected { line: 10, client: "bob".into() })).err().unwrap();
        assert!(error.downcast_ref::<Usage>().is_some());
        assert!(error.to_string().starts_with("x.toml: line 10: bob is not connected here"), "{error}");
    }

    #[test]
    fn the_summary_claims_nothing_that_was_not_expected() {
        assert_eq!(summary(&script(STEPS), Verdict::Passed), "played; this scenario expects nothing");
        let expecting = script(&format!("{STEPS}\n[[steps]]\nexpect_none = \"ann\""));
        assert_eq!(summary(&expecting, Verdict::Passed), "passed: its one expectation holds");
    }
}
