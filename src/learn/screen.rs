//! The screen: the model, and the step that is shown, with its own state.

use super::context::Context;
use super::message::Effect;
use super::model::{Model, Position};
use super::steps::{self, StepScreen};

/// Everything that the learner sees and works with.
#[derive(Debug)]
pub struct Screen {
    /// Everything but the current step's own state.
    pub model: Model,
    /// The current step.
    pub step: Box<dyn StepScreen>,
}

impl Screen {
    /// The model at its current step, and the effects of entering that.
    pub fn open(mut model: Model) -> (Self, Vec<Effect>) {
        let mut effects = Vec::new();
        let place = model.progress.position.clone();
        let step = enter(&mut model, &mut effects);
        // The learner comes back to a lesson that is closed now because of a mistake in the course.
        if let Some(place) = place.filter(|place| model.course.is_closed(&place.lesson)) {
            model.progress.position = Some(place);
            effects.retain(|effect| !matches!(effect, Effect::SaveProgress(_)));
        }
        (Self { model, step }, effects)
    }

    /// Begins the current step again, because it is another one now.
    pub fn enter_again(&mut self, effects: &mut Vec<Effect>) {
        self.step = enter(&mut self.model, effects);
    }

    /// Goes to a step.
    pub fn go_to(&mut self, position: Position, effects: &mut Vec<Effect>) {
        Context::new(&mut self.model, effects).leave();
        self.model.status = None;
        self.model.position = position;
        self.step = enter(&mut self.model, effects);
    }
}

/// The current step in its initial state.
fn enter(model: &mut Model, effects: &mut Vec<Effect>) -> Box<dyn StepScreen> {
    model.enter();
    let mut cx = Context::new(model, effects);
    let step = steps::open(&mut cx);
    cx.save();
    step
}
