#[path = "../src/presence.rs"]
mod exercise;
scenario::harness!("presence", exercise::app);
