//! Small workshops in temporary folders.

mod broken;
mod fixture;
mod sound;
