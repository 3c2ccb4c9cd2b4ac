//! Fan-out on real loopback TCP: `cargo bench -p rooms --bench fanout -- --help`.
//!
//! Each server under test runs in its own process, so that its CPU time and memory can be told apart; the load comes
//! from one thread here, which does little more for each delivery than check it. See the crate's README for the method
//! and for figures.
//!
//! # Map
//!
//! - `arguments`, `report`: what to run, and the table that comes out.
//! - `target`: a server as a process: start, address, CPU time, memory.
//! - `serve`, `floor`: the servers that this executable contains.
//! - `frame`, `crowd`: clients that cost little.
//! - `ledger`, `histogram`: every broadcast, its receivers, and how late it was.
//! - `workload`: what is measured.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it reports figures")]
#![allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#![allow(clippy::many_single_char_names, reason = "the bytes of a length")]

#[cfg(target_os = "linux")]
mod arguments;
#[cfg(target_os = "linux")]
mod crowd;
#[cfg(target_os = "linux")]
mod floor;
#[cfg(target_os = "linux")]
mod frame;
#[cfg(target_os = "linux")]
mod histogram;
#[cfg(target_os = "linux")]
mod ledger;
#[cfg(target_os = "linux")]
mod report;
#[cfg(target_os = "linux")]
mod run;
#[cfg(target_os = "linux")]
mod serve;
#[cfg(target_os = "linux")]
mod target;
#[cfg(target_os = "linux")]
mod workload;

#[cfg(target_os = "linux")]
#[allow(unreachable_pub)]
#[path = "../../../../lessons/01-realtime-websockets/worked-example.rs"]
mod worked_example;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    run::main()
}

/// CPU time and memory of another process are read from `/proc`, and the clients wait with epoll.
#[cfg(not(target_os = "linux"))]
fn main() {}
