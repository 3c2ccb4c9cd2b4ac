//! `rtws doctor`: checks this machine, and prints the command that fixes each problem.

mod finding;
mod machine;
mod terminal;
mod tools;
mod workshop;

use std::process::ExitCode;

use serde::Serialize;

use self::finding::{Finding, Status};
use super::{Context, NOT_PASSED, PASSED, Paint, Ui, print, print_json};
use crate::text::clean_multiline;

/// Look for what the workshop needs on this machine
///
/// Each line says what was found. If something is missing, the line below says how to fix it. The exit code is 0 if the
/// workshop can work here, with or without warnings.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    checks: &'a [Finding],
}

/// Checks everything, and prints the findings.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let findings = vec![
        tools::cargo(),
        tools::linker(),
        machine::disk_space(&context.root),
        machine::memory(),
        machine::port(),
        terminal::terminal(context.ui.depth),
        workshop::lessons(&context.root),
        runtime.block_on(workshop::watching(&context.root)),
        workshop::progress(&context.home),
    ];
    if args.json {
        print_json(&Document { schema: 1, checks: &findings })?;
    } else {
        print(&text(&findings, context.ui))?;
    }
    let works = findings.iter().all(|finding| finding.status != Status::Failed);
    Ok(ExitCode::from(if works { PASSED } else { NOT_PASSED }))
}

fn text(findings: &[Finding], ui: Ui) -> String {
    let mut lines: Vec<String> = findings.iter().map(|finding| line(finding, ui)).collect();
    let bad = findings.iter().filter(|finding| finding.status != Status::Ok).count();
    lines.push(match bad {
        0 => format!("\n{}", ui.paint(Paint::Good, "Everything is here.")),
        1 => "\n1 thing could be better; the line below it says how.".to_owned(),
        more => format!("\n{more} things could be better; the line below each says how."),
    });
    lines.join("\n")
}

fn line(finding: &Finding, ui: Ui) -> String {
    let (mark, paint) = match finding.status {
        Status::Ok => ("✓", Paint::Good),
        Status::Warning => ("▲", Paint::Strong),
        Status::Failed => ("✗", Paint::Bad),
    };
    let found = clean_multiline(&finding.found).replace('\n', "\n    ");
    let fix = finding.fix.as_ref().map_or(String::new(), |fix| format!("\n    {}", fix.replace('\n', "\n    ")));
    format!("{} {:13} {found}{fix}", ui.paint(paint, mark), finding.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Depth;

    #[test]
    fn a_missing_tool_is_followed_by_what_fixes_it() {
        let plain = Ui { depth: Depth::None, width: 80, status_line: false };
        let findings = [Finding::ok("cargo", "1.95.0"), Finding::failed("linker", "`cc` was not found", "install it")];
        assert_eq!(
            text(&findings, plain),
            "✓ cargo         1.95.0\n✗ linker        `cc` was not found\n    install it\n\n1 thing could be better; the line below it says how."
        );
    }
}
