//! Frames that RFC 6455 forbids, and sizes that nobody should pay for.

use rooms::Io;
use tokio::io::AsyncWriteExt as _;

use crate::common::RawClient;
use crate::tcp::{
    BINARY, CLOSE, CONTINUATION, Client, FIN, PING, PONG, Stage, TEXT, claim, config, header, masked, soon,
};

/// Sends bytes right after joining; the server must close with this code.
async fn is_closed(what: &str, bytes: &[u8], code: u16) {
    let mut stage = Stage::new(config()).await;
    let (mut client, _) = Client::join(stage.address).await;
    client.write(bytes).await;
    assert_eq!(client.close_code().await, Some(code), "{what}");
    assert_eq!(stage.disconnect_reason().await, "parse error", "{what}");
    stage.is_alone().await;
}

#[tokio::test]
async fn a_message_over_the_limit_is_closed_with_1009() {
    is_closed("with its data", &masked(FIN | TEXT, &[b'4'; 10_001]), 1009).await;
    is_closed("by its claim alone", &claim(FIN | TEXT, 10_001), 1009).await;
    is_closed("binary", &claim(FIN | BINARY, 10_001), 1009).await;
}

/// In memory, so that the test sees the end of the server's task.
#[tokio::test(start_paused = true)]
async fn bytes_behind_a_frame_over_the_limit_are_read_and_discarded() {
    let (ours, theirs) = tokio::io::duplex(1000);
    let io = Io::new(config());
    let served = tokio::spawn(async move { io.serve_stream(theirs).await });
    let mut client = RawClient::over(ours).await;
    client.join_root().await;
    let stream = client.stream.get_mut();
    stream.write_all(&claim(FIN | TEXT, 10_001)).await.unwrap();
    stream.write_all(&[b'4'; 10_001]).await.unwrap();
    assert!(client.is_told_goodbye().await);
    drop(client);
    served.await.unwrap();
}

#[tokio::test]
async fn a_length_of_2_to_the_63_is_refused_by_its_claim() {
    for length in [1 << 63, u64::MAX, 1 << 62] {
        let mut stage = Stage::new(config()).await;
        let (mut client, _) = Client::join(stage.address).await;
        client.write(&claim(FIN | TEXT, length)).await;
        assert!(matches!(client.close_code().await, Some(1002 | 1009)), "{length}");
        stage.is_alone().await;
    }
}

#[tokio::test]
async fn a_fragmented_message_over_the_limit_is_closed_with_1009() {
    let mut bytes = masked(TEXT, &[b'4'; 1000]);
    for _ in 0..10 {
        bytes.extend(masked(CONTINUATION, &[b'x'; 1000]));
    }
    is_closed("fragments", &bytes, 1009).await;
}

#[tokio::test]
async fn a_message_of_exactly_the_limit_is_taken() {
    let mut stage = Stage::new(config()).await;
    let (mut client, _) = Client::join(stage.address).await;
    let packet = format!(r#"42["echo","{}"]"#, "x".repeat(10_000 - 13));
    assert_eq!(packet.len(), 10_000);
    client.send(&packet).await;
    assert_eq!(client.packet().await.unwrap(), packet);
    stage.is_unharmed().await;
}

#[tokio::test]
async fn a_claim_with_nothing_behind_it_waits_and_leaves_when_its_client_does() {
    let mut stage = Stage::new(config()).await;
    let (mut client, _) = Client::join(stage.address).await;
    client.write(&claim(FIN | TEXT, 10_000)).await;
    stage.is_unharmed().await;
    assert_eq!(stage.io.sockets().len(), 2, "it may still come");
    drop(client);
    stage.is_alone().await;
}

#[tokio::test]
async fn frames_that_the_standard_forbids_are_closed_with_1002() {
    let mut unmasked = header(FIN | TEXT, 2, false);
    unmasked.extend(b"42");
    let fragments = |frames: &[Vec<u8>]| frames.concat();
    for (what, bytes) in [
        ("unmasked", unmasked),
        ("opcode 3", masked(FIN | 0x3, b"x")),
        ("opcode 7", masked(FIN | 0x7, b"x")),
        ("opcode 11", masked(FIN | 0xb, b"x")),
        ("opcode 15", masked(FIN | 0xf, b"x")),
        ("reserved bit 1", masked(FIN | 0x40 | TEXT, b"40")),
        ("reserved bit 2", masked(FIN | 0x20 | TEXT, b"40")),
        ("reserved bit 3", masked(FIN | 0x10 | TEXT, b"40")),
        ("a reserved bit in a ping", masked(FIN | 0x40 | PING, b"")),
        ("a fragmented ping", masked(PING, b"x")),
        ("a ping of 126 bytes", masked(FIN | PING, &[b'x'; 126])),
        ("a continuation of nothing", masked(FIN | CONTINUATION, b"40")),
        ("text within text", fragments(&[masked(TEXT, b"4"), masked(FIN | TEXT, b"0")])),
        ("binary within text", fragments(&[masked(TEXT, b"4"), masked(FIN | BINARY, b"0")])),
        ("half a close code", masked(FIN | CLOSE, b"\x03")),
    ] {
        is_closed(what, &bytes, 1002).await;
    }
}

#[tokio::test]
async fn text_that_is_not_utf_8_is_closed_with_1007() {
    for (what, bytes) in [
        ("a byte that never occurs", masked(FIN | TEXT, b"42[\"e\",\"\xff\"]")),
        ("half of a character", masked(FIN | TEXT, b"42[\"e\",\"\xc3")),
        ("a surrogate", masked(FIN | TEXT, b"42[\"e\",\"\xed\xa0\x80\"]")),
        ("an overlong slash", masked(FIN | TEXT, b"42[\"e\",\"\xc0\xaf\"]")),
        ("half in each fragment", [masked(TEXT, b"4\xc3"), masked(FIN | CONTINUATION, b"\xc3")].concat()),
    ] {
        is_closed(what, &bytes, 1007).await;
    }
}

#[tokio::test]
async fn frames_after_a_close_are_not_handled() {
    let mut stage = Stage::new(config()).await;
    let (mut client, id) = Client::join(stage.address).await;
    client.write(&[masked(FIN | CLOSE, &[0x03, 0xe8]), masked(FIN | TEXT, br#"42["join","late"]"#)].concat()).await;
    assert_eq!(client.close_code().await, Some(1000));
    stage.is_alone().await;
    let joined =
        |event: &rooms::observer::Event| matches!(event, rooms::observer::Event::Join { socket, .. } if *socket == id);
    assert!(!stage.has_seen(joined));
}

#[tokio::test]
async fn a_character_cut_by_fragments_arrives_whole() {
    let mut stage = Stage::new(config()).await;
    let (mut client, _) = Client::join(stage.address).await;
    let packet = r#"42["echo","🦀"]"#.as_bytes();
    for (index, byte) in packet.iter().enumerate() {
        let first = if index == 0 { TEXT } else { CONTINUATION };
        let last = if index + 1 == packet.len() { FIN } else { 0 };
        client.write(&masked(last | first, &[*byte])).await;
    }
    assert_eq!(client.packet().await.unwrap().as_bytes(), packet);
    stage.is_unharmed().await;
}

#[tokio::test]
async fn control_frames_between_fragments_are_answered_in_their_place() {
    let mut stage = Stage::new(config()).await;
    let (mut client, _) = Client::join(stage.address).await;
    client.write(&masked(TEXT, br#"42["echo","#)).await;
    client.write(&masked(FIN | PING, b"one")).await;
    assert_eq!(soon("a pong", client.frame()).await, Some((PONG, b"one".to_vec())));
    client.write(&masked(FIN | PONG, b"nobody asked")).await;
    client.write(&masked(CONTINUATION, b"4")).await;
    client.write(&masked(FIN | PING, b"")).await;
    assert_eq!(soon("a pong", client.frame()).await, Some((PONG, Vec::new())));
    client.write(&masked(FIN | CONTINUATION, b"2]")).await;
    assert_eq!(client.packet().await.unwrap(), r#"42["echo",42]"#);
    stage.is_unharmed().await;
}

/// They cost the server their headers and nothing else; it may take them or hang up.
#[tokio::test]
async fn a_flood_of_empty_fragments_harms_nobody() {
    let mut stage = Stage::new(config()).await;
    let (mut client, _) = Client::join(stage.address).await;
    client.write(&masked(TEXT, b"")).await;
    let thousand = masked(CONTINUATION, b"").repeat(1000);
    for round in 0..200 {
        if client.try_write(&thousand).await.is_err() {
            break;
        }
        if round % 50 == 0 {
            stage.is_unharmed().await;
        }
    }
    client.write(&masked(FIN | CONTINUATION, br#"42["echo",1]"#)).await;
    if let Some(packet) = client.packet().await {
        assert_eq!(packet, r#"42["echo",1]"#);
    }
    drop(client);
    stage.is_alone().await;
}

/// One byte a write, so that every state of the parser is left and entered again.
#[tokio::test]
async fn a_message_byte_by_byte_is_a_message() {
    let mut stage = Stage::new(config()).await;
    let (mut client, _) = Client::join(stage.address).await;
    client.stream.set_nodelay(true).unwrap();
    let packet = format!(r#"42["echo","{}"]"#, "x".repeat(200));
    for byte in masked(FIN | TEXT, packet.as_bytes()) {
        client.write(&[byte]).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(client.packet().await.unwrap(), packet);
    stage.is_unharmed().await;
}
