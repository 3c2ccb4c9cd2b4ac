#[path = "../src/backpressure.rs"]
mod exercise;
scenario::harness!("backpressure", exercise::app);
