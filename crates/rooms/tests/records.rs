//! A server as one stream of records.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use common::RawClient;
use rooms::observer::{Event, feed};
use rooms::records::Records;
use rooms::{Config, Io};

/// The reader hangs while a client comes and goes, joins and leaves, more often than records may wait. Then it is told
/// which sockets there are, and in which rooms.
#[tokio::test(start_paused = true)]
async fn a_reader_that_hung_is_told_the_whole_state_again() {
    let (feed, receiver) = feed(10);
    let io = Io::observed(Config::default(), feed);
    let mut records = Records::new(io.clone(), receiver, Duration::from_secs(3600));
    let _ann = RawClient::connect(&io).await;
    let ann = io.sockets().remove(0);
    let room = "r".repeat(1000);
    for _ in 0..10_000 {
        ann.join(room.as_str());
        ann.leave(&room);
    }
    ann.join("a");
    let _bob = RawClient::connect(&io).await;
    let bob = io.sockets().remove(1);
    bob.join("b");
    while !matches!(records.next().await.unwrap().event, Event::Lost { records: 1.. }) {}
    bob.join("c");
    let mut present = BTreeSet::new();
    let mut joined = BTreeSet::new();
    while !joined.contains(&(bob.id().to_string(), "last".to_owned())) {
        match records.next().await.unwrap().event {
            Event::Present { socket, rooms, .. } => {
                joined.extend(rooms.into_iter().map(|room| (socket.clone(), room)));
                present.insert(socket);
            }
            Event::Join { socket, room } => _ = joined.insert((socket, room)),
            Event::Counters { .. } => {}
            other => panic!("{other:?}"),
        }
        bob.join("last");
    }
    let ids = [&ann, &bob].map(|socket| socket.id().to_string());
    assert_eq!(present, BTreeSet::from(ids.clone()));
    let [ann, bob] = ids;
    let expected = [(ann, "a"), (bob.clone(), "b"), (bob.clone(), "c"), (bob, "last")];
    assert_eq!(joined, expected.map(|(socket, room)| (socket, room.to_owned())).into());
}
