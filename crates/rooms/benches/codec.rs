//! The server without a network: `cargo bench -p rooms --bench codec -- [--quick]`.
//!
//! Packets to text and back, and broadcasts into the queues of sockets that are not read until then. It has its own
//! harness, because the median of some samples is all that it needs.

#![allow(clippy::print_stdout, reason = "it reports figures")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rooms::codec::{engine, socket};
use rooms::{Config, Io};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::runtime::Builder;

/// As large as a payload of the fan-out benchmark.
const EVENT: &str = r#"2["task-updated",{"projectId":"p00042","taskId":"00042-0000001234","title":"Write the minutes of the meeting","status":"done","assignee":"Grace Hopper","n":1}]"#;
/// Broadcasts before the sockets are read; a queue holds more.
const BURST: u32 = 100;
/// The event after a burst.
const LAST: &[u8] = br#"42["last"]"#;
/// The bytes that a socket may have unread here: more than a burst.
const PIPE: usize = 1024 * 1024;

fn main() -> Result<()> {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let samples = if quick { 3 } else { 21 };
    codec(samples)?;
    for members in [1, 10, 100, 1000] {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let nanoseconds = runtime.block_on(broadcasts(members, samples))?;
        report(&format!("broadcast to the queues of {members}, each recipient"), nanoseconds);
    }
    Ok(())
}

fn codec(samples: usize) -> Result<()> {
    let packet = socket::Packet::parse(EVENT)?;
    let message = engine::Packet::Message(EVENT).encode();
    let payload: Value = serde_json::from_str(packet.event()?.arguments.first().context("no payload")?.get())?;
    report("parse an event packet", time(samples, || socket::Packet::parse(black_box(EVENT)).is_ok()));
    report("parse it down to its name and arguments", time(samples, || parse(black_box(&message)).is_some()));
    report("encode an event packet", time(samples, || engine::Packet::Message(&black_box(&packet).encode()).encode()));
    report(
        "encode its payload from a JSON value",
        time(samples, || serde_json::to_string(black_box(&payload)).is_ok()),
    );
    Ok(())
}

fn parse(message: &str) -> Option<usize> {
    let engine::Packet::Message(text) = engine::Packet::parse(message).ok()? else { return None };
    Some(socket::Packet::parse(text).ok()?.event().ok()?.arguments.len())
}

/// Nanoseconds that a broadcast takes for each recipient, until it is in all queues.
async fn broadcasts(members: u32, samples: usize) -> Result<f64> {
    let io = Io::new(Config::default());
    io.on_connection(|socket| socket.join("room"));
    let mut clients = Vec::new();
    for _ in 0..members {
        clients.push(connect(&io).await?);
    }
    let payload = json!({ "projectId": "p00042", "taskId": "00042-0000001234", "title": "x".repeat(80) });
    let mut times = Vec::new();
    for _ in 0..samples {
        let start = Instant::now();
        for _ in 0..BURST {
            io.to("room").emit("task-updated", black_box(&payload));
        }
        times.push(start.elapsed() / (BURST * members));
        io.to("room").emit("last", ());
        drain(&mut clients).await?;
    }
    ensure!(io.fetch_sockets("room").len() == members as usize, "a member was lost");
    Ok(median(times))
}

/// A client of the root namespace over a pipe. It is in the room once the server's answer is here, because connection
/// handlers run before the answer is written.
async fn connect(io: &Io) -> Result<DuplexStream> {
    let (mut client, server) = duplex(PIPE);
    let io = io.clone();
    tokio::spawn(async move { io.serve_stream(server).await });
    let request = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\n\
                   Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                   Sec-WebSocket-Version: 13\r\n\r\n";
    client.write_all(request.as_bytes()).await?;
    // `40` in a frame with a mask of zeros.
    client.write_all(&[0x81, 0x82, 0, 0, 0, 0, b'4', b'0']).await?;
    let mut heard = Vec::new();
    while !heard.windows(3).any(|window| window == b"40{") {
        ensure!(client.read_buf(&mut heard).await? > 0, "the server closed the connection");
    }
    Ok(client)
}

/// Reads a burst from each client; every one gets the same number of bytes.
async fn drain(clients: &mut [DuplexStream]) -> Result<()> {
    let mut heard = Vec::new();
    let first = clients.first_mut().context("nobody is there")?;
    while !heard.windows(LAST.len()).any(|window| window == LAST) {
        ensure!(first.read_buf(&mut heard).await? > 0, "the server closed the connection");
    }
    for client in &mut clients[1..] {
        client.read_exact(&mut heard).await?;
    }
    Ok(())
}

/// Nanoseconds of one call.
fn time<T>(samples: usize, mut call: impl FnMut() -> T) -> f64 {
    const CALLS: u32 = 20_000;
    let sample = || {
        let start = Instant::now();
        for _ in 0..CALLS {
            black_box(call());
        }
        start.elapsed()
    };
    let times: Vec<Duration> = std::iter::repeat_with(sample).take(samples).collect();
    median(times) / f64::from(CALLS)
}

#[allow(clippy::cast_precision_loss)]
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_nanos() as f64)
}

fn report(name: &str, nanoseconds: f64) {
    println!("{name:<55} {nanoseconds:>8.0} ns");
}
