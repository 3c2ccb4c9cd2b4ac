//! The cost of a client that connects, joins a room and is silent from then on.

use std::time::Duration;

use anyhow::Result;

use super::{Scale, setup};
use crate::crowd::{Client, Crowd};
use crate::report::Figure;
use crate::target::Target;

/// Clients before the measurement, so that it does not include a server's one-time work.
const EARLIER: usize = 50;
const ROOM: usize = 10;
const SILENCE: Duration = Duration::from_millis(100);

#[allow(clippy::cast_precision_loss)]
pub(crate) fn measure(target: &Target, scale: Scale) -> Result<Vec<Figure>> {
    let clients = if scale.quick { 200 } else { 2000 };
    let earlier = setup::fill_rooms(target, 1, EARLIER)?;
    let (cpu, memory) = (target.cpu()?, target.memory()?);
    let mut crowd = Crowd::new()?;
    for number in 0..clients {
        let mut client = Client::connect(target.address)?;
        client.join(number / ROOM)?;
        crowd.add(client)?;
    }
    crowd.poll_until_silent(SILENCE, |_, _| {})?;
    let (cpu, grown) = (target.cpu()? - cpu, target.memory()?.now - memory.now);
    let absent = setup::call_roll(&mut crowd, clients / ROOM, ROOM)?.len();
    drop(earlier);
    let clients = clients as f64;
    Ok(vec![
        Figure::number("server CPU a connect and join, us", cpu / clients * 1e6),
        Figure::number("memory an idle connection, KB", grown / clients / 1e3),
        Figure::text("joins lost", absent.to_string()),
    ])
}
