//! Which clients get which events: rooms, exceptions, the end of a membership, full queues.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::time::Duration;

use common::{Log, RawClient, eventually, observed};
use rooms::observer::Event;
use rooms::{AckError, Config, Io, OverflowPolicy};

/// An application whose events are commands, so that a test reads as a script.
fn commands(config: Config) -> (Io, Log) {
    let (io, log) = observed(config);
    io.on_connection(|socket| {
        socket.on("join", |socket, payload| socket.join(payload.value().as_str().unwrap()));
        socket.on("leave", |socket, payload| socket.leave(payload.value().as_str().unwrap()));
        socket.on("io-to", |socket, payload| {
            socket.io().to(payload.value().as_str().unwrap()).emit("news", "io");
        });
        socket.on("socket-to", |socket, payload| {
            socket.to(payload.value().as_str().unwrap()).emit("news", "socket");
        });
        socket.on("all", |socket, _| socket.io().emit("news", "all"));
        socket.on("others", |socket, _| socket.broadcast().emit("news", "others"));
        socket.on("except", |socket, payload| {
            socket.io().to("a").to("b").except(payload.value().as_str().unwrap()).emit("news", "except");
        });
        socket.on("volatile", |socket, _| {
            socket.volatile().emit("news", 1);
            socket.volatile().emit("news", 2);
        });
        socket.on("kick", |socket, _| socket.disconnect());
    });
    (io, log)
}

/// The events that each client got, in the order of the slice, once everything has arrived.
async fn heard(clients: &mut [RawClient]) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for client in clients {
        client.send("40/settled").await;
        let mut packets = Vec::new();
        loop {
            let packet = client.read().await.unwrap();
            if packet.starts_with("44/settled") {
                break;
            }
            packets.push(packet.trim_start_matches(r#"42["news",""#).trim_end_matches("\"]").to_owned());
        }
        all.push(packets);
    }
    all
}

async fn three(io: &Io) -> Vec<RawClient> {
    let mut clients = Vec::new();
    for rooms in [&["a"][..], &["a", "b"], &["b"]] {
        let mut client = RawClient::connect(io).await;
        for room in rooms {
            client.send(&format!(r#"42["join","{room}"]"#)).await;
        }
        client.settle().await;
        clients.push(client);
    }
    clients
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_emit_reaches_exactly_its_audience() {
    let (io, _) = commands(Config::default());
    let mut clients = three(&io).await;
    for (command, expected) in [
        (r#"["io-to","a"]"#, [1, 1, 0]),
        (r#"["socket-to","a"]"#, [0, 1, 0]),
        (r#"["io-to","b"]"#, [0, 1, 1]),
        (r#"["io-to","nobody"]"#, [0, 0, 0]),
        (r#"["all"]"#, [1, 1, 1]),
        (r#"["others"]"#, [0, 1, 1]),
        (r#"["except","nobody"]"#, [1, 1, 1]),
        (r#"["except","b"]"#, [1, 0, 0]),
    ] {
        clients[0].send(&format!("42{command}")).await;
        let counts: Vec<usize> = heard(&mut clients).await.iter().map(Vec::len).collect();
        assert_eq!(counts, expected, "after {command}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_socket_id_serves_as_a_room() {
    let (io, _) = commands(Config::default());
    let mut clients = three(&io).await;
    let id = io.sockets()[2].id().to_string();
    io.to(&id).emit("news", "you");
    assert_eq!(heard(&mut clients).await, [vec![], vec![], vec!["you".to_owned()]]);
    io.except(&id).emit("news", "not-you");
    assert_eq!(heard(&mut clients).await.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 0]);
}

#[tokio::test(start_paused = true)]
async fn leaving_and_disconnecting_end_a_membership_and_empty_rooms_vanish() {
    let (io, log) = commands(Config::default());
    let mut clients = three(&io).await;
    clients[0].send(r#"42["leave","a"]"#).await;
    clients[0].settle().await;
    assert_eq!(io.fetch_sockets("a").len(), 1);
    drop(clients.remove(1));
    eventually(|| io.sockets().len() == 2).await;
    assert_eq!(io.rooms().keys().collect::<Vec<_>>(), ["b"]);
    let leaves = log.events().iter().filter(|event| matches!(event, Event::Leave { .. })).count();
    assert_eq!(leaves, 3, "one by hand, two by disconnecting");
    assert_eq!(log.disconnect_reasons(), ["transport close"]);
}

#[tokio::test(start_paused = true)]
async fn a_room_is_named_alike_to_join_and_to_leave_it() {
    let (io, _) = observed(Config::default());
    io.on_connection(|socket| {
        let room = "a".to_owned();
        socket.join("a");
        socket.leave("a");
        let after_a_literal = socket.rooms();
        socket.join(&room);
        socket.leave(&room);
        let after_a_reference = socket.rooms();
        socket.join(room.clone());
        socket.leave(room);
        socket.emit("rooms", [after_a_literal, after_a_reference, socket.rooms()]);
    });
    let mut client = RawClient::connect(&io).await;
    assert_eq!(client.read().await.unwrap(), r#"42["rooms",[[],[],[]]]"#);
}

#[tokio::test(start_paused = true)]
async fn rooms_are_held_while_disconnecting_and_gone_after() {
    let (io, _) = observed(Config::default());
    let (seen, mut seeing) = tokio::sync::mpsc::unbounded_channel();
    io.on_connection(move |socket| {
        socket.join("a");
        let (before, after) = (seen.clone(), seen.clone());
        socket.on_disconnecting(move |socket, reason| before.send((socket.rooms(), reason.to_string())).unwrap());
        socket.on_disconnect(move |socket, reason| {
            socket.join("too-late");
            after.send((socket.rooms(), reason.to_string())).unwrap();
        });
    });
    let mut client = RawClient::connect(&io).await;
    client.send("41").await;
    let reason = "client namespace disconnect".to_owned();
    assert_eq!(seeing.recv().await.unwrap(), (vec!["a".to_owned()], reason.clone()));
    assert_eq!(seeing.recv().await.unwrap(), (vec![], reason));
    client.settle().await;
    assert!(io.rooms().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_server_side_disconnect_tells_the_client_and_keeps_the_connection() {
    let (io, log) = commands(Config::default());
    let mut client = RawClient::connect(&io).await;
    client.send(r#"42["kick"]"#).await;
    client.send(r#"42["all"]"#).await;
    assert_eq!(client.read().await.unwrap(), "41");
    client.settle().await;
    assert_eq!(log.disconnect_reasons(), ["server namespace disconnect"]);
    client.send("40").await;
    assert!(client.read().await.unwrap().starts_with("40{"));
}

#[tokio::test(start_paused = true)]
async fn a_volatile_event_is_dropped_while_another_waits() {
    let (io, _) = commands(Config::default());
    let mut clients = vec![RawClient::connect(&io).await];
    clients[0].send(r#"42["volatile"]"#).await;
    assert_eq!(heard(&mut clients).await[0].len(), 1);
    assert_eq!(io.counters()[0].dropped, 1);
}

#[tokio::test(start_paused = true)]
async fn rooms_of_one_socket_are_limited() {
    let (io, log) = commands(Config { max_rooms: 2, ..Config::default() });
    let mut client = RawClient::connect(&io).await;
    for room in ["a", "b", "c"] {
        client.send(&format!(r#"42["join","{room}"]"#)).await;
    }
    client.settle().await;
    assert_eq!(io.sockets()[0].rooms(), ["a", "b"]);
    assert!(log.events().iter().any(|event| matches!(event, Event::Dropped { name, .. } if name == "join c")));
}

#[tokio::test(start_paused = true)]
async fn a_rooms_name_is_limited() {
    let (io, log) = commands(Config { max_name: 8, ..Config::default() });
    let mut client = RawClient::connect(&io).await;
    for room in ["12345678", "123456789", "ééééé"] {
        client.send(&format!(r#"42["join","{room}"]"#)).await;
    }
    client.settle().await;
    assert_eq!(io.sockets()[0].rooms(), ["12345678"]);
    let refused =
        |event: &&Event| matches!(event, Event::Dropped { reason, .. } if reason.contains("longer than the 8 bytes"));
    assert_eq!(log.events().iter().filter(refused).count(), 2);
}

/// A stalled reader with a stream of 1 KiB behind it, and a healthy one.
async fn stalled_and_healthy(config: Config) -> (Io, Log, RawClient, RawClient) {
    let (io, log) = commands(config);
    let mut stalled = RawClient::open_with_buffer(&io, 1024).await;
    stalled.join_root().await;
    let healthy = RawClient::connect(&io).await;
    (io, log, stalled, healthy)
}

#[tokio::test(start_paused = true)]
async fn a_stalled_reader_is_disconnected_and_harms_nobody() {
    let (io, log, _stalled, mut healthy) =
        stalled_and_healthy(Config { queue_messages: 16, ..Config::default() }).await;
    for number in 0..200 {
        io.emit("news", (number, "x".repeat(100)));
        assert!(healthy.read().await.unwrap().starts_with(&format!(r#"42["news",[{number},"#)));
    }
    eventually(|| io.sockets().len() == 1).await;
    assert_eq!(log.disconnect_reasons(), ["slow client"]);
    healthy.settle().await;
}

#[tokio::test(start_paused = true)]
async fn a_stalled_reader_is_thinned_when_the_policy_drops() {
    let overflow = OverflowPolicy::DropOldest;
    let (io, _, mut stalled, mut healthy) =
        stalled_and_healthy(Config { queue_messages: 16, overflow, ..Config::default() }).await;
    for number in 0..200 {
        io.emit("news", (number, "x".repeat(100)));
        healthy.read().await.unwrap();
    }
    let dropped = io.counters()[0].dropped;
    assert!((100..200).contains(&dropped), "{dropped} dropped");
    for _ in 0..200 - dropped - 1 {
        stalled.read().await.unwrap();
    }
    assert!(stalled.read().await.unwrap().starts_with(r#"42["news",[199,"#), "the newest survives");
}

#[tokio::test(start_paused = true)]
async fn a_policy_is_that_of_the_emit_or_else_of_the_room_or_else_of_the_server() {
    for (of_room, of_emit, then) in [
        (None, None, ("none", "slow client")),
        (Some(OverflowPolicy::DropNewest), None, ("first", "")),
        (None, Some(OverflowPolicy::DropOldest), ("last", "")),
        (Some(OverflowPolicy::Disconnect), Some(OverflowPolicy::KeepLatest), ("last", "")),
        (Some(OverflowPolicy::DropOldest), Some(OverflowPolicy::Disconnect), ("none", "slow client")),
    ] {
        let (io, log, mut stalled, _healthy) =
            stalled_and_healthy(Config { queue_messages: 16, ..Config::default() }).await;
        stalled.send(r#"42["join","a"]"#).await;
        stalled.settle().await;
        if let Some(policy) = of_room {
            io.set_overflow("a", policy);
        }
        for number in 0..200 {
            let broadcast = io.to("a");
            let broadcast = if let Some(policy) = of_emit { broadcast.overflow(policy) } else { broadcast };
            broadcast.emit("news", (number, "x".repeat(100)));
        }
        // It may have been cut off already.
        let _ = stalled.try_send("40/settled").await;
        let mut last = String::new();
        let outcome = loop {
            match stalled.read().await {
                Some(packet) if packet.starts_with("44/settled") && last.starts_with(r#"42["news",[199,"#) => {
                    break "last";
                }
                Some(packet) if packet.starts_with("44/settled") => break "first",
                Some(packet) => last = packet,
                None => break "none",
            }
        };
        let cut_off = log.disconnect_reasons().concat();
        assert_eq!((outcome, cut_off.as_str()), then, "{of_room:?} {of_emit:?}: {last}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_latest_of_each_key_reaches_a_stalled_reader() {
    let (io, _, mut stalled, _healthy) = stalled_and_healthy(Config { queue_messages: 4, ..Config::default() }).await;
    let id = io.sockets()[0].id().to_string();
    let moves = |name: &str, number: u64| {
        let cursor = io.to(id.as_str()).overflow(OverflowPolicy::KeepLatest);
        cursor.key(format!("cursor:{name}")).emit("cursor", (name, number, "x".repeat(400)));
    };
    for number in 0..100 {
        moves("bob", number);
    }
    // It waits behind bob's events, and bob's next one must not drop it.
    moves("ann", 7);
    for number in 100..200 {
        moves("bob", number);
    }
    let mut last = std::collections::BTreeMap::new();
    while last.get("bob") != Some(&199) {
        let packet = stalled.read().await.unwrap();
        let (_, (name, number, _)): (String, (String, u64, String)) = serde_json::from_str(&packet[2..]).unwrap();
        assert!(last.insert(name, number).is_none_or(|before| before < number));
    }
    assert_eq!(last.get("ann"), Some(&7));
}

#[tokio::test(start_paused = true)]
async fn all_sockets_of_a_room_can_be_fetched_moved_and_disconnected() {
    let (io, log) = commands(Config::default());
    let mut clients = three(&io).await;
    assert_eq!(io.fetch_sockets("a").len(), 2);
    io.to("a").sockets_join("c");
    io.to("b").sockets_leave("b");
    let members = |room: &str| io.fetch_sockets(room).len();
    assert_eq!((members("a"), members("b"), members("c")), (2, 0, 2));
    io.to("c").disconnect_sockets();
    assert_eq!((members("a"), members("c"), io.sockets().len()), (0, 0, 1));
    assert_eq!(log.disconnect_reasons(), ["server namespace disconnect"; 2]);
    assert_eq!(clients[0].read().await.unwrap(), "41");
    clients[0].settle().await;
}

#[tokio::test(start_paused = true)]
async fn everyone_in_a_room_can_be_asked_at_once() {
    let (io, _) = commands(Config::default());
    let mut clients = three(&io).await;
    let asking = tokio::spawn({
        let io = io.clone();
        async move { io.to("a").emit_with_ack("ready?", 1, Duration::from_secs(5)).await }
    });
    let question = clients[0].read().await.unwrap();
    assert!(question.starts_with("42") && question.ends_with(r#"["ready?",1]"#), "{question}");
    let id = question[2..].split('[').next().unwrap();
    clients[0].send(&format!("43{id}[\"yes\"]")).await;
    let answers = asking.await.unwrap();
    let answers: Vec<_> = answers.iter().map(|(_, answer)| answer.as_ref().map(rooms::Payload::json)).collect();
    assert_eq!(answers, [Ok("\"yes\""), Err(&AckError::Timeout)], "the second did not answer");
}
