//! Rounds: every server in turn, workload by workload, so that other load on the machine affects all alike.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::arguments::{Arguments, Command};
use crate::report::{self, Section};
use crate::target::{self, Target};
use crate::workload::{self, Scale, Workload};

/// Two thousand clients, and as many sockets in a server, which inherits the limit.
const DESCRIPTORS: u64 = 4096;
const QUICK: Duration = Duration::from_millis(400);

pub(crate) fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(own) = arguments.serve {
        return crate::serve::serve(own);
    }
    raise_descriptors()?;
    if !arguments.no_pin {
        target::pin_load()?;
    }
    let mut servers = vec![arguments.ours.command()?];
    for peer in &arguments.peers {
        servers.push(Command::parse(peer)?);
    }
    let names: Vec<String> = servers.iter().map(|server| server.name.clone()).collect();
    let mut sections = Vec::new();
    for workload in workload::all() {
        if arguments.only.as_ref().is_none_or(|part| workload.name.contains(part.as_str())) {
            let figures = rounds(&workload, &servers, &arguments)?;
            sections.push(Section { workload: workload.name, figures });
        }
    }
    ensure!(!sections.is_empty(), "no workload has this name");
    let table = report::table(&names, &sections)?;
    println!("\n{table}");
    if arguments.readme {
        report::update_readme(&table, &conditions(&arguments)?)?;
    }
    Ok(())
}

fn rounds(workload: &Workload, servers: &[Command], arguments: &Arguments) -> Result<Vec<Vec<Vec<report::Figure>>>> {
    let duration = if arguments.quick { QUICK } else { Duration::from_secs_f64(arguments.seconds) };
    let scale = Scale { duration, quick: arguments.quick };
    let rounds = if arguments.quick { 1 } else { arguments.rounds };
    let mut figures = vec![Vec::new(); servers.len()];
    for _ in 0..rounds {
        for (server, figures) in servers.iter().zip(&mut figures) {
            let target = Target::start(server, !arguments.no_pin)?;
            let measured =
                workload.measure(&target, scale).with_context(|| format!("{} with {}", workload.name, server.name))?;
            println!("{} | {} | {}", workload.name, server.name, report::line(&measured));
            figures.push(measured);
        }
    }
    Ok(figures)
}

fn raise_descriptors() -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < DESCRIPTORS) {
        let raised = Rlimit { current: Some(DESCRIPTORS), maximum: limit.maximum };
        setrlimit(Resource::Nofile, raised).context("2,000 clients need more descriptors than are allowed")?;
    }
    Ok(())
}

/// The conditions under which the figures were measured.
fn conditions(arguments: &Arguments) -> Result<String> {
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo")?;
    let models: Vec<&str> = cpuinfo
        .lines()
        .filter_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map(|(_, model)| model)
        .collect();
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease")?;
    Ok(format!(
        "{} x {}, Linux {}; medians of {} rounds of {} s. In brackets: how many times better {} is.",
        models.len(),
        models.first().unwrap_or(&"an unnamed CPU"),
        kernel.trim(),
        arguments.rounds,
        arguments.seconds,
        arguments.ours.command()?.name,
    ))
}
