//! The names that clients give as they connect: now and then, somebody has an unusual one.

use std::collections::BTreeMap;

use fastrand::Rng;
use serde_json::Value;

use super::alphabet::{Alphabet, Field, Person};
use super::pools;
use crate::script::{Action, Script};

/// How often in a hundred somebody has an unusual name.
const UNUSUAL: u32 = 25;

/// Gives the people of a script their names: tabs of one person have the same one, and other people another.
pub(super) fn name(alphabet: &Alphabet, rng: &mut Rng, actions: &mut [Action]) {
    for (key, field) in &alphabet.auth {
        let names = names(&alphabet.clients, key, field, rng);
        for action in &mut *actions {
            rename(action, &names);
        }
    }
}

/// The script with other names: in what clients send as they connect, and in payloads.
pub fn renamed(script: &Script, names: &BTreeMap<String, String>) -> Script {
    let mut renamed = script.clone();
    for step in &mut renamed.steps {
        rename(&mut step.action, names);
    }
    renamed
}

fn rename(action: &mut Action, names: &BTreeMap<String, String>) {
    let fields = action.payload_mut().and_then(Value::as_object_mut);
    for (_, value) in fields.into_iter().flatten() {
        if let Some(name) = value.as_str().and_then(|text| names.get(text)) {
            *value = name.as_str().into();
        }
    }
}

/// Unusual names by the usual ones. No two people have the same.
fn names(clients: &[Person], key: &str, field: &Field, rng: &mut Rng) -> BTreeMap<String, String> {
    let texts = |values: Vec<Value>| -> Vec<_> { values.iter().filter_map(Value::as_str).map(str::to_owned).collect() };
    let (mut telling, mut others) = (texts(pools::telling(field)), texts(pools::unusual(field)));
    let mut names = BTreeMap::new();
    for client in clients {
        let Some(usual) = client.auth.as_ref().and_then(|auth| auth.get(key)).and_then(Value::as_str) else { continue };
        let all = if rng.bool() { &mut telling } else { &mut others };
        if names.contains_key(usual) || all.is_empty() || rng.u32(..100) >= UNUSUAL {
            continue;
        }
        let chosen = all.swap_remove(rng.usize(..all.len()));
        for all in [&mut telling, &mut others] {
            all.retain(|other| *other != chosen);
        }
        names.insert(usual.to_owned(), chosen);
    }
    names
}
