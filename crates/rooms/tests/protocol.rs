//! The wire, packet by packet, as the protocol documents require it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::time::Duration;

use common::{RawClient, eventually, observed};
use rooms::observer::Event;
use rooms::{AckError, Config, Io, Socket};
use serde_json::json;
use tokio::time::Instant;

fn io() -> Io {
    Io::new(Config::default())
}

#[tokio::test(start_paused = true)]
async fn opens_with_the_greeting_and_nothing_before_the_first_interval() {
    let mut client = RawClient::open(&io()).await;
    let open = client.read().await.unwrap();
    let open: serde_json::Value = serde_json::from_str(&open[1..]).unwrap();
    assert_eq!(open["upgrades"], json!([]));
    assert_eq!((&open["pingInterval"], &open["pingTimeout"]), (&json!(25_000), &json!(20_000)));
    assert_eq!(open["maxPayload"], json!(1_000_000));

    client.send("40").await;
    client.read().await.unwrap();
    let before = Instant::now();
    assert_eq!(client.read().await.unwrap(), "2");
    assert_eq!(before.elapsed().as_secs(), 25);
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_follows_each_pong_and_silence_ends_the_connection() {
    let (io, log) = observed(Config::default());
    let mut client = RawClient::connect(&io).await;
    assert_eq!(client.read().await.unwrap(), "2");
    tokio::time::sleep(Duration::from_secs(19)).await;
    let answered = Instant::now();
    client.send("3").await;
    assert_eq!(client.read().await.unwrap(), "2");
    assert_eq!(answered.elapsed().as_secs(), 25);
    assert_eq!(client.read().await, None);
    assert_eq!(answered.elapsed().as_secs(), 45);
    assert_eq!(log.disconnect_reasons(), ["ping timeout"]);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_namespace_is_refused_and_the_connection_stays() {
    let mut client = RawClient::connect(&io()).await;
    client.settle().await;
    client.settle().await;
}

#[tokio::test(start_paused = true)]
async fn namespaces_have_their_own_sockets_on_one_connection() {
    let io = io();
    io.of("/admin").on_connection(|socket| {
        socket.on("who", |socket, _| socket.emit("you-are", "admin"));
    });
    let mut client = RawClient::connect(&io).await;
    client.send("40/admin,{}").await;
    assert!(client.read().await.unwrap().starts_with(r#"40/admin,{"sid":""#));
    client.send(r#"42/admin,["who"]"#).await;
    assert_eq!(client.read().await.unwrap(), r#"42/admin,["you-are","admin"]"#);
    client.send("41/admin,").await;
    client.settle().await;
    assert_eq!((io.sockets().len(), io.of("admin").sockets().len()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn breaking_the_protocol_closes_the_connection() {
    for packet in
        ["40", "2", "9", "4", "4x", "42", "42{}", "42[]", r#"42["connect"]"#, "43[1]", "44{}", "42/x,[\"e\"]", "0"]
    {
        let (io, log) = observed(Config::default());
        let mut client = RawClient::connect(&io).await;
        client.send(packet).await;
        assert_eq!(client.read().await, None, "after {packet}");
        eventually(|| !log.disconnect_reasons().is_empty()).await;
        assert_eq!(log.disconnect_reasons(), ["parse error"], "after {packet}");
        assert!(io.sockets().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_never_joins_a_namespace_is_cut_off() {
    let mut client = RawClient::open(&io()).await;
    client.read().await.unwrap();
    let opened = Instant::now();
    assert_eq!(client.read().await.unwrap(), "2");
    client.send("3").await;
    assert_eq!(client.read().await, None);
    assert_eq!(opened.elapsed().as_secs(), 45);
}

#[tokio::test(start_paused = true)]
async fn events_sent_together_with_connect_are_not_lost() {
    let io = io();
    io.on_connection(|socket| {
        socket.on("echo", |socket, payload| socket.emit("echo", payload));
    });
    let mut client = RawClient::open(&io).await;
    client.send("40").await;
    for number in 0..500 {
        client.send(&format!(r#"42["echo",{number}]"#)).await;
        if number % 50 == 49 {
            tokio::task::yield_now().await;
        }
    }
    assert!(client.read().await.unwrap().starts_with("0{"));
    assert!(client.read().await.unwrap().starts_with("40{"));
    for number in 0..500 {
        assert_eq!(client.read().await.unwrap(), format!(r#"42["echo",{number}]"#));
    }
}

#[tokio::test(start_paused = true)]
async fn events_of_the_connection_handler_come_after_the_connect_reply() {
    let io = io();
    io.on_connection(|socket| socket.emit("welcome", json!({ "id": 1 })));
    let mut client = RawClient::connect(&io).await;
    assert_eq!(client.read().await.unwrap(), r#"42["welcome",{"id":1}]"#);
}

#[tokio::test(start_paused = true)]
async fn a_relayed_payload_arrives_as_it_was_sent() {
    let io = io();
    io.on_connection(|socket| {
        let io = socket.io().clone();
        socket.on("relay", move |_, payload| io.emit("relayed", payload));
    });
    let mut client = RawClient::connect(&io).await;
    let payload = r#"{"z":1,"a":12345678901234567890123,"s":"\u00e9 ☃","f":1.0e3}"#;
    client.send(&format!(r#"42["relay",{payload},"ignored"]"#)).await;
    assert_eq!(client.read().await.unwrap(), format!(r#"42["relayed",{payload}]"#));
}

#[tokio::test(start_paused = true)]
async fn acks_go_both_ways() {
    let io = io();
    let (answers, mut answered) = tokio::sync::mpsc::unbounded_channel();
    io.on_connection(move |socket| {
        socket.on("add", |_, payload| {
            assert!(payload.ack(json!(payload["a"].as_i64().unwrap() + 1)));
            assert!(!payload.ack("twice"), "an ack is answered once");
        });
        let answers = answers.clone();
        socket.on_async("ask-me", move |socket, _| {
            let answers = answers.clone();
            async move {
                let answer = socket.emit_with_ack("question", "why?", Duration::from_secs(5)).await;
                let answer = answer.map(|answer| answer.value().clone());
                answers.send(answer).unwrap();
            }
        });
    });
    let mut client = RawClient::connect(&io).await;
    client.send(r#"427["add",{"a":41}]"#).await;
    assert_eq!(client.read().await.unwrap(), "437[42]");

    client.send(r#"42["ask-me"]"#).await;
    assert_eq!(client.read().await.unwrap(), r#"420["question","why?"]"#);
    client.send(r#"430["because"]"#).await;
    assert_eq!(answered.recv().await.unwrap(), Ok(json!("because")));

    client.send(r#"42["ask-me"]"#).await;
    client.read().await.unwrap();
    assert_eq!(answered.recv().await.unwrap(), Err(AckError::Timeout));
    client.send(r#"431["too late"]"#).await;
    client.settle().await;
}

#[tokio::test(start_paused = true)]
async fn an_event_without_an_ack_id_is_not_answered() {
    let io = io();
    io.on_connection(|socket| {
        socket.on("add", |_, payload| assert!(!payload.wants_ack() && !payload.ack(1)));
    });
    let mut client = RawClient::connect(&io).await;
    client.send(r#"42["add",{}]"#).await;
    client.settle().await;
}

#[tokio::test(start_paused = true)]
async fn an_async_handler_holds_back_the_events_of_its_socket_alone() {
    let io = io();
    io.on_connection(|socket| {
        socket.on_async("slow", async |socket, _| {
            tokio::time::sleep(Duration::from_secs(10)).await;
            socket.emit("slow-done", ());
        });
        socket.on("fast", |socket, _| socket.emit("fast-done", ()));
    });
    let mut first = RawClient::connect(&io).await;
    let mut second = RawClient::connect(&io).await;
    first.send(r#"42["slow"]"#).await;
    first.send(r#"42["fast"]"#).await;
    second.send(r#"42["fast"]"#).await;
    let before = Instant::now();
    assert_eq!(second.read().await.unwrap(), r#"42["fast-done"]"#);
    assert_eq!(before.elapsed().as_secs(), 0);
    assert_eq!(first.read().await.unwrap(), r#"42["slow-done"]"#);
    assert_eq!(first.read().await.unwrap(), r#"42["fast-done"]"#);
    assert_eq!(before.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn both_handlers_of_one_event_run_in_order() {
    let io = io();
    io.on_connection(|socket| {
        socket.on("e", |socket, _| socket.emit("first", ()));
        socket.on("e", |socket, _| socket.emit("second", ()));
    });
    let mut client = RawClient::connect(&io).await;
    client.send(r#"42["e"]"#).await;
    assert_eq!(client.read().await.unwrap(), r#"42["first"]"#);
    assert_eq!(client.read().await.unwrap(), r#"42["second"]"#);
}

#[tokio::test(start_paused = true)]
async fn a_panicking_handler_ends_its_own_connection_only() {
    let (io, log) = observed(Config::default());
    io.on_connection(|socket| {
        socket.on("boom", |socket, payload| {
            socket.emit("before", ());
            assert!(payload["x"].is_number(), "no x");
        });
        socket.on_async("boom-later", async |socket, _| {
            socket.emit("before", ());
            panic!("later");
        });
    });
    let mut bystander = RawClient::connect(&io).await;
    for (packet, message) in [(r#"42["boom"]"#, "no x"), (r#"42["boom-later"]"#, "later")] {
        let mut client = RawClient::connect(&io).await;
        client.send(packet).await;
        assert_eq!(client.read().await.unwrap(), r#"42["before"]"#, "what was sent before goes out");
        assert_eq!(client.read().await, None);
        let panics = |event: &Event| matches!(event, Event::HandlerPanic { message: found, .. } if found == message);
        assert!(log.events().iter().any(panics));
    }
    bystander.settle().await;
    assert_eq!(io.sockets().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_no_event_can_reach_is_refused_with_what_to_use_instead() {
    for (event, instead) in [
        ("connect", "use `io.on_connection`"),
        ("connect_error", "choose another name"),
        ("disconnect", "use `socket.on_disconnect`"),
        ("disconnecting", "use `socket.on_disconnecting`"),
        ("newListener", "choose another name"),
        ("removeListener", "choose another name"),
    ] {
        let registrations: [fn(&Socket, &str); 2] =
            [|socket, event| socket.on(event, |_, _| {}), |socket, event| socket.on_async(event, async |_, _| {})];
        for register in registrations {
            let (io, log) = observed(Config::default());
            io.on_connection(move |socket| register(&socket, event));
            let mut client = RawClient::connect(&io).await;
            assert_eq!(client.read().await, None);
            let told = format!("`{event}` is not an event that a client sends: {instead}");
            let is_told = |event: &Event| matches!(event, Event::HandlerPanic { message, .. } if *message == told);
            assert!(log.events().iter().any(is_told), "{told}: {:?}", log.events());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn closing_the_server_says_goodbye_to_everyone() {
    let (io, log) = observed(Config::default());
    let mut clients = vec![RawClient::connect(&io).await, RawClient::connect(&io).await];
    let closing = io.clone();
    let closed = tokio::spawn(async move { closing.close().await });
    for client in &mut clients {
        assert!(client.is_told_goodbye().await);
    }
    closed.await.unwrap();
    assert_eq!(log.disconnect_reasons(), ["server shutting down", "server shutting down"]);
}

#[tokio::test(start_paused = true)]
async fn closing_does_not_wait_for_a_client_that_never_asked() {
    let io = io();
    let (_silent, theirs) = tokio::io::duplex(64);
    let serving = io.clone();
    tokio::spawn(async move { serving.serve_stream(theirs).await });
    tokio::task::yield_now().await;
    let before = Instant::now();
    io.close().await;
    assert_eq!(before.elapsed().as_millis(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_silent_or_endless_request_is_refused_in_time() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    for (request, status) in [
        (String::new(), Some("HTTP/1.1 408 Request Timeout")),
        ("GET /".into(), Some("HTTP/1.1 408 Request Timeout")),
        (format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(10_000)), None),
    ] {
        let io = io();
        let (mut client, theirs) = tokio::io::duplex(64 * 1024);
        tokio::spawn(async move { io.serve_stream(theirs).await });
        let before = Instant::now();
        client.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer.lines().next(), status);
        assert!(before.elapsed().as_secs() <= 5);
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_the_task_of_a_client_leaves_no_ghost() {
    let (io, log) = observed(Config::default());
    io.on_connection(|socket| socket.join("a"));
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let serving = io.clone();
    let task = tokio::spawn(async move { serving.serve_stream(theirs).await });
    let mut client = RawClient::over(ours).await;
    client.join_root().await;
    task.abort();
    eventually(|| io.sockets().is_empty()).await;
    assert!(io.rooms().is_empty());
    assert_eq!(log.disconnect_reasons(), ["transport close"]);
}

#[tokio::test(start_paused = true)]
async fn a_message_larger_than_the_queue_is_dropped_and_harms_nobody() {
    let (io, log) = observed(Config::default());
    let mut client = RawClient::connect(&io).await;
    io.emit("big", "x".repeat(3_000_000));
    io.emit("fits", "x".repeat(1_000_000));
    assert!(client.read().await.unwrap().starts_with(r#"42["fits""#));
    let dropped = |event: &Event| matches!(event, Event::Dropped { name, .. } if name == "big");
    assert!(log.events().iter().any(dropped));
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_not_read_are_bounded() {
    let (io, log) = observed(Config::default());
    io.on_connection(|socket| {
        socket.on("echo", |_, payload| assert!(payload.ack(payload)));
    });
    let mut client = RawClient::open_with_buffer(&io, 4096).await;
    client.join_root().await;
    let payload = "x".repeat(300_000);
    for id in 0..20 {
        let packet = format!(r#"42{id}["echo","{payload}"]"#);
        // The server stops reading when it cuts the client off.
        if client.try_send(&packet).await.is_err() {
            break;
        }
    }
    eventually(|| !log.disconnect_reasons().is_empty()).await;
    assert_eq!(log.disconnect_reasons(), ["slow client"]);
}

#[tokio::test(start_paused = true)]
async fn an_event_of_a_socket_never_reaches_its_successor() {
    let io = io();
    let (old, mut olds) = tokio::sync::mpsc::unbounded_channel();
    io.on_connection(move |socket| old.send(socket).unwrap());
    let mut client = RawClient::connect(&io).await;
    client.send("41").await;
    client.send("40").await;
    assert!(client.read().await.unwrap().starts_with("40{"));
    let first = olds.recv().await.unwrap();
    first.emit("secret", 1);
    first.volatile().emit("secret", 2);
    client.settle().await;
}

#[tokio::test(start_paused = true)]
async fn an_event_that_cannot_be_sent_is_not_waited_for() {
    let io = io();
    let mut client = RawClient::connect(&io).await;
    let socket = io.sockets().remove(0);
    let unfit = std::collections::HashMap::from([((1, 2), 3)]);
    let before = Instant::now();
    let unsent = socket.emit_with_ack("e", unfit, Duration::from_secs(30)).await;
    assert_eq!(unsent.unwrap_err(), AckError::NotSent);
    assert_eq!(before.elapsed().as_secs(), 0);
    client.settle().await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_waits_for_a_busy_handler_is_not_timed_out() {
    let (io, log) = observed(Config { pending_events: 4, ..Config::default() });
    io.on_connection(|socket| {
        socket.on_async("busy", async |_, _| tokio::time::sleep(Duration::from_secs(120)).await);
        socket.on("echo", |socket, payload| socket.emit("echo", payload));
    });
    let mut client = RawClient::connect(&io).await;
    client.send(r#"42["busy"]"#).await;
    for number in 0..10 {
        client.send(&format!(r#"42["echo",{number}]"#)).await;
    }
    let mut echoes = 0;
    while echoes < 10 {
        match client.read().await.unwrap().as_str() {
            "2" => client.send("3").await,
            packet => {
                assert_eq!(packet, format!(r#"42["echo",{echoes}]"#));
                echoes += 1;
            }
        }
    }
    assert!(log.disconnect_reasons().is_empty());
}
