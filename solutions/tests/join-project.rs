#[path = "../src/join-project.rs"]
mod exercise;
scenario::harness!("join-project", exercise::app);
