//! Everything that a client can make grow, each with its bound. The server's budget is zero here, so anything beyond a
//! client's own share is refused at once; a client that asks for little does not notice.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::{Log, RawClient, eventually, observed};
use futures_util::SinkExt as _;
use rooms::observer::Event;
use rooms::{AckError, Config, Io, OverflowPolicy};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio_tungstenite::tungstenite::Message;

const KILOBYTE: usize = 1024;

/// Events in one write.
const EVENTS: usize = 1000;

/// No memory beyond the shares.
fn shares_alone() -> Config {
    Config { max_memory: 0, ..Config::default() }
}

fn server(config: Config) -> (Io, Log) {
    let (io, log) = observed(config);
    io.on_connection(|socket| {
        socket.on("echo", |socket, payload| socket.emit("echo", payload));
        socket.on("join", |socket, payload| socket.join(payload.value().as_str().unwrap()));
        socket.on("leave", |socket, payload| socket.leave(payload.value().as_str().unwrap()));
        socket.on_async("slow", |_, _| std::future::pending());
        socket.on("look", |socket, payload| socket.emit("looked", payload.value().is_null()));
    });
    (io, log)
}

/// Asserts that another client, which asks for little, is served.
async fn is_served(io: &Io) {
    let mut other = RawClient::connect(io).await;
    other.send(r#"42["echo",[1,2,3]]"#).await;
    assert_eq!(other.read().await.unwrap(), r#"42["echo",[1,2,3]]"#);
}

/// The reason with which the one client is disconnected.
async fn reason(log: &Log) -> String {
    eventually(|| !log.disconnect_reasons().is_empty()).await;
    log.disconnect_reasons().remove(0)
}

/// A stream with its own session, for bytes that no real client sends.
async fn raw(io: &Io) -> DuplexStream {
    let (mut client, theirs) = duplex(64 * KILOBYTE);
    let io = io.clone();
    tokio::spawn(async move { io.serve_stream(theirs).await });
    let request = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: server\r\nUpgrade: websocket\r\n\
                   Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                   Sec-WebSocket-Version: 13\r\n\r\n";
    client.write_all(request.as_bytes()).await.unwrap();
    // `40` in a frame with a mask of zeros.
    client.write_all(&[0x81, 0x82, 0, 0, 0, 0, b'4', b'0']).await.unwrap();
    let mut heard = Vec::new();
    while !heard.windows(3).any(|window| window == b"40{") {
        assert!(client.read_buf(&mut heard).await.unwrap() > 0);
    }
    client
}

#[tokio::test(start_paused = true)]
async fn an_incomplete_message_has_its_share() {
    let (io, log) = server(shares_alone());
    let mut client = raw(&io).await;
    // Of 60,000 bytes.
    client.write_all(&[0x81, 0xfe, 0xea, 0x60, 0, 0, 0, 0]).await.unwrap();
    client.write_all(&[b' '; 7 * KILOBYTE]).await.unwrap();
    is_served(&io).await;
    eventually(|| io.sockets().len() == 1).await;
    assert!(!log.disconnect_reasons().contains(&"server is full".to_owned()));
    client.write_all(&[b' '; 2 * KILOBYTE]).await.unwrap();
    eventually(|| io.sockets().is_empty()).await;
    assert!(log.disconnect_reasons().contains(&"server is full".to_owned()));
}

/// A message is not lost when there is no memory for the next one.
#[tokio::test(start_paused = true)]
async fn a_small_message_before_one_that_has_to_wait_is_handled() {
    let (io, log) = server(shares_alone());
    let mut client = raw(&io).await;
    let packet = br#"42["echo",1]"#;
    let small = [&[0x81, 0x80 | u8::try_from(packet.len()).unwrap(), 0, 0, 0, 0][..], packet].concat();
    let large = [&[0x81, 0xfe, 0xea, 0x60, 0, 0, 0, 0][..], &[b' '; 100]].concat();
    client.write_all(&[&small[..], &small, &large].concat()).await.unwrap();
    let mut heard = Vec::new();
    while heard.windows(packet.len()).filter(|window| window == packet).count() < 2 {
        assert!(client.read_buf(&mut heard).await.unwrap() > 0, "it hung up");
    }
    assert!(log.disconnect_reasons().is_empty());
}

/// A hundred large messages at once, and memory for a few of them: they are read one after another, and nobody is cut
/// off.
#[tokio::test]
async fn many_large_messages_at_once_wait_for_each_other() {
    let (io, log) = server(Config { max_memory: 8 * 1024 * KILOBYTE, ..Config::default() });
    let message = format!(r#"42["look",0,"{}"]"#, "x".repeat(900 * KILOBYTE));
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (io, message) = (io.clone(), message.clone());
        clients.spawn(async move {
            let mut client = RawClient::connect(&io).await;
            client.send(&message).await;
            client.read().await
        });
    }
    let answers = clients.join_all().await;
    assert!(answers.iter().all(|answer| answer.as_deref() == Some(r#"42["looked",false]"#)), "{answers:?}");
    assert!(!log.disconnect_reasons().contains(&"server is full".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn an_incomplete_body_has_its_share() {
    let (io, _) = server(shares_alone());
    let (mut client, theirs) = duplex(64 * KILOBYTE);
    let serving = io.clone();
    tokio::spawn(async move { serving.serve_stream(theirs).await });
    let target = "/socket.io/?EIO=4&transport=polling";
    client.write_all(format!("GET {target} HTTP/1.1\r\nHost: server\r\n\r\n").as_bytes()).await.unwrap();
    let mut heard = String::new();
    while !heard.contains("maxPayload") {
        let mut chunk = [0; KILOBYTE];
        let length = client.read(&mut chunk).await.unwrap();
        heard.push_str(std::str::from_utf8(&chunk[..length]).unwrap());
    }
    let sid = heard.split_once("\"sid\":\"").unwrap().1.split_once('"').unwrap().0;
    let post = format!("POST {target}&sid={sid} HTTP/1.1\r\nHost: server\r\nContent-Length: 100000\r\n\r\n");
    client.write_all(post.as_bytes()).await.unwrap();
    client.write_all(&vec![b'6'; 40 * KILOBYTE]).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    is_served(&io).await;
}

#[tokio::test(start_paused = true)]
async fn attachments_that_are_to_come_have_their_share_and_their_time() {
    for (sent, expected) in [(2, "slow client"), (3, "server is full")] {
        let (io, log) = server(shares_alone());
        let mut client = RawClient::connect(&io).await;
        let started = tokio::time::Instant::now();
        client.send(r#"454-["echo"]"#).await;
        for _ in 0..sent {
            client.stream.send(Message::binary(vec![0; 7 * KILOBYTE])).await.unwrap();
        }
        assert_eq!(reason(&log).await, expected);
        let waited = started.elapsed();
        assert_eq!(waited >= Config::default().event_timeout, expected == "slow client", "{waited:?}");
        is_served(&io).await;
    }
}

/// Heartbeats do not extend the time that an event has.
#[tokio::test(start_paused = true)]
async fn an_event_is_completed_in_time_or_not_at_all() {
    let config = Config { ping_interval: Duration::from_secs(1), ..Config::default() };
    let (io, log) = server(config);
    let mut client = RawClient::connect(&io).await;
    client.send(r#"452-["echo"]"#).await;
    client.stream.send(Message::binary(vec![0])).await.unwrap();
    let mut pings = 0;
    while let Some(packet) = client.read().await {
        assert_eq!(packet, "2");
        client.send("3").await;
        pings += 1;
    }
    assert_eq!((reason(&log).await.as_str(), pings), ("slow client", 19));
}

#[tokio::test(start_paused = true)]
async fn an_event_with_its_attachments_has_a_size() {
    let (io, log) = server(Config { max_payload: 1000, max_event: 2500, ..Config::default() });
    let mut client = RawClient::connect(&io).await;
    client.send(r#"453-["echo"]"#).await;
    for _ in 0..3 {
        // The third is too much, or comes too late to be taken.
        let _ = client.stream.send(Message::binary(vec![0; 900])).await;
    }
    assert_eq!(reason(&log).await, "parse error");
}

/// To the byte, however many attachments it has.
#[tokio::test(start_paused = true)]
async fn an_event_of_exactly_the_limit_is_taken() {
    const TEXT: &str = r#"453-["nobody-hears"]"#;
    for (more, is_taken) in [(0, true), (1, false)] {
        // The four is that of Engine.IO.
        let max_event = TEXT.len() - 1 + 3 * 50;
        let (io, log) = server(Config { max_payload: 100, max_event, ..Config::default() });
        let mut client = RawClient::connect(&io).await;
        client.send(TEXT).await;
        for length in [50, 50 + more, 50] {
            // A third may come too late to be taken.
            let _ = client.stream.send(Message::binary(vec![0; length])).await;
        }
        if is_taken {
            client.settle().await;
        } else {
            assert_eq!(reason(&log).await, "parse error");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn events_behind_a_handler_have_their_share() {
    let (io, log) = server(shares_alone());
    let mut client = RawClient::connect(&io).await;
    client.send(r#"42["slow"]"#).await;
    client.send(&format!(r#"42["echo","{}"]"#, "x".repeat(12 * KILOBYTE))).await;
    is_served(&io).await;
    assert!(!log.disconnect_reasons().contains(&"server is full".to_owned()));
    client.send(&format!(r#"42["echo","{}"]"#, "x".repeat(12 * KILOBYTE))).await;
    eventually(|| log.disconnect_reasons().contains(&"server is full".to_owned())).await;
}

#[tokio::test(start_paused = true)]
async fn a_tree_of_values_has_its_share() {
    let (io, _) = server(shares_alone());
    let mut client = RawClient::connect(&io).await;
    for (objects, is_null) in [(10, false), (1000, true)] {
        client.send(&format!(r#"42["look",[{}]]"#, vec![r#"{"":0}"#; objects].join(","))).await;
        assert_eq!(client.read().await.unwrap(), format!(r#"42["looked",{is_null}]"#));
    }
}

/// Handled events take no memory while their client stays: however much it has sent, there is room for others.
#[tokio::test]
async fn memory_is_released_when_an_event_is_handled() {
    let (io, log) = server(Config { max_memory: 1_500_000, queue_bytes: 10_000_000, ..Config::default() });
    let large = format!(r#"42["nobody-hears",0,"{}"]"#, "x".repeat(600 * KILOBYTE));
    let mut clients = Vec::new();
    for number in 0..10 {
        let mut client = RawClient::connect(&io).await;
        if number % 2 == 0 {
            client.send(&large).await;
        } else {
            client.send(r#"452-["nobody-hears"]"#).await;
            client.stream.send(Message::binary(vec![0; 600 * KILOBYTE])).await.unwrap();
            client.stream.send(Message::binary(vec![0])).await.unwrap();
        }
        client.settle().await;
        clients.push(client);
    }
    assert_eq!((io.sockets().len(), log.disconnect_reasons()), (10, Vec::new()));
}

/// As [`memory_is_released_when_an_event_is_handled`], behind a handler that takes its time.
#[tokio::test(start_paused = true)]
async fn memory_is_released_behind_an_async_handler() {
    let (io, log) = server(shares_alone());
    io.on_connection(|socket| {
        socket.on_async("nap", |_, _| tokio::time::sleep(Duration::from_secs(1)));
    });
    let mut client = RawClient::connect(&io).await;
    let large = "x".repeat(6 * KILOBYTE);
    for _ in 0..10 {
        client.send(&format!(r#"42["nap","{large}"]"#)).await;
        client.send(&format!(r#"42["other","{large}"]"#)).await;
        client.settle().await;
    }
    assert!(log.disconnect_reasons().is_empty());
}

/// Large texts are read outside the runtime; nothing overtakes them.
#[tokio::test]
async fn a_text_that_is_read_elsewhere_keeps_its_place() {
    let (io, _) = server(Config::default());
    let mut client = RawClient::connect(&io).await;
    let long = "x".repeat(100 * KILOBYTE);
    for round in 0..20 {
        client.send(&format!(r#"42["echo",{round},"{long}"]"#)).await;
        client.send(&format!(r#"42["echo","{round}"]"#)).await;
    }
    for round in 0..20 {
        assert_eq!(client.read().await.unwrap(), format!(r#"42["echo",{round}]"#));
        assert_eq!(client.read().await.unwrap(), format!(r#"42["echo","{round}"]"#));
    }
}

#[tokio::test]
async fn a_large_text_that_is_not_json_ends_the_connection() {
    for rest in ["", "]x", ",,1]"] {
        let (io, log) = server(Config::default());
        let mut client = RawClient::connect(&io).await;
        client.send(&format!(r#"42["echo","{}"{rest}"#, "x".repeat(100 * KILOBYTE))).await;
        assert_eq!(reason(&log).await, "parse error");
    }
}

#[tokio::test(start_paused = true)]
async fn a_queue_has_its_share() {
    let (io, log) = server(shares_alone());
    let _client = RawClient::open_with_buffer(&io, KILOBYTE).await;
    let mut client = RawClient::open_with_buffer(&io, KILOBYTE).await;
    client.join_root().await;
    let socket = io.sockets().remove(0);
    let mut sent = 0;
    while socket.is_connected() && log.disconnect_reasons().is_empty() && sent < 1000 {
        socket.overflow(OverflowPolicy::Disconnect).emit("news", "x".repeat(KILOBYTE));
        sent += 1;
        tokio::task::yield_now().await;
    }
    assert_eq!(reason(&log).await, "server is full");
    // Its share is 32 kB; a batch was on its way already, and one that is written.
    assert!((30..130).contains(&sent), "{sent}");
    is_served(&io).await;
}

#[tokio::test(start_paused = true)]
async fn auth_has_a_size_and_sockets_have_their_share() {
    let (io, _) = server(shares_alone());
    io.of_dynamic(|_| true, |_| {});
    let mut client = RawClient::connect(&io).await;
    client.send(&format!(r#"40/large,{{"a":"{}"}}"#, "x".repeat(8 * KILOBYTE))).await;
    let answer = client.read().await.unwrap();
    assert!(answer.starts_with(r#"44/large,{"message":"The auth payload has more than 8192 bytes"#), "{answer}");
    client.send(&format!(r#"40/costly,{{"a":[{}]}}"#, vec![r#"{"":0}"#; 1000].join(","))).await;
    let answer = client.read().await.unwrap();
    assert_eq!(answer, r#"44/costly,{"message":"The server has no memory left for more"}"#);
    let mut joined = 1;
    for number in 0..20 {
        client.send(&format!("40/n{number}")).await;
        joined += usize::from(client.read().await.unwrap().starts_with("40/n"));
    }
    assert!((5..9).contains(&joined), "{joined}");
    client.send("41/n1").await;
    client.send("40/another").await;
    assert!(client.read().await.unwrap().starts_with("40/another,"), "leaving one makes room");
    is_served(&io).await;
}

#[tokio::test(start_paused = true)]
async fn rooms_have_their_share() {
    let (io, log) = server(shares_alone());
    let mut client = RawClient::connect(&io).await;
    let name = |number: usize| format!("{number}{}", "r".repeat(900));
    for number in 0..100 {
        client.send(&format!(r#"42["join","{}"]"#, name(number))).await;
    }
    client.settle().await;
    let joined = io.sockets()[0].rooms().len();
    assert!((20..36).contains(&joined), "{joined}");
    let refused = log.events().into_iter().filter(
        |event| matches!(event, Event::Dropped { reason, .. } if reason.starts_with("the clients hold all the memory")),
    );
    assert_eq!(refused.count(), 100 - joined);
    client.send(&format!(r#"42["leave","{}"]"#, name(0))).await;
    client.send(r#"42["join","another"]"#).await;
    client.settle().await;
    assert!(io.sockets()[0].rooms().contains(&"another".to_owned()));
    is_served(&io).await;
}

/// One client has one share, in however many namespaces it is.
#[tokio::test(start_paused = true)]
async fn rooms_of_all_namespaces_have_one_share() {
    let (io, _) = server(shares_alone());
    let other = io.of("/other");
    other.on_connection(|socket| socket.on("join", |socket, payload| socket.join(payload.value().as_str().unwrap())));
    let mut client = RawClient::connect(&io).await;
    client.send("40/other").await;
    client.read().await.unwrap();
    for namespace in ["", "/other,"] {
        for number in 0..20 {
            client.send(&format!(r#"42{namespace}["join","{number}{}"]"#, "r".repeat(900))).await;
        }
    }
    client.settle().await;
    let joined = [&io, &other].map(|io| io.sockets()[0].rooms().len());
    assert!(joined[0] == 20 && joined[1] < 10, "{joined:?}");
}

#[tokio::test(start_paused = true)]
async fn awaited_answers_have_their_share() {
    let (io, _) = server(shares_alone());
    let _client = RawClient::connect(&io).await;
    let socket = io.sockets().remove(0);
    let ask = || socket.emit_with_ack("q", (), Duration::from_secs(5));
    let answers = futures_util::future::join_all((0..100).map(|_| ask())).await;
    let asked = answers.iter().filter(|answer| matches!(answer, Err(AckError::Timeout))).count();
    assert_eq!(asked, 32);
    assert!(answers.iter().filter(|answer| matches!(answer, Err(AckError::NotSent))).count() == 100 - asked);
    assert!(matches!(ask().await, Err(AckError::Timeout)), "those that have ended make room");
}

/// Ten thousand clients that open a session and say nothing, and one that joins.
#[tokio::test(start_paused = true)]
async fn sessions_that_join_nothing_keep_nobody_out() {
    let (io, log) = server(Config { max_connections: 20, max_waiting: 10, ..Config::default() });
    let mut idle = Vec::new();
    for _ in 0..100 {
        idle.push(RawClient::open(&io).await);
    }
    is_served(&io).await;
    assert!(idle.pop().unwrap().read().await.unwrap().starts_with("0{"), "the latest are still there");
    let refused = log.events().into_iter().find_map(|event| match event {
        Event::Refused { reason, .. } => Some(reason),
        _ => None,
    });
    assert!(refused.unwrap().starts_with("more than 10 clients opened a session and joined no namespace"));
}

/// Answers to a client wake its own task, which must not cut its pauses short.
#[tokio::test]
async fn others_have_a_turn_after_a_few_messages_of_a_client_that_is_answered() {
    let io = Io::new(Config::default());
    let handled = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&handled);
    io.on_connection(move |socket| {
        let counted = Arc::clone(&counted);
        socket.on("e", move |socket, _| {
            counted.fetch_add(1, Ordering::Relaxed);
            socket.emit("e", 1);
        });
    });
    let mut client = raw(&io).await;
    let frame = [&[0x81, 0x87, 0, 0, 0, 0][..], br#"42["e"]"#].concat();
    client.write_all(&frame.repeat(EVENTS)).await.unwrap();
    let (mut before, mut most) = (0, 0);
    while before < EVENTS {
        tokio::task::yield_now().await;
        let now = handled.load(Ordering::Relaxed);
        most = most.max(now - before);
        before = now;
    }
    assert!(most <= 64, "{most} at once");
}

/// Members of a large room are woken a few at a time. A member whose turn has not come must not lose any of another's
/// many events.
#[tokio::test]
async fn nobody_in_a_large_room_is_cut_off_because_one_client_sends_much() {
    const MEMBERS: usize = 1200;
    let (io, log) = observed(Config::default());
    io.on_connection(|socket| {
        socket.join("room");
        socket.on("e", |socket, _| socket.to("room").emit("e", 1));
    });
    let mut members = Vec::new();
    for _ in 0..MEMBERS {
        members.push(raw(&io).await);
    }
    let mut sender = raw(&io).await;
    let frame = [&[0x81, 0x87, 0, 0, 0, 0][..], br#"42["e"]"#].concat();
    sender.write_all(&frame.repeat(2 * EVENTS)).await.unwrap();
    for member in &mut members {
        let (event, mut heard) = (br#"42["e",1]"#, Vec::new());
        while heard.windows(event.len()).filter(|window| window == event).count() < 2 * EVENTS {
            assert!(member.read_buf(&mut heard).await.unwrap() > 0, "a member was cut off");
        }
    }
    assert_eq!(log.disconnect_reasons(), Vec::<String>::new());
}
