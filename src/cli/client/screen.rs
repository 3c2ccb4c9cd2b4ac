//! The client's output, with a prompt if a person types.

use std::io::{self, IsTerminal as _, Write as _};

use serde_json::Value;

use super::super::{Paint, Ui, output::print_error, print};
use crate::text::clean;

const PROMPT: &str = "> ";

/// Goes back to the first column, and clears the prompt and the text typed after it. The terminal still has that text:
/// Ctrl-R shows it again.
const CLEAR_LINE: &str = "\r\x1b[K";

pub(super) struct Screen {
    ui: Ui,
    has_prompt: bool,
    is_interactive: bool,
}

impl Screen {
    pub(super) fn new(ui: Ui) -> Self {
        let has_prompt = ui.status_line && io::stdin().is_terminal() && io::stdout().is_terminal();
        Self { ui, has_prompt, is_interactive: io::stdin().is_terminal() }
    }

    /// Whether a person types the input.
    pub(super) fn is_interactive(&self) -> bool {
        self.is_interactive
    }

    /// Asks for the next line.
    pub(super) fn prompt(&self) {
        if self.has_prompt {
            let mut stdout = io::stdout().lock();
            // If standard output is closed, the next line that is printed will say so.
            let _ = write!(stdout, "{CLEAR_LINE}{PROMPT}").and_then(|()| stdout.flush());
        }
    }

    /// Prints a fact about the connection.
    pub(super) fn fact(&self, text: &str) -> anyhow::Result<()> {
        self.line(&self.ui.paint(Paint::Dim, &clean(text)))
    }

    /// Prints something that arrived, with a remark if there is one.
    pub(super) fn arrived(&self, what: &str, arguments: &[Value], remark: &str) -> anyhow::Result<()> {
        let arguments: Vec<_> = arguments.iter().map(Value::to_string).collect();
        let text = format!("<- {what} {}", arguments.join(" "));
        let text = self.ui.paint(Paint::Good, &clean(text.trim_end()));
        if remark.is_empty() {
            return self.line(&text);
        }
        self.line(&format!("{text}  {}", self.ui.paint(Paint::Dim, &format!("({remark})"))))
    }

    /// Prints a mistake in the input.
    pub(super) fn mistake(&self, text: &str) {
        let clear = if self.has_prompt { CLEAR_LINE } else { "" };
        print_error(&format!("{clear}{}", self.ui.paint(Paint::Bad, &clean(text))));
    }

    fn line(&self, text: &str) -> anyhow::Result<()> {
        if !self.has_prompt {
            return print(text);
        }
        print(&format!("{CLEAR_LINE}{text}"))?;
        self.prompt();
        Ok(())
    }

    /// Removes the last prompt.
    pub(super) fn finish(&mut self) {
        if std::mem::take(&mut self.has_prompt) {
            let mut stdout = io::stdout().lock();
            let _ = stdout.write_all(CLEAR_LINE.as_bytes()).and_then(|()| stdout.flush());
        }
    }
}
