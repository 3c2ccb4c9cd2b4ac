//! Clients that stop without a word, and a server that stops with them.

use std::time::Duration;

use rooms::{Config, OverflowPolicy};

use crate::tcp::{Client, FIN, Stage, TEXT, claim, config, eventually, masked, soon, websocket_request};

#[tokio::test]
async fn a_half_open_client_is_gone_after_the_heartbeat() {
    let quick = Duration::from_millis(200);
    let mut stage = Stage::new(Config { ping_interval: quick, ping_timeout: quick, ..config() }).await;
    let (mut client, _) = Client::join(stage.address).await;
    assert_eq!(stage.disconnect_reason().await, "ping timeout");
    client.ended().await;
    stage.is_alone().await;
}

/// It sends, so the connection is alive; but it does not answer.
#[tokio::test]
async fn a_client_that_talks_but_does_not_answer_is_gone_after_the_heartbeat() {
    let quick = Duration::from_millis(200);
    let mut stage = Stage::new(Config { ping_interval: quick, ping_timeout: quick, ..config() }).await;
    let (mut client, id) = Client::join(stage.address).await;
    let talking = async {
        while stage.is_connected(&id) {
            client.send(r#"42["echo",1]"#).await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    soon("it is cut off", talking).await;
    assert_eq!(stage.disconnect_reason().await, "ping timeout");
    stage.is_alone().await;
}

#[tokio::test]
async fn a_client_that_resets_is_gone() {
    let mut stage = Stage::new(config()).await;
    for _ in 0..20 {
        let (client, _) = Client::join(stage.address).await;
        client.reset();
    }
    stage.is_alone().await;
    assert_eq!(stage.log.disconnect_reasons().len(), 20);
}

#[tokio::test]
async fn connections_over_the_limit_are_refused_until_one_ends() {
    let mut stage = Stage::new(Config { max_connections: 3, ..config() }).await;
    let (first, _) = Client::join(stage.address).await;
    let (_second, _) = Client::join(stage.address).await;
    for _ in 0..10 {
        let mut client = Client::dial(stage.address).await;
        let request = websocket_request(stage.address, "", "");
        client.write(request.as_bytes()).await;
        client.is_refused(&[503]).await;
    }
    stage.is_unharmed().await;
    drop(first);
    soon("there is room again", async { while !can_join(&stage).await {} }).await;
    stage.is_unharmed().await;
}

async fn can_join(stage: &Stage) -> bool {
    let mut client = Client::dial(stage.address).await;
    client.write(websocket_request(stage.address, "", "").as_bytes()).await;
    client.response().await.is_some_and(|response| response.status == 101)
}

#[tokio::test]
async fn rooms_over_the_limit_are_not_joined() {
    let mut stage = Stage::new(Config { max_rooms: 10, ..config() }).await;
    let (mut client, _) = Client::join(stage.address).await;
    for room in 0..1000 {
        client.send(&format!(r#"42["join","{room}"]"#)).await;
    }
    client.send(r#"42["echo",1]"#).await;
    assert_eq!(client.packet().await.unwrap(), r#"42["echo",1]"#);
    assert_eq!(stage.io.rooms().len(), 10);
    drop(client);
    stage.is_alone().await;
    assert!(stage.io.rooms().is_empty());
}

/// Emits to a client that does not read until neither its stream nor its queue takes any more.
pub(crate) async fn stall(stage: &Stage, id: &str) {
    let socket = stage.io.sockets().into_iter().find(|socket| socket.id().as_str() == id).unwrap();
    let flood = "x".repeat(60_000);
    let stalled = async {
        while stage.dropped() == 0 && stage.is_connected(id) {
            socket.emit("flood", &flood);
            tokio::task::yield_now().await;
        }
    };
    soon("it takes no more", stalled).await;
}

#[tokio::test]
async fn a_reader_that_stalls_is_disconnected_when_its_queue_is_full() {
    let mut stage = Stage::new(config()).await;
    let (_client, id) = Client::join_narrow(stage.address).await;
    stall(&stage, &id).await;
    assert_eq!(stage.disconnect_reason().await, "slow client");
    stage.is_alone().await;
}

/// Stalled, silent, half-shaken, unjoined, half a frame, half a message: none holds the server up.
#[tokio::test]
async fn shutting_down_waits_for_nobody_and_says_goodbye() {
    let mut stage = Stage::new(Config {
        handshake_timeout: Duration::from_secs(60),
        overflow: OverflowPolicy::DropNewest,
        ..config()
    })
    .await;
    let (_stalled, id) = Client::join_narrow(stage.address).await;
    stall(&stage, &id).await;
    let mut silent = Client::dial(stage.address).await;
    let mut half_shaken = Client::dial(stage.address).await;
    half_shaken.write(b"GET /socket.io/?EIO=4").await;
    let mut unjoined = Client::open(stage.address).await;
    let (mut half_a_frame, _) = Client::join(stage.address).await;
    half_a_frame.write(&claim(FIN | TEXT, 1000)).await;
    let (mut half_a_message, _) = Client::join(stage.address).await;
    half_a_message.write(&masked(TEXT, b"42[")).await;
    stage.is_unharmed().await;

    let (farewell, took) = stage.stop().await;
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!(farewell, Some(1001));
    for client in [&mut unjoined, &mut half_a_frame, &mut half_a_message] {
        assert_eq!(client.close_code().await, Some(1001));
    }
    silent.ended().await;
    half_shaken.ended().await;
}

#[tokio::test]
async fn a_client_that_comes_after_the_shutdown_finds_nobody() {
    let stage = Stage::new(config()).await;
    let address = stage.address;
    stage.stop().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_server_that_stops_leaves_no_socket_and_no_room() {
    let stage = Stage::new(config()).await;
    let (mut client, _) = Client::join(stage.address).await;
    client.send(r#"42["join","a"]"#).await;
    eventually("it is in its room", || !stage.io.rooms().is_empty()).await;
    let io = stage.io.clone();
    stage.stop().await;
    assert!(io.sockets().is_empty() && io.rooms().is_empty());
}
