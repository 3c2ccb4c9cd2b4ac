//! The learner's own editor.

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
    #[error("EDITOR is empty; set it to the name of your editor")]
    None,
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
    let words = editor(|name| std::env::var(name).ok());
    let (program, flags) = words.split_first().ok_or(EditError::None)?;
    let arguments = arguments(program, path, line);
    let status = Command::new(program).args(flags).args(arguments).status().await;
    let (program, path) = (program.clone(), path.to_owned());
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(EditError::Failed { program, status, path }),
        Err(source) => Err(EditError::NotStarted { program, source, path }),
    }
}

/// The editor's command line in words.
fn editor(variable: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let chosen = ["VISUAL", "EDITOR"].into_iter().filter_map(variable).find(|value| !value.trim().is_empty());
    let fallback = if cfg!(windows) { "notepad" } else { "vi" };
    chosen.unwrap_or_else(|| fallback.to_owned()).split_whitespace().map(str::to_owned).collect()
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

    fn chosen(variables: &[(&str, &str)]) -> Vec<String> {
        editor(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn visual_comes_before_editor_and_both_may_carry_flags() {
        assert_eq!(chosen(&[("EDITOR", "nano"), ("VISUAL", "code --reuse-window")]), ["code", "--reuse-window"]);
        assert_eq!(chosen(&[("EDITOR", "nano"), ("VISUAL", " ")]), ["nano"]);
        assert_eq!(chosen(&[]).len(), 1);
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
