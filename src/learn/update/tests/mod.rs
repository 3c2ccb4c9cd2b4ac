//! What keys and messages do, kind of step by kind of step.

mod attention;
mod bindings;
mod compare;
mod debug;
mod exercise;
mod interview;
mod live;
mod monitor;
mod navigation;
mod predict;
mod reflect;
mod show;
mod typing;

use crate::learn::jobs::Job;
use crate::learn::message::Effect;
use crate::learn::testing::learner::Learner;
use crate::progress::Progress;

/// The progress that the effects save last.
#[track_caller]
fn saved(effects: &[Effect]) -> &Progress {
    let mut newest_first = effects.iter().rev().filter_map(|effect| match effect {
        Effect::SaveProgress(progress) => Some(progress),
        _ => None,
    });
    newest_first.next().expect("the progress is saved")
}

/// The job that the learner is told of.
fn running(learner: &Learner) -> Option<Job> {
    learner.model.work.jobs.newest().map(|running| running.job)
}

/// The effects but those that save the progress.
fn but_saves(effects: Vec<Effect>) -> Vec<Effect> {
    effects.into_iter().filter(|effect| !matches!(effect, Effect::SaveProgress(_))).collect()
}
