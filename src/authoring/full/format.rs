//! Whether rustfmt would change a file.

use std::path::Path;
use std::process::Command;

use super::subject::Subject;
use crate::course::{Code, Diagnostic};

/// A warning about a file that is not formatted. Without rustfmt there is none.
pub(super) fn changed(subject: &Subject<'_>, file: &Path) -> Option<Diagnostic> {
    let root = subject.workshop.layout.root();
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--check", "--edition", "2024", "--config-path"]).arg(root.join("rustfmt.toml"));
    let output = rustfmt.arg(root.join(file)).output().ok()?;
    // It follows the modules of a file, and names the file that it would change.
    let (changed, line) = first_change(&String::from_utf8_lossy(&output.stdout))?;
    let changed = root.join(changed).canonicalize().ok()?;
    let file = changed.strip_prefix(root.canonicalize().ok()?).unwrap_or(file);
    let mut warning = subject.error(file, Code::NotFormatted, "rustfmt would change this file").warning();
    warning.line = line;
    Some(warning.help("`rustfmt --edition 2024` does it".to_owned()))
}

/// The file and the line of the first change that rustfmt shows. Code that it cannot parse is the compiler's to report.
fn first_change(said: &str) -> Option<(String, usize)> {
    let mut lines = said.lines().skip_while(|line| !line.starts_with("Diff in "));
    let (file, begins) = lines.next()?.strip_prefix("Diff in ")?.trim_end_matches(':').rsplit_once(':')?;
    let begins: usize = begins.parse().ok()?;
    Some((file.to_owned(), begins + lines.take_while(|line| line.starts_with(' ')).count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_change_is_behind_the_lines_around_it() {
        assert_eq!(
            first_change("Diff in /a/b.rs:4:\n \n fn a() {\n-  b();\n+    b();\n }\n"),
            Some(("/a/b.rs".to_owned(), 6))
        );
        assert_eq!(first_change("error: expected one of"), None);
    }
}
