//! The log that `RTWS_LOG` asks for, of the screen and of the engine.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::common::{PATIENCE, Screen};
use crate::learner::Learner;
use crate::visitor::Visitor;
use crate::workshop::Workshop;

const UPGRADE: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// Opens a WebSocket by hand and sends `payload` without the mask that a client must use. Returns once the server has closed.
fn break_the_rules(address: &str, payload: &str) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address}\r\n{UPGRADE}").unwrap();
    stream.write_all(&[0x81, u8::try_from(payload.len()).unwrap()]).unwrap();
    stream.write_all(payload.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&answer));
}

#[test]
fn the_log_tells_events_and_nothing_that_clients_sent() {
    let workshop = Workshop::fresh();
    let mut command = workshop.rtws(&["learn"]);
    command.env("RTWS_LOG", "trace");
    let mut learner = Learner { screen: Screen::start(command, 40, 120), workshop: &workshop };
    let address = learner.address();
    break_the_rules(&address, "SECRET-PAYLOAD");
    let visitor = Visitor::connect(&address, "SECRET-NAME");
    visitor.join("SECRET-PROJECT");
    learner.screen.wait_for("project:SECRET-PROJECT");
    learner.screen.press("n");
    learner.wait_for_step("Type five lines", 2, 4);
    let screen = learner.screen.text();
    learner.quit();
    let checked = workshop.command(&["check", "greet", "--json"]).env("RTWS_LOG", "debug").output().unwrap();
    assert_eq!(checked.status.code(), Some(1));
    assert_eq!(String::from_utf8(checked.stderr).unwrap(), "");

    let log = fs::read_to_string(workshop.home().join("log")).unwrap();
    for words in [
        "INFO rtws::log: rtws begins",
        "DEBUG rooms::session: parse error: a transport failed",
        "rtws::learn::saver: progress was saved",
        "DEBUG judge::check: checked exercise=\"greet\" verdict=failed",
    ] {
        assert!(log.contains(words), "{words}: {log}");
    }
    assert!(!log.contains("SECRET") && !log.contains(&visitor.id()), "{log}");
    assert!(!screen.contains("DEBUG") && !screen.contains("rtws begins"), "{screen}");
}
