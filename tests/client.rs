//! `rtws client`, in pipes and in a terminal.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

#[cfg(unix)]
mod common;
mod wire;

use std::{net::TcpListener, thread, time::Duration};

use rooms::{Config, Io, Server};
use wire::{Running, assert_code, command, rtws, serve, stderr, stdout};

const JOIN: &str = "join-project {\"projectId\":\"p1\"}";
const UPDATE: &str = "task-updated {\"projectId\":\"p1\",\"taskId\":\"t1\"}";

/// The lines after `connected as …`, which is different each time.
#[track_caller]
fn after_connecting(text: &str) -> &str {
    let (first, rest) = text.split_once('\n').unwrap();
    let id = first.strip_prefix("connected as ").unwrap();
    assert_eq!(id.len(), 20, "{id:?} is not a socket id");
    rest
}

#[test]
fn a_pipe_is_sent_whole_and_answered_before_it_leaves() {
    let (_server, address) = serve(&["--log", "off"]);
    let output = rtws(&["client", &address], &format!("join-project\n\n{JOIN}\n{UPDATE}"));
    assert_code(&output, 0);
    assert_eq!(
        after_connecting(stdout(&output)),
        format!("<- error-message {{\"message\":\"projectId required\"}}\n<- {UPDATE}\ndisconnected\n")
    );
    assert_eq!(stderr(&output), "");
}

#[test]
fn nothing_is_lost_of_a_long_pipe() {
    let (_server, address) = serve(&["--log", "off"]);
    let output =
        rtws(&["client", &address], &format!("{JOIN}\n{}quit\n{UPDATE}\n", format!("{UPDATE}\n").repeat(1000)));
    assert_code(&output, 0);
    assert_eq!(stdout(&output).matches("<- task-updated").count(), 1000, "quit ends it");
}

#[test]
fn an_event_of_another_client_is_shown_when_it_arrives() {
    let (_server, address) = serve(&["--log", "off"]);
    let mut ann = Running::start(command(&["client", &address, "--name", "ann"]));
    ann.type_line(&format!("{JOIN}\n{UPDATE}"));
    // It comes back, so the room has been joined.
    ann.line_with("<- task-updated");
    assert_code(&rtws(&["client", &address], &UPDATE.replace("t1", "\u{1b}[31mt2")), 2);
    assert_code(&rtws(&["client", &address], &UPDATE.replace("t1", "\\u001b[31mt2\\u009b2J")), 0);
    assert_eq!(ann.line(), "<- task-updated {\"projectId\":\"p1\",\"taskId\":\"\\u001b[31mt2\"}");
}

#[test]
fn mistakes_are_answered_with_what_to_type_and_the_rest_is_sent() {
    let (_server, address) = serve(&["--log", "off"]);
    let output = rtws(&["client", &address], &format!("join-project p1\nconnect\n{JOIN}\n{UPDATE}\n"));
    assert_code(&output, 2);
    assert_eq!(after_connecting(stdout(&output)), format!("<- {UPDATE}\ndisconnected\n"));
    let errors: Vec<_> = stderr(&output).lines().collect();
    assert_eq!(
        errors,
        [
            "the payload is not JSON: expected value at its character 1; write join-project {\"projectId\":\"p1\"}",
            "`connect` belongs to Socket.IO; give the event another name",
            "error: 2 of the lines could not be sent",
        ]
    );
}

#[test]
fn a_missing_ack_is_reported() {
    let (_server, address) = serve(&["--log", "off"]);
    let output = rtws(&["client", &address, "--ack"], &format!("{JOIN}\n"));
    assert_code(&output, 0);
    assert_eq!(after_connecting(stdout(&output)), "no ack of join-project\ndisconnected\n");
}

/// A server whose `ask` asks the client `question`, and sends the question and its answer as `answered`.
fn serve_questions() -> String {
    let io = Io::new(Config::default());
    io.on_connection(|socket| {
        socket.on("ask", |socket, payload| {
            let (socket, payload) = (socket.clone(), payload.clone());
            tokio::spawn(async move {
                let answer = socket.emit_with_ack("question", &payload, Duration::from_secs(3600)).await;
                socket.emit("answered", (&payload, answer.unwrap()));
            });
        });
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = runtime.block_on(Server::bind("127.0.0.1:0", io)).unwrap();
    let address = server.address().to_string();
    // It ends with the test.
    thread::spawn(move || runtime.block_on(server.run(std::future::pending())));
    address
}

#[test]
fn a_question_is_acknowledged_by_its_number_or_the_last_one_without() {
    let mut client = Running::start(command(&["client", &serve_questions()]));
    client.line_with("connected as ");
    for number in 0..3 {
        client.type_line(&format!("ask {{\"n\":{number}}}"));
        assert_eq!(client.line(), format!("<- question {{\"n\":{number}}}  (asks for ack {number})"));
    }
    client.type_line("ack 1 {\"ok\":true}");
    assert_eq!(client.line(), "<- answered [{\"n\":1},{\"ok\":true}]");
    client.type_line("ack [2]");
    assert_eq!(client.line(), "<- answered [{\"n\":2},[2]]");
    client.type_line("ack");
    assert_eq!(client.line(), "<- answered [{\"n\":0},null]");
}

#[test]
fn a_question_is_acknowledged_automatically_if_requested() {
    let address = serve_questions();
    let mut client = Running::start(command(&["client", &address, "--auto-ack"]));
    client.type_line("ask {}");
    assert_eq!(client.line_with("<- question"), "<- question {}  (acknowledged)");
    assert_eq!(client.line(), "<- answered [{},null]");
    client.type_line("ack off\nask {}");
    assert_eq!(client.line(), "<- question {}  (asks for ack 1)");
    client.type_line("ack on\nask {}");
    assert_eq!(client.line(), "<- question {}  (acknowledged)");
    assert_eq!(client.line(), "<- answered [{},null]", "of the third; the second waits");
    client.type_line("ack 1 \"late\"");
    assert_eq!(client.line(), "<- answered [{},\"late\"]");
}

#[test]
fn an_acknowledgement_in_a_pipe_waits_for_its_question() {
    let output = rtws(&["client", &serve_questions()], "ask {}\nack 0 \"so\"\nack\nask {}\nask {}\nack 7\n");
    assert_code(&output, 2);
    assert!(after_connecting(stdout(&output)).starts_with("<- question {}  (asks for ack 0)\n"), "{}", stdout(&output));
    let errors: Vec<_> = stderr(&output).lines().collect();
    assert_eq!(
        errors,
        ["nothing asks for an ack", "nothing asks for ack 7; open are 1, 2", "error: 2 of the lines could not be sent",]
    );
}

#[test]
fn the_connect_payload_is_as_requested() {
    let (mut server, address) = serve(&[]);
    assert_code(&rtws(&["client", &address, "--auth", "{\"name\":\"bob\"}"], ""), 0);
    server.line_with("connect       bob from");
    assert_code(&rtws(&["client", &address, "--auth", "{\"name\":\"bob\"}", "--name", "zoe"], ""), 0);
    server.line_with("connect       zoe from");
    for auth in ["{name}", "[1]"] {
        let output = rtws(&["client", &address, "--auth", auth], "");
        assert_code(&output, 2);
        assert!(stderr(&output).contains("'{\"token\":\"secret\"}'"), "{}", stderr(&output));
    }
}

#[test]
fn a_server_that_refuses_or_is_not_there_is_explained() {
    let (_server, address) = serve(&["--log", "off"]);
    let output = rtws(&["client", &address, "--namespace", "chess"], "");
    assert_code(&output, 3);
    assert!(stderr(&output).contains("connect_error: Invalid namespace"), "{}", stderr(&output));
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let output = rtws(&["client", &free], "");
    assert_code(&output, 3);
    assert!(stderr(&output).contains("`rtws serve`"), "{}", stderr(&output));
    assert_code(&rtws(&["client", "https://localhost"], ""), 2);
}

#[test]
fn a_server_that_goes_away_ends_it() {
    let (server, address) = serve(&["--log", "off"]);
    let mut client = Running::start(command(&["client", &address]));
    client.line_with("connected as ");
    drop(server);
    let ended = client.ended();
    assert_eq!(ended.status.code(), Some(3));
    assert_eq!(ended.errors, "error: the server closed the connection\n");
}

#[cfg(unix)]
mod terminal {
    use super::{
        common::{PATIENCE, RTWS, Screen},
        *,
    };

    /// Waits for an empty prompt below everything else.
    #[track_caller]
    fn wait_for_prompt(screen: &Screen) {
        screen.wait_until("an empty prompt", PATIENCE, |screen| screen.contents().trim_end().ends_with("\n>"));
    }

    #[test]
    fn the_prompt_stays_below_arriving_events() {
        let (_server, address) = serve(&["--log", "off"]);
        let mut screen = Screen::spawn(&[RTWS, "client", &address], 24, 80, &[]);
        screen.wait_for("> ");
        screen.type_text(&format!("{JOIN}\n{UPDATE}\nnonsense p1\n"));
        screen.wait_for("expected value at its character 1");
        screen.wait_for("<- task-updated");
        wait_for_prompt(&screen);
        screen.type_text("task-up");
        screen.wait_for("> task-up");
        assert_code(&rtws(&["client", &address], &UPDATE.replace("t1", "t2")), 0);
        screen.wait_for("\"t2\"");
        wait_for_prompt(&screen);
        // The typed text is still there, though not shown.
        screen.type_text("dated {\"projectId\":\"p1\",\"taskId\":\"t3\"}\n");
        screen.wait_for("<- task-updated {\"projectId\":\"p1\",\"taskId\":\"t3\"}");
        screen.press("ctrl-d");
        screen.wait_for("disconnected");
        assert!(screen.wait_exit().success(), "mistakes were fixed");
        assert!(!screen.text().contains("> disconnected"), "{}", screen.text());
    }

    #[test]
    fn ctrl_c_says_goodbye() {
        let (mut server, address) = serve(&[]);
        let mut screen = Screen::spawn(&[RTWS, "client", &address], 24, 80, &[]);
        screen.wait_for("> ");
        screen.press("ctrl-c");
        server.line_with("disconnect    client namespace disconnect");
        assert!(screen.wait_exit().success());
    }
}
