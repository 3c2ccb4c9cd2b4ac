//! Each answer in `wrong` and `right` is a test of the checks.

fn main() -> std::process::ExitCode {
    judge::variants::main(env!("OUT_DIR").as_ref())
}
