//! The cost of hostile clients: memory and descriptors of this very process, so these tests run one at a time.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/tcp.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]
mod tcp;

use std::fs;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rooms::Config;
use tcp::{BINARY, CONTINUATION, Client, FIN, PING, Stage, TEXT, claim, config, eventually, masked};
use tokio::io::AsyncWriteExt as _;

/// Runs one test at a time in this process: a runtime has memory and descriptors, too.
fn alone(test: impl Future<Output = ()>) {
    static PROCESS: Mutex<()> = Mutex::new(());
    let _turn = PROCESS.lock().unwrap_or_else(PoisonError::into_inner);
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

const MEGABYTE: usize = 1024 * 1024;

/// How long a write may take before the server counts as one that does not read.
const BLOCKED: Duration = Duration::from_secs(1);

/// The process's memory in bytes: resident, and allocated, touched or not.
fn memory() -> (usize, usize) {
    const PAGE: usize = 4096;
    let statm = fs::read_to_string("/proc/self/statm").unwrap();
    let fields: Vec<usize> = statm.split_whitespace().map(|field| field.parse().unwrap()).collect();
    (fields[1] * PAGE, fields[5] * PAGE)
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Asserts that memory grew by no more than this.
fn assert_growth(before: (usize, usize), limit: usize) {
    let after = memory();
    let growth = (after.0.saturating_sub(before.0), after.1.saturating_sub(before.1));
    assert!(growth.0 < limit && growth.1 < limit, "grew by {growth:?} bytes, resident and allocated");
}

/// Writes the same bytes again and again, reading nothing, until this many are written, the server hangs up or does not
/// read any more. Returns how many it took.
async fn flood(client: &mut Client, bytes: &[u8], total: usize) -> usize {
    let mut written = 0;
    while written < total {
        match tokio::time::timeout(BLOCKED, client.stream.write_all(bytes)).await {
            Ok(Ok(())) => written += bytes.len(),
            Ok(Err(_)) | Err(_) => break,
        }
    }
    written
}

/// Runs one flood and asserts its limit of memory.
async fn floods(bytes: &[u8]) {
    let mut stage = Stage::new(Config { max_payload: MEGABYTE, ..config() }).await;
    let (mut client, _) = Client::join_narrow(stage.address).await;
    stage.is_unharmed().await;
    let before = memory();
    flood(&mut client, bytes, 16 * MEGABYTE).await;
    assert_growth(before, 6 * MEGABYTE);
    stage.is_unharmed().await;
    drop(client);
    stage.is_alone().await;
}

#[test]
fn pings_of_a_client_that_never_reads() {
    alone(floods(&masked(FIN | PING, &[b'x'; 125]).repeat(500)));
}

#[test]
fn questions_of_a_client_that_never_reads() {
    let question = format!(r#"427["ack","{}"]"#, "x".repeat(10_000));
    alone(floods(&masked(FIN | TEXT, question.as_bytes()).repeat(8)));
}

#[test]
fn refused_namespaces_of_a_client_that_never_reads() {
    alone(floods(&masked(FIN | TEXT, b"40/no-such-namespace").repeat(2000)));
}

#[test]
fn heartbeats_that_nobody_asked_for() {
    alone(floods(&masked(FIN | TEXT, b"3").repeat(5000)));
}

#[test]
fn empty_fragments_without_end() {
    alone(async {
        let mut stage = Stage::new(config()).await;
        let (mut client, _) = Client::join(stage.address).await;
        stage.is_unharmed().await;
        let before = memory();
        client.write(&masked(BINARY, b"")).await;
        flood(&mut client, &masked(CONTINUATION, b"").repeat(5000), 16 * MEGABYTE).await;
        assert_growth(before, 4 * MEGABYTE);
        stage.is_unharmed().await;
        drop(client);
        stage.is_alone().await;
    });
}

/// Two hundred claims of a megabyte each, with nothing behind them. Room may be reserved for them, because the system
/// provides memory only when it is used.
#[test]
fn claims_with_nothing_behind_them() {
    alone(async {
        let mut stage = Stage::new(Config { max_payload: MEGABYTE, ..config() }).await;
        let mut clients = Vec::new();
        for _ in 0..200 {
            clients.push(Client::join(stage.address).await.0);
        }
        stage.is_unharmed().await;
        let before = memory();
        for client in &mut clients {
            client.write(&claim(FIN | TEXT, MEGABYTE as u64)).await;
            client.write(&[0; 1]).await;
        }
        // A byte of each has been read by now, because the healthy client's round trip comes after them.
        stage.is_unharmed().await;
        let grown = memory().0.saturating_sub(before.0);
        assert!(grown < 10 * MEGABYTE, "grew by {grown} bytes");
        drop(clients);
        stage.is_alone().await;
    });
}

#[test]
fn five_hundred_resets_in_the_middle_of_a_frame() {
    alone(async {
        let mut stage = Stage::new(config()).await;
        stage.is_unharmed().await;
        let before = descriptors();
        for number in 0..500 {
            let (mut client, _) = Client::join(stage.address).await;
            let frame = masked(FIN | TEXT, br#"42["echo","this is cut"]"#);
            // Within the header, right behind it, within the mask, within the payload.
            client.write(&frame[..number % frame.len()]).await;
            client.reset();
        }
        stage.is_alone().await;
        eventually("every descriptor is closed", || descriptors() == before).await;
        assert_eq!(stage.log.disconnect_reasons().len(), 500);
    });
}

#[test]
fn five_hundred_resets_in_the_middle_of_a_handshake() {
    alone(async {
        let mut stage = Stage::new(config()).await;
        stage.is_unharmed().await;
        let before = descriptors();
        let request = tcp::websocket_request(stage.address, "", "");
        for number in 0..500 {
            let mut client = Client::dial(stage.address).await;
            client.write(&request.as_bytes()[..number % request.len()]).await;
            client.reset();
        }
        eventually("every descriptor is closed", || descriptors() == before).await;
        stage.is_alone().await;
    });
}

#[test]
fn the_cost_of_clients_is_returned() {
    alone(async {
        let mut stage = Stage::new(config()).await;
        let descriptors_before = descriptors();
        let mut settled = None;
        for _ in 0..5 {
            let mut clients = Vec::new();
            for _ in 0..200 {
                clients.push(Client::join(stage.address).await.0);
            }
            drop(clients);
            stage.is_alone().await;
            // The process grows to its full size in the first round.
            let _ = *settled.get_or_insert_with(memory);
        }
        assert_growth(settled.unwrap(), 4 * MEGABYTE);
        eventually("every descriptor is closed", || descriptors() == descriptors_before).await;
    });
}
