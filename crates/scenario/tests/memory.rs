//! A script that is played many times, to see what a server keeps of clients that have gone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod one_by_one;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use one_by_one::{run, trials};
use rooms::Io;
use scenario::Script;
use scenario::memory::{Lives, Living, Repetitions};

const SCRIPT: &str = r#"
title = "What they had is gone"
clients = ["ann", "bob"]

[memory]
forgotten = "Nothing stays."
fresh = ["p1"]

[[steps]]
connect = ["ann", "bob"]

[[steps]]
emit = "join"
from = "ann"
payload = { of = ["p1"], title = "Ship it" }

[[steps]]
drop = "ann"
"#;

/// Bytes for each client that an application keeps, as far as a test is concerned.
const EACH: usize = 100;

fn main() -> ExitCode {
    run(trials![
        a_server_that_forgets_its_clients_is_right_also_where_the_script_does_not_say_that_they_go,
        what_is_kept_of_each_client_is_told_in_the_words_of_the_page,
        what_grows_up_to_a_bound_is_not_kept_for_ever,
        ten_thousand_clients_come_and_go,
        fresh_texts_are_others_each_time_and_the_rest_is_the_same,
        a_server_that_does_something_else_after_a_while_is_told,
    ])
}

fn play(repetitions: Repetitions, app: impl Fn(&Io), live_bytes: fn() -> usize) -> (Lives, Option<String>) {
    play_script(SCRIPT, repetitions, app, live_bytes)
}

fn play_script(
    text: &str,
    repetitions: Repetitions,
    app: impl Fn(&Io),
    live_bytes: fn() -> usize,
) -> (Lives, Option<String>) {
    let script = Script::parse(text, Path::new("s.toml")).unwrap();
    let memory = script.memory.as_ref().unwrap();
    let living = Living { script: &script, memory, on_step: &|_| {}, live_bytes };
    let lives = living.play(repetitions, app).unwrap().unwrap();
    let complaint = lives.complaint(memory);
    (lives, complaint)
}

/// An application that keeps as much as `keeps` says of each client, and forgets it with the client if it `forgets`.
fn app(kept: &'static AtomicUsize, forgets: bool) -> impl Fn(&Io) {
    move |io| {
        kept.store(0, Ordering::Relaxed);
        io.on_connection(move |socket| {
            kept.fetch_add(EACH, Ordering::Relaxed);
            if forgets {
                socket.on_disconnect(move |_, _| {
                    kept.fetch_sub(EACH, Ordering::Relaxed);
                });
            }
        });
    }
}

fn a_server_that_forgets_its_clients_is_right_also_where_the_script_does_not_say_that_they_go() {
    static KEPT: AtomicUsize = AtomicUsize::new(0);
    let (lives, complaint) = play(Repetitions::Few, app(&KEPT, true), || KEPT.load(Ordering::Relaxed));
    let Lives::Played(kept) = lives else { panic!("{lives:?}") };
    let looks = [kept.earlier, kept.later].map(|look| (look.clients, look.bytes));
    assert_eq!((looks, complaint), ([(20, 0), (60, 0)], None));
}

fn what_is_kept_of_each_client_is_told_in_the_words_of_the_page() {
    static KEPT: AtomicUsize = AtomicUsize::new(0);
    let (_, complaint) = play(Repetitions::Few, app(&KEPT, false), || KEPT.load(Ordering::Relaxed));
    let expected = "After 60 clients that came and went, 6.0 kB of memory are in use, and after 180 it is 18.0 kB: about 100 \
                    bytes are kept for each client that is gone, by a collection or by a task that does not end. The page \
                    says: “Nothing stays.”";
    assert_eq!(complaint.as_deref(), Some(expected));
}

fn what_grows_up_to_a_bound_is_not_kept_for_ever() {
    static KEPT: AtomicUsize = AtomicUsize::new(0);
    let up_to_the_bound = || KEPT.load(Ordering::Relaxed).min(50 * EACH);
    let (lives, complaint) = play(Repetitions::Few, app(&KEPT, false), up_to_the_bound);
    assert_eq!(complaint, None, "{lives:?}");
}

fn ten_thousand_clients_come_and_go() {
    static KEPT: AtomicUsize = AtomicUsize::new(0);
    let (lives, _) = play(Repetitions::Thousands, app(&KEPT, false), || KEPT.load(Ordering::Relaxed));
    let Lives::Played(kept) = lives else { panic!("{lives:?}") };
    assert_eq!((kept.later.clients, kept.later.bytes), (10_000, 10_000 * EACH));
}

fn fresh_texts_are_others_each_time_and_the_rest_is_the_same() {
    static SEEN: AtomicUsize = AtomicUsize::new(0);
    let app = |io: &Io| {
        let (projects, titles): (Arc<Mutex<BTreeSet<_>>>, Arc<Mutex<BTreeSet<_>>>) = Default::default();
        io.on_connection(move |socket| {
            let (projects, titles) = (Arc::clone(&projects), Arc::clone(&titles));
            socket.on("join", move |_, payload| {
                titles.lock().unwrap().insert(payload["title"].to_string());
                projects.lock().unwrap().insert(payload["of"][0].to_string());
                let seen = projects.lock().unwrap().len() * 1000 + titles.lock().unwrap().len();
                SEEN.store(seen, Ordering::Relaxed);
            });
        });
    };
    play(Repetitions::Few, app, || 0);
    assert_eq!(SEEN.load(Ordering::Relaxed), 30_001);
}

fn a_server_that_does_something_else_after_a_while_is_told() {
    let script = "title = 't'\nclients = ['ann']\nmemory = { forgotten = 'It is.' }\n\
                  steps = [{ connect = 'ann' }, { emit = 'x', from = 'ann' }, { answer = 'ask', from = 'ann' }]";
    let asks_three_times = |io: &Io| {
        let so_far = Arc::new(AtomicUsize::new(0));
        io.on_connection(move |socket| {
            let so_far = Arc::clone(&so_far);
            socket.on("x", move |socket, _| {
                let socket = socket.clone();
                if so_far.fetch_add(1, Ordering::Relaxed) < 3 {
                    tokio::spawn(async move { socket.emit_with_ack("ask", (), Duration::from_secs(1)).await });
                }
            });
        });
    };
    let (_, complaint) = play_script(script, Repetitions::Few, asks_three_times, || 0);
    let complaint = complaint.unwrap();
    assert!(complaint.contains("After 3 times it came to another end: Step 3"), "{complaint}");
}
