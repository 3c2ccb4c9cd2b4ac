//! The official client of Socket.IO, for JavaScript. It also plays at the official server, to which most expectations
//! apply as well.

use std::process::Command;
use std::time::Duration;

use rooms::observer::Event;
use rooms::{Config, Recovery};
use serde_json::{Value, json};

use crate::both::{assert_both, assert_both_with, quick};
use crate::official::node;
use crate::program::seen;
use crate::served::Served;

fn client() -> Command {
    node("run.js")
}

/// What the clients of a scenario see at our server alone.
fn ours(scenario: &str, server: &Served) -> Value {
    seen(client(), scenario, server.address())
}

/// A server with recovery, under which every client comes back in time.
fn remembering() -> Config {
    Config { recovery: Some(Recovery::default()), ..Config::default() }
}

/// The results of a client that does everyday things over this transport.
fn everyday(transport: &str, more: [(&str, Value); 1]) -> Value {
    let mut seen = json!({
        "transports": ["polling", "websocket"],
        "early": { "counted": ["kept"], "name": "early ☂", "pixels": [255, 30, 13, 10, 0] },
        "rooms": {
            "joined": [["crabs 🦀"], ["crabs 🦀", "Ümläute"]],
            "left": ["Ümläute"],
            "told": {
                "ann": ["to all: naïve \u{2028} \0 𝄞", "to ann", b"to ann"],
                "bob": ["to all: naïve \u{2028} \0 𝄞", "to bob"],
            },
        },
        "several": {
            "echo": ["first", { "second": 2 }, [3, null], "\"fourth\"", true],
            "ack": [1, "two", { "three": [3] }],
        },
        "acks": {
            "ours": "is anybody there?",
            "theirs": { "answer": 17 },
            "asked": ["how long is this?", "?", "??", "???"],
            "inTime": "soon",
            "never": "operation has timed out",
            "manyAtOnce": [{ "answer": 1 }, { "answer": 2 }, { "answer": 3 }],
        },
        "binary": {
            "echo": [[0, 128, 255], [1, 2, 3], [], true],
            "mirrored": { "name": "abc", "pixels": "cba" },
            "answered": "desserts",
        },
        "transport": transport,
    });
    seen.as_object_mut().unwrap().extend(more.map(|(key, value)| (key.to_owned(), value)));
    seen
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn a_client_polls_upgrades_and_does_what_clients_do() {
    assert_both(client, "everyday", &everyday("websocket", [("volatile", json!("both ways"))]));
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn a_client_does_what_clients_do_while_no_websocket_comes_through() {
    assert_both(client, "everydayPolling", &everyday("polling", [("inTheEnd", json!("websocket"))]));
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn a_client_that_is_refused_learns_why_and_gets_in_with_another_token() {
    assert_both(
        client,
        "refused",
        &json!({
            "message": "not authorized",
            "data": { "code": 401, "hint": "say the word" },
            "triesAgain": false,
            "isLetIn": true,
        }),
    );
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn a_client_that_is_cut_off_comes_back_as_another_and_joins_again() {
    let arrival = json!({ "recovered": false, "rooms": [] });
    assert_both(
        client,
        "reconnect",
        &json!({
            "cut": "transport close",
            "transport": "websocket",
            "kicked": "io server disconnect",
            "comesBackByItself": false,
            "arrivals": [arrival, arrival, arrival],
            "ids": 3,
            "told": ["before", "after", "at last"],
        }),
    );
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn namespaces_are_made_on_demand() {
    assert_both(
        client,
        "workspaces",
        &json!({
            "shouted": {
                "outside": [],
                "ann": ["seven", "seven again"],
                "bob": ["seven", "seven again"],
                "eve": ["eight"],
            },
            "refused": "Invalid namespace",
            "sharesConnection": [true, false],
        }),
    );
}

fn numbers(end: usize) -> Value {
    (0..end).collect()
}

fn burst(counted: &Value, answers: &Value) -> Value {
    json!({ "transport": "websocket", "counted": counted, "answers": answers })
}

fn burst_while_polling(counted: &Value, answers: &Value) -> Value {
    json!({ "began": "polling", "transport": "websocket", "counted": counted, "answers": answers })
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn events_that_are_sent_right_after_the_connect_all_arrive_in_order() {
    assert_both(client, "burst", &burst(&numbers(2000), &json!([])));
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn events_that_are_sent_right_after_the_connect_are_all_acknowledged() {
    assert_both(client, "burstWithAcks", &burst(&numbers(2000), &numbers(2000)));
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn events_that_are_sent_right_after_the_connect_are_all_answered() {
    assert_both(client, "burstOfEchoes", &burst(&json!([]), &numbers(2000)));
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn many_events_of_a_client_that_polls_all_arrive_in_order() {
    assert_both(client, "burstWhilePolling", &burst_while_polling(&numbers(2000), &json!([])));
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn many_events_of_a_client_that_polls_are_all_acknowledged() {
    assert_both(client, "burstWithAcksWhilePolling", &burst_while_polling(&numbers(2000), &numbers(2000)));
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn many_events_of_a_client_that_polls_are_all_answered() {
    assert_both(client, "burstOfEchoesWhilePolling", &burst_while_polling(&json!([]), &numbers(2000)));
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn events_that_the_server_sends_right_after_the_connect_all_arrive_in_order() {
    assert_both(client, "greetings", &numbers(1000));
}

/// The results of a client that recovers after it was disconnected for these reasons.
fn recovered(gone: &[&str], reason: &str, told: &[Value]) -> Value {
    json!({
        "gone": gone,
        "reason": reason,
        "recovered": [true, true],
        "sameId": [true, true],
        "rooms": ["news"],
        "memory": { "colour": "blue" },
        "transports": ["websocket", "websocket"],
        "told": told,
    })
}

/// How many events each client that came back had missed.
fn missed(server: &Served) -> Vec<u64> {
    server.records().select(|event| match event {
        Event::Recovered { events, .. } => Some(*events),
        _ => None,
    })
}

/// All events for the room of a client that comes back.
fn all() -> Vec<Value> {
    vec![json!("heard"), json!("missed 1"), json!(b"missed 2"), json!("missed 3"), json!("after")]
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn a_client_that_closes_its_transport_recovers() {
    let expected = recovered(&["transport"], "forced close", &all());
    let server = assert_both_with(client, "recoveryFromClose", remembering(), &expected);
    assert_eq!(missed(&server), [3]);
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn a_client_whose_line_is_cut_recovers() {
    let expected = recovered(&["transport"], "transport close", &all());
    let server = assert_both_with(client, "recoveryFromCut", remembering(), &expected);
    assert_eq!(missed(&server), [3]);
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn a_client_that_the_server_cuts_off_because_it_is_silent_recovers() {
    let config = Config { recovery: Some(Recovery::default()), ..quick() };
    let expected = recovered(&["ping timeout"], "transport close", &all());
    let server = assert_both_with(client, "recoveryFromSilence", config, &expected);
    assert_eq!(missed(&server), [3]);
}

/// The official server takes it for another client, because its old socket is still there.
#[test]
#[ignore = "needs Node.js and `install`"]
fn a_client_recovers_even_if_the_server_believes_that_it_is_still_there() {
    let server = Served::start(remembering());
    let expected = recovered(&[], "transport close", &all());
    assert_eq!(ours("recoveryFromHalfOpenLine", &server), expected);
    assert_eq!(missed(&server), [3]);
}

/// The official server recovers it only if there was a request for the cut to break.
#[test]
#[ignore = "needs Node.js and `install`"]
fn a_client_that_polls_when_its_line_is_cut_recovers() {
    let server = Served::start(remembering());
    let mut seen = ours("recoveryWhilePolling", &server);
    let gone = seen["gone"].take();
    let mut expected = recovered(&[], "transport error", &all());
    expected["gone"] = json!(null);
    expected["transports"] = json!(["polling", "websocket"]);
    assert_eq!(seen, expected);
    assert!(gone == json!([]) || gone == json!(["transport"]), "{gone}");
    assert_eq!(missed(&server), [3]);
}

/// The official server does not recover it, because its client then has no offset to send.
#[test]
#[ignore = "needs Node.js and `install`"]
fn a_client_that_had_heard_nothing_recovers_too() {
    let server = Served::start(remembering());
    let expected = recovered(&["transport"], "transport close", &all()[1..]);
    assert_eq!(ours("recoveryWithoutEvents", &server), expected);
    assert_eq!(missed(&server), [3]);
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn a_client_that_is_away_for_too_long_comes_back_as_another() {
    let recovery = Recovery { max_age: Duration::from_millis(1), ..Recovery::default() };
    let config = Config { recovery: Some(recovery), ..Config::default() };
    let expected = json!({
        "gone": ["transport"],
        "reason": "transport close",
        "recovered": [false, false],
        "sameId": [false, false],
        "rooms": [],
        "memory": null,
        "transports": ["websocket", "websocket"],
        "told": ["heard"],
    });
    let server = assert_both_with(client, "recoveryFromCut", config, &expected);
    let reasons = server.records().select(|event| match event {
        Event::NotRecovered { reason, .. } => Some(reason.clone()),
        _ => None,
    });
    assert_eq!(reasons, ["no client of that private id is away, or it was away for too long"]);
}

/// The official server has no such policy: events that wait for a client take as much memory as there is.
#[test]
#[ignore = "needs Node.js and `install`"]
fn a_client_that_stalls_is_cut_off_comes_back_and_has_missed_nothing() {
    let recovery = Recovery { max_bytes: 64 * 1024 * 1024, ..Recovery::default() };
    let server = Served::start(Config { recovery: Some(recovery), ..Config::default() });
    let seen = ours("slow", &server);
    let sent = seen["sent"].as_u64().unwrap();
    assert_eq!(seen["numbers"], numbers(usize::try_from(sent).unwrap()));
    assert_eq!(seen["gone"], "slow client");
    assert_eq!(seen["reason"], "transport close");
    assert_eq!(seen["recovered"], true);
    assert_eq!(seen["sameId"], json!([true, true]));
    assert_eq!(missed(&server).len(), 1);
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn a_client_keeps_its_heart_beating() {
    let expected = json!({ "stayed": 2500, "isSame": true, "transport": "websocket" });
    assert_both_with(client, "heartbeats", quick(), &expected);
}

#[test]
#[ignore = "needs Node.js and `install`"]
fn a_client_keeps_its_heart_beating_while_it_polls() {
    let expected = json!({ "stayed": 2500, "isSame": true, "transport": "polling" });
    assert_both_with(client, "heartbeatsWhilePolling", quick(), &expected);
}
