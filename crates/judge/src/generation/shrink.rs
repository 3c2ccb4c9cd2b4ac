//! The shortest script that still shows the mistake.
//!
//! Parts of a script are left out, large ones first, for as long as something can be (delta debugging, after Zeller and
//! Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002). All ways to leave out one part of a size are
//! played together, because starting a program costs more than a script. Then the values become simpler in the same way.

use std::io;

use scenario::Script;
use scenario::generate::renamed;
use scenario::script::Action;
use serde_json::{Map, Value};

use super::deep::Contest;
use super::set::Generated;

/// A text of so many characters stays as it is.
const EASY_TO_READ: usize = 16;

/// How often a value becomes simpler at most.
const SIMPLER: usize = 40;

/// Leaves out what it can. The first is what was found. `on_step` is told after each attempt how many steps are left.
pub(super) async fn shrink(
    contest: &mut Contest<'_>,
    found: Generated,
    on_step: &(dyn Fn(usize) + Sync),
) -> io::Result<Generated> {
    let shortest = shortest(contest, found, on_step).await?;
    Ok(without_strangers(simplest(contest, shortest).await?))
}

async fn simplest(contest: &mut Contest<'_>, mut best: Generated) -> io::Result<Generated> {
    for _ in 0..SIMPLER {
        match contest.first_difference(simpler(&best.script)).await? {
            Some(simpler) => best = simpler,
            None => break,
        }
    }
    Ok(best)
}

async fn shortest(
    contest: &mut Contest<'_>,
    found: Generated,
    on_step: &(dyn Fn(usize) + Sync),
) -> io::Result<Generated> {
    let mut best = found;
    let mut size = best.script.steps.len() / 2;
    while size > 0 {
        match contest.first_difference(without(&best.script, size)).await? {
            // One that had to be repaired may be as long as before.
            Some(shorter) if shorter.script.steps.len() < best.script.steps.len() => {
                best = shorter;
                size = size.min(best.script.steps.len() / 2).max(1);
            }
            Some(_) | None => size /= 2,
        }
        on_step(best.script.steps.len());
    }
    Ok(best)
}

/// The script with one step simpler, in each way that there is.
fn simpler(script: &Script) -> Vec<Script> {
    let with = |(index, action): (usize, Action)| {
        let mut simpler = script.clone();
        simpler.steps[index].action = action;
        simpler
    };
    let steps = script.steps.iter().enumerate();
    let steps = steps.flat_map(|(index, step)| actions(&step.action).into_iter().map(move |it| (index, it))).map(with);
    usual_names(script).into_iter().chain(steps).collect()
}

/// The script with one person called like a client, for each person with a name that nobody can read at a glance.
fn usual_names(script: &Script) -> Vec<Script> {
    let is_plain = |name: &str| name.len() <= EASY_TO_READ && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let mut simpler = Vec::new();
    for step in &script.steps {
        let Action::Connect { clients, auth: Some(Value::Object(auth)), .. } = &step.action else { continue };
        let names = auth.values().filter_map(Value::as_str).filter(|name| !is_plain(name));
        let renamed = names
            .zip(clients)
            .filter(|(name, client)| name != client)
            .map(|(name, client)| renamed(script, &[(name.to_owned(), client.clone())].into()));
        simpler.extend(renamed);
    }
    simpler
}

fn actions(action: &Action) -> Vec<Action> {
    match action.clone() {
        Action::Emit { from, event, payload: Some(payload), ack } => {
            let with = |payload| Action::Emit { from: from.clone(), event: event.clone(), payload: Some(payload), ack };
            payloads(&payload).into_iter().map(with).collect()
        }
        Action::Flood { from, event, payload, count } => {
            let with =
                |count| Action::Flood { from: from.clone(), event: event.clone(), payload: payload.clone(), count };
            let fewer = [count / 2, count - count / 4, count - 1];
            fewer.into_iter().filter(|fewer| (1..count).contains(fewer)).map(with).collect()
        }
        Action::Emit { payload: None, .. }
        | Action::EmitRaw { .. }
        | Action::Connect { .. }
        | Action::Answer { .. }
        | Action::Wait(_)
        | Action::Depart { .. }
        | Action::Stall(_)
        | Action::Resume(_)
        | Action::Expect { .. }
        | Action::ExpectNone { .. }
        | Action::ExpectAck { .. }
        | Action::ExpectDisconnect(_) => Vec::new(),
    }
}

/// An object without one of its fields, or with a shorter text in one.
fn payloads(payload: &Value) -> Vec<Value> {
    let Value::Object(fields) = payload else { return Vec::new() };
    let without = |name: &String| fields.iter().filter(|(other, _)| *other != name).map(owned).collect::<Map<_, _>>();
    let fewer = fields.keys().map(|name| Value::Object(without(name)));
    let shorter = fields.iter().flat_map(|(name, value)| {
        let with = |text: String| {
            let mut fields = fields.clone();
            fields.insert(name.clone(), text.into());
            Value::Object(fields)
        };
        value.as_str().map(texts).unwrap_or_default().into_iter().map(with).collect::<Vec<_>>()
    });
    fewer.chain(shorter).collect()
}

fn owned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

/// Beginnings of a text that nobody can read at a glance.
fn texts(text: &str) -> Vec<String> {
    let length = text.chars().count();
    let beginnings = [length / 2, length - length / 4, length - length / 16];
    let beginnings = beginnings.into_iter().filter(|shorter| length > EASY_TO_READ && *shorter < length);
    beginnings.map(|shorter| text.chars().take(shorter).collect()).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_payload_becomes_simpler_by_a_field_or_half_of_a_long_text() {
        let payload = json!({ "id": "x".repeat(100), "more": 1 });
        let found = payloads(&payload);
        let lengths: Vec<_> = found.iter().map(|it| it["id"].as_str().map(str::len)).collect();
        assert_eq!(lengths, [None, Some(100), Some(50), Some(75), Some(94)]);
        assert_eq!(found[1], json!({ "id": "x".repeat(100) }));
        assert!(payloads(&json!({ "id": "apollo" })) == [json!({})]);
    }

    #[test]
    fn a_person_is_called_like_a_client_wherever_the_name_stands() {
        let script = |name: &str| {
            let text = format!(
                "title = 't'\nclients = ['ann']\nsteps = [{{ connect = 'ann', auth = {{ user = {name:?} }} }}, \
                 {{ emit = 'ask', from = 'ann', payload = {{ to = {name:?} }} }}]"
            );
            Script::parse(&text, std::path::Path::new("s.toml")).unwrap()
        };
        assert_eq!(usual_names(&script("<b>")), [script("ann")]);
        assert_eq!(usual_names(&script("bob")), []);
    }

    #[test]
    fn a_flood_becomes_smaller() {
        let flood = |count| Action::Flood { from: "ann".into(), event: "say".into(), payload: None, count };
        assert_eq!(actions(&flood(20)), [flood(10), flood(15), flood(19)]);
        assert_eq!(actions(&flood(1)), []);
    }
}
