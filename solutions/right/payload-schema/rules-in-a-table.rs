//! Rules as closures in a table by name, and an answer that is built up.

use std::collections::BTreeMap;

use rooms::Io;
use serde_json::{Value, json};

/// What is wrong with a value, if anything; `None` as the value means that the field is missing.
type Rule = Box<dyn Fn(Option<&Value>) -> bool + Send + Sync>;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        let rules: BTreeMap<&str, Rule> =
            BTreeMap::from([("projectId", text(32)), ("title", text(80)), ("priority", optional(1, 5))]);
        socket.on("create-task", move |_socket, payload| {
            let mut answer = json!({ "ok": true });
            let mut names: Vec<String> = match payload.value().as_object() {
                Some(task) => {
                    let unknown = task.keys().filter(|name| !rules.contains_key(name.as_str())).cloned();
                    let broken = rules.iter().filter(|(name, broken)| broken(task.get(**name)));
                    unknown.chain(broken.map(|(name, _)| (*name).to_owned())).collect()
                }
                None => vec!["payload".into()],
            };
            if !names.is_empty() {
                names.sort();
                names.dedup();
                answer["ok"] = false.into();
                answer["errors"] = names.into();
            }
            if payload.wants_ack() {
                payload.ack(answer);
            }
        });
    });
}

fn text(limit: usize) -> Rule {
    Box::new(move |value| match value {
        Some(Value::String(text)) => text.trim().is_empty() || text.chars().count() > limit,
        _ => true,
    })
}

fn optional(from: i64, to: i64) -> Rule {
    Box::new(move |value| value.is_some_and(|value| value.as_i64().is_none_or(|number| number < from || number > to)))
}
