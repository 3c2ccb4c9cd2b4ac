//! `rtws serve` as a separate process.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

mod wire;

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    time::Duration,
};

use rooms::observer::{Event, Record};
use wire::{Running, assert_code, command, rtws, serve, stderr};

/// The time in which `serve` promises to end.
const END: Duration = Duration::from_secs(2);

#[test]
fn the_log_tells_the_actions_of_a_client() {
    let (mut server, address) = serve(&[]);
    let lines = "join-project {\"projectId\":\"p1\"}\ntask-updated {\"projectId\":\"p1\",\"taskId\":\"t1\"}\n";
    assert_code(&rtws(&["client", &address, "--name", "ann"], lines), 0);
    let id = server.line_with("connect       ann from 127.0.0.1:").split_whitespace().nth(1).unwrap().to_owned();
    for (what, is_of_one_socket) in [
        ("received      join-project {\"projectId\":\"p1\"}", true),
        ("join          project:p1", true),
        ("received      task-updated {\"projectId\":\"p1\",\"taskId\":\"t1\"}", true),
        ("broadcast     task-updated to project:p1: 1 socket", false),
        ("leave         project:p1", true),
        ("disconnect    client namespace disconnect", true),
    ] {
        let line = server.line();
        assert!(line.ends_with(what) && line.contains(&id) == is_of_one_socket, "{line:?} is not {what:?}");
    }
}

#[test]
fn a_clients_name_cannot_write_to_the_terminal() {
    let (mut server, address) = serve(&[]);
    assert_code(&rtws(&["client", &address, "--name", "eve\u{1b}]0;title\u{7}\u{1b}[2J\nfake"], ""), 0);
    assert!(server.line_with("connect ").contains("connect       eve⏎fake from "));
}

#[test]
fn jsonl_prints_the_records_themselves() {
    let (mut server, address) = serve(&["--log", "jsonl"]);
    assert_code(&rtws(&["client", &address], "join-project {\"projectId\":\"p1\"}\n"), 0);
    loop {
        let line = server.line();
        let record: Record = serde_json::from_str(&line).unwrap();
        assert_eq!(serde_json::to_string(&record).unwrap(), line);
        if matches!(record.event, Event::Join { room, .. } if room == "project:p1") {
            break;
        }
    }
    server.line_with("\"event\":\"counters\"");
}

#[test]
fn a_crowd_comes_if_requested() {
    let (mut server, _) = serve(&["--crowd"]);
    for name in ["ann", "bob", "cleo", "dan", "scraper", "eve"] {
        server.line_with(&format!("connect       {name} from "));
    }
    server.line_with("broadcast     task-updated to project:p3");
}

#[test]
fn a_taken_port_is_explained() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = rtws(&["serve", "--addr", &address], "");
    assert_code(&output, 3);
    let message = stderr(&output);
    assert!(message.starts_with(&format!("error: another program listens on {address}")), "{message}");
    assert!(message.contains("--addr 127.0.0.1:0"), "{message}");
}

#[test]
fn other_machines_are_not_served() {
    let output = rtws(&["serve", "--addr", "0.0.0.0:0"], "");
    assert_code(&output, 2);
    assert!(stderr(&output).contains("other machines can reach `0.0.0.0:0`"), "{}", stderr(&output));
    assert_code(&rtws(&["serve", "--addr", "nonsense"], ""), 2);
    assert_code(&rtws(&["serve", "--log", "xml"], ""), 2);
}

#[test]
fn closing_its_output_ends_it_without_a_word() {
    let (mut server, _) = serve(&["--crowd"]);
    server.close_stdout();
    let ended = server.ended();
    assert_eq!((ended.status.code(), ended.errors.as_str()), (Some(0), ""));
}

#[test]
fn without_a_log_it_goes_on_when_nobody_reads() {
    let (mut server, address) = serve(&["--log", "off"]);
    server.close_stdout();
    for _ in 0..2 {
        assert_code(&rtws(&["play", "worked-example/whole-path", "--url", &address], ""), 0);
    }
}

/// The answer to a request for a session by long polling.
fn open_session(address: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let target = "/socket.io/?EIO=4&transport=polling";
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {address}\r\n{headers}Connection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn its_flags_reach_the_clients() {
    let page = "http://localhost:3000";
    let flags = ["--ping-interval", "7s", "--ping-timeout", "3s", "--max-payload", "5000", "--allow-origin", page];
    for log in ["text", "off"] {
        let (_server, address) = serve(&[&flags[..], &["--log", log]].concat());
        let answer = open_session(&address, &format!("Origin: {page}\r\n"));
        assert!(answer.contains(r#""pingInterval":7000,"pingTimeout":3000,"maxPayload":5000"#), "{answer}");
        assert!(answer.contains(&format!("Access-Control-Allow-Origin: {page}\r\n")), "{answer}");
        assert!(open_session(&address, "Origin: http://localhost:3001\r\n").starts_with("HTTP/1.1 403 "));
    }
}

#[test]
fn a_page_that_is_refused_is_in_the_log() {
    let (mut server, address) = serve(&[]);
    open_session(&address, "Origin: http://localhost:3001\r\n");
    let line = server.line_with("refused");
    assert!(line.contains("a web page of http://localhost:3001 asked; `--allow-origin` can let it in"), "{line}");
}

#[test]
fn more_clients_than_it_may_have_are_refused() {
    let (_server, address) = serve(&["--max-connections", "2"]);
    // Sessions that join nothing would make room for another.
    let mut clients = [(); 2].map(|()| Running::start(command(&["client", &address])));
    for client in &mut clients {
        client.line_with("connected as ");
    }
    assert_eq!(&open_session(&address, "")[9..12], "503");
}

#[cfg(unix)]
mod signals {
    use rustix::process::Signal;

    use super::*;

    #[test]
    fn it_closes_its_clients_and_ends_in_time() {
        for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
            let (mut server, address) = serve(&["--log", "off"]);
            // It will never send its request.
            let _silent = TcpStream::connect(&address).unwrap();
            let mut client = Running::start(command(&["client", &address]));
            client.line_with("connected as ");
            server.signal(signal);
            let ended = server.ended();
            assert_eq!((ended.status.code(), ended.errors.as_str()), (Some(0), ""), "{signal:?}");
            assert!(ended.after < END, "{signal:?}: {:?}", ended.after);
            assert_eq!(client.ended().status.code(), Some(3));
        }
    }

    #[test]
    fn the_last_lines_say_that_everybody_was_disconnected() {
        let (mut server, address) = serve(&[]);
        let mut client = Running::start(command(&["client", &address, "--name", "ann"]));
        client.line_with("connected as ");
        server.line_with("connect       ann");
        server.signal(Signal::TERM);
        assert!(server.line_with("disconnect").ends_with("disconnect    server shutting down"));
        assert_eq!(server.ended().status.code(), Some(0));
    }

    #[test]
    fn a_signal_right_after_the_first_line_is_heard() {
        for _ in 0..20 {
            let (mut server, _) = serve(&[]);
            server.signal(Signal::TERM);
            assert_eq!(server.ended().status.code(), Some(0));
        }
    }

    #[test]
    fn a_reader_who_hangs_holds_up_neither_the_server_nor_its_end() {
        let (mut server, address) = serve(&[]);
        // Far more than a pipe holds.
        let flood = "join-project {\"projectId\":\"p1\"}\n".repeat(5000);
        assert_code(&rtws(&["client", &address], &flood), 0);
        server.signal(Signal::TERM);
        let ended = server.ended();
        assert_eq!(ended.status.code(), Some(0));
        assert!(ended.after < END, "{:?}", ended.after);
    }
}
