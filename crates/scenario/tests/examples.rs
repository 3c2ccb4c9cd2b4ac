//! Plays the examples of `rooms`: they compile, and do what their documentation says.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use rooms::Io;
use scenario::Script;
use scenario::run::{Outcome, simulate};

#[path = "../../rooms/examples/board.rs"]
#[allow(dead_code, reason = "its main is for people")]
mod board;
#[path = "../../rooms/examples/chat.rs"]
#[allow(dead_code, reason = "its main is for people")]
mod chat;

fn play(app: impl FnOnce(&Io), script: &str) -> Outcome {
    let script = Script::parse(script, Path::new("example.toml")).unwrap();
    simulate(&script, app).unwrap()
}

const CHAT: &str = r#"1 connect ann {"name":"ann"}
2 connect bob {"name":"bob"}
3 connect eve {"name":"eve"}
4 ann emits enter {"room":"lobby"} and asks for an ack
    ann <- ack {"here":["ann"],"said":[]}
5 ann emits say {"room":"lobby","text":"hello"}
    ann <- said {"from":"ann","room":"lobby","text":"hello"}
6 bob emits enter {"room":"lobby"} and asks for an ack
    ann <- entered {"name":"bob","room":"lobby"}
    bob <- ack {"here":["ann","bob"],"said":[{"from":"ann","room":"lobby","text":"hello"}]}
7 bob emits typing {"room":"lobby"}
    ann <- typing {"name":"bob","room":"lobby"}
8 eve emits say {"room":"lobby","text":"let me in"} and asks for an ack
    eve <- ack {"error":"you are not in lobby; enter it first"}
9 drop ann
    bob <- left {"name":"ann","room":"lobby"}
rooms at the end
    lobby: bob
"#;

#[test]
fn a_chat_tells_the_room_and_later_members() {
    let outcome = play(
        chat::app,
        r#"
        title = "A chat"
        clients = ["ann", "bob", "eve"]
        [[steps]]
        connect = "ann"
        auth = { name = "ann" }
        [[steps]]
        connect = "bob"
        auth = { name = "bob" }
        [[steps]]
        connect = "eve"
        auth = { name = "eve" }
        [[steps]]
        emit = "enter"
        from = "ann"
        payload = { room = "lobby" }
        ack = true
        [[steps]]
        emit = "say"
        from = "ann"
        payload = { room = "lobby", text = "hello" }
        [[steps]]
        emit = "enter"
        from = "bob"
        payload = { room = "lobby" }
        ack = true
        [[steps]]
        emit = "typing"
        from = "bob"
        payload = { room = "lobby" }
        [[steps]]
        emit = "say"
        from = "eve"
        payload = { room = "lobby", text = "let me in" }
        ack = true
        [[steps]]
        drop = "ann"
        "#,
    );
    assert_eq!(outcome.transcript.to_string(), CHAT);
}

#[test]
fn a_chat_admits_nobody_without_a_name() {
    let outcome = play(chat::app, "title = \"A chat\"\nclients = [\"eve\"]\n[[steps]]\nconnect = \"eve\"\n");
    assert!(outcome.transcript.to_string().contains("eve <- connect_error"), "{}", outcome.transcript);
}

const BOARD: &str = r#"1 connect ann
    ann <- board []
2 ann emits put {"id":"n1","text":"buy milk","x":10,"y":20} and asks for an ack
    ann <- ack null
    ann <- put {"id":"n1","text":"buy milk","x":10,"y":20}
3 connect bob
    bob <- board [{"id":"n1","text":"buy milk","x":10,"y":20}]
4 bob emits put {"id":"n1","text":"buy milk","x":30,"y":20}
    ann <- put {"id":"n1","text":"buy milk","x":30,"y":20}
    bob <- put {"id":"n1","text":"buy milk","x":30,"y":20}
5 bob emits point {"x":31,"y":21}
    ann <- points {"client":"<bob>","x":31,"y":21}
6 bob emits put {"id":"n2","text":"no place"} and asks for an ack
    bob <- ack {"error":"missing field `x` at line 1 column 29"}
7 ann emits remove {"id":"n1"}
    ann <- removed {"id":"n1"}
    bob <- removed {"id":"n1"}
8 bob emits remove {"id":"n1"} and asks for an ack
    bob <- ack {"error":"there is no note n1"}
rooms at the end
    board: ann, bob
"#;

#[test]
fn a_board_is_the_same_for_all_and_says_what_is_wrong() {
    let outcome = play(
        board::app,
        r#"
        title = "A board"
        clients = ["ann", "bob"]
        [[steps]]
        connect = "ann"
        [[steps]]
        emit = "put"
        from = "ann"
        payload = { id = "n1", text = "buy milk", x = 10, y = 20 }
        ack = true
        [[steps]]
        connect = "bob"
        [[steps]]
        emit = "put"
        from = "bob"
        payload = { id = "n1", text = "buy milk", x = 30, y = 20 }
        [[steps]]
        emit = "point"
        from = "bob"
        payload = { x = 31, y = 21 }
        [[steps]]
        emit = "put"
        from = "bob"
        payload = { id = "n2", text = "no place" }
        ack = true
        [[steps]]
        emit = "remove"
        from = "ann"
        payload = { id = "n1" }
        [[steps]]
        emit = "remove"
        from = "bob"
        payload = { id = "n1" }
        ack = true
        "#,
    );
    assert_eq!(outcome.transcript.to_string(), BOARD);
}
