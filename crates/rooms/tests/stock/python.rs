//! python-socketio, with `requests` for long polling and `websocket-client` for the WebSocket.

use std::process::Command;

use serde_json::json;

use crate::both::{assert_both, assert_both_with, quick};
use crate::program::{beside, installed};

fn client() -> Command {
    let mut command = Command::new(installed("STOCK_PYTHON", "python/bin/python"));
    command.arg(beside("python/client.py"));
    command
}

#[test]
#[ignore = "needs Node.js, Python and `install`"]
fn a_client_polls_upgrades_and_does_what_clients_do() {
    assert_both(
        client,
        "everyday",
        &json!({
            "began": "polling",
            "transport": "websocket",
            "known": "websocket",
            "rooms": {
                "joined": ["crabs 🦀"],
                "left": [],
                "told": {
                    "ann": ["to all: naïve \u{2028} \0 𝄞", b"to ann"],
                    "bob": ["to all: naïve \u{2028} \0 𝄞", "to bob"],
                },
            },
            "acks": {
                "ours": [1, "zwei ☂", { "three": [3] }],
                "theirs": { "answer": 17 },
                "never": "timed out",
            },
            "binary": { "echo": [[0, 128, 255], [1, 2], []], "mirrored": "cba", "answered": "desserts" },
        }),
    );
}

#[test]
#[ignore = "needs Node.js, Python and `install`"]
fn a_client_that_is_refused_learns_why_and_gets_in_with_another_token() {
    let reason = json!({ "message": "not authorized", "data": { "code": 401, "hint": "say the word" } });
    assert_both(
        client,
        "refused",
        &json!({
            "outcome": "One or more namespaces failed to connect: /",
            "reasons": [[reason]],
            "isLetIn": true,
        }),
    );
}

#[test]
#[ignore = "needs Node.js, Python and `install`"]
fn a_client_that_is_cut_off_comes_back_as_another_and_joins_again() {
    assert_both(
        client,
        "reconnect",
        &json!({
            "ended": [["transport error"]],
            "rooms": [[], []],
            "ids": 2,
            "told": ["before", "after"],
            "transport": "websocket",
        }),
    );
}

#[test]
#[ignore = "needs Node.js, Python and `install`"]
fn a_client_keeps_its_heart_beating() {
    assert_both_with(client, "heartbeats", quick(), &json!({ "stayed": 2500, "isSame": true }));
}
