//! A new lesson, which works as it stands: an author changes it bit by bit.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use layout::{CodeFile, LESSONS, Layout, LessonFolder, LessonName, Package};

use super::files::{self, WriteError};
use crate::course::Body;
use crate::course::steps::Template;

/// A lesson to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLesson {
    /// The name of its folder.
    pub folder: String,
    /// The kinds of its steps; each comes once, in the order of [`Body::KINDS`].
    pub kinds: BTreeSet<String>,
}

/// Why a lesson cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum NewError {
    /// Its folder would not be one of a lesson.
    #[error(
        "`{0}` is not the name of a lesson: write a number of two digits, a hyphen and an id, as in `02-echo`; the id is that of \
         its exercise as well, so it is neither `main` nor `lib`"
    )]
    Name(String),
    /// There is no such kind of step.
    #[error("there is no kind of step `{0}`; write some of {all}", all = Body::KINDS.join(", "))]
    Kind(String),
    /// Another lesson has the number or the id.
    #[error("the lesson `{0}` has this number or this id")]
    Taken(String),
    /// Another lesson has an exercise of this name.
    #[error("there is already a file `{}`", .0.display())]
    Exists(PathBuf),
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl From<WriteError> for NewError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Exists(path) => Self::Exists(path),
            WriteError::File(path, source) => Self::Write { path, source },
        }
    }
}

impl NewLesson {
    /// Writes the lesson into a workshop, and returns its files, as paths from the root.
    ///
    /// # Errors
    ///
    /// When the name is taken or makes no sense; then nothing is written. When a file cannot be written.
    pub fn write(&self, workshop: &Layout) -> Result<Vec<PathBuf>, NewError> {
        let name = LessonName::parse(&self.folder).filter(|name| CodeFile::may_be(name.id));
        let name = name.ok_or_else(|| NewError::Name(self.folder.clone()))?;
        if let Some(kind) = self.kinds.iter().find(|kind| !Body::KINDS.contains(&kind.as_str())) {
            return Err(NewError::Kind(kind.clone()));
        }
        if let Some(folder) = files::taken(workshop, name) {
            return Err(NewError::Taken(folder));
        }
        let files = self.files(name);
        files::write(workshop.root(), &files)?;
        Ok(files.into_iter().map(|(path, _)| path).collect())
    }

    /// All files, as paths from the root.
    fn files(&self, name: LessonName<'_>) -> Vec<(PathBuf, String)> {
        let templates = self.templates();
        let uses = |placeholder: &str| templates.iter().any(|(_, template)| template.keys.contains(placeholder));
        let lesson = LessonFolder::at(Path::new(LESSONS).join(&self.folder));
        let ids = Ids { lesson: name.id.to_owned(), folder: self.folder.clone() };
        let exercises: Vec<_> = [(&ECHO, "@exercise@"), (&EXAMPLE, "@example@")]
            .into_iter()
            .filter(|(_, placeholder)| uses(placeholder))
            .map(|(exercise, _)| exercise)
            .collect();
        let mut files = vec![(lesson.file(), ids.fill(&lesson_file(&ids, &templates, &exercises)))];
        for (_, template) in &templates {
            files.extend(template.files.iter().map(|(name, text)| (lesson.path().join(name), ids.fill(text))));
        }
        for exercise in exercises {
            files.extend(exercise.files(&lesson, &ids));
        }
        files
    }

    /// The kinds with their templates. A bug is planted in code that was typed before.
    fn templates(&self) -> Vec<(&'static str, Template)> {
        let is_wanted = |kind: &str| self.kinds.contains(kind) || (kind == "retype" && self.kinds.contains("debug"));
        Body::TEMPLATES.iter().copied().filter(|(kind, _)| is_wanted(kind)).collect()
    }
}

const LONGEST_ID: usize = 64;

/// The ids of the new lesson.
struct Ids {
    lesson: String,
    folder: String,
}

impl Ids {
    fn exercise(&self) -> String {
        self.lesson.clone()
    }

    fn example(&self) -> String {
        format!("{}-example", self.short())
    }

    /// So much of the lesson's id that something can be put behind it.
    fn short(&self) -> &str {
        self.lesson.get(..LONGEST_ID - "-example".len()).unwrap_or(&self.lesson).trim_end_matches('-')
    }

    /// A text with the ids in their places.
    fn fill(&self, text: &str) -> String {
        text.replace("@short@", self.short())
            .replace("@folder@", &self.folder)
            .replace("@exercise@", &self.exercise())
            .replace("@example@", &self.example())
    }
}

/// An exercise of the template.
struct NewExercise {
    id: fn(&Ids) -> String,
    /// Its table in `lesson.toml`, without the id.
    table: &'static str,
    minutes: u32,
    page: Option<&'static str>,
    starter: &'static str,
    solution: &'static str,
    /// Scenarios and their expected transcripts, by name.
    scenarios: [(&'static str, &'static str, &'static str); 2],
    mistakes: Option<&'static str>,
}

const ECHO: NewExercise = NewExercise {
    id: Ids::exercise,
    table: "title = \"Send it back\"\ntext = \"exercise-@exercise@.md\"\nminutes = 1\nhints = [\n    \"`socket.emit` \
            answers the client that sent the event.\",\n    \"A payload can be emitted as it came: \
            `socket.emit(\\\"echo\\\", payload)`.\",\n]\n",
    minutes: 1,
    page: Some(
        "Answer each `say` with an `echo` that carries the same payload. A `say` without a payload is answered with `null`.\n",
    ),
    starter: include_str!("starter.txt"),
    solution: include_str!("solution.txt"),
    scenarios: [
        (
            "comes-back",
            include_str!("comes-back.toml"),
            "1 connect ann, bob\n2 ann emits say {\"text\":\"hello\"}\n    ann <- echo {\"text\":\"hello\"}\n",
        ),
        (
            "nothing-to-say",
            include_str!("nothing-to-say.toml"),
            "1 connect ann\n2 ann emits say\n    ann <- echo null\n",
        ),
    ],
    mistakes: Some(include_str!("mistakes.toml")),
};

const EXAMPLE: NewExercise = NewExercise {
    id: Ids::example,
    table: "title = \"The worked example\"\nminutes = 5\n",
    minutes: 5,
    page: None,
    starter: include_str!("example-starter.txt"),
    solution: include_str!("example-solution.txt"),
    scenarios: [
        (
            "others-hear-it",
            include_str!("others-hear-it.toml"),
            "1 connect ann, bob, eve\n2 ann emits say {\"text\":\"hello\"}\n    bob <- said {\"text\":\"hello\"}\n    \
             eve <- said {\"text\":\"hello\"}\n",
        ),
        ("alone", include_str!("alone.toml"), "1 connect ann\n2 ann emits say {\"text\":\"hello\"}\n"),
    ],
    mistakes: None,
};

impl NewExercise {
    fn files(&self, lesson: &LessonFolder, ids: &Ids) -> Vec<(PathBuf, String)> {
        let id = (self.id)(ids);
        let file = CodeFile::of(&id);
        let mut files = vec![
            (lesson.starter(file), ids.fill(self.starter)),
            (file.path(Package::Exercises), ids.fill(self.starter)),
            (file.for_editors(), files::bench(&id)),
            (file.path(Package::Solutions), ids.fill(self.solution)),
        ];
        for (name, scenario, transcript) in self.scenarios {
            let snapshot = format!("---\nsource: {SOURCE}\n---\n{transcript}rooms at the end\n    none\n");
            files.push((lesson.scenario(&id, name), scenario.to_owned()));
            files.push((lesson.snapshot(&id, name), snapshot));
        }
        if let Some(page) = self.page {
            files.push((lesson.path().join(format!("exercise-{id}.md")), page.to_owned()));
        }
        if let Some(mistakes) = self.mistakes {
            files.push((Layout::at("").wrong().to(&id).join("mistakes.toml"), mistakes.to_owned()));
        }
        files
    }
}

/// The source that stands above each transcript; insta writes its own.
const SOURCE: &str = "rtws lesson new";

fn lesson_file(ids: &Ids, templates: &[(&str, Template)], exercises: &[&NewExercise]) -> String {
    let own: u32 = templates.iter().filter_map(|(_, template)| template.minutes).sum();
    let solved = templates.iter().filter(|(_, template)| template.minutes.is_none()).count();
    let minutes = own + ECHO.minutes * u32::try_from(solved).unwrap_or_default();
    let mut text = format!(
        "title = \"{}\"\nsummary = \"Say in a sentence or two what it is about.\"\nminutes = [{minutes}, {}]\n",
        title(&ids.lesson),
        minutes + 5,
    );
    for (kind, template) in templates {
        text += &format!("\n[[steps]]\nkind = \"{kind}\"\n{}", template.keys.replace("@kind@", kind));
        text += &template.minutes.map(|minutes| format!("minutes = {minutes}\n")).unwrap_or_default();
    }
    for exercise in exercises {
        text += &format!("\n[[exercises]]\nid = \"{}\"\n{}", (exercise.id)(ids), exercise.table);
    }
    text
}

/// An id as a title.
fn title(id: &str) -> String {
    let mut words = id.replace('-', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}
