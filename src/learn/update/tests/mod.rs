//! What keys and messages do that mean the same in every step. What a step does, its own room tests.

mod attention;
mod bindings;
mod live;
mod monitor;
mod navigation;
mod show;

use crate::learn::message::Effect;
use crate::learn::testing::learner::{Learner, running, saved};
use crate::progress::Progress;
