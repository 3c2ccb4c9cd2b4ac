//! `rust_socketio`, the most used client in Rust.

use std::process::Command;

use serde_json::json;

use crate::both::{assert_both, assert_both_with, quick};
use crate::program::installed;

fn client() -> Command {
    Command::new(installed("STOCK_RUST", "rust/debug/stock-client"))
}

#[test]
#[ignore = "needs Node.js, OpenSSL and `install`"]
fn a_client_upgrades_and_does_what_clients_do() {
    assert_both(
        client,
        "everyday",
        &json!({
            "joined": [["crabs 🦀"]],
            "told": ["to all: naïve \u{2028} 𝄞", "to ann"],
            "echoed": { "bytes": [0, 128, 255] },
            "several": [1, "zwei ☂", { "three": [3] }],
            "transport": "websocket",
        }),
    );
}

#[test]
#[ignore = "needs Node.js, OpenSSL and `install`"]
fn a_client_that_is_refused_learns_why() {
    let reason = r#"{"message":"not authorized","data":{"code":401,"hint":"say the word"}}"#;
    assert_both(
        client,
        "refused",
        &json!({ "error": [format!("Received an ConnectError frame: {reason}")], "isLetIn": true }),
    );
}

#[test]
#[ignore = "needs Node.js, OpenSSL and `install`"]
fn a_client_that_is_cut_off_comes_back_as_another_and_joins_again() {
    assert_both(
        client,
        "reconnect",
        &json!({
            "rooms": [[], []],
            "isAnother": true,
            "told": ["before", "after"],
            "transport": "websocket",
        }),
    );
}

#[test]
#[ignore = "needs Node.js, OpenSSL and `install`"]
fn a_client_keeps_its_heart_beating() {
    assert_both_with(client, "heartbeats", quick(), &json!({ "stayed": 2500, "isSame": true }));
}
