//! The other threads of this process.
//!
//! A paused clock must not move while a thread of the answer computes, because that thread may be about to wake the
//! runtime. Linux tells what each thread does; other systems do not, so there every question is answered with "nothing
//! seen".

mod census;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod sampler;
#[cfg(target_os = "linux")]
mod syscall;

pub(crate) use census::POOL;
#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{Rest, Sampler, Threads};
#[cfg(target_os = "linux")]
pub(crate) use linux::Threads;
#[cfg(target_os = "linux")]
pub(crate) use sampler::{Rest, Sampler};
