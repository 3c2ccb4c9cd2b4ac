#[path = "../src/worked-example.rs"]
mod exercise;
scenario::harness!("worked-example", exercise::app);
