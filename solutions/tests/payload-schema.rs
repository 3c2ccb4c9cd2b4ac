#[path = "../src/payload-schema.rs"]
mod exercise;
scenario::harness!("payload-schema", exercise::app);
