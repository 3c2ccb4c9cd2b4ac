//! `[[exercises]]` and the scenarios that check them.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroU32;

use fields::{Required, Text, suggest, table};
use judge::generation::set::Set;
use judge::source;
use layout::folder::stem;
use layout::{CodeFile, GENERATED, Layout, LessonFolder, shown};
use scenario::order_in;

use super::super::diagnostic::{Code, Diagnostic};
use super::super::exercise::{Exercise, ScenarioFile};
use super::super::folder::Folder;
use super::super::names::Names;
use super::super::reader::{Id, Reader};

table! {
    /// An exercise, as it is written.
    pub(super) struct Keys = "an exercise" {
        /// Its id, which names its files: no other exercise of the course has it.
        id: Required<Id>,
        /// Its name on screens.
        title: Required<String>,
        /// The page with the task, a file of Markdown in the lesson's folder.
        text: Option<Text>,
        /// How long it takes.
        minutes: Required<NonZeroU32>,
        /// The scenario that the starter has to fail first, by its name.
        starter_fails: Option<Text>,
        /// From a nudge to the shape of the solution.
        hints: Vec<String>,
    }
}

pub(super) fn all(keys: Vec<Keys>, reader: &Reader<'_>, folder: &Folder<'_>, names: &mut Names) -> Vec<Exercise> {
    let exercises: Vec<Exercise> = keys.into_iter().map(|keys| new(keys, reader, folder, names)).collect();
    warn_of_strays(folder, &exercises);
    exercises
}

fn new(keys: Keys, reader: &Reader<'_>, folder: &Folder<'_>, names: &mut Names) -> Exercise {
    let text = keys.text.and_then(|name| folder.page(reader, &name));
    if let Some(Id(id)) = keys.id.0.as_ref().filter(|Id(id)| !CodeFile::may_be(id.get_ref())) {
        let message = format!(
            "an exercise cannot be called `{}`: cargo would take its file for a program or a library",
            id.get_ref()
        );
        reader.error(id.span(), Code::BadId, message, "choose another id".to_owned());
    }
    if let Some(Id(id)) = keys.id.0.as_ref().filter(|Id(id)| !names.exercises.has(id.get_ref())) {
        refuse_scenarios_elsewhere(reader, folder, id);
    }
    let scenarios = keys.id.0.as_ref().map(|Id(id)| scenarios(reader, folder, id)).unwrap_or_default();
    let starter_fails = keys.starter_fails.and_then(|name| known_scenario(reader, name, &scenarios));
    Exercise {
        scenarios,
        starter_fails,
        id: names.exercises.claim(reader, keys.id, "an exercise"),
        title: keys.title.or_default(),
        text: text.map(|source| source.text().to_owned()).unwrap_or_default(),
        hints: keys.hints,
        minutes: keys.minutes.0.map_or(0, NonZeroU32::get),
    }
}

fn scenarios(reader: &Reader<'_>, folder: &Folder<'_>, id: &Text) -> Vec<ScenarioFile> {
    let files = LessonFolder::at(folder.full_path()).scenario_files(id.get_ref());
    let found: Vec<_> = files.into_iter().map(|path| ScenarioFile { name: stem(&path), path }).collect();
    refuse_taken_names(folder, id.get_ref(), &found);
    if found.is_empty() {
        let message = format!("nothing checks the exercise `{}`", id.get_ref());
        let first = LessonFolder::default().scenario(id.get_ref(), "first");
        let help = format!("add a scenario, such as `{}`", shown(&first));
        reader.warning(id.span(), Code::NoScenario, message, help);
    }
    warn_of_shared_places(folder, &found);
    warn_of_an_old_set(folder, id.get_ref());
    found
}

fn known_scenario(reader: &Reader<'_>, name: Text, scenarios: &[ScenarioFile]) -> Option<String> {
    let mut names = scenarios.iter().map(|scenario| scenario.name.as_str());
    if names.clone().any(|known| known == name.get_ref()) {
        return Some(name.into_inner());
    }
    let help = suggest::help(name.get_ref(), &mut names);
    let message = format!("this exercise has no scenario `{}`", name.get_ref());
    reader.error(name.span(), Code::UnknownScenario, message, help);
    None
}

/// Generated scenarios may go against a page that has changed with its alphabet.
fn warn_of_an_old_set(folder: &Folder<'_>, exercise: &str) {
    let lesson = LessonFolder::at(folder.full_path());
    let Ok(alphabet) = source::read(&lesson.alphabet(exercise)) else { return };
    let Ok(set) = source::bytes(&lesson.generated(exercise)) else { return };
    // A check says so if the set cannot be read, and reads far more of it.
    let path = LessonFolder::at(folder.path()).generated(exercise);
    let is_of = Set::is_of(&set, &alphabet);
    if is_of.is_none() {
        let error =
            Diagnostic::about(&path, Code::UnreadableFile, "this is not a set of generated scenarios".to_owned());
        folder.sink.report(error.help(format!("make it again with `cargo xtask generate {exercise}`")));
    }
    if is_of == Some(false) {
        let warning =
            Diagnostic::about(path, Code::OldSet, "this set was made of another alphabet".to_owned()).warning();
        folder.sink.report(warning.help(format!("make it again with `cargo xtask generate {exercise}`")));
    }
}

/// The engine finds the scenarios of an exercise by its id alone, in the first lesson that has some.
fn refuse_scenarios_elsewhere(reader: &Reader<'_>, folder: &Folder<'_>, id: &Text) {
    let first = Layout::at(folder.root()).lesson_of(id.get_ref());
    if let Some(other) = first.filter(|lesson| lesson.path() != folder.full_path()) {
        let other = other.path().strip_prefix(folder.root()).unwrap_or(other.path()).to_owned();
        let message = format!("`{}` has scenarios for an exercise of this name, too", shown(&other));
        let help = "give one of the two exercises another id, or remove these scenarios".to_owned();
        reader.error(id.span(), Code::DuplicateId, message, help);
    }
}

/// Two scenarios with the same `order` come in the order of their names, which their author hardly meant.
fn warn_of_shared_places(folder: &Folder<'_>, scenarios: &[ScenarioFile]) {
    let mut taken = BTreeMap::new();
    for ScenarioFile { name, path } in scenarios {
        let Some(order) = fs::read_to_string(path).ok().and_then(|text| order_in(&text)) else { continue };
        if let Some(other) = taken.insert(order, name) {
            let message = format!("`order = {order}` is also that of the scenario `{other}`");
            let path = path.strip_prefix(folder.root()).unwrap_or(path);
            let warning = Diagnostic::about(path, Code::SamePlace, message).warning();
            folder.sink.report(warning.help("give each scenario of an exercise its own place".to_owned()));
        }
    }
}

/// A scenario that somebody wrote may not be called as those that nobody wrote are.
fn refuse_taken_names(folder: &Folder<'_>, exercise: &str, scenarios: &[ScenarioFile]) {
    for ScenarioFile { name, .. } in scenarios.iter().filter(|scenario| scenario.name.starts_with(GENERATED)) {
        let path = LessonFolder::at(folder.path()).scenario(exercise, name);
        let message = format!("`{name}` would be mistaken for a generated scenario");
        let help = format!("choose a name that does not begin with `{GENERATED}`");
        folder.sink.report(Diagnostic::about(path, Code::DuplicateId, message).help(help));
    }
}

/// A folder of scenarios that belongs to no exercise checks nothing; usually its name is misspelt.
fn warn_of_strays(folder: &Folder<'_>, exercises: &[Exercise]) {
    let ids = || exercises.iter().map(|exercise| exercise.id.as_str());
    let lesson = LessonFolder::at(folder.path());
    for name in folder.names(LessonFolder::default().all_scenarios()) {
        if ids().all(|id| id != name) {
            let path = lesson.scenarios(&name);
            let message = format!("this lesson has no exercise `{name}`, so nobody runs these scenarios");
            let warning = Diagnostic::about(path, Code::UnknownExercise, message).warning();
            folder.sink.report(warning.help(suggest::help(&name, ids())));
        }
    }
}
