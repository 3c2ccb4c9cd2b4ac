//! Mistakes: wrong answers that are told by what sets them apart from a right one.
//!
//! Any number of them stands in each `wrong/<exercise>/*.toml` of the package of the solutions:
//!
//! ```toml
//! [[mistakes]]
//! name = "answers-everyone"
//! of = "typed"
//! says = "The greeting goes to every client instead of its sender."
//! fails = "greets-each-by-their-own-name"
//! words = ["The server sent greeting to everyone who is connected."]
//! reader = ["greeting", ["should not", "more than once"]]
//!
//! [[mistakes.replacements]]
//! find = 'socket.emit'
//! replace = 'socket.io().emit'
//! ```
//!
//! `of` is the right answer `right/<exercise>/typed.rs`; without it the solution is meant. Each `find` stands
//! exactly once in that answer, so that a mistake which no longer fits is told of. [`of`] makes the code of each, and the
//! build script of the package writes it down. That script reads this file as well, so it needs nothing but `fields`,
//! `layout`, `thiserror` and its neighbour.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use fields::{Filled, Found, OneOrMany, Required, Shape, Text, Value as _, Verbatim, table};
use layout::{Layout, Package, folder, is_id, shown};

use super::replace::replaced;

/// What is wrong with an answer, and how a check says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The mistake, in a sentence.
    pub says: String,
    /// The scenario that catches it.
    pub fails: String,
    /// What the explanation of that scenario contains.
    pub words: Vec<String>,
    /// What a reader of the page, without having seen it, looks for in the explanation of the first scenario that fails: of
    /// each list, one.
    pub reader: Vec<Vec<String>>,
}

/// Between the words of which a reader looks for one, in a line of an answer.
pub(super) const OR: &str = " | ";

impl Mistake {
    /// The first lines of an answer with this mistake.
    fn header(&self) -> String {
        let words = self.words.iter().map(|words| format!("//! Says: {words}\n"));
        let reader = self.reader.iter().map(|one| format!("//! Reader: {}\n", one.join(OR)));
        let lines: String = words.chain(reader).collect();
        format!("//! {}\n//!\n//! Fails: {}\n{lines}", self.says, self.fails)
    }
}

/// A wrong answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Its name, which no other wrong answer to the exercise has.
    pub name: String,
    /// Where it stands: a file, from the root of the workshop, and the line of its name.
    pub place: String,
    /// What it is, or why it cannot be made.
    pub answer: Result<Answer, Unfit>,
}

/// A wrong answer that can be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What is wrong with it.
    pub mistake: Mistake,
    /// All of its code, below lines that say what is wrong.
    pub code: String,
}

/// Why a mistake cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The file with it cannot be read, or is no such TOML.
    #[error("{0}")]
    Unreadable(String),
    /// There is a wrong answer of its name, at this place.
    #[error("another wrong answer has this name: {0}")]
    Taken(String),
    /// No file can be called like it.
    #[error("its name needs to be lower-case letters, digits and single hyphens: a file is called so")]
    Name,
    /// It does not say how it is to be caught.
    #[error("`says` needs a sentence, and `words` some of the explanation that name the mistake")]
    Silent,
    /// What it is made in cannot be read.
    #[error(
        "cannot read {right}: {problem}\n`of` is a file beside it, without its ending; without `of` the solution is meant"
    )]
    NoRightAnswer {
        /// The file of the right answer.
        right: String,
        /// What the system says.
        problem: String,
    },
    /// The text to replace does not stand there once.
    #[error("this `find` stands {times} in {right}, and has to stand there once:\n{find}")]
    Misfit {
        /// How often it stands there, or where, in words.
        times: &'static str,
        /// The file of the right answer.
        right: String,
        /// The text.
        find: String,
    },
    /// The result is the right answer.
    #[error("it changes nothing")]
    Unchanged,
}

/// The wrong answers to an exercise that are told as mistakes, in the order of their files. A file that is no TOML stands
/// for its mistakes, under its own name.
pub fn of(workshop: &Layout, exercise: &str) -> Vec<Wrong> {
    let wrong = workshop.wrong();
    let place = |path: &Path| shown(workshop.from_root(path));
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    for path in wrong.files(exercise) {
        taken.insert(folder::stem(&path), place(&path));
    }
    let mut all = Vec::new();
    for path in wrong.mistakes(exercise) {
        let place = place(&path);
        match read(&path) {
            Ok(entries) => {
                all.extend(entries.into_iter().map(|entry| entry.made(workshop, exercise, &place, &mut taken)));
            }
            Err(unfit) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                all.push(Wrong { name, place, answer: Err(unfit) });
            }
        }
    }
    all
}

/// What may be written in a file of mistakes.
pub fn shape() -> Shape {
    File::shape()
}

table! {
    /// A file of mistakes.
    struct File = "a file of mistakes" {
        /// Each makes a right answer wrong.
        mistakes: Filled<Keys>,
    }
}

table! {
    /// A mistake as it is written.
    struct Keys = "a mistake" {
        /// Its name, which no other wrong answer to the exercise has.
        name: Required<Text>,
        /// The right answer; without it the solution.
        of: Option<String>,
        /// The mistake, in a sentence.
        says: Required<Verbatim>,
        /// The scenario that catches it.
        fails: Required<String>,
        /// Texts that the explanation of that scenario contains.
        words: Vec<Verbatim>,
        /// Texts that a reader of the page looks for in the explanation; of a list, one.
        reader: Vec<OneOrMany<Verbatim>>,
        /// The changes of the right answer.
        replacements: Filled<Replacement>,
    }
}

table! {
    /// One difference.
    struct Replacement = "a replacement" {
        /// A text that stands exactly once in the right answer.
        find: Required<Verbatim>,
        /// The text that stands there instead.
        replace: Required<Verbatim>,
    }
}

/// A mistake that was read.
struct Entry {
    name: String,
    /// Where the name stands, counted from one.
    line: usize,
    of: Option<String>,
    mistake: Mistake,
    /// What to find, and what to put there.
    replacements: Vec<(String, String)>,
}

fn read(path: &Path) -> Result<Vec<Entry>, Unfit> {
    let text = text(path).map_err(|error| Unfit::Unreadable(error.to_string()))?;
    let found = Found::default();
    let file: Option<File> = fields::read(&text, &found);
    let wrong: Vec<_> = found.into_sorted().iter().map(|mistake| told(mistake, &text)).collect();
    let file = file.filter(|_| wrong.is_empty()).ok_or_else(|| Unfit::Unreadable(wrong.join("\n")))?;
    Ok(file.mistakes.0.into_iter().map(|keys| Entry::new(keys, &text)).collect())
}

fn told(mistake: &fields::Mistake, text: &str) -> String {
    let (line, column) = fields::position(text, mistake.span.start);
    format!("line {line}, column {column}: {}", mistake.in_words())
}

fn texts(all: Vec<Verbatim>) -> Vec<String> {
    all.into_iter().map(|Verbatim(text)| text).collect()
}

impl Entry {
    fn new(keys: Keys, text: &str) -> Self {
        let line = keys.name.0.as_ref().map_or(1, |name| fields::position(text, name.span().start).0);
        let pair = |it: Replacement| (it.find.or_default().0, it.replace.or_default().0);
        Self {
            name: keys.name.0.map(Text::into_inner).unwrap_or_default(),
            line,
            of: keys.of,
            mistake: Mistake {
                says: keys.says.or_default().0,
                fails: keys.fails.or_default(),
                words: texts(keys.words),
                reader: keys.reader.into_iter().map(|OneOrMany(one)| texts(one)).collect(),
            },
            replacements: keys.replacements.0.into_iter().map(pair).collect(),
        }
    }

    fn made(self, workshop: &Layout, exercise: &str, file: &str, taken: &mut BTreeMap<String, String>) -> Wrong {
        let (name, place) = (self.name.clone(), format!("{file}:{}", self.line));
        let answer = match taken.get(&name) {
            Some(other) => Err(Unfit::Taken(other.clone())),
            None => self.code(workshop, exercise).map(|code| self.answer(&code)),
        };
        taken.entry(name.clone()).or_insert_with(|| place.clone());
        Wrong { name, place, answer }
    }

    fn answer(self, code: &str) -> Answer {
        Answer { code: format!("{}\n{code}", self.mistake.header()), mistake: self.mistake }
    }

    fn code(&self, workshop: &Layout, exercise: &str) -> Result<String, Unfit> {
        if !is_id(&self.name) {
            return Err(Unfit::Name);
        }
        let Mistake { says, words, .. } = &self.mistake;
        if says.trim().is_empty() || words.is_empty() || words.iter().any(|words| words.trim().is_empty()) {
            return Err(Unfit::Silent);
        }
        let file = self.base(workshop, exercise);
        let right = || shown(workshop.from_root(&file));
        let text = text(&file).map_err(|error| Unfit::NoRightAnswer { right: right(), problem: error.to_string() })?;
        let base = without_header(&text);
        let pairs: Vec<_> = self.replacements.iter().map(|(find, replace)| (find.as_str(), replace.as_str())).collect();
        let code = replaced(base, &pairs).map_err(|misfit| {
            let find = pairs.get(misfit.index).map(|(find, _)| *find).unwrap_or_default();
            Unfit::Misfit { times: misfit.times, right: right(), find: find.to_owned() }
        })?;
        if code == base { Err(Unfit::Unchanged) } else { Ok(code) }
    }

    /// The file of the right answer.
    fn base(&self, workshop: &Layout, exercise: &str) -> PathBuf {
        match &self.of {
            Some(name) => workshop.right().file(exercise, name),
            None => workshop.code(Package::Solutions, exercise),
        }
    }
}

/// A text with the ends of lines as this program writes them.
fn text(path: &Path) -> io::Result<String> {
    Ok(fs::read_to_string(path)?.replace("\r\n", "\n"))
}

/// What is below the lines that say what the file is: a mistake has lines of its own.
fn without_header(source: &str) -> &str {
    let mut rest = source;
    while let Some((line, below)) = rest.split_once('\n')
        && (line.starts_with("//!") || line.is_empty())
    {
        rest = below;
    }
    rest
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const SOLUTION: &str = "//! How it is done.\n//! In two lines.\n\nfn app() {\n    one();\n    two();\n}\n";

    /// A package with a solution, a right answer, a wrong one that is a file, and these mistakes.
    fn package(mistakes: &str) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("src/echo.rs", SOLUTION),
            ("right/echo/typed.rs", "//! Typed.\r\n\r\nfn app() {\r\n    typed();\r\n}\r\n"),
            ("wrong/echo/a-file.rs", "//! A file."),
            ("wrong/echo/some.toml", mistakes),
        ] {
            let path = folder.path().join("solutions").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn mistakes(package: &TempDir) -> Vec<Wrong> {
        of(&Layout::at(package.path()), "echo")
    }

    fn mistake(name: &str, rest: &str, replacements: &[(&str, &str)]) -> String {
        let replacements = replacements.iter().map(|(find, replace)| {
            format!("[[mistakes.replacements]]\nfind = '''{find}'''\nreplace = '''{replace}'''\n")
        });
        let replacements: String = replacements.collect();
        format!("[[mistakes]]\nname = {name:?}\nsays = \"It forgets.\"\nfails = \"back\"\n{rest}\n{replacements}")
    }

    fn code(wrong: &Wrong) -> &str {
        &wrong.answer.as_ref().unwrap().code
    }

    #[test]
    fn a_mistake_is_a_right_answer_with_other_parts_and_says_what_is_wrong() {
        let words = "words = [\"no echo\", \"to anyone\"]\nreader = [\"echo\", [\"no\", \"never\"]]";
        let typed = format!("of = \"typed\"\n{words}");
        let text = mistake("one", words, &[("    one();\n", ""), ("two()", "one()")])
            + &mistake("two", &typed, &[("    typed();", "    typed();\n    typed();")]);
        // As git may check it out on Windows.
        let all = mistakes(&package(&text.replace('\n', "\r\n")));
        let mistake = Mistake {
            says: "It forgets.".into(),
            fails: "back".into(),
            words: ["no echo", "to anyone"].map(Into::into).into(),
            reader: vec![vec!["echo".to_owned()], vec!["no".to_owned(), "never".to_owned()]],
        };
        assert_eq!(all[0].answer.as_ref().unwrap().mistake, mistake);
        let header = "//! It forgets.\n//!\n//! Fails: back\n//! Says: no echo\n//! Says: to anyone\n//! Reader: echo\n//! Reader: no | never\n\n";
        assert_eq!(code(&all[0]), format!("{header}fn app() {{\n    one();\n}}\n"));
        assert_eq!(code(&all[1]), format!("{header}fn app() {{\n    typed();\n    typed();\n}}\n"));
        assert_eq!((all[0].name.as_str(), all[0].place.as_str()), ("one", "solutions/wrong/echo/some.toml:2"));
    }

    #[test]
    fn the_example_in_the_manual_can_be_read() {
        let manual = include_str!("../../../lessons/README.md");
        let blocks = manual.split("```toml\n").filter_map(|rest| rest.split_once("\n```"));
        let example = blocks.map(|(block, _)| block).find(|block| block.starts_with("[[mistakes]]")).unwrap();
        let all = mistakes(&package(example));
        let names: Vec<_> = all.iter().map(|wrong| wrong.name.as_str()).collect();
        assert_eq!(names, ["answers-everyone", "answers-twice"]);
    }

    #[test]
    fn one_that_cannot_be_made_says_why_and_the_others_are_made() {
        let (words, fits) = ("words = [\"no echo\"]", ("one()", "two()"));
        for (name, rest, replacements, why) in [
            (
                "nowhere",
                words,
                &[("three()", "")][..],
                "stands nowhere in solutions/src/echo.rs, and has to stand there once:\nthree()",
            ),
            ("often", words, &[("()", "")], "stands more than once in solutions/src/echo.rs"),
            ("header", words, &[("How it is done", "")], "stands nowhere in solutions/src/echo.rs"),
            ("overlapping", words, &[("one();", ""), ("();\n    two", "")], "stands across the place of another"),
            ("nothing", words, &[("one", "one")], "changes nothing"),
            (
                "unknown",
                "of = \"untyped\"\nwords = [\"no echo\"]",
                &[fits],
                "cannot read solutions/right/echo/untyped.rs: ",
            ),
            ("unknown", "of = \"untyped\"\nwords = [\"no echo\"]", &[fits], "without `of` the solution is meant"),
            ("fits", words, &[fits], "another wrong answer has this name: solutions/wrong/echo/some.toml:2"),
            ("a-file", words, &[fits], "another wrong answer has this name: solutions/wrong/echo/a-file.rs"),
            ("../file", words, &[fits], "a file is called so"),
            ("silent", "words = []", &[fits], "`words` some of the explanation"),
        ] {
            let all = mistakes(&package(&(mistake("fits", words, &[fits]) + &mistake(name, rest, replacements))));
            let error = all[1].answer.as_ref().unwrap_err().to_string();
            assert!(error.contains(why), "{name}: {error}");
            assert!(code(&all[0]).ends_with("\n\nfn app() {\n    two();\n    two();\n}\n"), "{}", code(&all[0]));
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_stands_for_its_mistakes() {
        for (text, why) in [
            ("[[mistakes]]\nname = \"a\n", "line 2, column "),
            (
                "[[mistakes]]\nname = \"a\"\nsais = \"b\"\n",
                "line 3, column 1: a mistake has no key `sais`; did you mean `says`?",
            ),
            ("[[mistakes]]\nname = \"a\"\n", "line 1, column 1: a mistake needs the key `says`; add `says = …` here"),
        ] {
            let all = mistakes(&package(text));
            assert_eq!(
                (all.len(), all[0].name.as_str(), all[0].place.as_str()),
                (1, "some.toml", "solutions/wrong/echo/some.toml")
            );
            let error = all[0].answer.as_ref().unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
