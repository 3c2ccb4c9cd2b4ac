//! The generated scenarios that are kept for an exercise: scripts, and what they lead to, whole.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
use layout::LessonFolder;
use scenario::Script;
use scenario::run::Outcome;
use serde::{Deserialize, Serialize};

use crate::cases::{Case, Expected};
use crate::key::Key;
use crate::source;

/// The version of the file's form.
const SCHEMA: u32 = 2;

/// More than a set may have when it is unpacked; the rest of a file that has more is not read.
const MOST_BYTES: u64 = 64 << 20;

/// The generated scenarios of an exercise, the shortest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Set {
    schema: u32,
    /// The key of the alphabet that they were made of.
    #[serde(skip)]
    alphabet: String,
    /// The scenarios.
    pub scenarios: Vec<Generated>,
}

/// A script, and what it leads to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Generated {
    /// What its clients do.
    pub script: Script,
    /// The transcript of the solution, and of every right answer.
    pub transcript: String,
}

/// A set that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}: {problem}\nMake it with `cargo xtask generate`.", path.display())]
pub struct SetError {
    /// Its file.
    pub path: PathBuf,
    /// What is wrong with it.
    #[source]
    pub problem: io::Error,
}

impl Generated {
    /// Whether the script was played to its end, with this transcript.
    pub(super) fn is_met_by(&self, outcome: Option<&Outcome>) -> bool {
        outcome.is_some_and(|outcome| outcome.end.is_none() && outcome.transcript.to_string() == self.transcript)
    }
}

impl Set {
    /// A set of these scenarios, which were made of an alphabet with this text.
    pub fn new(scenarios: Vec<Generated>, alphabet: &str) -> Self {
        Self { schema: SCHEMA, alphabet: key(alphabet), scenarios }
    }

    /// Writes it, the same bytes for the same set.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        // As a comment (RFC 1952, 2.3.1), so that nothing has to be unpacked to compare it.
        let mut packed = GzBuilder::new().comment(self.alphabet.as_str()).write(Vec::new(), Compression::best());
        packed.write_all(&serde_json::to_vec(self)?)?;
        fs::write(path, packed.finish()?)
    }

    /// Whether the set in a file of these bytes was made of the alphabet with this text; nothing if it is not a packed file.
    pub fn is_of(packed: &[u8], alphabet: &str) -> Option<bool> {
        let packed = GzDecoder::new(packed);
        Some(packed.header()?.comment() == Some(key(alphabet).as_bytes()))
    }

    fn unpack(packed: &[u8]) -> io::Result<Self> {
        let mut text = Vec::new();
        GzDecoder::new(packed).take(MOST_BYTES).read_to_end(&mut text)?;
        let set: Self = serde_json::from_slice(&text)?;
        if set.schema == SCHEMA {
            Ok(set)
        } else {
            Err(io::Error::other(format!("its form is {}, and this program knows {SCHEMA}", set.schema)))
        }
    }
}

/// The key of an alphabet, the same whichever way its lines end.
fn key(alphabet: &str) -> String {
    Key::of(alphabet.replace("\r\n", "\n").as_bytes()).to_string()
}

/// The generated scenarios that a lesson has for an exercise; none where nobody has made any.
pub(crate) fn cases(lesson: &LessonFolder, exercise: &str) -> Result<Vec<Case>, SetError> {
    let path = lesson.generated(exercise);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let problem = |problem| SetError { path: path.clone(), problem };
    let packed = source::bytes(&path).map_err(problem)?;
    let set = Set::unpack(&packed).map_err(problem)?;
    let key = Key::of(&packed);
    let case = |(index, generated): (usize, Generated)| {
        let Generated { script, transcript } = generated;
        let expected = Expected::Snapshot { path: path.clone(), transcript: Some(transcript) };
        let (name, text) = (format!("generated-{}", index + 1), format!("{key} {index}"));
        Case { name, path: path.clone(), text, is_generated: true, script, expected }
    };
    Ok(set.scenarios.into_iter().enumerate().map(case).collect())
}
