//! Scripts on the simulated network: the content of a transcript, which is the same for every run.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;
use std::time::{Duration, Instant};

use rooms::Io;
use scenario::feed;
use scenario::run::{Outcome, RunError, simulate, simulate_stepwise};
use scenario::script::Script;
use scenario::transcript::Transcript;
use serde_json::json;

/// All that is said of a run.
fn explain(outcome: &Outcome, expected: Option<&Transcript>) -> String {
    scenario::explain::explain(outcome, expected).to_string()
}

/// An application with a bit of everything: rooms, acks, async handlers, spawned tasks.
fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join", |socket, payload| {
            socket.join(payload["room"].as_str().unwrap_or("lobby"));
            payload.ack(json!({ "ok": true }));
        });
        socket.on("say", |socket, payload| {
            socket.io().to(payload["room"].as_str().unwrap_or("lobby")).emit("said", payload);
        });
        socket.on_async("later", async |socket, _| {
            tokio::time::sleep(Duration::from_millis(300)).await;
            socket.emit("done", ());
        });
        socket.on("spawn", |socket, _| {
            let io = socket.io().clone();
            tokio::spawn(async move { io.emit("spawned", ()) });
        });
        socket.on("shout", |socket, payload| socket.io().emit("shouted", payload));
        socket.on("dawdle", |socket, _| {
            let socket = socket.clone();
            tokio::spawn(async move {
                for _ in 0..500 {
                    tokio::task::yield_now().await;
                }
                socket.emit("dawdled", ());
            });
        });
        socket.on("ack-late", |_, payload| {
            let payload = payload.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(300)).await;
                payload.ack(());
            });
        });
        socket.on("question-me", |socket, _| {
            let socket = socket.clone();
            tokio::spawn(async move {
                for patience in [500, 1000] {
                    let answer = socket.emit_with_ack("question", patience, Duration::from_millis(patience)).await;
                    let answer = answer.map_or_else(|error| error.to_string(), |answer| answer.json().to_owned());
                    socket.emit("verdict", answer);
                }
            });
        });
        socket.on("forever", |_, _| {});
        socket.on_async("stuck", async |_, _| std::future::pending().await);
        socket.on("boom", |_, payload| assert!(payload["ok"].is_boolean(), "no ok"));
        socket.on("kick", |socket, _| socket.disconnect());
    });
}

fn script(clients: &str, steps: &str) -> Script {
    let text = format!("title = \"t\"\nclients = {clients}\n{steps}");
    Script::parse(&text, Path::new("test.toml")).unwrap()
}

fn play(clients: &str, steps: &str) -> Outcome {
    simulate(&script(clients, steps), app).unwrap()
}

/// Steps in short: `ann join {"room":"a"}` for an emit, anything else as `key value`.
fn steps(lines: &[&str]) -> String {
    let step = |line: &&str| match line.split_once(' ').unwrap() {
        (key @ ("connect" | "drop" | "disconnect" | "close" | "garble" | "stall" | "resume" | "wait_ms"), value) => {
            format!("[[steps]]\n{key} = {value}\n")
        }
        (from, rest) => {
            let (event, payload) = rest.split_once(' ').unwrap_or((rest, "null"));
            format!("[[steps]]\nemit = \"{event}\"\nfrom = \"{from}\"\npayload_json = '{payload}'\n")
        }
    };
    lines.iter().map(step).collect()
}

const BUSY: &[&str] = &[
    r#"connect ["ann", "bob", "eve", "dan"]"#,
    r#"ann join {"room":"a"}"#,
    r#"bob join {"room":"a"}"#,
    r#"eve join {"room":"b"}"#,
    r#"dan join {"room":"b"}"#,
    r#"ann say {"room":"a","n":1}"#,
    "bob spawn",
    r#"eve say {"room":"a","n":2}"#,
    r#"stall "bob""#,
    r#"ann say {"room":"a","n":3}"#,
    "ann later",
    r#"drop "eve""#,
    r#"resume "bob""#,
    "wait_ms 90000",
    r#"connect "eve""#,
    r#"eve join {"room":"a"}"#,
    "dan spawn",
    r#"disconnect "ann""#,
    r#"dan say {"room":"a","n":4}"#,
];

#[test]
fn a_hundred_runs_of_the_busiest_script_give_one_transcript() {
    let flood = "[[steps]]\nflood = \"say\"\nfrom = \"bob\"\npayload = { room = \"a\", n = 5 }\ncount = 50\n";
    let script = script(r#"["ann", "bob", "eve", "dan"]"#, &(steps(BUSY) + flood));
    let first = simulate(&script, app).unwrap().transcript.to_string();
    assert!(first.matches("said").count() > 100, "busy indeed:\n{first}");
    for run in 1..100 {
        let again = simulate(&script, app).unwrap().transcript.to_string();
        assert_eq!(again, first, "run {run} differs");
    }
}

#[test]
fn the_transcript_tells_who_received_what_and_ends_with_the_rooms() {
    let outcome = play(
        r#"["ann", "bob", "eve"]"#,
        &steps(&[
            r#"connect ["ann", "bob", "eve"]"#,
            r#"bob join {"room":"a"}"#,
            r#"ann join {"room":"a"}"#,
            r#"eve join {"room":"b"}"#,
            r#"bob say {"z":1.0,"room":"a"}"#,
            r#"drop "eve""#,
            "ann kick",
        ]),
    );
    assert_eq!(
        outcome.transcript.to_string(),
        r#"1 connect ann, bob, eve
2 bob emits join {"room":"a"}
3 ann emits join {"room":"a"}
4 eve emits join {"room":"b"}
5 bob emits say {"room":"a","z":1}
    ann <- said {"room":"a","z":1}
    bob <- said {"room":"a","z":1}
6 drop eve
7 ann emits kick null
    ann <- disconnect
rooms at the end
    a: bob
"#
    );
}

#[test]
fn acks_are_shown_and_a_missing_one_too() {
    let outcome = play(r#"["ann"]"#, &(steps(&[r#"connect "ann""#]) + &ask("join") + &ask("forever")));
    assert_eq!(
        outcome.transcript.to_string(),
        "1 connect ann\n2 ann emits join and asks for an ack\n    ann <- ack {\"ok\":true}\n\
         3 ann emits forever and asks for an ack\n    ann <- no-ack\nrooms at the end\n    lobby: ann\n"
    );
}

#[test]
fn an_hour_of_heartbeats_is_over_in_a_moment() {
    let before = Instant::now();
    let outcome = play(r#"["ann", "bob"]"#, &steps(&[r#"connect ["ann", "bob"]"#, "wait_ms 3600000", "ann spawn"]));
    assert!(outcome.transcript.to_string().contains("bob <- spawned"), "both are still connected");
    assert!(before.elapsed() < Duration::from_secs(60), "virtual time, not real time");
}

#[test]
fn a_stalled_client_gets_what_it_missed_or_is_cut_off_by_the_heartbeat() {
    let outcome = play(
        r#"["ann", "bob"]"#,
        &steps(&[
            r#"connect ["ann", "bob"]"#,
            r#"stall "bob""#,
            "ann spawn",
            r#"resume "bob""#,
            r#"stall "bob""#,
            "wait_ms 60000",
            r#"resume "bob""#,
        ]),
    );
    let text = outcome.transcript.to_string();
    assert!(text.contains("4 resume bob\n    bob <- spawned\n"), "{text}");
    assert!(text.contains("7 resume bob\n    bob <- connection-closed\n"), "{text}");
}

#[test]
fn a_client_that_reads_nothing_is_disconnected_once_its_queue_is_full() {
    let unmet = |queue: usize| {
        let flood = "[[steps]]\nflood = \"say\"\nfrom = \"ann\"\npayload = { room = \"a\" }\ncount = 2000\n";
        let text = format!("[server]\nqueue_messages = {queue}\n")
            + &steps(&[r#"connect ["ann", "bob"]"#, r#"bob join {"room":"a"}"#, r#"stall "bob""#])
            + flood
            + "[[steps]]\nexpect_disconnect = \"bob\"\n"
            + &steps(&[r#"resume "bob""#])
            + "[[steps]]\nexpect_disconnect = \"bob\"\n";
        let outcome = play(r#"["ann", "bob"]"#, &text);
        (outcome.unmet.iter().map(|unmet| unmet.line).collect::<Vec<_>>(), explain(&outcome, None))
    };
    let (lines, explanation) = unmet(20);
    assert_eq!(lines, [18], "as long as it stalls it does not know");
    assert_eq!(
        explanation,
        "Step 4 (ann emits say {\"room\":\"a\"} 2000 times): the server should have disconnected bob by now, and did not."
    );
    assert_eq!(unmet(4000).0, [18, 22]);
}

#[test]
fn a_refused_namespace_and_a_server_side_close_are_part_of_the_transcript() {
    let outcome = play(
        r#"["ann", "bob"]"#,
        "[[steps]]\nconnect = \"ann\"\nnamespace = \"/nowhere\"\n[[steps]]\nconnect = \"bob\"\n[[steps]]\nemit = \"boom\"\nfrom = \"bob\"\n",
    );
    let text = outcome.transcript.to_string();
    assert!(text.contains("1 connect ann to /nowhere\n    ann <- connect_error \"Invalid namespace\"\n"), "{text}");
    assert!(text.contains("3 bob emits boom\n    bob <- connection-closed\n"), "{text}");
}

#[test]
fn a_script_that_uses_an_absent_client_says_so() {
    for (lines, message) in [
        (&[r#"connect "ann""#, r#"drop "ann""#, "ann say"][..], "line 7: ann is not connected here"),
        (&[r#"connect "ann""#, r#"connect "ann""#], "line 5: ann is connected already"),
    ] {
        let error = simulate(&script(r#"["ann"]"#, &steps(lines)), app).unwrap_err();
        assert!(error.to_string().starts_with(message), "{error}");
        assert!(matches!(error, RunError::NotConnected { .. } | RunError::ConnectedAlready { .. }));
    }
}

/// Explains the run against a transcript in which some lines are replaced.
fn explained(outcome: &Outcome, replacements: &[(&str, &str)]) -> String {
    let mut expected = outcome.transcript.to_string();
    for (found, wanted) in replacements {
        assert!(expected.contains(found), "{found} is not in\n{expected}");
        expected = expected.replace(found, wanted);
    }
    explain(outcome, Some(&Transcript::parse(&expected)))
}

#[test]
fn an_explanation_says_which_rooms_clients_were_in_and_where_the_event_went() {
    let outcome = play(
        r#"["ann", "bob"]"#,
        &steps(&[r#"connect ["ann", "bob"]"#, r#"ann join {"room":"a"}"#, r#"ann say {"room":"a"}"#]),
    );
    let line = "    ann <- said {\"room\":\"a\"}\n";
    assert_eq!(
        explained(&outcome, &[(line, &format!("{line}    bob <- said {{\"room\":\"a\"}}\n"))]),
        r#"Step 3 (ann emits say {"room":"a"}): bob should receive said {"room":"a"}, and did not. The server sent said to room a (ann), and it reached 1 client. bob was in no room."#
    );
    assert_eq!(
        explained(&outcome, &[(line, "")]),
        r#"Step 3 (ann emits say {"room":"a"}): ann received said {"room":"a"}, and should not. The server sent said to room a (ann), and it reached 1 client."#
    );
    assert_eq!(
        explained(&outcome, &[(line, "    ann <- said {\"room\":\"b\"}\n")]),
        r#"Step 3 (ann emits say {"room":"a"}): ann should receive said {"room":"b"}, and received said {"room":"a"}."#
    );
    assert_eq!(
        explained(&outcome, &[(line, "    ann <- heard 1\n")]),
        r#"Step 3 (ann emits say {"room":"a"}): ann should receive heard 1, and did not. The server received say from ann and sent no heard to anyone. It sent said to room a (ann) instead. ann received said {"room":"a"}, and should not. The server sent said to room a (ann), and it reached 1 client."#
    );
    assert_eq!(
        explained(&outcome, &[("    a: ann", "    a: ann, bob")]),
        "At the end: bob should be in room a. bob was in no room."
    );
}

#[test]
fn an_explanation_starts_with_a_panic_or_a_handler_that_never_ends() {
    let boom = play(r#"["ann"]"#, &steps(&[r#"connect "ann""#, "ann boom"]));
    assert_eq!(
        explain(&boom, None),
        "Step 2 (ann emits boom null): your handler for `boom` panicked on what ann sent: no ok."
    );
    let stuck = play(r#"["ann"]"#, &steps(&[r#"connect "ann""#, "ann stuck", "ann say"]));
    assert!(
        explain(&stuck, None)
            .starts_with("Step 2 (ann emits stuck null): the handler of stuck had not finished after 10 s")
    );
    assert_eq!(stuck.transcript.entries.len(), 2, "the run ends there");
}

#[test]
fn a_panic_is_explained_although_the_script_goes_on() {
    let steps = steps(&[r#"connect ["ann", "bob"]"#, "ann boom", "ann say", "bob say"]);
    let boom = play(r#"["ann", "bob"]"#, &steps);
    assert_eq!(
        explain(&boom, None),
        "Step 2 (ann emits boom null): your handler for `boom` panicked on what ann sent: no ok."
    );
    assert_eq!(boom.transcript.entries.len(), 3, "the run ends where ann is needed");

    let at_once = simulate(&script(r#"["ann"]"#, &crate::steps(&[r#"connect "ann""#, "ann say"])), |io| {
        io.on_connection(|socket| assert!(socket.handshake_auth()["name"].is_string(), "no name"));
    });
    let text = explain(&at_once.unwrap(), None);
    assert_eq!(text, "Step 1 (connect ann): your code in `on_connection` panicked when ann connected: no name.");
}

#[test]
fn an_explanation_tells_twice_late_unhandled_and_reordered_apart() {
    let one = |app: fn(&Io), event: &str, expected: &str| {
        let script = script(r#"["ann"]"#, &steps(&[r#"connect "ann""#, &format!("ann {event} 1")]));
        let outcome = simulate(&script, app).unwrap();
        let text = format!("1 connect ann\n2 ann emits {event} 1\n{expected}rooms at the end\n    none\n");
        explain(&outcome, Some(&Transcript::parse(&text)))
    };
    let twice = |io: &Io| {
        io.on_connection(|socket| {
            for _ in 0..2 {
                socket.on("hi", |socket, payload| socket.emit("hello there", payload));
            }
        });
    };
    assert_eq!(
        one(twice, "hi", "    ann <- \"hello there\" 1\n"),
        "Step 2 (ann emits hi 1): ann received \"hello there\" 1 more than once, and should receive it once. The server sent it to ann alone (2 times). The server received hi from ann once."
    );
    assert_eq!(
        one(twice, "ho", "    ann <- hello 1\n"),
        "Step 2 (ann emits ho 1): ann should receive hello 1, and did not. The server received ho from ann, but by then no handler was registered for that event."
    );
    let late = |io: &Io| {
        io.on_connection(|socket| {
            socket.on("hi", |socket, _| {
                let socket = socket.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_secs(5)).await;
                    socket.emit("hello", ());
                });
            });
        });
    };
    assert_eq!(
        one(late, "hi", "    ann <- hello\n"),
        "Step 2 (ann emits hi 1): ann should receive hello, and did not. The server received hi from ann and sent no hello to anyone. hello was sent 5.0 s later, after the last step."
    );
    let answers_its_own = |io: &Io| {
        io.on_connection(|socket| {
            socket.on("hi", |socket, payload| {
                if payload.value().is_u64() {
                    socket.emit("hello", ());
                }
            });
        });
    };
    let text = steps(&[r#"connect "ann""#, "ann hi", "ann hi 1"]);
    let outcome = simulate(&script(r#"["ann"]"#, &text), answers_its_own).unwrap();
    let text =
        outcome.transcript.to_string().replacen("2 ann emits hi null\n", "2 ann emits hi null\n    ann <- hello\n", 1);
    assert_eq!(
        explain(&outcome, Some(&Transcript::parse(&text))),
        "Step 2 (ann emits hi null): ann should receive hello, and did not. The server received hi from ann and sent no hello to anyone."
    );
    let backwards = |io: &Io| {
        io.on_connection(|socket| {
            socket.on("hi", |socket, _| [2, 1].iter().for_each(|number| socket.emit("n", number)));
        });
    };
    assert_eq!(
        one(backwards, "hi", "    ann <- n 1\n    ann <- n 2\n"),
        "Step 2 (ann emits hi 1): the right messages came, but in another order; see the transcript."
    );
    let kicks = |io: &Io| io.on_connection(|socket| socket.on("hi", |socket, _| socket.disconnect()));
    assert_eq!(one(kicks, "hi", ""), "Step 2 (ann emits hi 1): the server disconnected ann, and should not.");
}

#[test]
fn an_overflowing_queue_gives_one_transcript_too() {
    let text = r#"title = "t"
clients = ["ann", "bob"]
server = { queue_messages = 64 }
[[steps]]
connect = ["ann", "bob"]
[[steps]]
flood = "shout"
from = "ann"
payload = "TEXT"
count = 3000
"#;
    let text = text.replace("TEXT", &"x".repeat(200));
    let script = Script::parse(&text, Path::new("test.toml")).unwrap();
    let first = simulate(&script, app).unwrap().transcript.to_string();
    for run in 1..30 {
        assert_eq!(simulate(&script, app).unwrap().transcript.to_string(), first, "run {run} differs");
    }
}

#[test]
fn a_step_ends_when_every_task_is_idle() {
    let outcome = play(r#"["ann"]"#, &steps(&[r#"connect "ann""#, "ann dawdle", "ann spawn"]));
    let text = outcome.transcript.to_string();
    assert!(text.contains("2 ann emits dawdle null\n    ann <- dawdled\n"), "{text}");
}

#[test]
fn socket_ids_are_shown_as_names() {
    let text = steps(&[r#"connect "ann""#, "ann who"]) + "[[steps]]\nexpect_none = \"ann\"\n";
    let outcome = simulate(&script(r#"["ann"]"#, &text), |io| {
        io.on_connection(|socket| {
            socket.on("who", |socket, _| {
                socket.join(format!("user:{}", socket.id()));
                socket.emit("you", json!({ "id": socket.id().as_str() }));
            });
        });
    });
    let Outcome { transcript, unmet, .. } = outcome.unwrap();
    let text = transcript.to_string();
    assert!(text.contains(r#"ann <- you {"id":"<ann>"}"#), "{text}");
    assert!(text.contains("user:<ann>: ann"), "{text}");
    assert_eq!(unmet[0].message, r#"ann should receive nothing here, and received you {"id":"<ann>"}"#);
}

#[test]
fn an_order_that_is_free_is_not_shown() {
    let transcript = |any_order: &str, backwards: bool| {
        let text =
            format!("title = \"t\"\nclients = [\"ann\"]\n{any_order}\n") + &steps(&[r#"connect "ann""#, "ann count"]);
        let script = Script::parse(&text, Path::new("test.toml")).unwrap();
        let outcome = simulate(&script, |io| {
            io.on_connection(move |socket| {
                socket.on("count", move |socket, _| {
                    let mut numbers = [1, 2, 3];
                    if backwards {
                        numbers.reverse();
                    }
                    for number in numbers {
                        socket.emit("number", number);
                    }
                });
            });
        });
        outcome.unwrap().transcript.to_string()
    };
    assert_ne!(transcript("", false), transcript("", true));
    let free = r#"any_order = ["number"]"#;
    assert_eq!(transcript(free, true), transcript("", false));
    assert_eq!(transcript(free, true), transcript(free, false));
}

#[test]
fn what_the_end_of_a_connection_causes_is_not_taken_for_late_work_of_an_earlier_step() {
    let tells_of_ends_alone = |io: &Io| {
        io.on_connection(|socket| {
            socket.on("leave", |_, _| {});
            socket.on_disconnecting(|socket, _| socket.broadcast().emit("left", ()));
        });
    };
    let text = steps(&[r#"connect ["ann", "bob"]"#, "ann leave"])
        + "[[steps]]\nexpect = \"left\"\nat = \"bob\"\n[[steps]]\ndrop = \"ann\"\n";
    let outcome = simulate(&script(r#"["ann", "bob"]"#, &text), tells_of_ends_alone).unwrap();
    let explanation = explain(&outcome, None);
    assert!(explanation.contains("sent no left to anyone"), "{explanation}");
    assert!(!explanation.contains("later"), "{explanation}");
}

#[test]
fn an_explanation_says_in_which_rooms_a_client_was_that_was_answered_or_did_not_leave() {
    let app = |io: &Io| {
        io.on_connection(|socket| {
            socket.on("join", |socket, payload| socket.join(payload["room"].as_str().unwrap_or_default()));
            socket.on("say", |socket, _| socket.emit("no", ()));
            socket.on("tell", |socket, _| socket.emit("heard", ()));
            socket.on("leave", |_, _| {});
        });
    };
    let explained = |last: &[&str], expectation: &str| {
        let text = steps(&[r#"connect ["ann", "bob"]"#, r#"ann join {"room":"a"}"#]) + &steps(last) + expectation;
        explain(&simulate(&script(r#"["ann", "bob"]"#, &text), app).unwrap(), None)
    };
    let heard = "[[steps]]\nexpect = \"heard\"\nat = \"bob\"\n";
    assert_eq!(
        explained(&["ann say"], heard),
        "Step 3 (ann emits say null): bob should receive heard, and did not. The server received say from ann and sent no heard to anyone. It sent no to ann instead. ann was in room a."
    );
    assert_eq!(
        explained(&[r#"bob join {"room":"b"}"#, "ann tell"], heard),
        "Step 4 (ann emits tell null): bob should receive heard, and did not. The server sent it to ann alone. bob was in room b."
    );
    assert_eq!(
        explained(&["ann leave"], heard),
        "Step 3 (ann emits leave null): bob should receive heard, and did not. The server received leave from ann and sent no heard to anyone. ann was in room a."
    );
    assert_eq!(
        explained(&["ann say"], "[[steps]]\nexpect_none = \"ann\"\n"),
        "Step 3 (ann emits say null): ann should receive nothing here, and received no without a payload. The server sent it to ann alone."
    );
    assert_eq!(
        explained(&["bob say"], "[[steps]]\nexpect_none = \"bob\"\n"),
        "Step 3 (bob emits say null): bob should receive nothing here, and received no without a payload. The server sent it to bob alone."
    );
}

#[test]
fn expectations_look_at_the_last_thing_that_happened() {
    let text = steps(&[r#"connect ["ann", "bob"]"#, "ann spawn", "wait_ms 10"])
        + "[[steps]]\nexpect = \"spawned\"\nat = [\"ann\", \"bob\"]\ntimes = 1\n"
        + &steps(&[r#"ann say {"room":"a"}"#])
        + "[[steps]]\nexpect_none = \"bob\"\n[[steps]]\nexpect = \"said\"\nat = \"ann\"\n";
    let outcome = play(r#"["ann", "bob"]"#, &text);
    let unmet: Vec<_> = outcome.unmet.iter().map(|unmet| (unmet.line, unmet.message.as_str())).collect();
    assert_eq!(unmet, [(21, "ann should receive said, and did not")]);
    assert_eq!(
        explain(&outcome, None),
        "Step 4 (ann emits say {\"room\":\"a\"}): ann should receive said, and did not. The server sent said to room a (nobody is in it), and it reached 0 clients. ann was in no room."
    );
}

/// Ann sends an event and asks for an acknowledgement.
fn ask(event: &str) -> String {
    format!("[[steps]]\nemit = \"{event}\"\nfrom = \"ann\"\nack = true\n")
}

#[test]
fn an_expected_ack_is_that_of_the_last_event_that_asked_for_one() {
    let text = steps(&[r#"connect "ann""#])
        + &ask("forever")
        + &ask("join")
        + &steps(&["ann shout", "wait_ms 10"])
        + "[[steps]]\nexpect_ack = \"ann\"\npayload = { ok = true }\n"
        + "[[steps]]\nexpect_ack = \"ann\"\nnone = true\n"
        + &ask("later")
        + "[[steps]]\nexpect_ack = \"ann\"\nnone = true\n";
    let outcome = play(r#"["ann"]"#, &text);
    let unmet: Vec<_> = outcome.unmet.iter().map(|unmet| unmet.message.as_str()).collect();
    assert_eq!(unmet, [r#"ann should get no ack, and got ack {"ok":true}"#]);
    assert_eq!(
        explain(&outcome, None),
        "Step 3 (ann emits join and asks for an ack): ann should get no ack, and got ack {\"ok\":true}."
    );
}

#[test]
fn a_handler_that_takes_its_time_is_told() {
    let text = steps(&[r#"connect "ann""#, "ann later"]) + "[[steps]]\nexpect_none = \"ann\"\n";
    let explanation = explain(&play(r#"["ann"]"#, &text), None);
    assert!(
        explanation.ends_with("The handler of later took 300 ms, and what else ann sends waits for it."),
        "{explanation}"
    );
    // Work that a handler leaves to others does not hold it up.
    let text = steps(&[r#"connect "ann""#, "ann question-me", "wait_ms 600"]) + "[[steps]]\nexpect_none = \"ann\"\n";
    let explanation = explain(&play(r#"["ann"]"#, &text), None);
    assert!(!explanation.contains("took"), "{explanation}");
}

/// Shows everything twice: once now, and again after a while, over a separate connection.
async fn shows_twice(server: feed::Server, screen: feed::Screen, _project: String) {
    let event = json!({ "number": 1 });
    screen.show(&event);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let connection = server.connect().await.unwrap();
    connection.emit("join-project", Some(&json!({ "projectId": "p1" })));
    tokio::time::sleep(Duration::from_millis(200)).await;
    screen.show(&event);
}

#[test]
fn earlier_messages_are_told_and_the_servers_own_clients_hold_up_nobody() {
    let text = steps(&[r#"connect "ann""#, r#"ann join-project {"projectId":"p1"}"#, "wait_ms 1000"]);
    let outcome = simulate(&script(r#"["ann"]"#, &text), |io| feed::serve(io, shows_twice)).unwrap();
    let mut expected = outcome.transcript.clone();
    expected.entries[2].deliveries.clear();
    assert_eq!(
        explain(&outcome, Some(&expected)),
        "Step 3 (wait 1000 ms): ann received shown {\"number\":1}, and should not. The server sent it to ann alone. ann had received the same 400 ms before, in step 2."
    );
}

fn answer(from: &str, event: &str, rest: &str) -> String {
    format!("[[steps]]\nanswer = \"{event}\"\nfrom = \"{from}\"\n{rest}\n")
}

#[test]
fn a_client_answers_the_last_question_that_has_no_answer_yet() {
    let clients = r#"["ann", "bob"]"#;
    let start = steps(&[r#"connect ["ann", "bob"]"#, "ann question-me", "wait_ms 600"]);
    let second = answer("ann", "question", "payload = \"yes\"");
    let first_and_late = answer("ann", "question", "");
    let outcome = play(clients, &(start.clone() + &second + &first_and_late));
    assert_eq!(
        outcome.transcript.to_string(),
        r#"1 connect ann, bob
2 ann emits question-me null
    ann <- question 500
3 wait 600 ms
    ann <- question 1000
    ann <- verdict "the client did not acknowledge in time"
4 ann answers question "yes"
    ann <- verdict "\"yes\""
5 ann answers question
rooms at the end
    none
"#
    );

    let explain = |steps: String| explain(&play(clients, &steps), None);
    let none_left = explain(start.clone() + &second + &first_and_late + &first_and_late);
    let words =
        "Step 6 (ann answers question): the server did not ask ann for an ack of question, or waits for no more.";
    assert_eq!(none_left, words);
    let not_asked = explain(start.clone() + &answer("ann", "verdict", ""));
    assert!(
        not_asked.ends_with("the server did not ask ann for an ack of verdict, or waits for no more."),
        "{not_asked}"
    );
    let not_received = explain(start.clone() + &answer("bob", "question", ""));
    let words = "bob should have received question by now, and did not. The server sent it to ann alone (2 times, 500 ms apart).";
    assert!(not_received.contains(words), "{not_received}");
    // A new connection has heard nothing yet.
    let dropped = start + &steps(&[r#"drop "ann""#, r#"connect "ann""#]) + &answer("ann", "question", "");
    assert!(explain(dropped).starts_with("Step 6 (ann answers question): "));
}

#[test]
fn a_missing_ack_is_explained_by_what_the_server_did_with_the_event() {
    let explanation = |event: &str| {
        let text = steps(&[r#"connect "ann""#]) + &ask(event) + "[[steps]]\nexpect_ack = \"ann\"\n";
        let outcome = play(r#"["ann"]"#, &text);
        let asserted = explain(&outcome, None);
        let no_ack = "    ann <- no-ack\n";
        let shown = explained(&Outcome { unmet: Vec::new(), ..outcome }, &[(no_ack, "    ann <- ack 1\n")]);
        (asserted, shown)
    };
    for (event, cause) in [
        ("forever", "The server received forever from ann and did not acknowledge it."),
        (
            "nobody-knows",
            "The server received nobody-knows from ann, but by then no handler was registered for that event.",
        ),
        (
            "shout",
            "The server received shout from ann and did not acknowledge it. It sent shouted to everyone instead.",
        ),
    ] {
        let (asserted, shown) = explanation(event);
        let step = format!("Step 2 (ann emits {event} and asks for an ack)");
        assert_eq!(asserted, format!("{step}: ann should get an ack, and got none. {cause}"));
        assert_eq!(shown, format!("{step}: ann should get the ack 1, and got none. {cause}"));
    }
}

#[test]
fn an_explanation_says_when_a_room_was_joined_or_left_and_what_was_sent_before() {
    let app = |io: &Io| {
        io.on_connection(|socket| {
            socket.on("move", |socket, payload| {
                socket.emit("moving", ());
                socket.leave(payload["from"].as_str().unwrap_or_default());
                socket.join(payload["to"].as_str().unwrap_or_default());
                socket.emit("moved", payload);
            });
        });
    };
    let steps = steps(&[r#"connect "ann""#, r#"ann move {"to":"a"}"#, r#"ann move {"from":"a","to":"b"}"#]);
    let outcome = simulate(&script(r#"["ann"]"#, &steps), app).unwrap();
    assert_eq!(
        explained(&outcome, &[("    b: ann", "    a: ann")]),
        r#"At the end: ann should be in room a. ann left it in step 3 (ann emits move {"from":"a","to":"b"}). ann was in room b."#
    );
    assert_eq!(
        explained(&outcome, &[("    b: ann", "    none")]),
        r#"At the end: ann should not be in room b. ann joined it in step 3 (ann emits move {"from":"a","to":"b"})."#
    );
    assert_eq!(
        explained(&outcome, &[("    ann <- moved {\"to\":\"a\"}\n", "")]),
        r#"Step 2 (ann emits move {"to":"a"}): ann received moved {"to":"a"}, and should not. The server sent it to ann alone. Before that it sent moving to ann."#
    );
    assert_eq!(
        explained(&outcome, &[("moved {\"to\":\"a\"}\n    ann <- moving\n", "moved {\"id\":1}\n    ann <- moving\n")]),
        r#"Step 2 (ann emits move {"to":"a"}): ann should receive moved {"id":1}, and received moved {"to":"a"}; id is missing, to is too much."#
    );
    let gone = explained(&outcome, &[("moved {\"to\":\"a\"}\n    ann <- moving\n", "done\n")]);
    assert!(
        gone.contains(r#"It sent moving to ann and moved {"to":"a"} to ann instead. ann joined room a."#),
        "{gone}"
    );
}

#[test]
fn a_late_ack_is_told_from_one_that_never_comes() {
    for (then, when) in [("wait_ms 500", "in step 3"), ("ann forever", "after the last step")] {
        let text =
            steps(&[r#"connect "ann""#]) + &ask("ack-late") + "[[steps]]\nexpect_ack = \"ann\"\n" + &steps(&[then]);
        let explanation = explain(&play(r#"["ann"]"#, &text), None);
        let end = format!("did not acknowledge it. The ack came later, {when}.");
        assert!(explanation.ends_with(&end), "{explanation}");
    }
}

#[test]
fn texts_that_are_hard_to_count_are_counted() {
    let text = steps(&[r#"connect "ann""#, r#"ann shout {"short":"é","long":"ééééééééééééééééé"}"#]);
    let outcome = play(r#"["ann"]"#, &(text + "[[steps]]\nexpect_none = \"ann\"\n"));
    let explanation = explain(&outcome, None);
    assert!(explanation.ends_with(" In what ann sent, long has 17 characters in 34 bytes."), "{explanation}");
}

#[test]
fn the_room_of_one_socket_goes_by_the_name_of_its_client() {
    let app = |io: &Io| {
        io.on_connection(|socket| {
            socket.on("hi", |socket, _| socket.io().to(socket.id().as_str()).to("a").except("b").emit("hello", ()));
        });
    };
    let text = steps(&[r#"connect "ann""#, "ann hi"]) + "[[steps]]\nexpect_none = \"ann\"\n";
    let explanation = explain(&simulate(&script(r#"["ann"]"#, &text), app).unwrap(), None);
    let words = "to room <ann> (ann) and a (nobody is in it), leaving out room b, and it reached 1 client.";
    assert!(explanation.contains(words), "{explanation}");
}

#[test]
fn each_step_is_told_before_it_is_played() {
    let told: std::sync::Mutex<Vec<String>> = std::sync::Mutex::default();
    let script = script(r#"["ann"]"#, &steps(&[r#"connect "ann""#, "ann boom", "wait_ms 10"]));
    let app = |io: &Io| {
        assert!(told.lock().unwrap().is_empty(), "no step before the application");
        io.on_connection(|_| {});
    };
    simulate_stepwise(&script, app, Some(&|step| told.lock().unwrap().push(step))).unwrap();
    let expected = ["step 1 (connect ann)", "step 2 (ann emits boom null)", "step 3 (wait 10 ms)"];
    assert_eq!(*told.lock().unwrap(), expected);
}

#[test]
fn leaving_rooms_at_the_end_of_a_connection_is_told_as_the_servers_doing() {
    let app = |io: &Io| {
        io.on_connection(|socket| {
            socket.on("move", |socket, _| {
                socket.join("a");
                socket.join("b");
                socket.join("c");
                socket.leave("c");
            });
            socket.on_disconnect(|socket, _| socket.rooms().iter().for_each(|room| socket.to(room).emit("left", ())));
        });
    };
    let explained = |last: &[&str]| {
        let text =
            steps(&[r#"connect ["ann", "bob"]"#]) + &steps(last) + "[[steps]]\nexpect = \"left\"\nat = \"ann\"\n";
        explain(&simulate(&script(r#"["ann", "bob"]"#, &text), app).unwrap(), None)
    };
    let ended = explained(&["bob move", r#"drop "bob""#]);
    let words = "The server sent no left to anyone. bob's connection ended: transport close; the server took bob out of rooms a, b.";
    assert!(ended.ends_with(words), "{ended}");
    let left = explained(&["bob move"]);
    assert!(left.ends_with("bob joined room c. bob left room c."), "{left}");
}

#[test]
fn an_explanation_says_where_a_client_had_been_and_where_it_came_too_late() {
    let app = |io: &Io| {
        io.on_connection(|socket| {
            socket.on("join", |socket, _| {
                let socket = socket.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    socket.join("a");
                });
            });
            socket.on("say", |socket, _| socket.io().to("a").emit("said", ()));
        });
    };
    let play = |lines: &[&str], expectation: &str| {
        let text = steps(lines) + &format!("[[steps]]\n{expectation}\n");
        explain(&simulate(&script(r#"["ann", "bob"]"#, &text), app).unwrap(), None)
    };
    let late = play(&[r#"connect "ann""#, "ann join", "ann say"], "expect = \"said\"\nat = \"ann\"");
    assert!(late.ends_with("ann was in no room. ann joined room a 99 ms later, after the last step."), "{late}");
    let connect = r#"connect ["ann", "bob"]"#;
    let lines = [connect, "bob join", "wait_ms 200", r#"drop "bob""#, r#"connect "bob""#, "ann say"];
    let gone = play(&lines, "expect = \"said\"\nat = \"bob\"");
    assert!(gone.ends_with("bob was in no room. bob had left room a in step 4."), "{gone}");
}

/// An application that takes its time with everything.
fn slow(io: &Io) {
    io.on_connection(|socket| {
        let later = |socket: &rooms::Socket, ms: u64, act: fn(&rooms::Socket)| {
            let socket = socket.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                act(&socket);
            });
        };
        socket.on("follow", move |socket, _| {
            socket.emit("patience", ());
            later(socket, 50, |socket| socket.emit("batch", ()));
        });
        socket.on("beat", move |socket, _| {
            for ms in [0, 1000, 2000] {
                later(socket, ms, |socket| socket.emit("beaten", ()));
            }
        });
        socket.on("go", move |socket, _| later(socket, 100, rooms::Socket::disconnect));
    });
}

fn explain_slow(lines: &[&str], rest: &str) -> String {
    explain(&simulate(&script(r#"["ann", "bob"]"#, &(steps(lines) + rest)), slow).unwrap(), None)
}

#[test]
fn what_comes_later_is_told_beside_what_came_instead_also_where_the_run_ends_early() {
    let rest = answer("ann", "batch", "");
    let explanation = explain_slow(&[r#"connect "ann""#, "ann follow"], &rest);
    assert_eq!(
        explanation,
        "Step 3 (ann answers batch): ann should have received batch by now, and did not. The server received follow from ann and sent no batch to anyone. It sent patience to ann instead. batch was sent 49 ms later, after the last step."
    );
    let rest = "[[steps]]\nexpect = \"batch\"\nat = \"ann\"\n";
    let explanation = explain_slow(&[r#"connect "ann""#, "ann follow", "wait_ms 20"], rest);
    assert!(
        explanation.ends_with("batch was sent 28 ms after the end of this step, after the last step."),
        "{explanation}"
    );
}

#[test]
fn repeated_messages_are_told_with_the_time_between_them_and_those_before_with_the_time_since() {
    let none = "[[steps]]\nexpect_none = \"ann\"\n";
    let explanation = explain_slow(&[r#"connect "ann""#, "ann beat", "wait_ms 2500"], none);
    assert!(explanation.ends_with("The server sent it to ann alone (3 times, 1.0 s apart)."), "{explanation}");
    let again = &[r#"connect "ann""#, "ann beat", "bob say", "wait_ms 1500"];
    let again = explain_slow(&[&[r#"connect "bob""#], &again[..]].concat(), none);
    assert!(
        again.ends_with("The server sent it to ann alone. ann had received the same 1.0 s before, in step 3."),
        "{again}"
    );
    let several = [r#"connect "ann""#, "ann beat", "ann follow", "ann beat", "ann beat"];
    let several = explain_slow(&several, none);
    assert!(several.ends_with("ann had received the same in steps 2 and 4."), "{several}");
    let missing = "[[steps]]\nexpect = \"beaten\"\nat = \"ann\"\ntimes = 4\n";
    let missing = explain_slow(&[r#"connect "ann""#, "ann beat", "wait_ms 2500"], missing);
    assert!(missing.ends_with("(3 times, 1.0 s apart). That was 502 ms before the end of this step."), "{missing}");
}

#[test]
fn a_message_that_comes_too_early_is_told_when_it_should_come() {
    let text = steps(&[r#"connect "ann""#, "ann follow", "wait_ms 100"]);
    let outcome = simulate(&script(r#"["ann"]"#, &text), slow).unwrap();
    let shown = "2 ann emits follow null\n    ann <- patience\n3 wait 100 ms\n    ann <- batch\n";
    let explanation = explained(
        &outcome,
        &[(shown, &shown.replacen("    ann <- patience\n", "", 1).replace("batch", "batch\n    ann <- patience"))],
    );
    assert!(explanation.contains("ann received patience, and should not."), "{explanation}");
    assert!(explanation.ends_with("It should come later, in step 3 (wait 100 ms)."), "{explanation}");
}

#[test]
fn a_disconnect_that_comes_later_is_told_with_its_time() {
    let rest = "[[steps]]\nexpect_disconnect = \"ann\"\n";
    let explanation = explain_slow(&[r#"connect "ann""#, "ann go"], rest);
    assert!(explanation.ends_with("and did not. It did so 100 ms later, after the last step."), "{explanation}");
}

#[test]
fn a_request_that_was_answered_before_is_told() {
    let once = |io: &Io| {
        io.on_connection(|socket| {
            let first = std::sync::Once::new();
            socket.on("hi", move |socket, _| first.call_once(|| socket.emit("hello", 1)));
        });
    };
    let text = steps(&[r#"connect "ann""#, "ann hi", "wait_ms 500", "ann hi"])
        + "[[steps]]\nexpect = \"hello\"\nat = \"ann\"\n";
    let explanation = explain(&simulate(&script(r#"["ann"]"#, &text), once).unwrap(), None);
    let words = "sent no hello to anyone. ann had sent the same 502 ms before, in step 2, and received hello 1 then.";
    assert!(explanation.ends_with(words), "{explanation}");
}

#[test]
fn rooms_are_not_mentioned_where_they_do_not_decide() {
    let app = |io: &Io| {
        io.on_connection(|socket| {
            socket.on("enter", |socket, _| socket.join("a"));
            socket.on("ask", |_, _| {});
            socket.on("relay", |_, _| {});
        });
    };
    let explained = |event: &str, client: &str, rooms: &str| {
        let steps = steps(&[r#"connect ["ann", "bob"]"#, "ann enter", &format!("ann {event}")]);
        let text = format!(
            "title = \"t\"\nclients = [\"ann\", \"bob\"]\n{rooms}\n{steps}[[steps]]\nexpect = \"told\"\nat = \"{client}\"\n"
        );
        let script = Script::parse(&text, Path::new("test.toml")).unwrap();
        explain(&simulate(&script, app).unwrap(), None)
    };
    let nothing = "sent no told to anyone.";
    assert!(explained("ask", "ann", "").ends_with(nothing), "an answer to the sender");
    assert!(explained("relay", "bob", "rooms = false").ends_with(nothing), "rooms are the learner's own affair");
    assert!(explained("relay", "bob", "").ends_with(&format!("{nothing} ann was in room a.")));
}

#[test]
fn characters_that_do_not_show_are_named() {
    let text = steps(&[r#"connect "ann""#, "ann shout {\"id\":\"a\u{a0}b\u{200b}\"}"]);
    let outcome = play(r#"["ann"]"#, &(text + "[[steps]]\nexpect_none = \"ann\"\n"));
    let explanation = explain(&outcome, None);
    let words = "In what ann sent, id has characters that do not show: U+00A0, U+200B.";
    assert!(explanation.ends_with(words), "{explanation}");
}

#[test]
fn an_ack_for_which_nobody_asked_is_told() {
    let text = steps(&[r#"connect "ann""#, "ann join"]) + "[[steps]]\nexpect = \"joined\"\nat = \"ann\"\n";
    let explanation = explain(&play(r#"["ann"]"#, &text), None);
    let words = "Your code called `ack`, but ann had asked for no ack, so nothing was sent.";
    assert!(explanation.contains("sent no joined to anyone.") && explanation.contains(words), "{explanation}");
}

#[test]
fn a_connection_ends_for_the_reason_that_its_client_gives() {
    let tells = |io: &Io| {
        io.on_connection(|socket| {
            let io = socket.io().clone();
            socket.on_disconnect(move |_, reason| io.emit("gone", reason.as_str()));
        });
    };
    for (key, reason) in [
        ("disconnect", "client namespace disconnect"),
        ("close", "transport close"),
        ("drop", "transport close"),
        ("garble", "parse error"),
    ] {
        let steps = steps(&[r#"connect ["ann", "bob"]"#, &format!(r#"{key} "bob""#)]);
        let outcome = simulate(&script(r#"["ann", "bob"]"#, &steps), tells).unwrap();
        let transcript = outcome.transcript.to_string();
        assert!(transcript.contains(&format!("2 {key} bob\n    ann <- gone {reason:?}\n")), "{transcript}");
    }
}

#[test]
fn the_fewer_bytes_are_in_flight_the_sooner_does_a_volatile_message_get_lost() {
    let app = |io: &Io| io.on_connection(|socket| socket.on("say", |socket, _| socket.volatile().emit("said", ())));
    let heard = |settings: &str| {
        let mut all = vec![r#"connect "ann""#, r#"stall "ann""#];
        all.extend(["ann say"; 9]);
        all.push(r#"resume "ann""#);
        let script = script("[\"ann\"]", &format!("{settings}\n{}", steps(&all)));
        simulate(&script, app).unwrap().transcript.to_string().matches("ann <- said").count()
    };
    assert_eq!(heard(""), 9);
    let few = heard("server = { buffer_bytes = 60 }");
    assert!((1..9).contains(&few), "{few}");
}
