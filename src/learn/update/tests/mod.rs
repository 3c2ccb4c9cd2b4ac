//! Keys and messages that mean the same in every step. The room of each kind has the tests of its own.

mod attention;
mod bindings;
mod live;
mod monitor;
mod navigation;
mod reload;
mod show;

use crate::learn::message::Effect;
use crate::learn::testing::learner::{Learner, running, saved};
use crate::progress::Progress;
