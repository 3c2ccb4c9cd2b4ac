//! The learner's files, one for each exercise.
//!
//! - `src/<id>.rs` is yours to change. It offers one function, `pub fn app(io: &Io)`.
//! - `tests/<id>.rs` runs the exercise's scenarios against that function: scripted clients
//!   connect to it over a simulated network.
//!
//! `cargo test -p exercises --test <id>` checks one exercise. Each file is compiled on its own,
//! straight into its test, so an error in one does not stop the others. That is why this library
//! is empty.
