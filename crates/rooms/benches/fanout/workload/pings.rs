//! A client sends WebSocket pings and never reads a pong.

use std::io::{ErrorKind, Write};
use std::time::Duration;

use anyhow::Result;

use super::Scale;
use crate::crowd::Client;
use crate::frame;
use crate::report::Figure;
use crate::target::Target;

/// The most that a ping may carry.
const PAYLOAD: [u8; 125] = [b'x'; 125];
const CHUNK: usize = 1000;
/// A server that has taken nothing for this long no longer reads.
const PATIENCE: Duration = Duration::from_secs(2);

pub(crate) fn measure(target: &Target, scale: Scale) -> Result<Vec<Figure>> {
    let chunks = if scale.quick { 100 } else { 1600 };
    let mut client = Client::connect(target.address)?;
    target.cpu()?;
    target.reset_peak()?;
    let before = target.memory()?;
    let fate = send(&mut client, chunks)?;
    target.cpu()?;
    let after = target.memory()?;
    Ok(vec![
        Figure::number("RSS growth, MB", (after.now - before.now) / 1e6),
        Figure::number("RSS growth at its peak, MB", (after.peak - before.now) / 1e6),
        Figure::text("pings", fate),
    ])
}

fn send(client: &mut Client, chunks: usize) -> Result<String> {
    let mut chunk = Vec::new();
    (0..CHUNK).for_each(|_| frame::write_masked(frame::PING, &PAYLOAD, &mut chunk));
    let stream = client.stream();
    stream.set_write_timeout(Some(PATIENCE))?;
    for sent in 0..chunks {
        if let Err(error) = stream.write_all(&chunk) {
            let end = match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut => "reading stopped",
                _ => "closed",
            };
            return Ok(format!("{end} after {},000", sent * CHUNK / 1000));
        }
    }
    Ok("all read".into())
}
