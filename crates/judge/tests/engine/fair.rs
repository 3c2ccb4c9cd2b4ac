//! Sound answers that a paused clock on one thread would fail.

use judge::CheckReport;
use judge::report::Verdict;

use crate::fixture::Fixture;

/// An answer with an async handler that awaits `work` before it answers.
fn awaits(before: &str, work: &str) -> String {
    // Each socket has its own sender, and so does each handler.
    let own = if before.is_empty() { "" } else { "let jobs = jobs.clone();" };
    format!(
        "use std::time::Duration;
pub fn app(io: &rooms::Io) {{
    {before}
    io.on_connection(move |socket| {{ {own} socket.on_async(\"say\", move |socket, payload| {{ {own}
        {work}
    }}) }});
}}
"
    )
}

/// A thread of the answer computes, and the handler awaits the result.
const COMPUTES: &str = "async move {
            let (found, finds) = tokio::sync::oneshot::channel();
            std::thread::spawn(move || found.send((0..50_000_u64).fold(1, |sum, n| std::hint::black_box(sum ^ n))));
            let _ = finds.await;
            socket.emit(\"echo\", payload);
        }";

/// The same, but the thread sleeps.
const SLEEPS: &str = "async move {
            let (found, finds) = tokio::sync::oneshot::channel();
            std::thread::spawn(move || { std::thread::sleep(Duration::from_millis(30)); found.send(()) });
            let _ = finds.await;
            socket.emit(\"echo\", payload);
        }";

/// A worker that lives as long as the server, started by `START`.
const WORKER: &str = "let (jobs, waiting) = std::sync::mpsc::channel::<(rooms::Socket, rooms::Payload)>();
    START(move || for (socket, payload) in waiting { socket.emit(\"echo\", payload) });";
const HANDS_ON: &str = "async move { let _ = jobs.send((socket, payload)); }";

async fn check(fixture: &Fixture) -> CheckReport {
    let report = fixture.check().await;
    assert!(!report.scenarios.is_empty(), "{:?}", report.message);
    report
}

/// The scenario with a wait of this many milliseconds at its end.
fn with_wait(code: &str, milliseconds: u32) -> Fixture {
    let fixture = Fixture::new(code);
    let add = |path: &str, from: &str, to: &str| {
        let text = std::fs::read_to_string(fixture.path(path)).unwrap();
        assert!(text.contains(from) || from.is_empty());
        fixture.write(path, &if from.is_empty() { text + to } else { text.replace(from, to) });
    };
    add("lessons/00-one/scenarios/first/back.toml", "", &format!("[[steps]]\nwait_ms = {milliseconds}\n"));
    let waits = format!("3 wait {milliseconds} ms\nrooms at the end");
    add("lessons/00-one/snapshots/first/back.snap", "rooms at the end", &waits);
    fixture
}

#[tokio::test]
async fn the_clock_stands_while_a_thread_computes_and_goes_on_beside_a_permanent_one() {
    let started = |start: &str| awaits(&WORKER.replace("START", start), HANDS_ON);
    let (thread, pool) = (started("std::thread::spawn"), started("tokio::task::spawn_blocking"));
    for code in [awaits("", COMPUTES), thread, pool] {
        let fixture = with_wait(&code, 5000);
        let report = check(&fixture).await;
        assert_eq!(report.verdict, Verdict::Passed, "{code}\n{:?}", report.scenarios);
    }
}

#[tokio::test]
async fn an_answer_that_needs_real_time_gets_it_in_a_short_scenario() {
    let blocks = "async move { tokio::task::block_in_place(|| ()); socket.emit(\"echo\", payload); }";
    for work in [blocks, SLEEPS] {
        let report = check(&with_wait(&awaits("", work), 100)).await;
        assert_eq!(report.verdict, Verdict::Passed, "{work}\n{:?}", report.scenarios);
    }
}

#[tokio::test]
async fn an_answer_that_waits_for_a_process_gets_real_time_or_is_told_so() {
    let runs = WORKER.replace("START", "std::thread::spawn").replace(
        "{ socket.emit",
        "{ std::process::Command::new(\"sleep\").arg(\"0.01\").output().unwrap(); socket.emit",
    );
    let waits = "async move {
            let (found, finds) = tokio::sync::oneshot::channel();
            std::thread::spawn(move || { found.send(std::process::Command::new(\"true\").output()) });
            finds.await.unwrap().unwrap();
            socket.emit(\"echo\", payload);
        }";
    let report = check(&with_wait(&awaits("", waits), 100)).await;
    assert_eq!(report.verdict, Verdict::Passed, "{:?}", report.scenarios);
    let report = check(&with_wait(&awaits(&runs, HANDS_ON), 60_000)).await;
    assert_eq!(report.verdict, Verdict::Failed);
    let explanation = &report.scenarios[0].explanation;
    assert!(explanation.starts_with("It waits in real time: another process"), "{explanation}");
    let system =
        "async move { tokio::net::TcpListener::bind(\"127.0.0.1:0\").await.unwrap(); socket.emit(\"echo\", payload); }";
    let report = check(&with_wait(&awaits("", system), 60_000)).await;
    let explanation = &report.scenarios[0].explanation;
    assert!(explanation.starts_with("It waits in real time: sockets or processes of the system"), "{explanation}");
}

#[tokio::test]
async fn in_a_long_scenario_the_first_sentence_names_the_call() {
    let report = check(&with_wait(&awaits("", SLEEPS), 60_000)).await;
    assert_eq!(report.verdict, Verdict::Failed);
    let explanation = &report.scenarios[0].explanation;
    assert!(
        explanation.starts_with("It waits in real time: `std::thread::sleep`; use `tokio::time`. "),
        "{explanation}"
    );
}

#[tokio::test]
async fn a_verdict_that_depends_on_real_time_is_not_remembered() {
    let here = tempfile::tempdir().unwrap();
    let first = here.path().join("first");
    let late = format!(
        "async move {{
            let seen = std::fs::exists({first:?}).unwrap();
            println!(\"seen: {{seen}}\");
            std::fs::write({first:?}, \"\").unwrap();
            let (found, finds) = tokio::sync::oneshot::channel();
            std::thread::spawn(move || {{ std::thread::sleep(Duration::from_millis(30)); found.send(()) }});
            let _ = finds.await;
            socket.emit(\"echo\", payload);
        }}"
    );
    let fixture = with_wait(&awaits("", &late), 60_000);
    for seen in ["seen: false", "seen: true"] {
        let report = check(&fixture).await;
        assert_eq!(report.verdict, Verdict::Failed);
        let printed = report.scenarios[0].printed.as_ref().unwrap();
        assert!(printed.starts_with(seen), "it was not played again: {printed}");
    }
}

#[tokio::test]
async fn a_wrong_answer_fails_in_real_time_as_well() {
    let silent = awaits("", "async move { tokio::task::block_in_place(|| drop((socket, payload))); }");
    let report = check(&with_wait(&silent, 100)).await;
    assert_eq!(report.verdict, Verdict::Failed);
    assert!(report.scenarios[0].explanation.contains("ann should receive echo"), "{:?}", report.scenarios);
}
