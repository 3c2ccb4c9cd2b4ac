//! Answers that start threads, under the virtual clock and in real time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod one_by_one;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use one_by_one::{run, trials};
use rooms::{Io, Payload};
use scenario::run::{End, Outcome, run_in_real_time, simulate, total_wait};
use scenario::script::Script;
use scenario::waits::RealTime;
use tokio::sync::oneshot;
use tokio::time::Instant as VirtualInstant;

/// How often each answer is played; all of its transcripts are the same.
const REPETITIONS: usize = 50;

const ANN: &str = r#"
    [[steps]]
    connect = ["ann", "bob"]
    [[steps]]
    emit = "ask"
    from = "ann"
    payload = 1
    ack = true
    [[steps]]
    emit = "ask"
    from = "bob"
    payload = 2
    ack = true
    [[steps]]
    emit = "ask"
    from = "ann"
    payload = 3
    ack = true
"#;

const ANSWERED: &str = "\
1 connect ann, bob
2 ann emits ask 1 and asks for an ack
    ann <- ack 2
3 bob emits ask 2 and asks for an ack
    bob <- ack 4
4 ann emits ask 3 and asks for an ack
    ann <- ack 6
";

fn main() -> ExitCode {
    if cfg!(not(target_os = "linux")) {
        // On other systems the clock knows nothing of threads.
        return ExitCode::SUCCESS;
    }
    run(trials![
        the_clock_stands_while_a_thread_computes,
        an_hour_still_takes_milliseconds,
        the_clock_stands_while_threads_wake_each_other,
        a_thread_may_serve_all_requests,
        a_blocking_task_may_serve_all_requests,
        a_blocking_task_that_serves_for_hours_costs_precision,
        a_blocking_task_may_compute,
        a_blocking_task_may_wait_for_a_slow_disk,
        a_thread_that_sleeps_is_noted_and_right_in_real_time,
        a_wait_with_a_timeout_is_noted,
        a_handler_that_sleeps_is_noted,
        a_handler_that_computes_or_waits_for_a_thread_that_does_is_not,
        block_in_place_is_noted_and_right_in_real_time,
        in_real_time_a_step_ends_when_all_is_idle,
        the_waits_of_a_script_are_added_up,
        a_wait_has_a_name_for_people_and_one_for_programs,
    ])
}

fn script(steps: &str) -> Script {
    let text = format!("title = \"t\"\nclients = [\"ann\", \"bob\"]\nrooms = false\n{steps}");
    Script::parse(&text, Path::new("test.toml")).unwrap()
}

fn waiting(milliseconds: u64) -> String {
    format!("{ANN}\n[[steps]]\nwait_ms = {milliseconds}\n")
}

/// Plays it many times, asserts that all plays agree, and returns the first. Logs and ids may differ.
fn play(steps: &str, app: fn(&Io)) -> Outcome {
    let script = script(steps);
    let first = simulate(&script, app).unwrap();
    for _ in 1..REPETITIONS {
        let again = simulate(&script, app).unwrap();
        assert_eq!(again.transcript.to_string(), first.transcript.to_string());
        assert_eq!((&again.end, &again.waits), (&first.end, &first.waits));
    }
    first
}

fn assert_answered(outcome: &Outcome) {
    assert_eq!(outcome.end, None);
    let transcript = outcome.transcript.to_string();
    assert!(transcript.starts_with(ANSWERED), "{transcript}");
}

fn number(payload: &Payload) -> u64 {
    payload.parse().unwrap()
}

/// Computes for some time, so that the runtime has long had nothing to do.
fn compute(number: u64, time: Duration) -> u64 {
    let begin = Instant::now();
    while begin.elapsed() < time {
        std::hint::spin_loop();
    }
    2 * number
}

/// The result, which differs if virtual time has passed.
async fn at_once(result: oneshot::Receiver<u64>) -> u64 {
    let begin = VirtualInstant::now();
    let result = result.await.unwrap();
    result + u64::try_from(begin.elapsed().as_millis()).unwrap()
}

fn handler_with_a_thread(io: &Io) {
    io.on_connection(|socket| {
        socket.on_async("ask", async |_, payload| {
            let (done, result) = oneshot::channel();
            let number = number(&payload);
            std::thread::spawn(move || done.send(compute(number, Duration::from_millis(1))));
            payload.ack(at_once(result).await);
        });
    });
}

fn the_clock_stands_while_a_thread_computes() {
    let outcome = play(ANN, handler_with_a_thread);
    assert_answered(&outcome);
    assert!(outcome.waits.is_empty(), "{:?}", outcome.waits);
}

fn an_hour_still_takes_milliseconds() {
    let begin = Instant::now();
    let outcome = play(&waiting(3_600_000), handler_with_a_thread);
    assert_answered(&outcome);
    let elapsed = begin.elapsed();
    assert!(elapsed < Duration::from_secs(60), "{REPETITIONS} virtual hours took {elapsed:?}");
}

fn threads_in_a_row(io: &Io) {
    io.on_connection(|socket| {
        socket.on_async("ask", async |_, payload| {
            let (to_second, second) = mpsc::channel();
            let (to_third, third) = mpsc::channel();
            let (done, result) = oneshot::channel();
            std::thread::spawn(move || to_third.send(compute(second.recv().unwrap(), Duration::from_micros(300))));
            std::thread::spawn(move || done.send(third.recv().unwrap()));
            let number = number(&payload);
            std::thread::spawn(move || to_second.send(compute(number, Duration::from_micros(300)) / 2));
            payload.ack(at_once(result).await);
        });
    });
}

fn the_clock_stands_while_threads_wake_each_other() {
    assert_answered(&play(ANN, threads_in_a_row));
}

type Request = (u64, oneshot::Sender<u64>);

fn asking_a_worker(io: &Io, requests: mpsc::Sender<Request>) {
    io.on_connection(move |socket| {
        let requests = requests.clone();
        socket.on_async("ask", move |_, payload| {
            let requests = requests.clone();
            async move {
                let (done, result) = oneshot::channel();
                requests.send((number(&payload), done)).unwrap();
                payload.ack(at_once(result).await);
            }
        });
    });
}

fn answer_all(requests: &mpsc::Receiver<Request>) {
    for (number, done) in requests {
        let _ = done.send(compute(number, Duration::from_micros(300)));
    }
}

fn one_thread_for_all(io: &Io) {
    let (sender, requests) = mpsc::channel();
    std::thread::spawn(move || answer_all(&requests));
    asking_a_worker(io, sender);
}

fn a_thread_may_serve_all_requests() {
    assert_answered(&play(&waiting(5_000), one_thread_for_all));
}

fn one_blocking_task_for_all(io: &Io) {
    let (sender, requests) = mpsc::channel();
    tokio::task::spawn_blocking(move || answer_all(&requests));
    asking_a_worker(io, sender);
}

/// It also shows that the clock moves to each timer and not beyond.
fn a_blocking_task_may_serve_all_requests() {
    fn app(io: &Io) {
        one_blocking_task_for_all(io);
        let io = io.clone();
        tokio::spawn(async move {
            let begin = VirtualInstant::now();
            for milliseconds in [700, 1, 2_000] {
                tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                io.emit("time", u64::try_from(begin.elapsed().as_millis()).unwrap());
            }
        });
    }
    let outcome = play(&waiting(5_000), app);
    assert_answered(&outcome);
    let wait = "\n5 wait 5000 ms\n    ann <- time 700\n    ann <- time 701\n    ann <- time 2701\n";
    let transcript = outcome.transcript.to_string();
    assert!(transcript.contains(wait), "{transcript}");
}

fn a_blocking_task_that_serves_for_hours_costs_precision() {
    fn app(io: &Io) {
        let (sender, requests) = mpsc::channel();
        // This task outlives the run.
        std::mem::forget(sender.clone());
        tokio::task::spawn_blocking(move || answer_all(&requests));
        asking_a_worker(io, sender);
    }
    let outcome = simulate(&script(&waiting(3_600_000)), app).unwrap();
    assert_answered(&outcome);
    assert_eq!(outcome.waits, BTreeSet::from([RealTime::SpawnBlocking]));
}

fn a_blocking_task_may_compute() {
    fn app(io: &Io) {
        io.on_connection(|socket| {
            socket.on_async("ask", async |_, payload| {
                let number = number(&payload);
                let result = tokio::task::spawn_blocking(move || compute(number, Duration::from_millis(50)));
                payload.ack(result.await.unwrap());
            });
        });
    }
    let outcome = play(ANN, app);
    assert_answered(&outcome);
    assert!(outcome.waits.is_empty(), "{:?}", outcome.waits);
}

fn a_blocking_task_may_wait_for_a_slow_disk() {
    fn app(io: &Io) {
        io.on_connection(|socket| {
            socket.on_async("ask", async |_, payload| {
                let number = number(&payload);
                let result = tokio::task::spawn_blocking(move || {
                    std::thread::sleep(Duration::from_millis(25));
                    2 * number
                });
                payload.ack(result.await.unwrap());
            });
        });
    }
    let outcome = play(ANN, app);
    assert_answered(&outcome);
    assert_eq!(outcome.waits, BTreeSet::from([RealTime::Sleep]));
}

fn a_thread_that_sleeps<const MILLISECONDS: u64>(io: &Io) {
    io.on_connection(|socket| {
        socket.on_async("ask", async |_, payload| {
            let (done, result) = oneshot::channel();
            let number = number(&payload);
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(MILLISECONDS));
                done.send(2 * number)
            });
            payload.ack(result.await.unwrap());
        });
    });
}

fn a_thread_that_sleeps_is_noted_and_right_in_real_time() {
    let outcome = play(ANN, a_thread_that_sleeps::<3_000>);
    assert_eq!(outcome.waits, BTreeSet::from([RealTime::Sleep]));
    assert_eq!(outcome.end, Some((End::Stuck("ann".into()), 2)));
    assert_answered(&run_in_real_time(&script(ANN), a_thread_that_sleeps::<30>, &|_| {}).unwrap());
}

fn a_wait_with_a_timeout_is_noted() {
    fn app(io: &Io) {
        let (sender, requests) = mpsc::channel::<Request>();
        std::thread::spawn(move || {
            loop {
                match requests.recv_timeout(Duration::from_secs(3600)) {
                    Ok((number, done)) => drop(done.send(2 * number)),
                    Err(mpsc::RecvTimeoutError::Timeout) => {}
                    Err(mpsc::RecvTimeoutError::Disconnected) => break,
                }
            }
        });
        asking_a_worker(io, sender);
    }
    let outcome = play(ANN, app);
    assert_answered(&outcome);
    assert_eq!(outcome.waits, BTreeSet::from([RealTime::TimedWait]));
}

fn a_handler_that_sleeps_is_noted() {
    fn app(io: &Io) {
        io.on_connection(|socket| {
            socket.on("ask", |_, payload| {
                std::thread::sleep(Duration::from_millis(30));
                payload.ack(2 * number(payload));
            });
        });
    }
    let outcome = play(ANN, app);
    assert_answered(&outcome);
    assert_eq!(outcome.waits, BTreeSet::from([RealTime::Sleep]));
}

fn a_handler_that_computes_or_waits_for_a_thread_that_does_is_not() {
    fn app(io: &Io) {
        io.on_connection(|socket| {
            socket.on("ask", |_, payload| {
                let number = compute(number(payload), Duration::from_millis(10)) / 2;
                let thread = std::thread::spawn(move || compute(number, Duration::from_millis(10)));
                payload.ack(thread.join().unwrap());
            });
        });
    }
    let outcome = play(ANN, app);
    assert_answered(&outcome);
    assert!(outcome.waits.is_empty(), "{:?}", outcome.waits);
}

fn blocking_in_place(io: &Io) {
    io.on_connection(|socket| {
        socket.on("ask", |_, payload| {
            let number = number(payload);
            payload.ack(tokio::task::block_in_place(|| 2 * number));
        });
    });
}

fn block_in_place_is_noted_and_right_in_real_time() {
    let outcome = play(ANN, blocking_in_place);
    assert_eq!(outcome.waits, BTreeSet::from([RealTime::BlockInPlace]));
    assert!(outcome.transcript.to_string().contains("ann <- connection-closed"), "{}", outcome.transcript);
    assert_answered(&run_in_real_time(&script(ANN), blocking_in_place, &|_| {}).unwrap());
}

fn in_real_time_a_step_ends_when_all_is_idle() {
    fn app(io: &Io) {
        io.on_connection(|socket| {
            socket.on("ask", |_, payload| {
                let payload = payload.clone();
                tokio::spawn(async move {
                    let number = number(&payload);
                    let computing = tokio::task::spawn_blocking(move || compute(number, Duration::from_millis(30)));
                    payload.ack(computing.await.unwrap());
                });
            });
        });
    }
    let mut steps = Vec::new();
    let steps = &Mutex::new(&mut steps);
    let outcome = run_in_real_time(&script(&waiting(100)), app, &|step| steps.lock().unwrap().push(step)).unwrap();
    assert_answered(&outcome);
    assert!(outcome.waits.is_empty(), "{:?}", outcome.waits);
    assert_eq!(steps.lock().unwrap().len(), 5);
}

fn the_waits_of_a_script_are_added_up() {
    assert_eq!(total_wait(&script(ANN)), Duration::ZERO);
    assert_eq!(total_wait(&script(&(waiting(600) + "\n[[steps]]\nwait_ms = 900"))), Duration::from_millis(1500));
}

fn a_wait_has_a_name_for_people_and_one_for_programs() {
    let names = BTreeSet::from([RealTime::Sleep, RealTime::TimedWait, RealTime::BlockInPlace, RealTime::SpawnBlocking]);
    let written = r#"["sleep","timed_wait","block_in_place","spawn_blocking"]"#;
    assert_eq!(serde_json::to_string(&names).unwrap(), written);
    assert_eq!(RealTime::Sleep.to_string(), "`std::thread::sleep`");
}
