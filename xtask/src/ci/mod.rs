//! Everything that must hold before a change is merged, in sections that can each be run alone.
//!
//! A section is one file here and one line in [`SECTIONS`]. It gets the [`Context`] of the run, and returns its result:
//! an error stops the run, unless it is told to go on.

mod authors;
mod browser;
mod clippy;
mod deny;
mod docs;
mod english;
mod exercises;
mod features;
mod format;
mod msrv;
mod mutants;
mod node;
mod odd;
mod report;
mod solutions;
mod stock;
mod test;
mod tree;
mod verdicts;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};

use crate::context::Context;
use crate::job::Fault;
use report::{Report, Row};

/// In the order in which they run: quick sections first, and before others those that they build on.
const SECTIONS: [&Section; 17] = [
    &format::SECTION,
    &english::SECTION,
    &msrv::SECTION,
    &deny::SECTION,
    &clippy::SECTION,
    &docs::SECTION,
    &features::SECTION,
    &solutions::SECTION,
    &exercises::SECTION,
    &mutants::SECTION,
    &odd::SECTION,
    &browser::SECTION,
    &node::SECTION,
    &stock::SECTION,
    &authors::SECTION,
    &test::SECTION,
    &tree::SECTION,
];

/// One part of the checks.
struct Section {
    name: &'static str,
    /// What it proves, in a sentence.
    proves: &'static str,
    check: fn(&mut Context) -> Result<Outcome>,
}

/// How a section ended.
enum Outcome {
    Passed,
    /// It could not run, and why.
    NotRun(String),
    Failed,
}

#[derive(Args)]
pub(crate) struct Arguments {
    /// Runs these alone, and all without any; in the order of the list
    #[arg(value_name = "SECTION", value_parser = PossibleValuesParser::new(names()), hide_possible_values = true)]
    sections: Vec<String>,
    /// Shows the sections, and what each proves
    #[arg(long)]
    list: bool,
    /// Goes on after a section that failed
    #[arg(long)]
    keep_going: bool,
}

fn names() -> impl Iterator<Item = PossibleValue> {
    SECTIONS.iter().map(|section| PossibleValue::new(section.name))
}

/// Runs the requested sections.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    if arguments.list {
        for section in SECTIONS {
            println!("{:<10} {}", section.name, section.proves);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut context = Context::new()?;
    let mut report = Report::default();
    for section in arguments.chosen() {
        let row = row(&mut context, section);
        let is_over = matches!(row.outcome, Outcome::Failed) && !arguments.keep_going;
        report.rows.push(row);
        if is_over {
            break;
        }
    }
    report.show(&arguments.chosen().map(|section| section.name).collect::<Vec<_>>(), &context.ran);
    Ok(if report.has_failed() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

impl Arguments {
    fn chosen(&self) -> impl Iterator<Item = &'static Section> {
        let is_chosen = |name: &str| self.sections.is_empty() || self.sections.iter().any(|chosen| chosen == name);
        SECTIONS.into_iter().filter(move |section| is_chosen(section.name))
    }
}

fn row(context: &mut Context, section: &'static Section) -> Row {
    println!("\n==== {}: {}", section.name, section.proves);
    let start = Instant::now();
    let ended = context.begin(section.name).and_then(|()| (section.check)(context));
    let outcome = ended.unwrap_or_else(|error| {
        tell(section, &error, context);
        Outcome::Failed
    });
    Row { name: section.name, outcome, took: start.elapsed() }
}

/// Shows the failure, the place of its log, and how to repeat it.
fn tell(section: &Section, error: &anyhow::Error, context: &Context) {
    if let Some(evidence) = error.downcast_ref::<Fault>().and_then(|fault| fault.evidence.as_ref()) {
        println!("{evidence}");
    }
    println!("\nerror: {}: {error:#}", section.name);
    println!("  the log: {}", context.log.display());
    println!("  again:   cargo xtask ci {}", section.name);
}
