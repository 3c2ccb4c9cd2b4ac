//! What the terminal can show.

use std::{
    env,
    io::{IsTerminal as _, stdin, stdout},
};

use super::finding::Finding;
use crate::colour::{self, Depth};

/// The smallest screen that shows everything.
const SMALLEST: (u16, u16) = (80, 24);

/// Whether the workshop has a terminal to draw on, and how well.
pub(super) fn terminal(depth: Depth) -> Finding {
    let variable = |name| env::var(name).unwrap_or_default();
    judge(&Terminal {
        connected: stdin().is_terminal() && stdout().is_terminal(),
        size: crossterm::terminal::size().ok(),
        name: variable("TERM"),
        is_able: colour::is_able(),
        depth,
        locale: ["LC_ALL", "LC_CTYPE", "LANG"].map(variable).into_iter().find(|value| !value.is_empty()),
    })
}

struct Terminal {
    connected: bool,
    size: Option<(u16, u16)>,
    name: String,
    is_able: bool,
    depth: Depth,
    locale: Option<String>,
}

fn judge(terminal: &Terminal) -> Finding {
    let Terminal { connected, size, name, is_able, depth, locale } = terminal;
    if !connected {
        let fix = "For `rtws learn`, start it in a terminal, without < or | or >. `rtws check` needs none.";
        return Finding::warning("terminal", "this program is not connected to one", fix);
    }
    if !is_able {
        let fix = "export TERM=xterm-256color, if your terminal is a graphical one";
        return Finding::failed("terminal", format!("TERM is {name:?}, which can place nothing on the screen"), fix);
    }
    let (columns, rows) = size.unwrap_or(SMALLEST);
    let shown = format!("{name}, {columns} by {rows}, {depth}");
    if columns < SMALLEST.0 || rows < SMALLEST.1 {
        let fix = format!("Make the window at least {} by {}.", SMALLEST.0, SMALLEST.1);
        return Finding::warning("terminal", format!("{shown}, which is small"), fix);
    }
    // Without a locale, most systems use UTF-8 today.
    let is_utf8 = locale.as_ref().is_none_or(|locale| locale.to_lowercase().replace('-', "").contains("utf8"));
    if !is_utf8 {
        let found = format!("{shown}; the locale {:?} may not show every sign", locale.as_deref().unwrap_or_default());
        return Finding::warning("terminal", found, "export LANG=C.UTF-8");
    }
    Finding::ok("terminal", shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::Status;

    fn status(size: (u16, u16), name: &str, locale: Option<&str>) -> Status {
        let locale = locale.map(str::to_owned);
        let (name, is_able) = (name.to_owned(), name != "dumb");
        judge(&Terminal { connected: true, size: Some(size), name, is_able, depth: Depth::Indexed, locale }).status
    }

    #[test]
    fn a_terminal_has_to_be_there_large_enough_and_able() {
        assert_eq!(status((80, 24), "xterm-256color", Some("en_GB.UTF-8")), Status::Ok);
        assert_eq!(status((80, 24), "xterm", None), Status::Ok);
        assert_eq!(status((79, 24), "xterm", None), Status::Warning);
        assert_eq!(status((80, 24), "dumb", None), Status::Failed);
        assert_eq!(status((80, 24), "xterm", Some("C")), Status::Warning);
        let none = Terminal {
            connected: false,
            size: None,
            name: "xterm".to_owned(),
            is_able: true,
            depth: Depth::None,
            locale: None,
        };
        assert_eq!(judge(&none).status, Status::Warning);
    }
}
