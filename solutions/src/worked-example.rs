//! The worked example of the lesson: what the learner re-types is what the embedded server runs.

#[path = "../../lessons/01-realtime-websockets/worked-example.rs"]
mod worked_example;

pub use worked_example::app;
