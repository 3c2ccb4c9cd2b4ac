//! `[[exercises]]` and the scenarios that check them.

use std::path::Path;

use toml::Spanned;

use super::super::diagnostic::{Code, Diagnostic};
use super::super::exercise::{Exercise, ScenarioFile};
use super::super::fields::{Fields, Text, owned};
use super::super::folder::Folder;
use super::super::names::Names;
use super::super::suggest;

const SCENARIOS: &str = "scenarios";

pub(super) fn read_all(tables: Vec<Fields<'_>>, folder: &Folder<'_>, names: &mut Names) -> Vec<Exercise> {
    let exercises: Vec<Exercise> = tables.into_iter().map(|fields| read(fields, folder, names)).collect();
    warn_of_strays(folder, &exercises);
    exercises
}

fn read(mut fields: Fields<'_>, folder: &Folder<'_>, names: &mut Names) -> Exercise {
    let id = fields.id("id");
    if let Some(id) = &id {
        names.exercises.claim(&fields, id, "an exercise");
    }
    let title = owned(fields.text("title"));
    let text = fields.optional_text("text").and_then(|name| folder.page(&fields, &name));
    let text = text.map(|source| source.text().to_owned()).unwrap_or_default();
    let minutes = fields.count("minutes").unwrap_or_default();
    let hints = fields.texts("hints").into_iter().map(Spanned::into_inner).collect();
    let scenarios = id.as_ref().map(|id| scenarios(&fields, folder, id)).unwrap_or_default();
    fields.finish();
    Exercise { id: owned(id), title, text, hints, scenarios, minutes }
}

fn scenarios(fields: &Fields<'_>, folder: &Folder<'_>, id: &Text) -> Vec<ScenarioFile> {
    let below = Path::new(SCENARIOS).join(id.get_ref());
    let names = folder.names(&below);
    let found: Vec<ScenarioFile> = names
        .iter()
        .filter_map(|file| file.strip_suffix(".toml"))
        .map(|name| ScenarioFile {
            name: name.to_owned(),
            path: folder.full_path().join(&below).join(format!("{name}.toml")),
        })
        .collect();
    if found.is_empty() {
        let message = format!("nothing checks the exercise `{}`", id.get_ref());
        let help = format!("add a scenario, such as `{}/first.toml`", below.display());
        fields.report(fields.source().error(id.span(), Code::NoScenario, message).warning().help(help));
    }
    found
}

/// A folder of scenarios that belongs to no exercise checks nothing; usually its name is misspelt.
fn warn_of_strays(folder: &Folder<'_>, exercises: &[Exercise]) {
    let ids = || exercises.iter().map(|exercise| exercise.id.as_str());
    for name in folder.names(SCENARIOS) {
        if !name.starts_with('.') && ids().all(|id| id != name) {
            let path = folder.path().join(SCENARIOS).join(&name);
            let message = format!("this lesson has no exercise `{name}`, so nobody runs these scenarios");
            let warning = Diagnostic::about(path, Code::UnknownExercise, message).warning();
            folder.sink.report(warning.help(suggest::help(&name, ids())));
        }
    }
}
