//! For editors and clippy: the solutions and the answers in `wrong` and `right`, which are compiled one by one elsewhere.
//! `cargo test` does not build this.

include!(concat!(env!("OUT_DIR"), "/answers.rs"));

fn main() {
    assert!(!APPS.is_empty());
}
