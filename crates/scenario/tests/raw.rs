//! JSON that is sent as it stands, because no value of a program can hold it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use rooms::Io;
use scenario::Script;
use scenario::run::simulate;

/// Relays what comes, and says what a program sees of it.
fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("say", |socket, payload| {
            socket.emit("relayed", payload);
            socket.emit("seen", payload.value());
            payload.ack(());
        });
    });
}

fn transcript(json: &str) -> String {
    let text = format!(
        "title = 't'\nclients = ['ann']\nrooms = false\nsteps = [{{ connect = 'ann' }}, \
         {{ emit = 'say', from = 'ann', payload_raw = '{json}', ack = true }}, {{ expect_ack = 'ann' }}]"
    );
    let script = Script::parse(&text, Path::new("s.toml")).unwrap();
    let outcome = simulate(&script, app).unwrap();
    assert_eq!((&outcome.end, outcome.unmet.len()), (&None, 0), "{json}");
    outcome.transcript.to_string()
}

fn played(json: &str, relayed: &str, seen: &str) {
    let expected = format!(
        "1 connect ann\n2 ann emits say {json} and asks for an ack\n    ann <- ack\n    ann <- relayed {relayed}\n    \
         ann <- seen {seen}\n"
    );
    assert_eq!(transcript(json), expected);
}

#[test]
fn what_a_value_cannot_hold_is_relayed_as_it_came_and_seen_as_null() {
    for json in [r#""\ud800""#, "1e400", r#"{"a":-1e400}"#, r#"["\udc00\ud800"]"#] {
        let shown = serde_json::json!({ "raw": json }).to_string();
        played(json, &shown, "null");
    }
}

#[test]
fn numbers_that_can_be_written_in_several_ways_are_one_in_a_transcript() {
    for (json, shown) in [
        ("-0", "0"),
        ("-0.0", "0"),
        ("0e5", "0"),
        ("9007199254740993", "9007199254740993"),
        ("1234567890123456789012345678901234567890", "1.2345678901234567e+39"),
        (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
        (r#""\u0070""#, r#""p""#),
    ] {
        played(json, shown, shown);
    }
}

#[test]
fn lists_in_lists_are_played_as_deep_as_the_server_reads_them() {
    let nested = format!("{}{}", "[".repeat(120), "]".repeat(120));
    played(&nested, &nested, &nested);
}

#[test]
fn it_survives_being_handed_on_and_reads_back_as_the_same() {
    let text = "title = 't'\nclients = ['ann']\nsteps = [{ connect = 'ann' }, \
                { emit = 'say', from = 'ann', payload_raw = '[\"\\ud800\", 1e400]', ack = true }]";
    let script = Script::parse(text, Path::new("s.toml")).unwrap();
    let json = serde_json::to_string(&script).unwrap();
    assert_eq!(serde_json::from_str::<Script>(&json).unwrap(), script);
    let mut again = Script::parse(&script.to_toml(), Path::new("s.toml")).unwrap();
    again.steps.iter_mut().zip(&script.steps).for_each(|(step, before)| step.line = before.line);
    assert_eq!(again, script, "{}", script.to_toml());
}

#[test]
fn what_is_no_json_and_what_is_nested_too_deep_to_be_handed_on_is_refused_where_it_stands() {
    let nested = format!("{}{}", "[".repeat(101), "]".repeat(101));
    for (payload, said) in [
        ("payload_raw = '{'".to_owned(), "3:75: this is not JSON: "),
        ("payload_raw = \"1\\n\"".to_owned(), "3:75: this is sent as it stands, so it is one line"),
        ("payload_raw = '1', payload = 1".to_owned(), "3:75: a step has `payload_raw` or another payload, not both"),
        (
            format!("payload_json = '{nested}'"),
            "3:76: lists and objects are nested deeper than 100 levels; write it as `payload_raw`",
        ),
    ] {
        let text = format!(
            "title = 't'\nclients = ['ann']\nsteps = [{{ connect = 'ann' }}, {{ emit = 'say', from = 'ann', {payload} }}]"
        );
        let error = Script::parse(&text, Path::new("s.toml")).unwrap_err().to_string();
        assert!(error.starts_with(&format!("s.toml:{said}")), "{error}");
    }
}
