#[path = "../src/reconnect.rs"]
mod exercise;
scenario::harness!("reconnect", exercise::app);
