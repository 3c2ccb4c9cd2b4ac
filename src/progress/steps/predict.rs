//! The saved state of a prediction, and its report.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::page::line;
use super::super::step::StepState;
use super::head::Head;
use crate::course::steps::Predict;

/// The first answer to each prediction, as an index from 0 into the choices, by step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Predictions(pub BTreeMap<String, usize>);

impl Predictions {
    /// A prediction was answered. The first answer stands.
    pub fn answer(&mut self, step: &str, choice: usize) {
        self.0.entry(step.to_owned()).or_insert(choice);
    }

    /// The first answer, if it is known.
    pub fn get(&self, step: &str) -> Option<usize> {
        self.0.get(step).copied()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(in crate::progress) struct Facts {
    #[serde(skip_serializing_if = "Option::is_none")]
    prediction: Option<Prediction>,
}

/// The first answer to a prediction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Prediction {
    chosen: String,
    right: bool,
}

pub(super) fn facts(predict: &Predict, step: &str, kept: &Predictions) -> Facts {
    let prediction = kept.get(step).and_then(|choice| {
        let chosen = predict.choices.get(choice)?.clone();
        Some(Prediction { chosen, right: choice == predict.answer })
    });
    Facts { prediction }
}

/// All predictions of a lesson.
pub(super) fn blocks(steps: &[(Head<'_>, &Facts)]) -> Vec<String> {
    if steps.is_empty() {
        return Vec::new();
    }
    let answers = || steps.iter().filter_map(|(_, facts)| facts.prediction.as_ref());
    let right = answers().filter(|answer| answer.right).count();
    let summary = match answers().count() {
        0 => "No answer is known.".to_owned(),
        count => format!("Predicted right first time: {right} of {count}."),
    };
    let lines: Vec<_> =
        steps.iter().map(|(head, facts)| format!("- {}: {}", line(head.title), in_words(head, facts))).collect();
    vec!["### Predictions".to_owned(), summary, lines.join("\n")]
}

fn in_words(head: &Head<'_>, facts: &Facts) -> String {
    match &facts.prediction {
        Some(answer) if answer.right => "right".to_owned(),
        Some(answer) => format!("wrong, with “{}”", line(&answer.chosen)),
        None if head.state == StepState::Done => "answered, but the answer was not kept".to_owned(),
        None => "not answered".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_answer_to_a_prediction_stands() {
        let mut predictions = Predictions::default();
        predictions.answer("rooms/predict", 2);
        predictions.answer("rooms/predict", 1);
        assert_eq!(predictions.get("rooms/predict"), Some(2));
    }
}
