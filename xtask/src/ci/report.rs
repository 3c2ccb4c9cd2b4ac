//! The last words of a run: a line for each section with its time, and how many tests ran.

use std::time::Duration;

use super::Outcome;
use crate::test_log::{self, Program, count};

/// A section that ran.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) outcome: Outcome,
    pub(super) took: Duration,
}

#[derive(Default)]
pub(super) struct Report {
    pub(super) rows: Vec<Row>,
}

impl Report {
    pub(super) fn has_failed(&self) -> bool {
        self.rows.iter().any(|row| matches!(row.outcome, Outcome::Failed))
    }

    /// `chosen` are the names of all sections that should have run.
    pub(super) fn show(&self, chosen: &[&str], ran: &[(&str, Vec<Program>)]) {
        println!("\n==== How long each took");
        for row in &self.rows {
            println!("{}", line(row.name, Some(row.took), &told(&row.outcome)));
        }
        for name in chosen.iter().filter(|name| self.rows.iter().all(|row| row.name != **name)) {
            println!("{}", line(name, None, "not reached"));
        }
        println!("{}", line("all", Some(self.rows.iter().map(|row| row.took).sum()), ""));
        for row in &self.rows {
            if let Outcome::NotRun(why) = &row.outcome {
                println!("\nwarning: {} was not run: {why}", row.name);
            }
        }
        show_tests(ran);
    }
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Passed => "passed".to_owned(),
        Outcome::NotRun(_) => "NOT RUN".to_owned(),
        Outcome::Failed => "FAILED".to_owned(),
    }
}

fn line(name: &str, took: Option<Duration>, outcome: &str) -> String {
    let seconds = took.map(|took| format!("{:.1} s", took.as_secs_f64())).unwrap_or_default();
    format!("{name:<10} {seconds:>9}  {outcome}").trim_end().to_owned()
}

/// The last line stands alone, for programs that read it.
fn show_tests(ran: &[(&str, Vec<Program>)]) {
    if ran.is_empty() {
        return;
    }
    let sum = |outcome| ran.iter().map(|(_, programs)| count(programs, outcome)).sum::<usize>();
    let told =
        |(place, programs): &(&str, Vec<Program>)| format!("{} {place}", count(programs, test_log::Outcome::Passed));
    println!("\n{}", ran.iter().map(told).collect::<Vec<_>>().join(", "));
    println!("{} passed, {} failed", sum(test_log::Outcome::Passed), sum(test_log::Outcome::Failed));
}
