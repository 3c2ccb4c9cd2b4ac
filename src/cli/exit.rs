//! Exit codes, and errors as people read them.

use std::process::ExitCode;

use super::output::{Closed, print_error};
use crate::text::clean_multiline;

/// Everything that was checked passed, or the request was carried out.
pub const PASSED: u8 = 0;
/// Something that was checked did not pass.
pub const NOT_PASSED: u8 = 1;
/// The command line does not make sense. It is clap's code for the same thing.
const USAGE: u8 = 2;
/// The tool or the machine failed, so there is no answer.
pub const FAILED: u8 = 3;

/// The request names something that does not exist, or does not make sense.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Prints the error on standard error, and returns the exit code.
pub fn fail(error: &anyhow::Error) -> ExitCode {
    // The reader that closed the pipe does not want any more output.
    if error.downcast_ref::<Closed>().is_none() {
        print_error(&explain(error));
    }
    ExitCode::from(code_of(error))
}

fn code_of(error: &anyhow::Error) -> u8 {
    if error.downcast_ref::<Usage>().is_some() { USAGE } else { FAILED }
}

/// The error, and below it each cause that says something new.
pub(super) fn explain(error: &anyhow::Error) -> String {
    let mut text = format!("error: {error}");
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text.push_str("\nbecause: ");
            text.push_str(&cause);
        }
    }
    clean_multiline(&text)
}

#[cfg(test)]
mod tests {
    use anyhow::{Context as _, anyhow};

    use super::*;

    #[test]
    fn usage_is_told_apart_even_with_context() {
        let usage = || anyhow::Error::from(Usage("no such exercise".into()));
        assert_eq!(code_of(&usage()), USAGE);
        assert_eq!(code_of(&usage().context("while checking")), USAGE);
        assert_eq!(code_of(&anyhow!("disk full")), FAILED);
    }

    #[test]
    fn each_cause_is_said_once_and_escape_codes_never() {
        let error = Err::<(), _>(anyhow!("disk \x1b[31mfull")).context("cannot write the notes").unwrap_err();
        assert_eq!(explain(&error), "error: cannot write the notes\nbecause: disk full");
        let error = anyhow!("same").context("same");
        assert_eq!(explain(&error), "error: same");
    }
}
