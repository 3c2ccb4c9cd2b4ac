//! The list of faults stands outside of the handler, so each answer repeats those of the tasks before.
//!
//! Fails: refuses-unfit-values
//! Says: {"errors":["projectId","title"],"ok":false}; errors has "projectId" too much.
//! Reader: answer | acknowledg | create-task
//! Reader: errors | fault

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use rooms::Io;
use serde_json::{Value, json};

pub fn app(io: &Io) {
    let errors: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    io.on_connection(move |socket| {
        let errors = Arc::clone(&errors);
        socket.on("create-task", move |_socket, payload| {
            let mut errors = errors.lock().unwrap();
            errors.extend(faults(payload.value()));
            if errors.is_empty() {
                payload.ack(json!({ "ok": true }));
            } else {
                payload.ack(json!({ "ok": false, "errors": *errors }));
            }
        });
    });
}

fn faults(payload: &Value) -> Vec<String> {
    let Some(fields) = payload.as_object() else {
        return vec!["payload".to_owned()];
    };
    let required = ["projectId", "title"].into_iter().filter(|name| !fields.contains_key(*name));
    let unfit = fields.iter().filter(|(name, value)| match name.as_str() {
        "projectId" => !is_text(value, 32),
        "title" => !is_text(value, 80),
        "priority" => !value.as_u64().is_some_and(|priority| (1..=5).contains(&priority)),
        _ => true,
    });
    required.map(str::to_owned).chain(unfit.map(|(name, _)| name.clone())).collect()
}

fn is_text(value: &Value, limit: usize) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty() && text.chars().count() <= limit)
}
