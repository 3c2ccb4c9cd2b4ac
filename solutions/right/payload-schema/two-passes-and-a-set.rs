//! Every field is taken out of a copy of the payload; what is left over is unknown.

use std::sync::OnceLock;

use rooms::Io;
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
struct Answer {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<String>>,
}

type Rule = Box<dyn Fn(Option<Value>) -> bool + Send + Sync>;

fn rules() -> &'static [(&'static str, Rule)] {
    static RULES: OnceLock<Vec<(&'static str, Rule)>> = OnceLock::new();
    RULES.get_or_init(|| vec![("projectId", text(32)), ("title", text(80)), ("priority", Box::new(priority))])
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on_async("create-task", |_socket, payload| async move {
            tokio::task::yield_now().await;
            if !payload.wants_ack() {
                return;
            }
            let value = payload.value().clone();
            let errors = tokio::task::spawn_blocking(move || faults(value)).await.unwrap();
            let ok = errors.is_empty();
            payload.ack(Answer { ok, errors: (!ok).then_some(errors) });
        });
    });
}

fn faults(payload: Value) -> Vec<String> {
    let Value::Object(mut fields) = payload else { return vec!["payload".to_owned()] };
    let unfit: Vec<_> = rules().iter().filter(|(name, fits)| !fits(fields.remove(*name))).collect();
    let mut names: Vec<String> = unfit.into_iter().map(|(name, _)| (*name).to_owned()).collect();
    names.extend(fields.into_iter().map(|(name, _)| name));
    names.sort_unstable();
    names
}

fn text(limit: usize) -> Rule {
    Box::new(move |value| match value {
        Some(Value::String(text)) => text.contains(|c: char| !c.is_whitespace()) && text.chars().nth(limit).is_none(),
        _ => false,
    })
}

fn priority(value: Option<Value>) -> bool {
    let Some(value) = value else { return true };
    serde_json::from_value::<u8>(value).is_ok_and(|priority| priority > 0 && priority < 6)
}
