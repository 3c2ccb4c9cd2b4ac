//! Events from outside the program.

use crossterm::event::KeyEvent;

/// An event from outside the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A key was pressed, or repeats because it is held. Releases are not reported.
    Key(KeyEvent),
    /// Text was pasted. Its lines end in `\n`.
    Paste(String),
    /// The terminal has a new size.
    Resize {
        /// Columns from now on.
        columns: u16,
        /// Rows from now on.
        rows: u16,
    },
    /// The process received a signal.
    Signal(Signal),
    /// The terminal is gone. Save and leave: the process is ended soon if it does not end itself.
    Lost,
}

/// A signal that the program acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Save and leave: somebody sent SIGINT.
    Interrupt,
    /// Save and leave: somebody sent SIGTERM.
    Terminate,
    /// Save and leave: the terminal is closing.
    Hangup,
    /// The process was stopped and goes on, with an empty screen: draw everything.
    Continue,
}

impl Signal {
    /// The exit code that tells a shell which signal ended the program; `None` for [`Continue`](Self::Continue), which
    /// does not end it.
    pub fn exit_code(self) -> Option<u8> {
        match self {
            Self::Hangup => Some(129),
            Self::Interrupt => Some(130),
            Self::Terminate => Some(143),
            Self::Continue => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_can_tell_which_signal_ended_the_program() {
        assert_eq!(Signal::Hangup.exit_code(), Some(128 + 1));
        assert_eq!(Signal::Interrupt.exit_code(), Some(128 + 2));
        assert_eq!(Signal::Terminate.exit_code(), Some(128 + 15));
        assert_eq!(Signal::Continue.exit_code(), None);
    }
}
