//! Finds the workshop's folder.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use layout::Layout;

use super::{environment::variable, exit::Usage};

/// The workshop's folder: the one that is `wanted` or named by `RTWS_ROOT`, the nearest from the current folder upwards,
/// or the one that the program was built in.
pub fn find_root(wanted: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    if let Some(wanted) = wanted.or_else(|| variable("RTWS_ROOT").map(PathBuf::from)) {
        return chosen(&wanted);
    }
    let current = env::current_dir().context("cannot tell the current folder; change to one that exists")?;
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR"));
    nearest(&current).or_else(|| is_workshop(built_in).then(|| built_in.to_owned())).ok_or_else(|| {
        Usage(format!(
            "{} is not in a workshop: neither it nor a folder above holds `lessons` and `exercises`\n\
             Change to the workshop's folder, or name it with --root.",
            current.display()
        ))
        .into()
    })
}

fn chosen(wanted: &Path) -> anyhow::Result<PathBuf> {
    if !is_workshop(wanted) {
        let problem = format!(
            "{} is not a workshop: it does not hold `lessons` and `exercises`\n\
             Name one that does with --root or RTWS_ROOT, or neither to look upwards from the current folder.",
            wanted.display()
        );
        return Err(Usage(problem).into());
    }
    // Absolute, because programs that are started may run in another folder.
    std::path::absolute(wanted).with_context(|| format!("cannot tell where {} is", wanted.display()))
}

fn nearest(from: &Path) -> Option<PathBuf> {
    from.ancestors().find(|folder| is_workshop(folder)).map(Path::to_owned)
}

fn is_workshop(folder: &Path) -> bool {
    Layout::at(folder).exists()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_nearest_workshop_upwards_is_found() {
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("inner");
        for folder in [outer.path(), &inner] {
            fs::create_dir_all(folder.join("lessons")).unwrap();
            fs::create_dir_all(folder.join("exercises/src")).unwrap();
        }
        assert_eq!(nearest(&inner.join("exercises/src")), Some(inner.clone()));
        assert_eq!(nearest(&outer.path().join("exercises")), Some(outer.path().to_owned()));
        fs::remove_dir(inner.join("lessons")).unwrap();
        assert_eq!(nearest(&inner), Some(outer.path().to_owned()));
    }

    #[test]
    fn a_folder_that_was_chosen_must_be_a_workshop() {
        let folder = tempfile::tempdir().unwrap();
        let error = find_root(Some(folder.path().to_owned())).unwrap_err();
        assert!(error.downcast_ref::<Usage>().is_some());
        assert!(error.to_string().contains("is not a workshop"));
    }
}
