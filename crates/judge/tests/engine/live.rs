//! An answer that serves.

use std::time::Duration;

use judge::{Live, LiveError, Package, live};
use tokio::time::timeout;

use crate::fixture::{Fixture, answer};

async fn live_app(fixture: &Fixture) -> Result<Live, LiveError> {
    live(&fixture.workshop, Package::Exercises, "first", &|_| {}).await
}

#[tokio::test]
async fn an_app_says_where_it_listens_passes_on_its_records_and_stops_when_asked() {
    let fixture = Fixture::new(&answer("println!(\"mine\");"));
    let mut live = live_app(&fixture).await.unwrap();
    assert!(live.address.starts_with("127.0.0.1:"), "{}", live.address);
    assert_eq!(live.records.recv().await.unwrap(), "mine");
    while !live.records.recv().await.unwrap().contains("listening") {}
    let end = live.stop().await.unwrap();
    assert_eq!(end.message, None);
}

#[tokio::test]
async fn an_app_that_ends_before_it_listens_says_how() {
    let error = live_app(&Fixture::new(&answer("if true { panic!(\"the reason\") }"))).await.unwrap_err();
    assert!(matches!(&error, LiveError::Ended(text) if text.contains("the reason")), "{error}");
}

#[tokio::test]
async fn an_app_that_never_listens_is_stopped() {
    let mut fixture = Fixture::new(&answer("loop { std::thread::park() }"));
    fixture.workshop.limits.listen = Duration::from_millis(200);
    let error = live_app(&fixture).await.unwrap_err();
    assert!(matches!(error, LiveError::Silent(_)), "{error}");
}

#[tokio::test]
async fn an_answer_that_does_not_compile_is_not_started() {
    let error = live_app(&Fixture::new("pub fn app() -> bool { 7 }")).await.unwrap_err();
    assert!(matches!(error, LiveError::DoesNotCompile(_)), "{error}");
    let fixture = Fixture::new("");
    std::fs::remove_file(fixture.path("exercises/src/first.rs")).unwrap();
    let error = live_app(&fixture).await.unwrap_err();
    assert!(error.to_string().contains("rtws reset"), "{error}");
}

/// An app that does `then` in a new thread once the file `go` exists.
fn app_that_waits(then: &str) -> Fixture {
    let fixture = Fixture::new("");
    let go = fixture.path("go");
    let go = go.to_str().unwrap();
    let body = format!(
        "std::thread::spawn(|| {{ while !std::path::Path::new({go:?}).exists() {{ \
         std::thread::sleep(std::time::Duration::from_millis(1)) }} {then} }});"
    );
    fixture.write("exercises/src/first.rs", &answer(&body));
    fixture
}

#[tokio::test]
async fn an_app_that_crashes_while_it_serves_closes_the_stream_and_says_how() {
    let fixture = app_that_waits("std::process::exit(9)");
    let mut live = live_app(&fixture).await.unwrap();
    fixture.write("go", "");
    while live.records.recv().await.is_some() {}
    assert_eq!(live.stop().await.unwrap().message.unwrap(), "The program ended with code 9.");
}

#[tokio::test]
async fn a_reader_that_stopped_reading_does_not_hold_up_the_end() {
    let fixture = app_that_waits("loop { println!(\"more\") }");
    let mut live = live_app(&fixture).await.unwrap();
    fixture.write("go", "");
    while live.records.recv().await.unwrap() != "more" {}
    let stopped = timeout(Duration::from_secs(10), live.stop()).await;
    assert!(stopped.expect("the end is held up").is_ok());
}

#[tokio::test]
async fn a_flood_before_it_listens_does_not_hide_the_address() {
    let flood = answer("for _ in 0..20_000 { println!(\"more\") }");
    assert!(live_app(&Fixture::new(&flood)).await.unwrap().address.starts_with("127.0.0.1:"));
}
