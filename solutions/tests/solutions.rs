//! Each scenario of each solution is a test.

fn main() -> std::process::ExitCode {
    judge::trials::main(judge::Package::Solutions)
}
