//! The crowd at a rooms server: on the simulated network under a virtual clock, and over TCP.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use rooms::{
    Config, Io,
    observer::{self, Event, FeedReceiver},
};
use scenario::network::Address;
use tokio::time::{Instant, sleep, timeout};

use super::*;
use crate::server::{Bug, Embedded, bugs, worked_example};

const SEED: u64 = 42;
const PATIENCE: Duration = Duration::from_secs(20);

/// A simulated server with the worked example, and its records.
fn server() -> (Io, FeedReceiver) {
    serving(worked_example::app)
}

fn serving(app: fn(&Io)) -> (Io, FeedReceiver) {
    let (feed, records) = observer::feed(1_000_000);
    let io = Io::observed(Config::default(), feed);
    app(&io);
    (io, records)
}

fn events(records: &mut FeedReceiver) -> Vec<Event> {
    std::iter::from_fn(|| records.try_next()).map(|record| record.event).collect()
}

fn name(socket: &rooms::Socket) -> String {
    socket.handshake_auth()["name"].as_str().unwrap().to_owned()
}

fn names(io: &Io) -> BTreeSet<String> {
    io.sockets().iter().map(name).collect()
}

fn everyone() -> BTreeSet<String> {
    PEOPLE.iter().map(|person| person.name.to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn after_a_second_everyone_is_there_and_in_a_room() {
    let (io, _records) = server();
    let _crowd = Crowd::start(Network::simulated(io.clone()), SEED);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(names(&io), everyone());
    let rooms: Vec<_> = io.rooms().into_keys().filter(|room| room.starts_with("project:")).collect();
    assert_eq!(rooms, ["project:p1", "project:p2", "project:p3"]);
}

#[tokio::test(start_paused = true)]
async fn two_minutes_show_everything_that_a_server_can_meet() {
    let (io, mut records) = server();
    let _crowd = Crowd::start(Network::simulated(io), SEED);
    sleep(Duration::from_secs(120)).await;
    let events = events(&mut records);
    let happens = |wanted: &dyn Fn(&Event) -> bool| events.iter().filter(|event| wanted(event)).count();
    assert!(happens(&|event| matches!(event, Event::Sent { name, .. } if name == "error-message")) >= 2);
    for reason in ["client namespace disconnect", "transport close"] {
        assert!(happens(&|event| matches!(event, Event::Disconnect { reason: found, .. } if found == reason)) >= 2);
    }
    for person in ["ann", "dan", "eve"] {
        let name = Some(person.to_owned());
        assert!(
            happens(&|event| matches!(event, Event::Connect { name: found, .. } if *found == name)) >= 2,
            "{person}"
        );
    }
    let relayed = happens(&|event| matches!(event, Event::Broadcast { .. }));
    let received = happens(&|event| matches!(event, Event::Received { name, .. } if name == "task-updated"));
    assert!((1200..received).contains(&relayed), "{relayed} of {received}: updates without a task are not relayed");
    assert_eq!(happens(&|event| matches!(event, Event::HandlerPanic { .. } | Event::Dropped { .. })), 0);
}

#[tokio::test(start_paused = true)]
async fn at_rest_they_stay_and_do_nothing_until_they_go_on() {
    let (io, mut records) = server();
    let crowd = Crowd::start(Network::simulated(io.clone()), SEED);
    sleep(Duration::from_secs(10)).await;
    crowd.rest(true);
    // What is on its way arrives.
    sleep(Duration::from_millis(1)).await;
    let there = names(&io);
    events(&mut records);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(events(&mut records), []);
    assert_eq!(names(&io), there);
    crowd.rest(false);
    sleep(Duration::from_secs(60)).await;
    assert!(events(&mut records).len() > 100);
}

/// A symptom of a bug that a reader of the monitor could see.
type Symptom = fn(&Io, &[Event]) -> bool;

/// The symptoms by the ids of the bugs. Each bug's own file describes it in words.
const SYMPTOMS: &[(&str, Symptom)] = &[
    ("broadcast-to-everyone", |_, events| {
        events.iter().any(|event| matches!(event, Event::Broadcast { rooms, .. } if rooms.is_empty()))
    }),
    ("handler-after-await", |_, events| {
        events.iter().any(|event| matches!(event, Event::Received { handled: false, .. }))
    }),
    ("handler-registered-twice", |_, events| broadcasts(events).count() > complete_updates(events)),
    ("joins-wrong-room", |_, events| broadcasts(events).all(|recipients| recipients == 0)),
    ("no-rejoin-after-reconnect", |io, _| in_a_room(io).is_disjoint(&["ann", "dan", "eve"].map(str::to_owned).into())),
    ("rejects-in-silence", |_, events| broadcasts(events).count() == 0),
    ("room-kept-after-disconnect", |_, events| most_rooms_of("eve", events) > 1),
    ("sender-left-out", |_, events| {
        events.iter().any(|event| matches!(event, Event::Broadcast { socket: Some(_), .. }))
    }),
    ("trusts-payload", |_, events| {
        events.iter().any(|event| matches!(event, Event::Join { room, .. } if room == "project:null"))
    }),
    ("unbounded-queue", |io, events| {
        let dropped = events.iter().any(|event| matches!(event, Event::Dropped { .. }));
        let scraper = io.sockets().into_iter().find(|socket| name(socket) == "scraper").unwrap();
        let counters = io.counters().into_iter().find(|counters| counters.socket == scraper.id().as_str()).unwrap();
        !dropped && counters.received > 2 * counters.sent
    }),
];

/// The recipients of each broadcast.
fn broadcasts(events: &[Event]) -> impl Iterator<Item = u64> {
    events.iter().filter_map(|event| match event {
        Event::Broadcast { recipients, .. } => Some(*recipients),
        _ => None,
    })
}

fn complete_updates(events: &[Event]) -> usize {
    let complete = |event: &&Event| matches!(event, Event::Received { payload, .. } if payload.contains("taskId"));
    events.iter().filter(complete).count()
}

fn in_a_room(io: &Io) -> BTreeSet<String> {
    let rooms = io.rooms().into_iter().filter(|(room, _)| room.starts_with("project:"));
    rooms.flat_map(|(_, members)| members).map(|socket| name(&socket)).collect()
}

/// The most rooms that a person joined in one visit.
fn most_rooms_of(person: &str, events: &[Event]) -> usize {
    let mut joined: BTreeMap<&str, usize> = BTreeMap::new();
    for event in events {
        match event {
            Event::Connect { socket, name: Some(name), .. } if name == person => drop(joined.insert(socket, 0)),
            Event::Join { socket, .. } => {
                if let Some(count) = joined.get_mut(socket.as_str()) {
                    *count += 1;
                }
            }
            _ => {}
        }
    }
    joined.into_values().max().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn each_bug_shows_within_two_minutes_and_none_where_there_is_none() {
    let ids: BTreeSet<_> = bugs::ALL.iter().map(|bug| bug.id).collect();
    assert_eq!(ids, SYMPTOMS.iter().map(|(id, _)| *id).collect());
    let (sound, sound_events, _crowd) = two_minutes(worked_example::app).await;
    for Bug { id, app, .. } in bugs::ALL {
        let (io, events, _crowd) = two_minutes(*app).await;
        let (_, shows) = SYMPTOMS.iter().find(|(known, _)| known == id).unwrap();
        assert!(shows(&io, &events), "{id} does not show");
        assert!(!shows(&sound, &sound_events), "{id} shows in the worked example");
    }
}

/// Everything that happened in two minutes, with everybody still there.
async fn two_minutes(app: fn(&Io)) -> (Io, Vec<Event>, Crowd) {
    let (io, mut records) = serving(app);
    let crowd = Crowd::start(Network::simulated(io.clone()), SEED);
    sleep(Duration::from_secs(120)).await;
    (io, events(&mut records), crowd)
}

#[tokio::test(start_paused = true)]
async fn when_the_handle_goes_they_go_at_once() {
    let (io, _records) = server();
    let crowd = Crowd::start(Network::simulated(io.clone()), SEED);
    sleep(Duration::from_secs(1)).await;
    drop(crowd);
    sleep(Duration::from_millis(1)).await;
    assert_eq!(names(&io), BTreeSet::new());
    sleep(Duration::from_secs(60)).await;
    assert_eq!(names(&io), BTreeSet::new());
}

#[tokio::test(start_paused = true)]
async fn they_follow_to_another_server_and_say_goodbye_to_the_first() {
    let (first, mut records) = server();
    let (second, _records) = server();
    let crowd = Crowd::start(Network::simulated(first.clone()), SEED);
    sleep(Duration::from_secs(1)).await;
    events(&mut records);
    crowd.follow(Network::simulated(second.clone()));
    sleep(Duration::from_secs(1)).await;
    assert_eq!((names(&first), names(&second)), (BTreeSet::new(), everyone()));
    let goodbyes = events(&mut records)
        .into_iter()
        .filter(|event| matches!(event, Event::Disconnect { reason, .. } if reason == "client namespace disconnect"));
    assert_eq!(goodbyes.count(), PEOPLE.len());
}

#[tokio::test(start_paused = true)]
async fn being_refused_for_long_ends_nobody() {
    let (first, _records) = server();
    first.close().await;
    let (second, _records) = server();
    let crowd = Crowd::start(Network::simulated(first), SEED);
    sleep(Duration::from_secs(600)).await;
    crowd.follow(Network::simulated(second.clone()));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(names(&second), everyone());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_does_not_hold_them_back() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (second, _records) = server();
    let crowd = Crowd::start(Network::Tcp(Address::parse(&address).unwrap()), SEED);
    sleep(Duration::from_secs(2)).await;
    crowd.follow(Network::simulated(second.clone()));
    let moved = Instant::now();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(names(&second), everyone(), "{:?} after the move", moved.elapsed());
}

/// Over TCP, in real time: waits until everyone has connected since the last call.
async fn until_everyone_connected(records: &mut rooms::records::Records) {
    let mut missing = everyone();
    let search = async {
        while !missing.is_empty() {
            if let Event::Connect { name: Some(name), .. } = records.next().await.unwrap().event {
                missing.remove(&name);
            }
        }
    };
    assert!(timeout(PATIENCE, search).await.is_ok(), "not everyone came");
}

#[tokio::test]
async fn after_a_restart_of_the_server_all_of_them_come_back() {
    let (server, mut records) = Embedded::bind("127.0.0.1:0".parse().unwrap(), Config::default()).await.unwrap();
    let address = server.address();
    let _crowd = Crowd::start(Network::Tcp(Address::parse(&address.to_string()).unwrap()), SEED);
    until_everyone_connected(&mut records).await;
    server.stop().await;
    let (_server, mut records) = Embedded::bind(address, Config::default()).await.unwrap();
    until_everyone_connected(&mut records).await;
}
