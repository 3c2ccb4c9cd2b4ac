#[path = "../../lessons/01-realtime-websockets/worked-example.rs"]
mod exercise;
scenario::harness!("worked-example", exercise::app);
