//! Each answer in `wrong` and `right` is a test of the checks. `build.rs` makes the list.

include!(concat!(env!("OUT_DIR"), "/variants.rs"));

fn main() -> std::process::ExitCode {
    scenario::variants::main(env!("CARGO_MANIFEST_DIR"), VARIANTS)
}
