//! Who the clients say that they are: now and then, somebody has an unusual name.

use std::collections::BTreeMap;

use fastrand::Rng;
use serde_json::Value;

use super::alphabet::{Alphabet, Field, Person};
use super::pools;
use crate::script::Action;

/// How often in a hundred somebody has an unusual name.
const UNUSUAL: u32 = 25;

/// The names of one script: tabs of one person have the same one, and other people another.
pub(super) fn rename(alphabet: &Alphabet, rng: &mut Rng, actions: &mut [Action]) {
    for (key, field) in &alphabet.auth {
        let names = names(&alphabet.clients, key, field, rng);
        for action in &mut *actions {
            match action {
                Action::Connect { auth: Some(auth), .. } => {
                    if let Some(name) = auth.get_mut(key) {
                        replace(name, &names);
                    }
                }
                Action::Emit { payload, .. } | Action::Flood { payload, .. } => {
                    let fields = payload.as_mut().and_then(Value::as_object_mut).into_iter().flatten();
                    fields.for_each(|(_, value)| replace(value, &names));
                }
                Action::Connect { auth: None, .. }
                | Action::EmitRaw { .. }
                | Action::Answer { .. }
                | Action::Wait(_)
                | Action::Depart { .. }
                | Action::Stall(_)
                | Action::Resume(_)
                | Action::Expect { .. }
                | Action::ExpectNone { .. }
                | Action::ExpectAck { .. }
                | Action::ExpectDisconnect(_) => {}
            }
        }
    }
}

fn replace(value: &mut Value, names: &BTreeMap<String, Value>) {
    if let Some(name) = value.as_str().and_then(|text| names.get(text)) {
        *value = name.clone();
    }
}

/// Unusual names by the usual ones. What one person is called, nobody else is.
fn names(clients: &[Person], key: &str, field: &Field, rng: &mut Rng) -> BTreeMap<String, Value> {
    let (mut telling, mut others) = (pools::telling(field), pools::unusual(field));
    let mut names = BTreeMap::new();
    for client in clients {
        let Some(usual) = client.auth.as_ref().and_then(|auth| auth.get(key)).and_then(Value::as_str) else { continue };
        let all = if rng.bool() { &mut telling } else { &mut others };
        if names.contains_key(usual) || all.is_empty() || rng.u32(..100) >= UNUSUAL {
            continue;
        }
        let chosen = all.swap_remove(rng.usize(..all.len()));
        [&mut telling, &mut others].into_iter().for_each(|all| all.retain(|other| *other != chosen));
        names.insert(usual.to_owned(), chosen);
    }
    names
}
