//! The learner's own editor.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use tokio::process::Command;

/// Editors that take `+LINE` before the file.
const PLUS_LINE: [&str; 11] =
    ["vi", "vim", "nvim", "view", "nano", "emacs", "emacsclient", "micro", "kak", "joe", "ed"];

/// Editors that take the line after the file, as `FILE:LINE`, and the flags they need to wait and to open it so.
const COLON_LINE: [(&str, &[&str]); 5] = [
    ("code", &["--wait", "--goto"]),
    ("codium", &["--wait", "--goto"]),
    ("subl", &["--wait"]),
    ("hx", &[]),
    ("zed", &["--wait"]),
];

/// Why a file may not have been edited.
#[derive(Debug, thiserror::Error)]
pub(super) enum EditError {
    #[error("{variable} names no program; set it to the command of your editor")]
    None { variable: &'static str },
    #[error(
        "{variable} has a quote that is not closed: {command}. Put a path with spaces in quotes, as in \
         {variable}=\"'/opt/my editor/code' --wait\""
    )]
    Unbalanced { variable: &'static str, command: String },
    #[error("{program} ended with {status}; the file is {}", path.display())]
    Failed { program: String, status: ExitStatus, path: PathBuf },
    #[error(
        "{program} cannot be started ({source}). Set EDITOR, or open {} in another window: every save is noticed",
        path.display()
    )]
    NotStarted { program: String, source: io::Error, path: PathBuf },
}

/// Opens a file in `$VISUAL` or `$EDITOR` and waits until the editor ends.
///
/// # Errors
///
/// When the editor cannot be started or fails. The message names the editor, and says what to do.
pub(super) async fn edit(path: &Path, line: Option<u32>) -> Result<(), EditError> {
    let (program, flags) = editor(|name| std::env::var(name).ok())?;
    let arguments = arguments(&program, path, line);
    let status = Command::new(&program).args(flags).args(arguments).status().await;
    let path = path.to_owned();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(EditError::Failed { program, status, path }),
        Err(source) => Err(EditError::NotStarted { program, source, path }),
    }
}

/// The editor's program and its flags, split as a shell splits them.
fn editor(value: impl Fn(&str) -> Option<String>) -> Result<(String, Vec<String>), EditError> {
    let chosen = ["VISUAL", "EDITOR"].into_iter().filter_map(|variable| Some((variable, value(variable)?)));
    let Some((variable, command)) = chosen.into_iter().find(|(_, command)| !command.trim().is_empty()) else {
        let fallback = if cfg!(windows) { "notepad" } else { "vi" };
        return Ok((fallback.to_owned(), Vec::new()));
    };
    let Ok(words) = shell_words::split(&unescaped(&command)) else {
        return Err(EditError::Unbalanced { variable, command });
    };
    let mut words = words.into_iter();
    let program = words.next().filter(|program| !program.is_empty()).ok_or(EditError::None { variable })?;
    Ok((program, words.collect()))
}

/// On Windows a backslash separates folders and escapes nothing.
fn unescaped(command: &str) -> Cow<'_, str> {
    if cfg!(windows) { command.replace('\\', "\\\\").into() } else { command.into() }
}

fn arguments(program: &str, path: &Path, line: Option<u32>) -> Vec<OsString> {
    let name = Path::new(program).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let file = path.as_os_str().to_owned();
    if let Some((_, flags)) = COLON_LINE.iter().find(|(known, _)| *known == name) {
        let mut place = file;
        if let Some(line) = line {
            place.push(format!(":{line}"));
        }
        return flags.iter().map(OsString::from).chain([place]).collect();
    }
    match line {
        Some(line) if PLUS_LINE.contains(&name) => vec![format!("+{line}").into(), file],
        _ => vec![file],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(variables: &[(&str, &str)]) -> Result<Vec<String>, EditError> {
        let value =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        editor(value).map(|(program, flags)| [vec![program], flags].concat())
    }

    #[test]
    fn visual_comes_before_editor_and_both_may_carry_flags() {
        let both = [("EDITOR", "nano"), ("VISUAL", "code --reuse-window")];
        assert_eq!(chosen(&both).unwrap(), ["code", "--reuse-window"]);
        assert_eq!(chosen(&[("EDITOR", "nano"), ("VISUAL", " ")]).unwrap(), ["nano"]);
        assert_eq!(chosen(&[]).unwrap().len(), 1);
    }

    #[test]
    fn a_path_with_spaces_stands_between_quotes() {
        for command in ["'/a b/code' --wait", "\"/a b/code\" --wait"] {
            assert_eq!(chosen(&[("EDITOR", command)]).unwrap(), ["/a b/code", "--wait"], "{command}");
        }
    }

    #[test]
    fn a_command_that_cannot_be_split_is_told_with_its_variable() {
        let error = chosen(&[("EDITOR", "nano"), ("VISUAL", "'/a b/code --wait")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "VISUAL has a quote that is not closed: '/a b/code --wait. Put a path with spaces in quotes, as in \
             VISUAL=\"'/opt/my editor/code' --wait\""
        );
        let error = chosen(&[("EDITOR", "''")]).unwrap_err();
        assert_eq!(error.to_string(), "EDITOR names no program; set it to the command of your editor");
    }

    #[test]
    fn the_line_is_given_as_each_editor_wants_it() {
        let path = Path::new("a b.rs");
        assert_eq!(arguments("/usr/bin/vim", path, Some(7)), ["+7", "a b.rs"]);
        assert_eq!(arguments("code", path, Some(7)), ["--wait", "--goto", "a b.rs:7"]);
        assert_eq!(arguments("hx", path, None), ["a b.rs"]);
        assert_eq!(arguments("unknown", path, Some(7)), ["a b.rs"]);
    }
}
