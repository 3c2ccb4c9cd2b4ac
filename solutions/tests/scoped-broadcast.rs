#[path = "../src/scoped-broadcast.rs"]
mod exercise;
scenario::harness!("scoped-broadcast", exercise::app);
