//! One member of a room never reads.

use std::io::ErrorKind;
use std::time::Duration;

use anyhow::Result;

use super::fanout::{Fanout, Shape};
use super::{Scale, setup};
use crate::crowd::Client;
use crate::ledger::Ledger;
use crate::report::Figure;
use crate::target::Target;

const READERS: usize = 20;
const PAYLOAD: usize = 4096;
/// 2,000 broadcasts a second.
const PERIOD: Duration = Duration::from_micros(500);
const PATIENCE: Duration = Duration::from_millis(500);

pub(crate) fn measure(target: &Target, scale: Scale) -> Result<Vec<Figure>> {
    let broadcasts = if scale.quick { 2000 } else { 10_000 };
    let shape = Shape { rooms: 1, members: READERS };
    let mut crowd = setup::fill_rooms(target, shape.rooms, shape.members)?;
    let mut ledger = Ledger::new(shape.rooms, shape.members, PAYLOAD)?;
    let mut fanout = Fanout { crowd: &mut crowd, ledger: &mut ledger, shape };
    fanout.pace(PERIOD, PERIOD * broadcasts)?;
    let without = fanout.ledger.latencies.quantile(0.99);
    fanout.ledger.restart();

    let mut stalled = join(target)?;
    target.cpu()?;
    target.reset_peak()?;
    let before = target.memory()?;
    fanout.pace(PERIOD, PERIOD * broadcasts)?;
    let after = target.memory()?;
    let tally = ledger.close();
    Ok(vec![
        Figure::number("RSS growth, MB", (after.now - before.now) / 1e6),
        Figure::number("RSS growth at its peak, MB", (after.peak - before.now) / 1e6),
        Figure::number("readers' latency p99 without it, ms", without.as_secs_f64() * 1e3),
        Figure::number("readers' latency p99 with it, ms", ledger.latencies.quantile(0.99).as_secs_f64() * 1e3),
        Figure::text("readers: lost / reordered / twice", tally.to_string()),
        Figure::text("the stalled client", fate(&mut stalled, broadcasts)),
    ])
}

fn join(target: &Target) -> Result<Client> {
    let mut client = Client::connect(target.address)?;
    // A server that is not ready for the first one gets a second; a member that joins again is in the room once.
    client.join(0)?;
    std::thread::sleep(PATIENCE);
    client.join(0)?;
    Ok(client)
}

/// The outcome for the stalled client when it reads at last.
fn fate(stalled: &mut Client, broadcasts: u32) -> String {
    let mut heard = 0;
    if stalled.stream().set_read_timeout(Some(PATIENCE)).is_err() {
        return "gone".into();
    }
    loop {
        match stalled.next_text() {
            Ok(text) => heard += u32::from(text.starts_with(b"42[\"task-updated\"")),
            Err(error) => {
                let kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
                let open = matches!(kind, Some(ErrorKind::WouldBlock | ErrorKind::TimedOut));
                let state = if open { "still connected" } else { "disconnected" };
                return format!("{state}, heard {heard} of {broadcasts}");
            }
        }
    }
}
