//! Puts clients into their rooms.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::crowd::{Client, Crowd, join};
use crate::ledger::{is_roll_call, roll_call};
use crate::target::Target;

const SILENCE: Duration = Duration::from_millis(150);
const ATTEMPTS: usize = 20;

/// Connects the members of rooms of equal size; and makes sure that each is in its room. Some servers lose an event
/// that comes right after the connect, so a join may have to be repeated.
pub(crate) fn fill_rooms(target: &Target, rooms: usize, members: usize) -> Result<Crowd> {
    let mut crowd = Crowd::new()?;
    for number in 0..rooms * members {
        let mut client = Client::connect(target.address)?;
        client.join(number / members)?;
        crowd.add(client)?;
    }
    for _ in 0..ATTEMPTS {
        let absent = call_roll(&mut crowd, rooms, members)?;
        if absent.is_empty() {
            return Ok(crowd);
        }
        for number in absent {
            crowd.send(number, &join(number / members))?;
        }
    }
    anyhow::bail!("after {ATTEMPTS} attempts not everyone is in a room")
}

/// The clients that are not in their room.
pub(crate) fn call_roll(crowd: &mut Crowd, rooms: usize, members: usize) -> Result<Vec<usize>> {
    let mut heard = vec![0; rooms * members];
    for room in 0..rooms {
        crowd.send(room * members, &roll_call(room))?;
    }
    crowd.poll_until_silent(SILENCE, |number, text| heard[number] += usize::from(is_roll_call(text)))?;
    ensure!(heard.iter().all(|times| *times < 2), "a client heard one broadcast twice");
    Ok((0..heard.len()).filter(|number| heard[*number] == 0).collect())
}
