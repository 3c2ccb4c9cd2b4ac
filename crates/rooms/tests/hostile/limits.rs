//! Limits that the configuration sets: tokens, namespaces, attachments, time without progress.

use std::time::{Duration, Instant};

use rooms::{Config, OverflowPolicy};

use crate::ending::stall;
use crate::tcp::{BINARY, Client, FIN, Stage, config, masked, websocket_request};

const ELSEWHERE: &str = "Origin: https://elsewhere.example\r\n";

fn with_token() -> Config {
    Config { token: Some("s3cret".into()), ..config() }
}

/// The status of the answer to a handshake.
async fn status(stage: &Stage, parameters: &str, headers: &str) -> u16 {
    let mut client = Client::dial(stage.address).await;
    client.write(websocket_request(stage.address, parameters, headers).as_bytes()).await;
    client.response().await.unwrap().status
}

#[tokio::test]
async fn a_page_from_elsewhere_with_a_wrong_token_is_refused() {
    let mut stage = Stage::new(with_token()).await;
    for (parameters, header) in [
        ("", ""),
        ("&token=", ""),
        ("&token=wrong", ""),
        ("&token=s3cre", ""),
        ("&token=s3cret2", ""),
        ("&token=S3CRET", ""),
        ("&xtoken=s3cret", ""),
        ("&token=wrong&token=wrong", ""),
        ("", "Authorization: Bearer wrong\r\n"),
        ("", "Authorization: Bearer \r\n"),
        ("", "Authorization: Basic s3cret\r\n"),
        ("", "Authorization: s3cret\r\n"),
    ] {
        let status = status(&stage, parameters, &format!("{ELSEWHERE}{header}")).await;
        assert!([401, 403].contains(&status), "{parameters} {header}: {status}");
        stage.is_alone().await;
    }
}

#[tokio::test]
async fn a_page_from_elsewhere_with_the_token_is_let_in() {
    let mut stage = Stage::new(with_token()).await;
    assert_eq!(status(&stage, "&token=s3cret", ELSEWHERE).await, 101);
    let bearer = format!("{ELSEWHERE}Authorization: Bearer s3cret\r\n");
    assert_eq!(status(&stage, "", &bearer).await, 101);
    stage.is_alone().await;
}

#[tokio::test]
async fn a_program_of_this_machine_needs_no_token() {
    let mut stage = Stage::new(with_token()).await;
    assert_eq!(status(&stage, "", "").await, 101);
    stage.is_alone().await;
}

/// A foreign name that points here is not ours, even if the request has the token.
#[tokio::test]
async fn the_token_does_not_help_a_foreign_host() {
    let mut stage = Stage::new(with_token()).await;
    let mut client = Client::dial(stage.address).await;
    let request = crate::tcp::websocket_request_without_host("&token=s3cret", "Host: evil.example\r\n");
    client.write(request.as_bytes()).await;
    assert_eq!(client.response().await.unwrap().status, 403);
    stage.is_alone().await;
}

/// How many namespaces a client can enter if it asks for 50 more.
async fn namespaces_joined(stage: &mut Stage) -> usize {
    let (mut client, _) = Client::join(stage.address).await;
    for number in 0..50 {
        client.send(&format!("40/n{number}")).await;
    }
    let mut joined = 1;
    for _ in 0..50 {
        match client.packet().await {
            Some(reply) if reply.starts_with("40") => joined += 1,
            Some(reply) => assert!(reply.starts_with("44/n"), "{reply}"),
            None => break,
        }
    }
    stage.is_unharmed().await;
    drop(client);
    stage.is_alone().await;
    joined
}

#[tokio::test]
async fn namespaces_over_the_limit_are_not_joined() {
    let mut stage = Stage::new(Config { max_namespaces: 10, ..config() }).await;
    for number in 0..50 {
        stage.io.of(&format!("/n{number}")).on_connection(|_| {});
    }
    assert_eq!(namespaces_joined(&mut stage).await, 10);
}

#[tokio::test]
async fn dynamic_namespaces_over_the_limit_are_not_joined() {
    let mut stage = Stage::new(Config { max_namespaces: 10, ..config() }).await;
    stage.io.of_dynamic(|name| name.starts_with("/n"), |_| {});
    assert_eq!(namespaces_joined(&mut stage).await, 10);
}

/// Joining and leaving again gains nothing.
#[tokio::test]
async fn namespaces_that_are_left_make_room_for_others() {
    let mut stage = Stage::new(Config { max_namespaces: 2, ..config() }).await;
    stage.io.of_dynamic(|name| name.starts_with("/n"), |_| {});
    let (mut client, _) = Client::join(stage.address).await;
    for number in 0..1000 {
        client.send(&format!("40/n{number}")).await;
        let reply = client.packet().await.unwrap();
        assert!(reply.starts_with(&format!("40/n{number},")), "{reply}");
        client.send(&format!("41/n{number}")).await;
    }
    drop(client);
    stage.is_alone().await;
}

#[tokio::test]
async fn attachments_up_to_the_limit_are_taken() {
    let mut stage = Stage::new(Config { max_attachments: 2, ..config() }).await;
    let (mut client, _) = Client::join(stage.address).await;
    let two = r#"452-["echo",[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]]"#;
    client.send(two).await;
    client.write(&masked(FIN | BINARY, b"one")).await;
    client.write(&masked(FIN | BINARY, b"")).await;
    assert_eq!(client.packet().await.unwrap(), two);
    assert_eq!(client.frame().await, Some((BINARY, b"one".to_vec())));
    assert_eq!(client.frame().await, Some((BINARY, Vec::new())));
    client.send(r#"453-["echo"]"#).await;
    assert_eq!(client.close_code().await, Some(1008));
    stage.is_alone().await;
}

/// Its queue has room for everything that it does not read, and heartbeats are far apart, so the deadline ends it.
#[tokio::test]
async fn a_reader_that_stalls_is_cut_off_within_the_write_deadline() {
    let deadline = Duration::from_millis(500);
    let mut stage =
        Stage::new(Config { write_timeout: deadline, overflow: OverflowPolicy::DropNewest, ..config() }).await;
    let (_client, id) = Client::join_narrow(stage.address).await;
    stall(&stage, &id).await;
    let stalled = Instant::now();
    assert_eq!(stage.disconnect_reason().await, "slow client");
    assert!(stalled.elapsed() < deadline + Duration::from_secs(2), "{:?}", stalled.elapsed());
    stage.is_alone().await;
}

/// Slow is not stalled: as long as bytes move, the deadline does not pass.
#[tokio::test]
async fn a_reader_that_is_slow_is_not_cut_off_by_the_write_deadline() {
    // The system says that there is room only when a third of its buffer is free.
    let deadline = Duration::from_secs(3);
    let mut stage =
        Stage::new(Config { write_timeout: deadline, overflow: OverflowPolicy::DropNewest, ..config() }).await;
    let (mut client, id) = Client::join_narrow(stage.address).await;
    stall(&stage, &id).await;
    let begun = Instant::now();
    let mut buffer = vec![0; 256 * 1024];
    while begun.elapsed() < deadline + deadline / 2 {
        let read = tokio::io::AsyncReadExt::read(&mut client.stream, &mut buffer).await.unwrap();
        assert!(read > 0, "the server hung up");
        stall(&stage, &id).await;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(stage.is_connected(&id));
    stage.is_unharmed().await;
}
