//! How many colours the output shows: one rule for the screen, for lines that are printed, and for clap's help.
//!
//! Whether there are colours at all is decided by the crate that clap prints with:
//!
//! | first that holds | colours |
//! |---|---|
//! | [`NO_COLOR`](https://no-color.org) says something | no |
//! | [`CLICOLOR_FORCE`](https://bixense.com/clicolors/) says something | yes, in a file or a pipe as well |
//! | `CLICOLOR` is `0`, or the output is not a terminal | no |
//! | `TERM` is `dumb`, and outside of Windows if it is missing | no, unless `CLICOLOR` or `CI` is set |
//!
//! How many there are follows from what the terminal promises in `COLORTERM` and `TERM`.

use std::fmt;
use std::io::stdout;

use anstream::{AutoStream, ColorChoice};

/// How many colours the terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// None at all.
    None,
    /// The sixteen that the user's own colour scheme defines.
    Sixteen,
    /// The 256 numbered ones.
    Indexed,
    /// Any.
    True,
}

impl Depth {
    /// What standard output shows, by the environment of this process.
    pub fn of_output() -> Self {
        match AutoStream::choice(&stdout()) {
            ColorChoice::Never => Self::None,
            ColorChoice::Auto | ColorChoice::Always | ColorChoice::AlwaysAnsi => {
                Self::promised(|name| std::env::var(name).ok())
            }
        }
    }

    /// What a terminal with colours shows; `variable` looks one up, as `std::env::var` does.
    fn promised(variable: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name| variable(name).unwrap_or_default();
        let (term, promised) = (value("TERM"), value("COLORTERM"));
        // Windows Terminal says nothing in TERM or COLORTERM.
        let windows_terminal = !value("WT_SESSION").is_empty();
        if promised == "truecolor" || promised == "24bit" || term.ends_with("-direct") || windows_terminal {
            Self::True
        } else if term.contains("256color") {
            Self::Indexed
        } else {
            Self::Sixteen
        }
    }
}

impl fmt::Display for Depth {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::None => "no colours",
            Self::Sixteen => "16 colours",
            Self::Indexed => "256 colours",
            Self::True => "true colour",
        })
    }
}

/// Whether the terminal can do more than print one line below the other, by its name in `TERM`.
pub fn is_able() -> bool {
    anstyle_query::term_supports_color() && std::env::var_os("TERM").is_none_or(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(variables: &[(&str, &str)]) -> Depth {
        Depth::promised(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_environment_tells_the_depth() {
        assert_eq!(depth(&[]), Depth::Sixteen);
        assert_eq!(depth(&[("TERM", "linux")]), Depth::Sixteen);
        assert_eq!(depth(&[("TERM", "tmux-256color")]), Depth::Indexed);
        assert_eq!(depth(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]), Depth::True);
        assert_eq!(depth(&[("WT_SESSION", "0f5b")]), Depth::True);
    }
}
