//! What to measure, and which servers to compare.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Parser, ValueEnum};

/// Measures fan-out to rooms: rate, CPU time, latency, memory.
#[derive(Debug, Parser)]
#[command(name = "fanout")]
pub(crate) struct Arguments {
    /// Small loads and one short round: shows that it works, but measures little.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Only workloads whose name contains this.
    #[arg(long, value_name = "NAME")]
    pub(crate) only: Option<String>,
    /// The server that the others are compared with.
    #[arg(long, value_enum, default_value_t = Own::Current)]
    pub(crate) ours: Own,
    /// A server to compare: `[NAME=]COMMAND ARGUMENT…`, run in the workspace's root, or one of `current`, `multi`,
    /// `floor`. Its first line must name its address, as `http://…` or `host:port`. May be repeated.
    #[arg(long = "peer", value_name = "COMMAND")]
    pub(crate) peers: Vec<String>,
    /// Length of one measurement.
    #[arg(long, default_value_t = 3.0)]
    pub(crate) seconds: f64,
    /// Rounds; within each, every server is measured once. Medians are reported.
    #[arg(long, default_value_t = 3)]
    pub(crate) rounds: usize,
    /// Lets the system place the processes. Otherwise the load runs on the last CPU, the servers on the others.
    #[arg(long)]
    pub(crate) no_pin: bool,
    /// Puts the table into the crate's README.
    #[arg(long, conflicts_with_all = ["quick", "only"])]
    pub(crate) readme: bool,
    /// Be a server instead.
    #[arg(long, value_enum, hide = true)]
    pub(crate) serve: Option<Own>,
    /// Cargo passes it to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// The servers that this executable can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Own {
    /// This crate on tokio's current-thread runtime.
    Current,
    /// This crate on tokio's multi-thread runtime with two workers.
    Multi,
    /// A loop that parses just enough and writes ready-made bytes: the cost of the system calls alone.
    Floor,
}

/// How to start a server, and what to call it.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    pub(crate) name: String,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
}

impl Own {
    pub(crate) fn command(self) -> Result<Command> {
        let (name, flavour) = match self {
            Own::Current => ("rooms", "current"),
            Own::Multi => ("rooms, 2 workers", "multi"),
            Own::Floor => ("floor", "floor"),
        };
        let program = std::env::current_exe().context("the path of this executable")?;
        Ok(Command { name: name.into(), program, arguments: vec!["--serve".into(), flavour.into()] })
    }
}

impl Command {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        if let Ok(own) = Own::from_str(text, true) {
            return own.command();
        }
        let (name, command) = match text.split_once('=') {
            Some((name, command)) if !name.contains('/') => (Some(name), command),
            _ => (None, text),
        };
        let mut words = command.split_whitespace().map(str::to_owned);
        let Some(program) = words.next() else { bail!("`{text}` does not name a program") };
        let name = name.map_or_else(|| program.clone(), str::to_owned);
        Ok(Self { name, program: program.into(), arguments: words.collect() })
    }
}
