//! Guards: which clients may enter a namespace.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{RawClient, eventually, observed};
use rooms::observer::Event;
use rooms::{Config, ConnectError, Io};
use serde_json::json;
use tokio::sync::Notify;

/// Admits clients that give a name, and remembers it.
fn named_only(io: &Io) {
    io.guard(|socket| match socket.handshake_auth()["name"].as_str() {
        Some(name) => {
            socket.set_data("name", name);
            Ok(())
        }
        None => Err(ConnectError::new("who are you?").with_data(json!({ "code": 401 }))),
    });
    io.on_connection(|socket| socket.emit("welcome", socket.data("name")));
}

async fn open(io: &Io) -> RawClient {
    let mut client = RawClient::open(io).await;
    client.read().await.unwrap();
    client
}

#[tokio::test(start_paused = true)]
async fn a_guard_refuses_with_a_message_and_data_and_lets_in_the_next_time() {
    let (io, log) = observed(Config::default());
    named_only(&io);
    let mut client = open(&io).await;
    client.send("40").await;
    assert_eq!(client.read().await.unwrap(), r#"44{"message":"who are you?","data":{"code":401}}"#);
    assert!(io.sockets().is_empty());
    client.send(r#"40{"name":"ann"}"#).await;
    assert!(client.read().await.unwrap().starts_with("40{"));
    assert_eq!(client.read().await.unwrap(), r#"42["welcome","ann"]"#);
    let refused = |event: &Event| matches!(event, Event::ConnectError { message, .. } if message == "who are you?");
    assert_eq!(log.events().iter().filter(|event| refused(event)).count(), 1);
    assert_eq!(log.events().iter().filter(|event| matches!(event, Event::Connect { .. })).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_refused_for_good_is_closed_when_its_time_is_up() {
    let (io, _) = observed(Config::default());
    named_only(&io);
    let mut client = open(&io).await;
    client.send("40").await;
    let packets = client.read_to_end().await;
    assert!(packets[0].starts_with("44"), "{packets:?}");
}

#[tokio::test(start_paused = true)]
async fn guards_are_asked_in_order_and_only_in_their_namespace() {
    let io = Io::new(Config::default());
    let admin = io.of("/admin");
    admin.guard(|_| Err("first".into()));
    admin.guard(|_| panic!("the second guard is not asked"));
    let mut client = RawClient::connect(&io).await;
    client.send("40/admin,").await;
    assert_eq!(client.read().await.unwrap(), r#"44/admin,{"message":"first"}"#);
}

#[tokio::test(start_paused = true)]
async fn packets_wait_while_an_async_guard_takes_its_time() {
    let io = Io::new(Config::default());
    let decided = Arc::new(Notify::new());
    let decision = Arc::clone(&decided);
    io.guard_async(move |_| {
        let decision = Arc::clone(&decision);
        async move {
            decision.notified().await;
            Ok(())
        }
    });
    io.on_connection(|socket| socket.on("echo", |socket, payload| socket.emit("echo", payload)));
    let mut client = open(&io).await;
    client.send("40").await;
    client.send(r#"42["echo",1]"#).await;
    client.send("40/elsewhere").await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!(io.sockets().is_empty());
    decided.notify_one();
    assert!(client.read().await.unwrap().starts_with("40{"));
    assert_eq!(client.read().await.unwrap(), r#"42["echo",1]"#);
    assert!(client.read().await.unwrap().starts_with("44/elsewhere"));
}

#[tokio::test(start_paused = true)]
async fn a_guard_that_never_decides_keeps_nobody_waiting_for_ever() {
    let (io, log) = observed(Config::default());
    io.guard_async(|_| std::future::pending());
    let mut client = open(&io).await;
    client.send("40").await;
    assert_eq!(client.read().await.unwrap(), "2");
    client.send("3").await;
    assert_eq!(client.read().await.unwrap(), r#"44{"message":"The server could not decide in time"}"#);
    assert_eq!(client.read().await, None);
    assert!(!log.events().iter().any(|event| matches!(event, Event::Connect { .. } | Event::Disconnect { .. })));
}

#[tokio::test(start_paused = true)]
async fn nor_does_one_of_a_second_namespace() {
    let io = Io::new(Config::default());
    io.of("/slow").guard_async(|_| std::future::pending());
    let mut client = RawClient::connect(&io).await;
    client.send("40/slow,").await;
    loop {
        match client.read().await.unwrap().as_str() {
            "2" => client.send("3").await,
            reply => break assert_eq!(reply, r#"44/slow,{"message":"The server could not decide in time"}"#),
        }
    }
    client.settle().await;
}

#[tokio::test(start_paused = true)]
async fn a_guard_that_panics_ends_the_connection_and_lets_nobody_in() {
    let (io, log) = observed(Config::default());
    io.guard(|_| panic!("the database is gone"));
    let mut client = open(&io).await;
    client.send("40").await;
    assert_eq!(client.read().await, None);
    let panicked =
        |event: &Event| matches!(event, Event::HandlerPanic { message, .. } if message == "the database is gone");
    assert!(log.events().iter().any(panicked));
    eventually(|| io.sockets().is_empty()).await;
}

#[tokio::test(start_paused = true)]
async fn before_it_is_let_in_a_socket_hears_nothing_and_is_in_no_room() {
    let io = Io::new(Config::default());
    io.guard(|socket| {
        socket.emit("too", "early");
        socket.join("a");
        socket.on("rooms", |socket, _| socket.emit("rooms", socket.rooms()));
        Ok(())
    });
    let mut client = open(&io).await;
    client.send("40").await;
    assert!(client.read().await.unwrap().starts_with("40{"));
    client.send(r#"42["rooms"]"#).await;
    assert_eq!(client.read().await.unwrap(), r#"42["rooms",[]]"#);
}
