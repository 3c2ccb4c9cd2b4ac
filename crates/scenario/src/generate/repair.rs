//! What becomes of a script that a server does not let be played to its end.

use crate::run::End;
use crate::script::{Action, Script, Step};

/// Changes a script that ended in this step, counted from 1, so that it comes further the next time. A client that the server
/// has sent away, and that is to say something, comes back first; any other step that cannot be played is left out.
pub fn repair(script: &mut Script, end: &End, step: usize) {
    let Some(at) = step.checked_sub(1).filter(|at| *at < script.steps.len()) else { return };
    match (end, &script.steps[at].action) {
        (End::Gone(client), Action::Emit { .. } | Action::EmitRaw { .. } | Action::Flood { .. }) => {
            match last_connect(&script.steps[..at], client) {
                Some(action) => script.steps.insert(at, Step { line: 0, action }),
                None => drop(script.steps.remove(at)),
            }
        }
        _ => drop(script.steps.remove(at)),
    }
    for (index, step) in script.steps.iter_mut().enumerate() {
        step.line = index + 1;
    }
}

/// How the client has come the last time, alone.
fn last_connect(steps: &[Step], client: &str) -> Option<Action> {
    steps.iter().rev().find_map(|step| match &step.action {
        Action::Connect { clients, namespace, auth } if clients.iter().any(|name| name == client) => {
            let (namespace, auth) = (namespace.clone(), auth.clone());
            Some(Action::Connect { clients: vec![client.to_owned()], namespace, auth })
        }
        _ => None,
    })
}
