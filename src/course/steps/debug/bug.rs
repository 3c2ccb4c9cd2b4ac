//! A bug: its changes to source code, the error if they do not fit, and the scenario that proves it.

use judge::replace::replaced;

/// A named change to the worked example that reproduces a pitfall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bug {
    /// The name of its file.
    pub id: String,
    /// Its name on screens.
    pub title: String,
    /// What to watch for, without the cause.
    pub symptom: String,
    /// The pitfall that it reproduces.
    pub pitfall: String,
    /// The changes; each `find` occurs exactly once in the worked example.
    pub replacements: Vec<Replacement>,
    /// A scenario to begin the learner's assertion with, as TOML.
    pub assertion_starter: String,
    /// The steps that complete it, as TOML: one way to prove the bug.
    pub proof: String,
    /// Shown when the bug is fixed.
    pub explanation: String,
}

/// One change of a bug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The text to find.
    pub find: String,
    /// What to put in its place.
    pub replace: String,
}

/// The learner's file does not contain what a bug replaces.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the bug `{bug}` does not fit this code: it looks for `{find}`, which stands in it {times}")]
pub struct DoesNotFit {
    /// The bug's id.
    pub bug: String,
    /// The first line of the text that was looked for.
    pub find: String,
    /// How often it occurs, or where, in words.
    pub times: &'static str,
}

impl Bug {
    /// `source` with the bug in it.
    ///
    /// Nothing is changed unless every replacement fits. The worked example always fits; a learner's file may have been
    /// edited since.
    pub fn plant(&self, source: &str) -> Result<String, DoesNotFit> {
        let replacements = self.replacements.iter();
        let pairs: Vec<_> = replacements.map(|it| (it.find.as_str(), it.replace.as_str())).collect();
        replaced(source, &pairs).map_err(|misfit| DoesNotFit {
            bug: self.id.clone(),
            find: pairs[misfit.index].0.lines().next().unwrap_or_default().trim().to_owned(),
            times: misfit.times,
        })
    }

    /// Its assertion starter, completed by its proof: a scenario that tells the bug from the worked example.
    pub fn completed_assertion(&self) -> String {
        format!("{}\n{}", self.assertion_starter, self.proof)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bug(replacements: &[(&str, &str)]) -> Bug {
        let replacements = replacements
            .iter()
            .map(|(find, replace)| Replacement { find: (*find).to_owned(), replace: (*replace).to_owned() })
            .collect();
        Bug {
            id: "broadcast-to-everyone".to_owned(),
            title: String::new(),
            symptom: String::new(),
            pitfall: String::new(),
            replacements,
            assertion_starter: String::new(),
            proof: String::new(),
            explanation: String::new(),
        }
    }

    #[test]
    fn every_replacement_is_made_wherever_it_stands() {
        let planted =
            bug(&[("io.to(room)", "io"), ("use rooms;", "use rooms::all;")]).plant("use rooms;\nio.to(room).emit();");
        assert_eq!(planted.unwrap(), "use rooms::all;\nio.emit();");
    }

    #[test]
    fn text_that_one_replacement_inserts_is_not_found_by_another() {
        assert_eq!(bug(&[("a", "b"), ("b", "c")]).plant("a b").unwrap(), "b c");
    }

    #[test]
    fn code_that_does_not_fit_is_left_alone() {
        let error = bug(&[("a", "x"), ("io.to(room)", "io")]).plant("a").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the bug `broadcast-to-everyone` does not fit this code: it looks for `io.to(room)`, which stands in it nowhere"
        );
        assert_eq!(bug(&[("a", "x")]).plant("a a").unwrap_err().times, "more than once");
        assert_eq!(bug(&[("a b", "x"), ("b c", "y")]).plant("a b c").unwrap_err().times, "across the place of another");
    }
}
