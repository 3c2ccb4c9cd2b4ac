//! The shortest script that still shows the mistake.
//!
//! Parts of a script are left out, large ones first, for as long as something can be (delta debugging, after Zeller and
//! Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002). All ways to leave out one part of a size are
//! played together, because starting a program costs more than a script.

use std::io;

use scenario::Script;

use super::deep::Contest;
use super::set::Generated;

/// Leaves out what it can. The first is what was found.
pub(super) async fn shrink(contest: &mut Contest<'_>, found: Generated) -> io::Result<Generated> {
    let mut best = found;
    let mut size = best.script.steps.len() / 2;
    while size > 0 {
        match contest.first_difference(without(&best.script, size)).await? {
            Some(shorter) => {
                best = shorter;
                size = size.min(best.script.steps.len() / 2).max(1);
            }
            None => size /= 2,
        }
    }
    Ok(without_strangers(best))
}

/// The script without each part of this many steps.
fn without(script: &Script, size: usize) -> Vec<Script> {
    let steps = script.steps.len();
    let starts = (0..steps).step_by(size.div_ceil(2)).filter(|start| start + size <= steps);
    let shorter = |start: usize| {
        let mut shorter = script.clone();
        shorter.steps.drain(start..start + size);
        shorter
    };
    // The last steps first: what came before is what they need.
    starts.rev().map(shorter).collect()
}

/// Clients that are never there need not be named.
fn without_strangers(mut generated: Generated) -> Generated {
    let script = &mut generated.script;
    let connects = |name: &String| {
        let mut actions = script.steps.iter().map(|step| &step.action);
        actions
            .any(|action| matches!(action, scenario::script::Action::Connect { clients, .. } if clients.contains(name)))
    };
    let clients = script.clients.iter().filter(|name| connects(name)).cloned().collect();
    script.clients = clients;
    generated
}
