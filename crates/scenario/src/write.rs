//! A script as the text of a scenario file, which reads back as the same script.

use std::fmt::Write as _;

use serde_json::Value;

use crate::script::{Action, ExpectedAck, Memory, Script, ServerSettings};

impl Script {
    /// The text of a scenario file with this script.
    pub fn to_toml(&self) -> String {
        let mut text = format!("title = {}\n", string(&self.title));
        if let Some(order) = self.order {
            // Writing to a string does not fail.
            let _ = writeln!(text, "order = {order}");
        }
        let _ = writeln!(text, "clients = {}", names(&self.clients));
        if !self.rooms {
            text += "rooms = false\n";
        }
        if !self.any_order.is_empty() {
            text += &format!("any_order = {}\n", names(&self.any_order));
        }
        text += &server(&self.server);
        text += &self.memory.as_ref().map(memory).unwrap_or_default();
        for step in &self.steps {
            text += "\n[[steps]]\n";
            for (key, value) in keys(&step.action) {
                let _ = writeln!(text, "{key} = {value}");
            }
        }
        text
    }
}

type Key = (&'static str, String);

fn server(settings: &ServerSettings) -> String {
    let queue = settings.queue_messages.map(|messages| ("queue_messages", messages.to_string()));
    let interval = settings.ping_interval_ms.map(|ms| ("ping_interval_ms", ms.to_string()));
    let timeout = settings.ping_timeout_ms.map(|ms| ("ping_timeout_ms", ms.to_string()));
    let buffer = settings.buffer_bytes.map(|bytes| ("buffer_bytes", bytes.to_string()));
    let keys: Vec<_> = [queue, interval, timeout, buffer].into_iter().flatten().collect();
    let lines: Vec<_> = keys.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    if lines.is_empty() { String::new() } else { format!("\n[server]\n{}\n", lines.join("\n")) }
}

fn memory(memory: &Memory) -> String {
    let Memory { forgotten, fresh } = memory;
    let fresh = if fresh.is_empty() { String::new() } else { format!("fresh = {}\n", names(fresh)) };
    format!("\n[memory]\nforgotten = {}\n{fresh}", string(forgotten))
}

fn keys(action: &Action) -> Vec<Key> {
    match action {
        Action::Connect { clients, namespace, auth } => {
            let namespace = (namespace != "/").then(|| ("namespace", string(namespace)));
            let auth = auth.as_ref().and_then(inline).map(|auth| ("auth", auth));
            [Some(("connect", one_or_many(clients))), namespace, auth].into_iter().flatten().collect()
        }
        Action::Emit { from, event, payload, ack } => {
            let mut keys = vec![("emit", string(event)), ("from", string(from))];
            keys.extend(payload.as_ref().map(self::payload));
            keys.extend(ack.then(|| ("ack", "true".to_owned())));
            keys
        }
        Action::EmitRaw { from, event, json, ack } => {
            let mut keys = vec![("emit", string(event)), ("from", string(from)), ("payload_raw", string(json))];
            keys.extend(ack.then(|| ("ack", "true".to_owned())));
            keys
        }
        Action::Flood { from, event, payload, count } => {
            let mut keys = vec![("flood", string(event)), ("from", string(from)), ("count", count.to_string())];
            keys.extend(payload.as_ref().map(self::payload));
            keys
        }
        Action::Answer { from, event, payload } => {
            let mut keys = vec![("answer", string(event)), ("from", string(from))];
            keys.extend(payload.as_ref().map(self::payload));
            keys
        }
        Action::Expect { event, at, payload, times } => {
            let mut keys = vec![("expect", string(event)), ("at", one_or_many(at))];
            keys.extend(payload.as_ref().map(self::payload));
            keys.extend(times.map(|times| ("times", times.to_string())));
            keys
        }
        Action::ExpectNone { clients, event } => {
            let event = event.as_ref().map(|event| ("event", string(event)));
            [Some(("expect_none", one_or_many(clients))), event].into_iter().flatten().collect()
        }
        Action::ExpectAck { clients, ack } => {
            let what = match ack {
                ExpectedAck::Any => None,
                ExpectedAck::With(wanted) => Some(payload(wanted)),
                ExpectedAck::Missing => Some(("none", "true".to_owned())),
            };
            [Some(("expect_ack", one_or_many(clients))), what].into_iter().flatten().collect()
        }
        Action::ExpectDisconnect(clients) => vec![("expect_disconnect", one_or_many(clients))],
        Action::Wait(wait) => vec![("wait_ms", wait.as_millis().to_string())],
        Action::Depart { clients, departure } => vec![(departure.key(), one_or_many(clients))],
        Action::Stall(clients) => vec![("stall", one_or_many(clients))],
        Action::Resume(clients) => vec![("resume", one_or_many(clients))],
    }
}

/// In TOML where it has the same there, which is the more readable; in JSON otherwise.
fn payload(value: &Value) -> Key {
    match inline(value) {
        Some(text) => ("payload", text),
        None => ("payload_json", string(&value.to_string())),
    }
}

/// The value as TOML writes it in one line, if that reads back as the same.
fn inline(value: &Value) -> Option<String> {
    let text = toml::Value::try_from(value).ok()?.to_string();
    let read: toml::Table = toml::from_str(&format!("value = {text}")).ok()?;
    let back = read.get("value")?.clone().try_into::<Value>().ok()?;
    (back == *value).then_some(text)
}

fn string(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn names(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| string(name)).collect();
    format!("[{}]", names.join(", "))
}

fn one_or_many(clients: &[String]) -> String {
    match clients {
        [one] => string(one),
        many => names(many),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;
    use std::path::Path;

    use serde_json::Value;

    use crate::Script;
    use crate::generate::{Alphabet, script};
    use crate::script::{Action, Memory, Step};

    const ALPHABET: &str = r#"
        rooms = false
        any_order = ["news"]
        ends = ["goodbye", "page-left", "break", "nonsense", "silence"]
        waits_ms = [1000]
        server = { ping_interval_ms = 100, buffer_bytes = 100 }
        clients = [{ name = "ann", auth = { user = "ann" } }, { name = "bob" }]
        answers = [{ event = "news", payloads = [{ ok = true }] }]

        [[events]]
        name = "say it \"loud\""
        ack = "sometimes"
        anything = true
        lists = true
        further = true
        floods = [3]
        fields.text = { pool = "texts", usual = ["hello"], limit = 80 }
        fields.number = { pool = "numbers", usual = [1], optional = true }
        fields.id = { pool = "ids", usual = ["p1", "p2"], raw = true }
    "#;

    #[test]
    fn whatever_is_generated_reads_back_as_the_same() {
        let alphabet = Alphabet::parse(ALPHABET, Path::new("alphabet.toml")).unwrap();
        for seed in 0..500 {
            let order = u32::try_from(seed).ok().and_then(NonZeroU32::new);
            let written = Script { order, ..script(&alphabet, seed) };
            let text = written.to_toml();
            let mut read = Script::parse(&text, Path::new("a.toml")).unwrap_or_else(|error| panic!("{error}\n{text}"));
            // Lines are places in the file.
            for (step, as_written) in read.steps.iter_mut().zip(&written.steps) {
                step.line = as_written.line;
            }
            assert_eq!(read, written, "{text}");
        }
    }

    #[test]
    fn what_is_forgotten_reads_back_as_the_same() {
        let alphabet = Alphabet::parse(ALPHABET, Path::new("alphabet.toml")).unwrap();
        let sends = Action::Emit { from: "ann".into(), event: "x".into(), payload: Some("p1".into()), ack: false };
        let mut script = script(&alphabet, 1);
        script.steps = vec![Step { line: 1, action: sends }];
        for fresh in [vec![], vec!["p1".to_owned()]] {
            let memory = Some(Memory { forgotten: "It is \"gone\".".into(), fresh });
            let text = Script { memory: memory.clone(), ..script.clone() }.to_toml();
            assert_eq!(Script::parse(&text, Path::new("a.toml")).unwrap().memory, memory, "{text}");
        }
    }

    /// The program that judges hands scripts on as JSON, in which a payload of null is not the same as none.
    #[test]
    fn whatever_is_generated_survives_json() {
        let alphabet = Alphabet::parse(ALPHABET, Path::new("alphabet.toml")).unwrap();
        let has_null = |script: &Script| {
            let mut actions = script.steps.iter().map(|step| &step.action);
            actions.any(|action| matches!(action, Action::Emit { payload: Some(Value::Null), .. }))
        };
        let scripts: Vec<_> = (0..500).map(|seed| script(&alphabet, seed)).collect();
        assert!(scripts.iter().any(has_null));
        for script in scripts {
            let text = serde_json::to_string(&script).unwrap();
            assert_eq!(serde_json::from_str::<Script>(&text).unwrap(), script, "{text}");
        }
    }

    #[test]
    fn a_seed_always_gives_the_same_script() {
        let alphabet = Alphabet::parse(ALPHABET, Path::new("alphabet.toml")).unwrap();
        assert_eq!(script(&alphabet, 7), script(&alphabet, 7));
        assert_ne!(script(&alphabet, 7).steps, script(&alphabet, 8).steps);
    }
}
