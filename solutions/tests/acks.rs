#[path = "../src/acks.rs"]
mod exercise;
scenario::harness!("acks", exercise::app);
