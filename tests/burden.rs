//! The memory that a thousand clients cost which each do the worst that is allowed, and then leave.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

mod wire;

use std::fs;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use wire::serve;

const CLIENTS: usize = 1000;

/// Bytes that the server may take while they are there, and after they have left.
const MOST: usize = 300_000_000;
const REST: usize = 50_000_000;

/// A server that has taken nothing for this long takes no more.
const BLOCKED: Duration = Duration::from_millis(500);

/// Long enough for a slow machine under load; a passing test never waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Just below the largest message.
const MEGABYTE: usize = 999_000;

/// The burden of each client, once it is connected.
#[derive(Debug, Clone, Copy)]
enum Burden {
    /// Begins a message, and does not end it.
    HalfAMessage,
    /// The same in fragments.
    Fragments,
    /// Begins an event with ten attachments, and does not send the tenth.
    Attachments,
    /// Sends as much `auth` as is allowed.
    Auth,
    /// Joins rooms with long names.
    Rooms,
    /// Asks for answers, and reads none.
    Answers,
    /// Sends large events to a room that it is in, and reads none.
    Broadcasts,
    /// Sends events with names of a hundred thousand bytes.
    Names,
    /// Begins a body, and does not end it.
    HalfABody,
}

const BURDENS: [Burden; 9] = [
    Burden::HalfAMessage,
    Burden::Fragments,
    Burden::Attachments,
    Burden::Auth,
    Burden::Rooms,
    Burden::Answers,
    Burden::Broadcasts,
    Burden::Names,
    Burden::HalfABody,
];

#[tokio::test]
async fn a_thousand_clients_that_do_the_worst_stay_within_the_limit_and_leave_nothing() {
    allow_many_descriptors();
    let (server, address) = serve(&["--log", "off"]);
    let mut report = Vec::new();
    for burden in BURDENS {
        reset_peak(server.id());
        let mut clients = JoinSet::new();
        for number in 0..CLIENTS {
            let address = address.clone();
            clients.spawn(async move { client(&address, burden, number).await });
        }
        let streams = clients.join_all().await;
        let peak = memory(server.id(), "VmHWM:");
        drop(streams);
        let rest = timeout(PATIENCE, settled(server.id())).await;
        let rest = rest.unwrap_or_else(|_| memory(server.id(), "VmRSS:"));
        report.push((burden, peak / 1_000_000, rest / 1_000_000));
        assert!(peak < MOST && rest < REST, "in megabytes: {report:?}");
    }
    println!("in megabytes, at most and in the end: {report:?}");
}

/// Waits until memory is within the limit, and returns how much it is.
async fn settled(process: u32) -> usize {
    loop {
        let memory = memory(process, "VmRSS:");
        if memory < REST {
            return memory;
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// Applies its burden; the stream stays open until it is dropped. The server may have hung up.
async fn client(address: &str, burden: Burden, number: usize) -> Option<TcpStream> {
    if matches!(burden, Burden::HalfABody) {
        return half_a_body(address).await;
    }
    let mut stream = TcpStream::connect(address).await.ok()?;
    let upgrade = format!(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    stream.write_all(upgrade.as_bytes()).await.ok()?;
    let auth = if matches!(burden, Burden::Auth) { objects(8 * 1024 - 8) } else { "{}".to_owned() };
    stream.write_all(&text(&format!("40{auth}"))).await.ok()?;
    until(&mut stream, b"40{\"sid\"").await?;
    for bytes in messages(burden, number) {
        match timeout(BLOCKED, stream.write_all(&bytes)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => break,
        }
    }
    Some(stream)
}

fn messages(burden: Burden, number: usize) -> Vec<Vec<u8>> {
    let spaces = |length: usize| vec![b' '; length];
    match burden {
        Burden::Auth | Burden::HalfABody => Vec::new(),
        Burden::HalfAMessage => {
            let mut whole = frame(0x81, &spaces(MEGABYTE));
            whole.pop();
            vec![whole]
        }
        Burden::Fragments => {
            let fragment = |is_first| frame(u8::from(is_first), &spaces(100_000));
            (0..9).map(|number| fragment(number == 0)).collect()
        }
        Burden::Attachments => {
            let event = text(r#"4510-["e"]"#);
            [event].into_iter().chain((0..9).map(|_| frame(0x82, &spaces(100_000)))).collect()
        }
        Burden::Rooms => {
            let name = "n".repeat(900);
            let join = |room| text(&format!(r#"42["join-project",{{"projectId":"{number}-{room}-{name}"}}]"#));
            (0..200).map(join).collect()
        }
        Burden::Answers => vec![text(r#"42["join-project",null]"#).repeat(5000)],
        Burden::Broadcasts => {
            let content = "x".repeat(100_000);
            let join = text(&format!(r#"42["join-project",{{"projectId":{}}}]"#, number + 1));
            let update = format!(r#"42["task-updated",{{"projectId":{},"taskId":1,"x":"{content}"}}]"#, number + 1);
            [join].into_iter().chain((0..12).map(|_| text(&update))).collect()
        }
        Burden::Names => vec![text(&format!(r#"42["{}"]"#, "n".repeat(MEGABYTE / 10)))],
    }
}

/// An object of this many bytes of text, whose tree takes many times as much.
fn objects(bytes: usize) -> String {
    let item = r#",{"":0}"#;
    format!(r#"{{"a":[0{}]}}"#, item.repeat((bytes - 10) / item.len()))
}

async fn half_a_body(address: &str) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let target = "/socket.io/?EIO=4&transport=polling";
    stream.write_all(format!("GET {target} HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).await.ok()?;
    let open = until(&mut stream, b"\"sid\":\"").await?;
    let open = String::from_utf8_lossy(&open).into_owned();
    let sid = open.split_once("\"sid\":\"")?.1.split_once('"')?.0;
    let head = format!("POST {target}&sid={sid} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {MEGABYTE}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.ok()?;
    let _ = timeout(BLOCKED, stream.write_all(&vec![b'6'; MEGABYTE - 1])).await;
    Some(stream)
}

/// Reads until this has come; returns everything that came up to a moment later.
async fn until(stream: &mut TcpStream, wanted: &[u8]) -> Option<Vec<u8>> {
    let mut heard = Vec::new();
    while !heard.windows(wanted.len() + 20).any(|window| window.starts_with(wanted)) {
        if timeout(PATIENCE, stream.read_buf(&mut heard)).await.ok()?.ok()? == 0 {
            return None;
        }
    }
    Some(heard)
}

fn text(text: &str) -> Vec<u8> {
    frame(0x81, text.as_bytes())
}

/// A frame with a mask of zeros.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..126 => frame.push(0x80 | u8::try_from(length).unwrap()),
        length @ 126..=0xffff => {
            frame.push(0xfe);
            frame.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            frame.push(0xff);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

/// A value of a process in bytes, as the system counts it.
fn memory(process: u32, key: &str) -> usize {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    line.split_whitespace().next().unwrap().parse::<usize>().unwrap() * 1024
}

fn reset_peak(process: u32) {
    fs::write(format!("/proc/{process}/clear_refs"), "5").unwrap();
}

fn allow_many_descriptors() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
}
