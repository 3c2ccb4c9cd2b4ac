//! A lesson in one file, to be handed on. It holds data and the code of answers, and nothing that a build would run by
//! itself: no manifests, build scripts, links or absolute paths. The file is a JSON document, packed by gzip, so that it
//! cannot hold anything else.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use judge::source;
use layout::folder::entries;
use layout::{CodeFile, LESSONS, Language, Layout, LessonFolder, LessonName, Package, is_id, shown};
use serde::{Deserialize, Serialize};

use super::files::{self, WriteError};

/// The version of the file's form.
const SCHEMA: u32 = 1;
/// More than a lesson has when it is unpacked; the rest of a file that has more is not read.
const MOST_BYTES: u64 = 32 << 20;
/// How the names of files end that a lesson has, besides code.
const ENDINGS: [&str; 5] = ["toml", "md", "js", "snap", "gz"];

/// A lesson with everything that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    schema: u32,
    /// The name of its folder.
    pub lesson: String,
    /// Its files, by their paths from the workshop's root, with slashes.
    pub files: BTreeMap<String, Content>,
}

/// What stands in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Content {
    /// A text.
    Text(String),
    /// Anything else: generated scenarios are packed.
    Bytes(Vec<u8>),
}

/// Why a lesson is not packed, or not added.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// There is no such lesson.
    #[error("there is no lesson `{}`", shown(.0))]
    NoLesson(PathBuf),
    /// A file cannot be read or written.
    #[error("{}: {source}", shown(path))]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is no packed lesson.
    #[error("this is not a lesson that `rtws lesson pack` has written: {0}")]
    NoPack(String),
    /// A file that no lesson has, or that would lie elsewhere.
    #[error("a lesson may not have a file `{0}`")]
    Refused(String),
    /// Another lesson has the number, the id, or a file.
    #[error("`{}` is there already", shown(.0))]
    Taken(PathBuf),
}

impl PackError {
    fn file(path: &Path) -> impl FnOnce(io::Error) -> Self + use<'_> {
        |source| Self::File { path: path.to_owned(), source }
    }
}

impl From<WriteError> for PackError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Exists(path) => Self::Taken(path),
            WriteError::File(path, source) => Self::File { path, source },
        }
    }
}

impl Pack {
    /// Takes a lesson from a workshop, by the name of its folder.
    ///
    /// # Errors
    ///
    /// When it is not there, a file of it cannot be read, or is none that a lesson may have.
    pub fn of(workshop: &Layout, lesson: &str) -> Result<Self, PackError> {
        let folder = LessonFolder::at(workshop.lessons().join(lesson));
        if !folder.file().is_file() {
            return Err(PackError::NoLesson(workshop.from_root(folder.path()).to_owned()));
        }
        let mut paths = Vec::new();
        collect(folder.path(), &mut paths)?;
        for exercise in folder.exercises() {
            paths.push(workshop.code(Package::Solutions, &exercise));
            for answers in [workshop.right(), workshop.wrong()] {
                if answers.to(&exercise).is_dir() {
                    collect(&answers.to(&exercise), &mut paths)?;
                }
            }
        }
        let mut pack = Self { schema: SCHEMA, lesson: lesson.to_owned(), files: BTreeMap::new() };
        for path in paths.iter().filter(|path| path.is_file()) {
            let bytes = source::bytes(path).map_err(PackError::file(path))?;
            let content =
                String::from_utf8(bytes).map_or_else(|error| Content::Bytes(error.into_bytes()), Content::Text);
            pack.files.insert(shown(workshop.from_root(path)), content);
        }
        pack.check()?;
        Ok(pack)
    }

    /// Reads a packed lesson, and looks at the names in it.
    ///
    /// # Errors
    ///
    /// When it is none, or has a file that no lesson may have.
    pub fn read(bytes: &[u8]) -> Result<Self, PackError> {
        let mut text = Vec::new();
        let unpacked = GzDecoder::new(bytes).take(MOST_BYTES).read_to_end(&mut text);
        unpacked.map_err(|error| PackError::NoPack(error.to_string()))?;
        let pack: Self = serde_json::from_slice(&text).map_err(|error| PackError::NoPack(error.to_string()))?;
        if pack.schema != SCHEMA {
            return Err(PackError::NoPack(format!("its form is {}, and this program knows {SCHEMA}", pack.schema)));
        }
        pack.check()?;
        Ok(pack)
    }

    /// The file, the same bytes for the same lesson.
    ///
    /// # Errors
    ///
    /// Never, while there is memory.
    pub fn packed(&self) -> io::Result<Vec<u8>> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&serde_json::to_vec(self)?)?;
        packed.finish()
    }

    /// The ids of its exercises: those that have a starter.
    pub fn exercises(&self) -> Vec<String> {
        let starters = LessonFolder::at(Path::new(LESSONS).join(&self.lesson)).starter(CodeFile::of("x"));
        let folder = starters.parent().map(shown).unwrap_or_default();
        let of = |path: &String| {
            let (before, _) = path.rsplit_once('/').filter(|(before, _)| *before == folder)?;
            let file = CodeFile::named(Path::new(path))?;
            (!before.is_empty()).then(|| file.exercise.to_owned())
        };
        self.files.keys().filter_map(of).collect()
    }

    /// What its `lesson.toml` says.
    pub fn lesson_file(&self) -> Option<&str> {
        let path = shown(&LessonFolder::at(Path::new(LESSONS).join(&self.lesson)).file());
        match self.files.get(&path)? {
            Content::Text(text) => Some(text),
            Content::Bytes(_) => None,
        }
    }

    /// Writes the lesson into a workshop, with a file for the learner of each exercise. Returns the paths from the root.
    ///
    /// # Errors
    ///
    /// When a lesson has its number or its id, or a file is there already; then nothing is written. When one cannot be written.
    pub fn add(&self, workshop: &Layout) -> Result<Vec<PathBuf>, PackError> {
        if let Some(other) = LessonName::parse(&self.lesson).and_then(|name| files::taken(workshop, name)) {
            return Err(PackError::Taken(Path::new(LESSONS).join(other)));
        }
        let mut files: Vec<(PathBuf, &[u8])> =
            self.files.iter().map(|(path, content)| (PathBuf::from(path), content.bytes())).collect();
        let exercises = self.exercises();
        let folder = LessonFolder::at(Path::new(LESSONS).join(&self.lesson));
        let benches: Vec<_> = exercises.iter().map(|id| (id, files::bench(id))).collect();
        for (id, bench) in &benches {
            let file = CodeFile::of(id);
            if let Some(starter) = self.files.get(&shown(&folder.starter(file))) {
                files.push((file.path(Package::Exercises), starter.bytes()));
            }
            files.push((file.for_editors(), bench.as_bytes()));
        }
        files::write(workshop.root(), &files)?;
        Ok(files.into_iter().map(|(path, _)| path).collect())
    }

    /// Each file lies in the lesson's folder, or is an answer to one of its exercises.
    fn check(&self) -> Result<(), PackError> {
        if LessonName::parse(&self.lesson).is_none() {
            return Err(PackError::NoPack(format!("`{}` is not the name of a lesson", self.lesson)));
        }
        let exercises = self.exercises();
        match self.files.keys().find(|path| !self.may_have(path, &exercises)) {
            Some(path) => Err(PackError::Refused(path.clone())),
            None => Ok(()),
        }
    }

    fn may_have(&self, path: &str, exercises: &[String]) -> bool {
        let path = Path::new(path);
        let plain = |part: Component<'_>| matches!(part, Component::Normal(name) if is_plain(&name.to_string_lossy()));
        let ends_well = path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
            || Language::of(path).is_some();
        let solutions = Layout::at("");
        let is_answer = |id: &String| {
            is_id(id)
                && (path == CodeFile::of(id).path(Package::Solutions)
                    || [solutions.right(), solutions.wrong()]
                        .iter()
                        .any(|answers| path.parent() == Some(&answers.to(id))))
        };
        let is_here = path.starts_with(Path::new(LESSONS).join(&self.lesson)) || exercises.iter().any(is_answer);
        path.components().all(plain) && ends_well && is_here
    }
}

impl Content {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// A name that is the same on every system, and hides nothing.
fn is_plain(name: &str) -> bool {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    !name.starts_with('.') && name.len() <= 80 && name.chars().all(is_plain) && !name.contains("..")
}

/// The files below a folder. A link is a file here, which is then read as what it leads to only if that is in the folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), PackError> {
    for path in entries(folder).map_err(PackError::file(folder))? {
        if path.is_symlink() {
            return Err(PackError::Refused(path.file_name().unwrap_or_default().to_string_lossy().into_owned()));
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn pack(files: &[&str]) -> Pack {
        let files = files.iter().map(|path| ((*path).to_owned(), Content::Text("text".to_owned()))).collect();
        Pack { schema: SCHEMA, lesson: "02-echo".to_owned(), files }
    }

    #[test]
    fn a_pack_is_read_as_it_was_written() {
        let mut written =
            pack(&["lessons/02-echo/lesson.toml", "lessons/02-echo/starters/echo.rs", "solutions/src/echo.rs"]);
        written.files.insert("lessons/02-echo/generated/echo.json.gz".to_owned(), Content::Bytes(vec![31, 139, 255]));
        let read = Pack::read(&written.packed().unwrap()).unwrap();
        assert_eq!(read, written);
        assert_eq!((read.exercises(), read.lesson_file()), (vec!["echo".to_owned()], Some("text")));
    }

    #[test]
    fn a_file_that_no_lesson_has_is_refused() {
        let starter = "lessons/02-echo/starters/echo.rs";
        for path in [
            "/etc/passwd",
            "../evil.md",
            "lessons/02-echo/../../evil.md",
            "lessons/02-echo/build.sh",
            "lessons/02-echo/Cargo.lock",
            "lessons/02-echo/.cargo/config.toml",
            "lessons/03-other/page.md",
            "Cargo.toml",
            ".cargo/config.toml",
            "rust-toolchain.toml",
            "solutions/build.rs",
            "solutions/Cargo.toml",
            "solutions/src/other.rs",
            "solutions/right/other/a.rs",
            "solutions/right/echo/deeper/a.rs",
            "exercises/src/echo.rs",
            "src/main.rs",
            "lessons/02-echo/a\\b.md",
            "lessons/02-echo/C:a.md",
            "lessons/02-echo/a\nb.md",
            "",
        ] {
            let packed = pack(&[starter, path]).packed().unwrap();
            assert!(matches!(Pack::read(&packed), Err(PackError::Refused(refused)) if refused == path), "{path:?}");
        }
        for lesson in ["echo", "../02-echo", "02-Echo", ""] {
            let packed = Pack { lesson: lesson.to_owned(), ..pack(&[]) }.packed().unwrap();
            assert!(matches!(Pack::read(&packed), Err(PackError::NoPack(_))), "{lesson}");
        }
    }

    #[test]
    fn nothing_is_written_over_what_is_there() {
        let root = tempfile::tempdir().unwrap();
        let workshop = Layout::at(root.path());
        let pack = pack(&["lessons/02-echo/lesson.toml", "lessons/02-echo/starters/echo.rs", "solutions/src/echo.rs"]);
        fs::create_dir_all(root.path().join("solutions/src")).unwrap();
        fs::write(root.path().join("solutions/src/echo.rs"), "mine").unwrap();
        assert!(
            matches!(pack.add(&workshop), Err(PackError::Taken(path)) if path == Path::new("solutions/src/echo.rs"))
        );
        assert!(!root.path().join("lessons").exists());
        fs::remove_file(root.path().join("solutions/src/echo.rs")).unwrap();
        let written = pack.add(&workshop).unwrap();
        assert!(written.contains(&PathBuf::from("exercises/src/echo.rs")), "{written:?}");
        assert!(matches!(pack.add(&workshop), Err(PackError::Taken(path)) if path == Path::new("lessons/02-echo")));
    }
}
