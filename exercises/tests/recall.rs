#[path = "../src/recall.rs"]
mod exercise;
scenario::harness!("recall", exercise::app);
