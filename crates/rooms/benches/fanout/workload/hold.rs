//! One client sends one message, as large as a server takes. Measured is how long another client waits for an answer.

mod messages;

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use rustix::process::setpriority_process;
use rustix::thread::gettid;

use super::Scale;
use crate::crowd::Client;
use crate::frame;
use crate::report::Figure;
use crate::target::Target;
use messages::{Message, Way};

/// How often each message is sent. The shortest of the longest waits counts, because other load on the machine only
/// adds to them.
const TIMES: usize = 7;
/// How long the other client asks before a message is sent, and after the server has handled it.
const BEFORE: Duration = Duration::from_millis(50);
const AFTER: Duration = Duration::from_millis(100);
/// A server that does not answer within this time is broken.
const PATIENCE: Duration = Duration::from_secs(5);
const LEAST_PRIORITY: i32 = 19;

/// The question of the other client, and the beginning of the answer.
const QUESTION: &[u8] = br#"42["join-project",null]"#;
const ANSWER: &[u8] = br#"42["error-message""#;

pub(crate) fn measure(target: &Target, scale: Scale) -> Result<Vec<Figure>> {
    let times = if scale.quick { 1 } else { TIMES };
    let mut figures = vec![longest("nothing, ms", times, target.address, || Ok(()), |()| Ok(()))?];
    for Message { name, way, members, bytes } in messages::all() {
        let prepare = || members_of_room(target.address, members);
        figures.push(longest(name, times, target.address, prepare, |members| {
            match way {
                Way::WebSocket => send_frames(target.address, &bytes)?,
                Way::Polling => post(target.address, &bytes)?,
            }
            Ok(members)
        })?);
    }
    Ok(figures)
}

/// Clients that are in the sender's room, and read nothing.
fn members_of_room(address: SocketAddr, members: usize) -> Result<Vec<Client>> {
    (0..members)
        .map(|_| {
            let mut client = Client::connect(address)?;
            client.join(0)?;
            Ok(client)
        })
        .collect()
}

/// The longest wait of the other client, in milliseconds. The prepared clients are kept until then.
fn longest<T>(
    name: &'static str,
    times: usize,
    address: SocketAddr,
    prepare: impl Fn() -> Result<T> + Sync,
    send: impl Fn(T) -> Result<T> + Sync,
) -> Result<Figure> {
    let (ended, longest) = (AtomicBool::new(false), AtomicU64::new(0));
    let once = |_| {
        let prepared = prepare()?;
        thread::sleep(BEFORE);
        longest.store(0, Ordering::Relaxed);
        let prepared = send(prepared)?;
        thread::sleep(AFTER);
        let waited = longest.load(Ordering::Relaxed);
        drop(prepared);
        Ok(waited)
    };
    let waits = thread::scope(|scope| {
        let other = scope.spawn(|| ask_until(&ended, &longest, address));
        let sender = scope.spawn(|| {
            // Both run on one processor, and the other client must wait for nothing but the server.
            setpriority_process(Some(gettid()), LEAST_PRIORITY)?;
            (0..times).map(once).collect::<Result<Vec<u64>>>()
        });
        let waits = sender.join().map_err(|_| anyhow!("the sender panicked"));
        ended.store(true, Ordering::Release);
        other.join().map_err(|_| anyhow!("the other client panicked"))?.context("the other one")?;
        waits?
    });
    let least = waits.context(name)?.into_iter().min().context("nothing was sent")?;
    #[allow(clippy::cast_precision_loss)]
    let milliseconds = least as f64 / 1000.0;
    Ok(Figure::number(name, milliseconds))
}

/// Asks one question after another.
fn ask_until(ended: &AtomicBool, longest: &AtomicU64, address: SocketAddr) -> Result<()> {
    let mut client = Client::connect(address)?;
    client.stream().set_read_timeout(Some(PATIENCE))?;
    while !ended.load(Ordering::Acquire) {
        let asked = Instant::now();
        client.write(QUESTION)?;
        while !client.next_text()?.starts_with(ANSWER) {}
        let microseconds = u64::try_from(asked.elapsed().as_micros())?;
        longest.fetch_max(microseconds, Ordering::Relaxed);
        thread::sleep(Duration::from_micros(200));
    }
    Ok(())
}

/// Sends frames as they are, from a client that is connected and in a room, and waits until the server has handled
/// them.
fn send_frames(address: SocketAddr, frames: &[u8]) -> Result<()> {
    let mut client = Client::connect(address)?;
    client.join(0)?;
    let stream = client.stream();
    stream.write_all(frames)?;
    let mut question = Vec::new();
    frame::write_masked(frame::TEXT, QUESTION, &mut question);
    stream.write_all(&question)?;
    read_until(stream, ANSWER)
}

/// Sends a body by long polling, from a client that is connected, and waits until the server has handled it.
fn post(address: SocketAddr, body: &[u8]) -> Result<()> {
    let target = "/socket.io/?EIO=4&transport=polling";
    let open = request(address, "GET", target, b"")?;
    let sid = open.split_once(r#""sid":""#).and_then(|(_, rest)| rest.split_once('"')).context("no session")?.0;
    let target = format!("{target}&sid={sid}");
    request(address, "POST", &target, b"40")?;
    request(address, "GET", &target, b"")?;
    request(address, "POST", &target, body)?;
    Ok(())
}

fn request(address: SocketAddr, method: &str, target: &str, body: &[u8]) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    );
    // A server that refuses need not read on, and one that waits until its answers are fetched does not reply.
    let _ = stream.write_all(&[head.as_bytes(), body].concat());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Reads until something comes, or the server hangs up, as it may do when it refuses.
fn read_until(stream: &mut TcpStream, wanted: &[u8]) -> Result<()> {
    let (mut heard, mut chunk) = (Vec::new(), vec![0; 64 * 1024]);
    stream.set_read_timeout(Some(PATIENCE))?;
    loop {
        match stream.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return Ok(()),
            read => heard.extend_from_slice(&chunk[..read?]),
        }
        if heard.windows(wanted.len()).any(|window| window == wanted) {
            return Ok(stream.shutdown(Shutdown::Both)?);
        }
        // Enough for a part that may be cut.
        heard.drain(..heard.len().saturating_sub(wanted.len()));
    }
}
