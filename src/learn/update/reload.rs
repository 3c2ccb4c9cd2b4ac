//! The lessons have changed while the workshop is open.

use super::super::context::Context;
use super::super::message::Effect;
use super::super::model::{Model, Position, Tone};
use super::super::screen::Screen;
use crate::course::{Course, Diagnostic};

/// Takes the lessons as they are now. The learner stays at their step; if that cannot be read, all stays as it was.
pub(super) fn reloaded(screen: &mut Screen, result: Result<Box<Course>, Vec<Diagnostic>>, effects: &mut Vec<Effect>) {
    let model = &mut screen.model;
    let course = match result {
        Ok(course) if *course == model.course => return,
        Ok(course) => course,
        Err(mistakes) => return tell(model, mistakes.first()),
    };
    let folder = model.lesson().folder_name();
    if let Some(broken) = course.broken.iter().find(|lesson| lesson.folder == folder) {
        return tell(model, broken.mistakes.first());
    }
    let Some(position) = same_step(model, &course) else {
        model
            .say(Tone::Bad, "The lessons have changed, and this step is gone. They stay as they were until you leave.");
        return;
    };
    let is_another = {
        let step = &course.lessons[position.lesson].steps[position.step];
        step.body != model.step().body || step.show != model.step().show
    };
    if is_another {
        Context::new(model, effects).leave();
    }
    (model.course, model.position, model.overlay) = (*course, position, None);
    model.say(Tone::Plain, "The lesson was read again.");
    if is_another {
        screen.enter_again(effects);
    }
}

fn tell(model: &mut Model, mistake: Option<&Diagnostic>) {
    let mistake = mistake.map(ToString::to_string).unwrap_or_default();
    model.say(Tone::Bad, format!("The lesson is shown as it was: {mistake}"));
}

/// Where the current step is among other lessons.
fn same_step(model: &Model, course: &Course) -> Option<Position> {
    let (id, step) = (&model.lesson().id, &model.step().id);
    let lesson = course.lessons.iter().position(|lesson| lesson.id == *id)?;
    let step = course.lessons[lesson].steps.iter().position(|other| other.id == *step)?;
    Some(Position { lesson, step })
}
