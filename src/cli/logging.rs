//! The log of a subcommand.

use std::env;

use super::{Context, output::print_error};
use crate::log;

impl Context {
    /// Writes the log that `RTWS_LOG` asks for. If it cannot be written, there is a warning, and the program goes on.
    #[must_use]
    pub fn logged(self) -> Self {
        if let Err(error) = log::start(env::var_os("RTWS_LOG").as_deref(), &self.home) {
            print_error(&format!("warning: {error}"));
        }
        self
    }
}
