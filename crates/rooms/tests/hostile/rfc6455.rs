//! The cases of Autobahn's test suite that need neither much data nor much time, by its numbers: the answers of an
//! echo, the close code that ends the connection, and that the server ends the stream without a reset.

use std::net::SocketAddr;

use rooms::transport::websocket::WebSocket;
use rooms::{Io, accept_websocket};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::common::RawClient;
use crate::tcp::{BINARY, CLOSE, CONTINUATION, Client, FIN, PING, PONG, TEXT, config, masked};

/// An echo server for any number of connections.
async fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut websocket = accept_websocket(stream, &config()).await.unwrap();
                let code = loop {
                    match websocket.next().await {
                        Some(Ok(message)) => websocket.send(&message).await.unwrap(),
                        Some(Err(error)) => break WebSocket::close_code(&error),
                        None => break 1000,
                    }
                };
                websocket.close(code, "").await;
            });
        }
    });
    address
}

type Frame = (u8, Vec<u8>);

/// One conversation: the frames that the client sends at once, and the data and pongs that it gets before the close.
struct Case {
    id: &'static str,
    sent: Vec<u8>,
    heard: Vec<Frame>,
    /// The code of the server's close; 1005 is a close without one.
    close: u16,
}

/// A conversation that the client ends in order.
fn fine(id: &'static str, frames: &[Vec<u8>], heard: &[(u8, &[u8])]) -> Case {
    case(id, &[frames.concat(), close(&1000_u16.to_be_bytes())], heard, 1000)
}

fn case(id: &'static str, frames: &[Vec<u8>], heard: &[(u8, &[u8])], close: u16) -> Case {
    let heard = heard.iter().map(|(opcode, payload)| (*opcode, payload.to_vec())).collect();
    Case { id, sent: frames.concat(), heard, close }
}

/// A conversation with a frame that breaks the rules.
fn violation(id: &'static str, frames: &[Vec<u8>], close: u16) -> Case {
    // Later frames are not echoed, and cause no reset.
    case(id, &[frames.concat(), text("too late")], &[], close)
}

fn text(payload: &str) -> Vec<u8> {
    masked(FIN | TEXT, payload.as_bytes())
}

fn ping(payload: &[u8]) -> Vec<u8> {
    masked(FIN | PING, payload)
}

fn close(payload: &[u8]) -> Vec<u8> {
    masked(FIN | CLOSE, payload)
}

fn closing(code: u16, reason: &[u8]) -> Vec<u8> {
    close(&[&code.to_be_bytes(), reason].concat())
}

/// Plays each case, and reports all that differ.
async fn play(cases: Vec<Case>) {
    let address = echo().await;
    let mut wrong = Vec::new();
    for Case { id, sent, heard, close } in cases {
        let mut client = Client::upgrade(address).await;
        client.write(&sent).await;
        let mut frames = client.frames_to_the_end().await;
        let code = match frames.pop() {
            Some((CLOSE, payload)) if payload.is_empty() => Some(1005),
            Some((CLOSE, payload)) => Some(u16::from_be_bytes([payload[0], payload[1]])),
            Some(_) | None => None,
        };
        if (&frames, code) != (&heard, Some(close)) {
            wrong.push(format!("{id}: heard {frames:?}, closed with {code:?} and not with {close}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn messages_of_any_length_come_back() {
    let mut cases = Vec::new();
    for length in [0, 1, 125, 126, 127, 128, 1000, 9999, 10_000] {
        let data = vec![b'*'; length];
        for opcode in [TEXT, BINARY] {
            cases.push(fine("1", &[masked(FIN | opcode, &data)], &[(opcode, &data)]));
        }
    }
    play(cases).await;
}

#[tokio::test]
async fn pings_are_answered_in_their_order() {
    let long = [0xfe; 125];
    let mut cases = vec![
        fine("2.1", &[ping(b"")], &[(PONG, b"")]),
        fine("2.2", &[ping(b"Hello")], &[(PONG, b"Hello")]),
        fine("2.3", &[ping(b"\x00\xff\xfe")], &[(PONG, b"\x00\xff\xfe")]),
        fine("2.4", &[ping(&long)], &[(PONG, &long)]),
        violation("2.5", &[ping(&[b'x'; 126])], 1002),
        fine("2.7", &[masked(FIN | PONG, b"")], &[]),
        fine("2.8", &[masked(FIN | PONG, b"unasked")], &[]),
        fine("2.9", &[masked(FIN | PONG, b"unasked"), ping(b"asked")], &[(PONG, b"asked")]),
    ];
    let ten: Vec<String> = (0..10).map(|number| format!("payload-{number}")).collect();
    let asked: Vec<_> = ten.iter().map(|payload| ping(payload.as_bytes())).collect();
    let answered: Vec<_> = ten.iter().map(|payload| (PONG, payload.as_bytes())).collect();
    cases.push(fine("2.10", &asked, &answered));
    // As many as there is room for while none of them can be written.
    let longest: Vec<_> = (0..30_u8).map(|number| [number; 125]).collect();
    let asked: Vec<_> = longest.iter().map(|payload| ping(payload)).collect();
    let answered: Vec<_> = longest.iter().map(|payload| (PONG, &payload[..])).collect();
    cases.push(fine("thirty of the longest", &asked, &answered));
    play(cases).await;
}

/// One byte a write, so that a pong is due while each byte of the next ping is read.
#[tokio::test]
async fn pings_byte_by_byte_are_answered_in_their_order() {
    let mut client = Client::upgrade(echo().await).await;
    client.stream.set_nodelay(true).unwrap();
    let pings: Vec<_> = (0..10_u8).map(|number| ping(&[number])).collect();
    for byte in [pings.concat(), closing(1000, b"")].concat() {
        client.write(&[byte]).await;
    }
    let mut expected: Vec<_> = (0..10).map(|number| (PONG, vec![number])).collect();
    expected.push((CLOSE, 1000_u16.to_be_bytes().to_vec()));
    assert_eq!(client.frames_to_the_end().await, expected);
}

#[tokio::test]
async fn reserved_bits_and_opcodes_break_the_protocol() {
    let mut cases = Vec::new();
    for bits in 1..8 {
        let rsv = bits << 4;
        cases.push(violation("3", &[masked(FIN | rsv | TEXT, b"x")], 1002));
        cases.push(violation("3", &[masked(FIN | rsv | BINARY, b"x")], 1002));
        cases.push(violation("3", &[masked(FIN | rsv | PING, b"x")], 1002));
        cases.push(violation("3", &[masked(FIN | rsv | CLOSE, b"\x03\xe8")], 1002));
    }
    for opcode in (3..8).chain(0xb..0x10) {
        cases.push(violation("4", &[masked(FIN | opcode, b"")], 1002));
        cases.push(violation("4", &[masked(FIN | opcode, b"data")], 1002));
    }
    play(cases).await;
}

#[tokio::test]
async fn fragments_are_one_message_and_control_frames_may_come_between_them() {
    let first = masked(TEXT, b"one ");
    let last = masked(FIN | CONTINUATION, b"two");
    let whole: (u8, &[u8]) = (TEXT, b"one two");
    let pong: (u8, &[u8]) = (PONG, b"p");
    play(vec![
        violation("5.1", &[masked(PING, b"a"), masked(FIN | CONTINUATION, b"b")], 1002),
        violation("5.2", &[masked(PONG, b"a"), masked(FIN | CONTINUATION, b"b")], 1002),
        fine("5.3", &[first.clone(), last.clone()], &[whole]),
        fine("5.6", &[first.clone(), ping(b"p"), last.clone()], &[pong, whole]),
        violation("5.9", &[masked(FIN | CONTINUATION, b"x"), text("y")], 1002),
        violation("5.12", &[masked(CONTINUATION, b"x"), text("y")], 1002),
        case("5.15", &[first.clone(), last.clone(), masked(CONTINUATION, b"x")], &[whole], 1002),
        violation("5.16", &[masked(CONTINUATION, b"x"), first.clone(), last.clone()], 1002),
        violation("5.18", &[first.clone(), text("two")], 1002),
        fine(
            "5.19",
            &[first.clone(), ping(b"p"), masked(CONTINUATION, b""), ping(b"p"), last.clone()],
            &[pong, pong, whole],
        ),
        violation("a close in fragments", &[masked(CLOSE, b"\x03"), masked(FIN | CONTINUATION, b"\xe8")], 1002),
        fine("6.1.2", &[masked(TEXT, b""), masked(CONTINUATION, b""), masked(FIN | CONTINUATION, b"")], &[(TEXT, b"")]),
    ])
    .await;
}

#[tokio::test]
async fn text_is_utf_8() {
    let mut cases = Vec::new();
    for good in ["κόσμε", "\u{0}", "\u{7ff}", "\u{d7ff}", "\u{e000}", "\u{fffd}", "\u{ffff}", "\u{10ffff}"] {
        cases.push(fine("6.2", &[text(good)], &[(TEXT, good.as_bytes())]));
        let (half, rest) = good.as_bytes().split_at(1);
        cases.push(fine("6.2", &[masked(TEXT, half), masked(FIN | CONTINUATION, rest)], &[(TEXT, good.as_bytes())]));
    }
    for bad in [
        &b"\xce\xba\xed\xa0\x80edited"[..],
        b"\x80",
        b"\xbf",
        b"\xc0\xaf",
        b"\xc3",
        b"\xe0\x80\xaf",
        b"\xed\xbf\xbf",
        b"\xf4\x90\x80\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xfe",
        b"\xff",
    ] {
        cases.push(violation("6.3", &[masked(FIN | TEXT, bad)], 1007));
        cases.push(violation("6.4", &[masked(TEXT, bad), masked(FIN | CONTINUATION, b"")], 1007));
        cases.push(fine("bytes are not text", &[masked(FIN | BINARY, bad)], &[(BINARY, bad)]));
    }
    play(cases).await;
}

#[tokio::test]
async fn a_close_is_echoed_or_corrected_and_ends_the_stream() {
    let mut cases = vec![
        case("7.1.1", &[text("Hello"), closing(1000, b"")], &[(TEXT, b"Hello")], 1000),
        case("7.1.2", &[closing(1000, b""), closing(1000, b"")], &[], 1000),
        case("7.1.3", &[closing(1000, b""), ping(b"late")], &[], 1000),
        case("7.1.4", &[closing(1000, b""), text("late")], &[], 1000),
        case("7.1.5", &[masked(TEXT, b"one"), closing(1000, b""), masked(FIN | CONTINUATION, b"two")], &[], 1000),
        case("7.3.1", &[close(b"")], &[], 1005),
        case("7.3.2", &[close(b"a")], &[], 1002),
        case("7.3.3", &[closing(1000, b"")], &[], 1000),
        case("7.3.4", &[closing(1000, b"Hello World!")], &[], 1000),
        case("7.3.5", &[closing(1000, &[b'*'; 123])], &[], 1000),
        case("7.3.6", &[closing(1000, &[b'*'; 124])], &[], 1002),
        case("7.5.1", &[closing(1000, b"\xce\xba\xed\xa0\x80")], &[], 1007),
    ];
    for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] {
        cases.push(case("7.7", &[closing(code, b"")], &[], code));
    }
    for code in [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535] {
        cases.push(case("7.9", &[closing(code, b"")], &[], 1002));
    }
    play(cases).await;
}

/// On a clock that advances only while all tasks are idle: the client says nothing, and nobody waits for it.
#[tokio::test(start_paused = true)]
async fn a_client_that_breaks_the_rules_is_not_waited_for() {
    for (what, bytes, code) in [
        ("half a code", close(b"a"), 1002_u16),
        ("a reason that is not text", closing(1000, b"\xff"), 1007),
        ("a code that must not travel", closing(1006, b""), 1002),
        ("an unknown opcode", masked(FIN | 3, b""), 1002),
        ("a ping in fragments", masked(PING, b""), 1002),
        ("invalid text", masked(FIN | TEXT, b"\xff"), 1007),
        ("a message over the limit", masked(FIN | TEXT, &[b'4'; 10_001]), 1009),
    ] {
        let (ours, theirs) = duplex(64 * 1024);
        let io = Io::new(config());
        tokio::spawn(async move { io.serve_stream(theirs).await });
        let mut client = RawClient::over(ours).await;
        client.join_root().await;
        let before = Instant::now();
        let stream = client.stream.get_mut();
        stream.write_all(&bytes).await.unwrap();
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).await.unwrap();
        assert_eq!(heard[0], FIN | CLOSE, "{what}");
        assert_eq!(heard[2..4], code.to_be_bytes(), "{what}");
        assert_eq!(before.elapsed(), std::time::Duration::ZERO, "{what}");
    }
}
