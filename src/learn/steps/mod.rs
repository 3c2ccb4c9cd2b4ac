//! The screens of the steps, one room for each kind: state, keys, their effects, news, drawing.
//!
//! Nothing outside these rooms asks for the kind of a step. [`open`] has the one list of them.

pub mod compare;
pub mod debug;
pub mod exercise;
mod field;
pub mod interview;
mod kind;
mod news;
pub mod predict;
pub mod read;
pub mod reflect;
pub mod retype;

pub use kind::{Choice, Input, Keys, Pressed, StepScreen, Width, Written};
pub use news::News;

use super::context::Context;
use crate::course::Body;

/// The screen of the current step in its initial state.
pub fn open(cx: &mut Context<'_>) -> Box<dyn StepScreen> {
    match cx.model.step().body.clone() {
        Body::Read(_) => Box::new(read::ReadScreen),
        Body::Predict(predict) => Box::new(predict::PredictScreen::open(cx, predict)),
        Body::Retype(retype) => Box::new(retype::RetypeScreen::open(cx, retype)),
        Body::Debug(debug) => Box::new(debug::DebugScreen::open(debug)),
        Body::Exercise(solved) | Body::Project(solved) => Box::new(exercise::ExerciseScreen::open(&solved.exercise)),
        Body::Recall(solved) => Box::new(exercise::ExerciseScreen::open(&solved.exercise)),
        Body::Compare(compare) => Box::new(compare::CompareScreen::open(cx, compare)),
        Body::Interview(interview) => Box::new(interview::InterviewScreen::open(cx, interview)),
        Body::Reflect(reflect) => Box::new(reflect::ReflectScreen::open(cx, reflect)),
    }
}
