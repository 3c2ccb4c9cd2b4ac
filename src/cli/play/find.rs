//! Which scenario is meant.

use std::path::{Path, PathBuf};

use fields::suggest;

use super::super::{Usage, session::course};

/// A scenario file and what to call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) name: String,
    pub(super) path: PathBuf,
}

/// A scenario of the course.
struct Named {
    exercise: String,
    /// `exercise/scenario`
    name: String,
    path: PathBuf,
}

/// The file that `wanted` names, or else the scenario of the course.
pub(super) fn find(wanted: &str, root: &Path) -> anyhow::Result<Found> {
    let path = Path::new(wanted);
    if path.is_file() {
        return Ok(Found { name: wanted.to_owned(), path: path.to_owned() });
    }
    if path.extension().is_some_and(|extension| extension == "toml") {
        return Err(Usage(format!("there is no file `{wanted}`")).into());
    }
    Ok(choose(wanted, &scenarios(root)?)?)
}

fn scenarios(root: &Path) -> anyhow::Result<Vec<Named>> {
    let exercises = course(root)?.lessons.into_iter().flat_map(|lesson| lesson.exercises);
    let named = exercises.flat_map(|exercise| {
        exercise.scenarios.into_iter().map(move |file| Named {
            exercise: exercise.id.clone(),
            name: format!("{}/{}", exercise.id, file.name),
            path: file.path,
        })
    });
    Ok(named.collect())
}

/// The scenario with this name, with or without its exercise; or what to type instead.
fn choose(wanted: &str, all: &[Named]) -> Result<Found, Usage> {
    let matching: Vec<_> = all.iter().filter(|named| named.name == wanted || scenario_of(named) == wanted).collect();
    match matching[..] {
        [named] => return Ok(Found { name: named.name.clone(), path: named.path.clone() }),
        [] => {}
        _ => {
            let names = list(matching.iter().map(|named| named.name.as_str()));
            return Err(Usage(format!("more than one exercise has a scenario `{wanted}`; choose one of{names}")));
        }
    }
    let of_exercise = list(all.iter().filter(|named| named.exercise == wanted).map(|named| named.name.as_str()));
    if !of_exercise.is_empty() {
        return Err(Usage(format!("`{wanted}` is an exercise; choose one of its scenarios{of_exercise}")));
    }
    let problem = format!("there is neither a file nor a scenario `{wanted}`");
    Err(Usage(match nearest(wanted, all) {
        Some(name) => format!("{problem}; did you mean `{name}`?"),
        None => format!("{problem}\n`rtws play EXERCISE` shows the scenarios of an exercise."),
    }))
}

fn scenario_of(named: &Named) -> &str {
    named.name.strip_prefix(&named.exercise).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&named.name)
}

/// The full name of the scenario, or the exercise, that was probably meant.
fn nearest<'a>(wanted: &str, all: &'a [Named]) -> Option<&'a str> {
    let full = all.iter().map(|named| (named.name.as_str(), named.name.as_str()));
    let short = all.iter().map(|named| (scenario_of(named), named.name.as_str()));
    let exercises = all.iter().map(|named| (named.exercise.as_str(), named.exercise.as_str()));
    let candidates: Vec<(&str, &str)> = full.chain(short).chain(exercises).collect();
    let mut begun = all.iter().filter(|named| named.name.starts_with(wanted) || scenario_of(named).starts_with(wanted));
    if let (Some(only), None) = (begun.next(), begun.next()) {
        return Some(&only.name);
    }
    let best = suggest::nearest(wanted, candidates.iter().map(|(text, _)| *text))?;
    candidates.iter().find(|(text, _)| *text == best).map(|(_, name)| *name)
}

/// Each on its own line.
fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.flat_map(|name| ["\n  ", name]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Named> {
        let names = ["join-project/refuses-a-missing-id", "recall/refuses-a-missing-id", "worked-example/whole-path"];
        let scenario = |name: &str| {
            let exercise = name.split('/').next().unwrap().to_owned();
            Named { exercise, name: name.to_owned(), path: PathBuf::from(format!("{name}.toml")) }
        };
        names.map(scenario).into()
    }

    #[test]
    fn a_scenario_needs_its_exercise_only_when_others_have_one_of_that_name() {
        for wanted in ["worked-example/whole-path", "whole-path"] {
            let found = choose(wanted, &all()).unwrap();
            assert_eq!(found.name, "worked-example/whole-path");
            assert_eq!(found.path, PathBuf::from("worked-example/whole-path.toml"));
        }
        assert_eq!(
            choose("refuses-a-missing-id", &all()).unwrap_err().0,
            "more than one exercise has a scenario `refuses-a-missing-id`; choose one of\n  \
             join-project/refuses-a-missing-id\n  recall/refuses-a-missing-id"
        );
    }

    #[test]
    fn an_exercise_shows_its_scenarios() {
        assert_eq!(
            choose("worked-example", &all()).unwrap_err().0,
            "`worked-example` is an exercise; choose one of its scenarios\n  worked-example/whole-path"
        );
    }

    #[test]
    fn near_misses_are_suggested_and_far_ones_are_shown_the_way() {
        for (typed, meant) in [
            ("worked-example/whole-pth", "worked-example/whole-path"),
            ("hole-path", "worked-example/whole-path"),
            ("worked-example/w", "worked-example/whole-path"),
            ("whole", "worked-example/whole-path"),
            ("join-projcet", "join-project"),
        ] {
            let message = choose(typed, &all()).unwrap_err().0;
            assert!(message.ends_with(&format!("did you mean `{meant}`?")), "{message}");
        }
        assert!(choose("chess", &all()).unwrap_err().0.ends_with("shows the scenarios of an exercise."));
    }

    #[test]
    fn a_missing_file_is_not_taken_for_a_scenario() {
        let error = find("nowhere/x.toml", Path::new(".")).unwrap_err();
        assert_eq!(error.to_string(), "there is no file `nowhere/x.toml`");
    }
}
