#[path = "../src/board.rs"]
mod exercise;
scenario::harness!("board", exercise::app);
