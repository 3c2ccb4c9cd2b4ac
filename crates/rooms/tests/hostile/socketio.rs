//! Packets that Socket.IO forbids, and some that are only strange.

use crate::tcp::{BINARY, Client, FIN, Stage, TEXT, config, masked};

/// One message of a client: text, or an attachment.
#[derive(Clone, Copy)]
enum Sent<'a> {
    Text(&'a str),
    Binary(&'a [u8]),
}

use Sent::{Binary, Text};

impl Client {
    async fn send_all(&mut self, messages: &[Sent<'_>]) {
        for message in messages {
            match message {
                Text(packet) => self.send(packet).await,
                Binary(bytes) => self.write(&masked(FIN | BINARY, bytes)).await,
            }
        }
    }
}

/// Asserts that a client which sends this after joining is closed with 1008.
async fn is_a_violation(messages: &[Sent<'_>], what: &str) {
    let mut stage = Stage::new(config()).await;
    let (mut client, _) = Client::join(stage.address).await;
    client.send_all(messages).await;
    assert_eq!(client.close_code().await, Some(1008), "{what}");
    assert_eq!(stage.disconnect_reason().await, "parse error", "{what}");
    stage.is_alone().await;
}

#[tokio::test]
async fn an_event_before_connect_closes() {
    let mut stage = Stage::new(config()).await;
    for packet in
        [r#"42["echo",1]"#, "41", "430[]", r#"42/admin,["echo",1]"#, r#"451-["echo",{"_placeholder":true,"num":0}]"#]
    {
        let mut client = Client::open(stage.address).await;
        client.send_all(&[Text(packet), Binary(b"x")]).await;
        // Leaving a namespace that was never joined is harmless.
        assert!(packet == "41" || client.close_code().await == Some(1008), "{packet}");
        drop(client);
        stage.is_alone().await;
    }
}

#[tokio::test]
async fn a_second_connect_closes() {
    is_a_violation(&[Text("40")], "a second CONNECT").await;
    is_a_violation(&[Text(r#"40{"token":"x"}"#)], "a second CONNECT with a payload").await;
}

#[tokio::test]
async fn an_event_in_a_namespace_that_was_not_joined_closes() {
    is_a_violation(&[Text(r#"42/admin,["e"]"#)], "an unknown namespace").await;
    is_a_violation(&[Text("43/admin,1[]")], "an answer in an unknown namespace").await;
}

#[tokio::test]
async fn a_reserved_event_name_closes() {
    for name in ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"] {
        is_a_violation(&[Text(&format!(r#"42["{name}"]"#))], name).await;
        // The same name, which only a JSON parser recognises.
        let escaped = format!(r#"42["\u{:04x}{}"]"#, name.as_bytes()[0], &name[1..]);
        is_a_violation(&[Text(&escaped)], &escaped).await;
    }
}

#[tokio::test]
async fn a_text_that_is_not_a_packet_closes() {
    for packet in [
        "4",
        "4x",
        "49",
        "42",
        "42{}",
        "42[]",
        "42[null]",
        "42[{}]",
        "42[[\"e\"]]",
        "42[true]",
        "42[\"e\"",
        "42[\"e\"]]",
        "42[\"e\",]",
        "42[\"e\",NaN]",
        "42[\"e\",'x']",
        "42[\"\\ud\"]",
        "42[\"e\"] x",
        "42\"e\"",
        "42/admin",
        "43[1]",
        "431",
        "431{}",
        "44{}",
        "40[]",
        "401",
        "40\"x\"",
        "42-1[\"e\"]",
        "421.5[\"e\"]",
        "42 1[\"e\"]",
        "42abc[\"e\"]",
        "\u{0}",
        "4\u{0}",
        "42[\"e\",\"\u{0}\"]",
    ] {
        let mut stage = Stage::new(config()).await;
        let (mut client, _) = Client::join(stage.address).await;
        client.send(packet).await;
        assert!(matches!(client.close_code().await, Some(1002 | 1008)), "{packet:?}");
        assert_eq!(stage.disconnect_reason().await, "parse error", "{packet:?}");
        stage.is_alone().await;
    }
}

/// Engine.IO packets that only a server sends, or that have no place after the handshake.
#[tokio::test]
async fn an_engine_io_packet_that_clients_may_not_send_closes() {
    for packet in ["", "0{}", "2", "2probe", "5", "7", "x", "bAAAA"] {
        let mut stage = Stage::new(config()).await;
        let (mut client, _) = Client::join(stage.address).await;
        client.send(packet).await;
        assert!(matches!(client.close_code().await, Some(1002 | 1008)), "{packet:?}");
        stage.is_alone().await;
    }
}

#[tokio::test]
async fn json_that_is_nested_100_000_deep_harms_nobody() {
    let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
    for packet in [
        format!(r#"42["look",{open}{close}]"#),
        format!(r#"42["look",{open}"#),
        format!("42{open}{close}"),
        format!("40{open}{close}"),
        format!(r#"42["look",{}1{}]"#, r#"{"deep":"#.repeat(50_000), "}".repeat(50_000)),
        format!(r"40/admin,{}1{}", r#"{"deep":"#.repeat(50_000), "}".repeat(50_000)),
        format!("430{open}{close}"),
        format!(r#"451-["look",{open}{{"_placeholder":true,"num":0}}{close}]"#),
    ] {
        let mut stage = Stage::new(rooms::Config { max_payload: 1_000_000, ..config() }).await;
        let (mut client, _) = Client::join(stage.address).await;
        client.send_all(&[Text(&packet), Binary(b"x")]).await;
        drop(client);
        stage.is_alone().await;
    }
}

#[tokio::test]
async fn the_largest_ack_id_is_answered_and_a_larger_one_closes() {
    let mut stage = Stage::new(config()).await;
    let (mut client, _) = Client::join(stage.address).await;
    for id in ["0", "9007199254740991", "18446744073709551615"] {
        client.send(&format!(r#"42{id}["ack",1]"#)).await;
        assert_eq!(client.packet().await.unwrap(), format!("43{id}[1]"));
    }
    stage.is_unharmed().await;
    is_a_violation(&[Text(r#"4218446744073709551616["ack",1]"#)], "2^64").await;
    is_a_violation(&[Text(&format!(r#"42{}["ack",1]"#, "9".repeat(5000)))], "5,000 digits").await;
}

#[tokio::test]
async fn answers_to_questions_that_nobody_asked_are_ignored() {
    let mut stage = Stage::new(config()).await;
    let (mut client, _) = Client::join(stage.address).await;
    for id in 0..1000 {
        client.send(&format!("43{id}[]")).await;
    }
    client.send(r#"42["echo",1]"#).await;
    assert_eq!(client.packet().await.unwrap(), r#"42["echo",1]"#);
    stage.is_unharmed().await;
}

/// An event may cross the server's farewell, but must not follow the client's own.
#[tokio::test]
async fn an_event_after_disconnect_closes() {
    is_a_violation_or_left(&[Text("41"), Text(r#"42["join","late"]"#)]).await;
}

async fn is_a_violation_or_left(messages: &[Sent<'_>]) {
    let mut stage = Stage::new(config()).await;
    let (mut client, _) = Client::join(stage.address).await;
    client.send_all(messages).await;
    assert_eq!(client.close_code().await, Some(1008));
    stage.is_alone().await;
    assert!(stage.io.rooms().is_empty());
}

const ONE: &str = r#"451-["echo",{"_placeholder":true,"num":0}]"#;

#[tokio::test]
async fn more_attachments_than_allowed_close_by_their_claim() {
    is_a_violation(&[Text(r#"4511-["echo"]"#)], "11").await;
    is_a_violation(&[Text(r#"454294967297-["echo"]"#)], "2^32 + 1").await;
    is_a_violation(&[Text(&format!(r#"45{}-["echo"]"#, "9".repeat(5000)))], "5,000 digits").await;
    is_a_violation(&[Text(r#"4611-0["echo"]"#)], "in an ack").await;
}

#[tokio::test]
async fn an_invalid_count_of_attachments_closes() {
    for packet in
        [r#"45["echo"]"#, r#"45-["echo"]"#, r#"451["echo"]"#, r#"45x-["echo"]"#, r#"45-1-["echo"]"#, "451-", "451-{}"]
    {
        is_a_violation(&[Text(packet), Binary(b"x")], packet).await;
    }
}

#[tokio::test]
async fn text_between_attachments_closes() {
    is_a_violation(&[Text(ONE), Text(r#"42["echo",1]"#)], "an event").await;
    is_a_violation(&[Text(ONE), Text("41")], "a disconnect").await;
    is_a_violation(&[Text(ONE), Text(ONE)], "another header").await;
    let two = r#"452-["echo",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#;
    is_a_violation(&[Text(two), Binary(b"x"), Text("40/admin")], "after the first of two").await;
}

/// The heartbeat belongs to the layer below, which knows nothing of attachments.
#[tokio::test]
async fn heartbeats_may_come_between_attachments() {
    let mut stage = Stage::new(config()).await;
    let (mut client, _) = Client::join(stage.address).await;
    client.send_all(&[Text(ONE), Text("3"), Text("6"), Binary(b"x")]).await;
    assert_eq!(client.packet().await.unwrap(), ONE);
    assert_eq!(client.frame().await, Some((BINARY, b"x".to_vec())));
    stage.is_unharmed().await;
}

#[tokio::test]
async fn attachments_that_never_come_harm_nobody() {
    let mut stage = Stage::new(config()).await;
    let (mut client, _) = Client::join(stage.address).await;
    client.send_all(&[Text(r#"4510-["echo"]"#), Binary(&[7; 10_000]), Binary(&[7; 10_000])]).await;
    stage.is_unharmed().await;
    drop(client);
    stage.is_alone().await;
}

#[tokio::test]
async fn a_placeholder_without_its_attachment_closes() {
    for number in ["1", "7", "-1", "0.5", "\"0\"", "null", "18446744073709551616", "[]"] {
        let packet = format!(r#"451-["echo",{{"_placeholder":true,"num":{number}}}]"#);
        is_a_violation(&[Text(&packet), Binary(b"x")], &packet).await;
    }
}

#[tokio::test]
async fn a_binary_message_that_no_packet_announced_closes() {
    is_a_violation(&[Binary(b"x")], "alone").await;
    is_a_violation(&[Binary(b"")], "empty").await;
    is_a_violation(&[Text(r#"42["echo",1]"#), Binary(b"x")], "behind a text event").await;
    is_a_violation(&[Text(ONE), Binary(b"x"), Binary(b"y")], "one too many").await;
}

/// It asks for a namespace each time and reads none of the refusals.
#[tokio::test]
async fn a_client_that_causes_refusals_and_reads_none_is_cut_off() {
    let mut stage = Stage::new(config()).await;
    let (mut client, id) = Client::join_narrow(stage.address).await;
    let flood = masked(FIN | TEXT, format!("40/{}", "n".repeat(9_000)).as_bytes()).repeat(10);
    // Every refusal names the namespace, so that the answers are as long as the questions.
    while stage.is_connected(&id) {
        if client.try_write(&flood).await.is_err() {
            break;
        }
    }
    assert_eq!(stage.disconnect_reason().await, "slow client");
    stage.is_alone().await;
}
