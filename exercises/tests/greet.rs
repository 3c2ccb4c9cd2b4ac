#[path = "../src/greet.rs"]
mod exercise;
scenario::harness!("greet", exercise::app);
