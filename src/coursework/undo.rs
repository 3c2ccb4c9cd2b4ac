//! Brings back the code that a reset or a planted bug replaced.

use std::path::Path;

use crate::progress::{Backups, FileError, Replaced, Undone};

/// Brings the newest other code of an exercise back into its `file`; `None` if there is none.
///
/// # Errors
///
/// When a copy cannot be read, or the file cannot be replaced.
pub fn undo(backups: &Backups, exercise: &str, file: &Path) -> Result<Option<Undone>, FileError> {
    backups.undo(exercise, file)
}

/// The result, in sentences about the file with this name.
pub fn in_words(file: &str, undone: Option<&Undone>) -> String {
    let Some(Undone { restored, replaced }) = undone else {
        return format!("There is no other code to bring back: nothing of {file} was replaced.");
    };
    let restored = restored.display();
    match replaced {
        Replaced::Kept(backup) => format!(
            "{file} is as kept in {restored}. What it was is in {}; the same command takes it back.",
            backup.display()
        ),
        Replaced::Nothing | Replaced::Same => format!("{file} was missing, and is as kept in {restored}."),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn it_says_what_is_back_and_where_the_rest_is() {
        let folder = tempfile::tempdir().unwrap();
        let (file, backups) = (folder.path().join("first.rs"), Backups::new(folder.path()));
        let undone = || undo(&backups, "first", &file).unwrap();
        let says = |undone: &Option<Undone>| in_words("first.rs", undone.as_ref());
        fs::write(&file, "mine").unwrap();
        assert!(says(&undone()).starts_with("There is no other code"));
        backups.replace("first", &file, "starter").unwrap();
        let second = undone();
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
        assert!(says(&second).contains("takes it back"), "{second:?}");
        let Some(Undone { replaced: Replaced::Kept(backup), .. }) = second else { panic!("{second:?}") };
        assert_eq!(fs::read_to_string(backup).unwrap(), "starter");
        fs::remove_file(&file).unwrap();
        assert!(says(&undone()).contains("was missing"));
    }
}
