#[path = "../src/noisy-clients.rs"]
mod exercise;
scenario::harness!("noisy-clients", exercise::app);
