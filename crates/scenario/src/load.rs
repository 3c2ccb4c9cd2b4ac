//! Reading a scenario from TOML, with the position of whatever is wrong.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rooms::codec::socket::{RESERVED_EVENTS, ROOT};
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use toml::Spanned;

use crate::script::{Action, ExpectedAck, Script, ServerSettings, Step};

/// A scenario file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct LoadError {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1; `None` when the file cannot be read at all.
    pub line: Option<usize>,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl LoadError {
    fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        let message = format!("the scenario cannot be read: {error}");
        Self { path: path.to_owned(), line: None, column: 0, message }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}:{}", self.column)?;
        }
        write!(formatter, ": {}", self.message)
    }
}

/// The file as it is written. Every key of every step is optional here; [`Reader::action`] then says
/// which belong together, in better words than a deserialiser could.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    clients: Vec<Spanned<String>>,
    #[serde(default)]
    server: ServerSettings,
    #[serde(default = "yes")]
    rooms: bool,
    #[serde(default)]
    any_order: Vec<String>,
    #[serde(default)]
    steps: Vec<Spanned<RawStep>>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    connect: Option<Names>,
    emit: Option<Spanned<String>>,
    flood: Option<Spanned<String>>,
    answer: Option<Spanned<String>>,
    expect: Option<Spanned<String>>,
    expect_none: Option<Names>,
    expect_ack: Option<Names>,
    expect_disconnect: Option<Names>,
    wait_ms: Option<u64>,
    disconnect: Option<Names>,
    drop: Option<Names>,
    stall: Option<Names>,
    resume: Option<Names>,

    from: Option<Spanned<String>>,
    at: Option<Names>,
    event: Option<String>,
    payload: Option<Spanned<Value>>,
    payload_json: Option<Spanned<String>>,
    ack: Option<bool>,
    none: Option<Spanned<bool>>,
    count: Option<u32>,
    times: Option<u32>,
    namespace: Option<Spanned<String>>,
    auth: Option<Spanned<Value>>,
}

/// One client or several, as they stand in the file.
type Names = Spanned<OneOrMany>;

enum OneOrMany {
    One(String),
    Many(Vec<Spanned<String>>),
}

/// Written out, as a derived untagged enum would lose the positions.
impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NamesVisitor;

        impl<'de> Visitor<'de> for NamesVisitor {
            type Value = OneOrMany;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a client's name or a list of names")
            }

            fn visit_str<E>(self, name: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany::One(name.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<OneOrMany, A::Error> {
                let mut all = Vec::new();
                while let Some(name) = names.next_element()? {
                    all.push(name);
                }
                Ok(OneOrMany::Many(all))
            }
        }

        deserializer.deserialize_any(NamesVisitor)
    }
}

const ACTIONS: &str = "connect, emit, flood, answer, expect, expect_none, expect_ack, expect_disconnect, wait_ms, \
                       disconnect, drop, stall or resume";

/// The key under which toml hands a date to a type that has none.
const DATE_KEY: &str = "$__toml_private_datetime";

fn has_date(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.contains_key(DATE_KEY) || object.values().any(has_date),
        Value::Array(items) => items.iter().any(has_date),
        _ => false,
    }
}

impl Script {
    /// Reads a scenario file.
    ///
    /// # Errors
    ///
    /// [`LoadError`] with the position of what is wrong: TOML syntax, unknown keys, unknown clients,
    /// steps that do nothing or two things.
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        let text = std::fs::read_to_string(path).map_err(|error| LoadError::unreadable(path, &error))?;
        Self::parse(&text, path)
    }

    /// Reads a scenario from a text; `path` is for messages alone.
    ///
    /// # Errors
    ///
    /// As [`Script::load`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, LoadError> {
        parse(text, path)
    }
}

fn parse(text: &str, path: &Path) -> Result<Script, LoadError> {
    let reader = Reader { text, path };
    let file: File = toml::from_str(text).map_err(|error| {
        let message = error.message().replace('`', "'");
        reader.error(error.span().map_or(0, |span| span.start), message)
    })?;
    reader.script(file)
}

/// What the steps above have done, as far as an assertion depends on it.
#[derive(Default)]
struct Seen {
    /// The clients that have been connected.
    connected: BTreeSet<String>,
    /// The clients that have asked for an acknowledgement.
    asked: BTreeSet<String>,
}

/// Turns byte offsets into positions.
struct Reader<'a> {
    text: &'a str,
    path: &'a Path,
}

impl Reader<'_> {
    fn error(&self, offset: usize, message: impl Into<String>) -> LoadError {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        LoadError {
            path: self.path.to_owned(),
            line: Some(self.line(offset)),
            column: before[line_start..].chars().count() + 1,
            message: message.into(),
        }
    }

    fn line(&self, offset: usize) -> usize {
        self.text.get(..offset).unwrap_or(self.text).matches('\n').count() + 1
    }

    fn script(&self, file: File) -> Result<Script, LoadError> {
        let mut clients: Vec<String> = Vec::new();
        for name in file.clients {
            if name.as_ref().trim().is_empty() || name.as_ref().contains(char::is_whitespace) {
                return Err(self.error(name.span().start, "a client's name is one word"));
            }
            if clients.contains(name.as_ref()) {
                return Err(self.error(name.span().start, format!("there are two clients '{}'", name.as_ref())));
            }
            clients.push(name.into_inner());
        }
        if clients.is_empty() {
            return Err(self.error(0, "a scenario needs clients, for example clients = [\"ann\", \"bob\"]"));
        }
        let mut steps = Vec::new();
        let mut seen = Seen::default();
        for step in file.steps {
            let start = step.span().start;
            let action = self.action(step.into_inner(), start, &clients)?;
            self.check_place(&action, start, &mut seen)?;
            steps.push(Step { line: self.line(start), action });
        }
        if steps.is_empty() {
            return Err(self.error(0, "a scenario needs steps; the first is usually [[steps]] connect = \"ann\""));
        }
        let File { title, server, rooms, any_order, .. } = file;
        Ok(Script { title, clients, server, rooms, any_order, steps })
    }

    /// An assertion about somebody who was never there, or never asked, would hold whatever the server does.
    fn check_place(&self, action: &Action, start: usize, seen: &mut Seen) -> Result<(), LoadError> {
        let (about, needed, lack) = match action {
            Action::Connect { clients, .. } => {
                seen.connected.extend(clients.iter().cloned());
                return Ok(());
            }
            Action::Emit { from, ack: true, .. } => {
                seen.asked.insert(from.clone());
                return Ok(());
            }
            Action::Expect { at, .. } => (at, &seen.connected, "is not connected by any step above this one"),
            Action::ExpectNone { clients, .. } | Action::ExpectDisconnect(clients) => {
                (clients, &seen.connected, "is not connected by any step above this one")
            }
            Action::ExpectAck { clients, .. } => {
                (clients, &seen.asked, "asks for no ack above this step; add ack = true to an emit")
            }
            _ => return Ok(()),
        };
        match about.iter().find(|name| !needed.contains(*name)) {
            Some(name) => Err(self.error(start, format!("'{name}' {lack}"))),
            None => Ok(()),
        }
    }

    fn action(&self, step: RawStep, start: usize, clients: &[String]) -> Result<Action, LoadError> {
        let actions = [
            step.connect.is_some(),
            step.emit.is_some(),
            step.flood.is_some(),
            step.answer.is_some(),
            step.expect.is_some(),
            step.expect_none.is_some(),
            step.expect_ack.is_some(),
            step.expect_disconnect.is_some(),
            step.wait_ms.is_some(),
            step.disconnect.is_some(),
            step.drop.is_some(),
            step.stall.is_some(),
            step.resume.is_some(),
        ];
        match actions.iter().filter(|named| **named).count() {
            0 => return Err(self.error(start, format!("this step does nothing; give it one of {ACTIONS}"))),
            1 => {}
            _ => return Err(self.error(start, "this step does two things; make two steps of it")),
        }
        self.refuse_strays(&step, start)?;
        let names = |names: Names| self.names(names, clients);
        Ok(match step {
            RawStep { connect: Some(who), namespace, auth, .. } => {
                Action::Connect { clients: names(who)?, namespace: self.namespace(namespace)?, auth: self.auth(auth)? }
            }
            RawStep { disconnect: Some(who), .. } => Action::Disconnect(names(who)?),
            RawStep { drop: Some(who), .. } => Action::Drop(names(who)?),
            RawStep { stall: Some(who), .. } => Action::Stall(names(who)?),
            RawStep { resume: Some(who), .. } => Action::Resume(names(who)?),
            RawStep { expect_disconnect: Some(who), .. } => Action::ExpectDisconnect(names(who)?),
            RawStep { wait_ms: Some(milliseconds), .. } => Action::Wait(Duration::from_millis(milliseconds)),
            RawStep { expect_none: Some(who), event, .. } => Action::ExpectNone { clients: names(who)?, event },
            RawStep { expect_ack: Some(who), none, payload, payload_json, .. } => {
                let payload = self.payload(payload, payload_json)?;
                Action::ExpectAck { clients: names(who)?, ack: self.expected_ack(none, payload)? }
            }
            step => self.event_action(step, start, clients)?,
        })
    }

    fn expected_ack(&self, none: Option<Spanned<bool>>, payload: Option<Value>) -> Result<ExpectedAck, LoadError> {
        match (none.filter(|none| *none.as_ref()), payload) {
            (Some(none), Some(_)) => Err(self.error(none.span().start, "an ack that does not come has no payload")),
            (Some(_), None) => Ok(ExpectedAck::Missing),
            (None, Some(payload)) => Ok(ExpectedAck::With(payload)),
            (None, None) => Ok(ExpectedAck::Any),
        }
    }

    /// The actions that are about one event.
    fn event_action(&self, mut step: RawStep, start: usize, clients: &[String]) -> Result<Action, LoadError> {
        let payload = self.payload(step.payload.take(), step.payload_json.take())?;
        if let Some(event) = step.expect {
            let at = step.at.ok_or_else(|| self.error(start, "who should receive it? add at = \"ann\""))?;
            let (event, at) = (self.event_name(event)?, self.names(at, clients)?);
            return Ok(Action::Expect { event, at, payload, times: step.times });
        }
        let from = step.from.ok_or_else(|| self.error(start, "who sends it? add from = \"ann\""))?;
        let start = from.span().start;
        let from = self.name(from.into_inner(), start, clients)?;
        match (step.emit, step.flood, step.answer) {
            (Some(event), ..) => {
                let event = self.event_name(event)?;
                Ok(Action::Emit { from, event, payload, ack: step.ack.unwrap_or(false) })
            }
            (None, Some(event), _) => {
                let event = self.event_name(event)?;
                let count = step.count.ok_or_else(|| self.error(start, "how often? add count = 100"))?;
                Ok(Action::Flood { from, event, payload, count })
            }
            (None, None, Some(event)) => Ok(Action::Answer { from, event: self.event_name(event)?, payload }),
            (None, None, None) => Err(self.error(start, format!("this step does nothing; give it one of {ACTIONS}"))),
        }
    }

    /// A key that belongs to another action is a mistake that would otherwise go unseen.
    fn refuse_strays(&self, step: &RawStep, start: usize) -> Result<(), LoadError> {
        let sends = step.emit.is_some() || step.flood.is_some() || step.answer.is_some();
        let expects = step.expect.is_some();
        let expects_ack = step.expect_ack.is_some();
        let has_payload = sends || expects || expects_ack;
        for (present, allowed, key, belongs_to) in [
            (step.from.is_some(), sends, "from", "emit, flood and answer"),
            (step.at.is_some(), expects, "at", "expect"),
            (step.times.is_some(), expects, "times", "expect"),
            (step.event.is_some(), step.expect_none.is_some(), "event", "expect_none"),
            (step.payload.is_some(), has_payload, "payload", "emit, flood, answer, expect and expect_ack"),
            (step.payload_json.is_some(), has_payload, "payload_json", "emit, flood, answer, expect and expect_ack"),
            (step.none.is_some(), expects_ack, "none", "expect_ack"),
            (step.ack.is_some(), step.emit.is_some(), "ack", "emit"),
            (step.count.is_some(), step.flood.is_some(), "count", "flood"),
            (step.namespace.is_some(), step.connect.is_some(), "namespace", "connect"),
            (step.auth.is_some(), step.connect.is_some(), "auth", "connect"),
        ] {
            if present && !allowed {
                return Err(self.error(start, format!("'{key}' belongs to {belongs_to}, not to this step")));
            }
        }
        Ok(())
    }

    fn namespace(&self, namespace: Option<Spanned<String>>) -> Result<String, LoadError> {
        let Some(namespace) = namespace else { return Ok(ROOT.to_owned()) };
        let start = namespace.span().start;
        let name = namespace.into_inner();
        if !name.starts_with('/') || name.contains(',') {
            return Err(self.error(start, "a namespace starts with a slash and has no comma, as in \"/admin\""));
        }
        Ok(name)
    }

    fn auth(&self, auth: Option<Spanned<Value>>) -> Result<Option<Value>, LoadError> {
        match auth {
            Some(auth) if !auth.as_ref().is_object() => {
                Err(self.error(auth.span().start, "auth is a table, as in auth = { token = \"…\" }"))
            }
            auth => auth.map(|auth| self.json(auth)).transpose(),
        }
    }

    /// TOML has dates, JSON has none.
    fn json(&self, value: Spanned<Value>) -> Result<Value, LoadError> {
        let start = value.span().start;
        let value = value.into_inner();
        if has_date(&value) {
            return Err(self.error(start, "JSON has no dates; write the date as a string"));
        }
        Ok(value)
    }

    fn payload(
        &self,
        payload: Option<Spanned<Value>>,
        json: Option<Spanned<String>>,
    ) -> Result<Option<Value>, LoadError> {
        match (payload, json) {
            (Some(_), Some(json)) => Err(self.error(json.span().start, "a step has payload or payload_json, not both")),
            (None, Some(json)) => serde_json::from_str(json.as_ref())
                .map(Some)
                .map_err(|error| self.error(json.span().start, format!("payload_json is no JSON: {error}"))),
            (payload, None) => payload.map(|payload| self.json(payload)).transpose(),
        }
    }

    fn event_name(&self, event: Spanned<String>) -> Result<String, LoadError> {
        if RESERVED_EVENTS.contains(&event.as_ref().as_str()) {
            let message = format!("'{}' is reserved by Socket.IO; choose another event name", event.as_ref());
            return Err(self.error(event.span().start, message));
        }
        Ok(event.into_inner())
    }

    fn names(&self, names: Names, clients: &[String]) -> Result<Vec<String>, LoadError> {
        let start = names.span().start;
        match names.into_inner() {
            OneOrMany::One(name) => Ok(vec![self.name(name, start, clients)?]),
            OneOrMany::Many(names) if names.is_empty() => Err(self.error(start, "name at least one client")),
            OneOrMany::Many(names) => {
                let name = |name: Spanned<String>| {
                    let start = name.span().start;
                    self.name(name.into_inner(), start, clients)
                };
                names.into_iter().map(name).collect()
            }
        }
    }

    fn name(&self, name: String, start: usize, clients: &[String]) -> Result<String, LoadError> {
        if clients.contains(&name) {
            return Ok(name);
        }
        Err(self.error(start, format!("there is no client '{name}'; the clients are {}", clients.join(", "))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const HEAD: &str = "title = \"t\"\nclients = [\"ann\", \"bob\"]\n";

    /// Six lines in which ann asks for an acknowledgement.
    const ASKS: &str = "[[steps]]\nconnect = \"ann\"\n[[steps]]\nemit = \"x\"\nfrom = \"ann\"\nack = true\n";

    fn load(steps: &str) -> Result<Script, LoadError> {
        parse(&format!("{HEAD}{steps}"), Path::new("s.toml"))
    }

    #[test]
    fn reads_every_action() {
        let script = load(
            r#"
            [[steps]]
            connect = ["ann", "bob"]
            [[steps]]
            emit = "join"
            from = "ann"
            payload_json = '{"a":null}'
            ack = true
            [[steps]]
            flood = "noise"
            from = "bob"
            count = 3
            [[steps]]
            expect = "news"
            at = "bob"
            payload = { n = 1 }
            times = 2
            [[steps]]
            expect_none = ["ann"]
            event = "news"
            [[steps]]
            expect_ack = "ann"
            payload_json = '{"ok":null}'
            [[steps]]
            expect_ack = ["ann"]
            none = true
            [[steps]]
            expect_ack = "ann"
            none = false
            [[steps]]
            expect_disconnect = ["ann", "bob"]
            [[steps]]
            wait_ms = 10
            [[steps]]
            answer = "news"
            from = "bob"
            payload = { ok = true }
            [[steps]]
            disconnect = "ann"
            [[steps]]
            drop = "bob"
            "#,
        )
        .unwrap();
        assert_eq!(script.steps.len(), 13);
        assert_eq!(script.steps[0].line, 4);
        assert_eq!(
            script.steps[1].action,
            Action::Emit { from: "ann".into(), event: "join".into(), payload: Some(json!({ "a": null })), ack: true }
        );
        let expect_ack = |ack| Action::ExpectAck { clients: vec!["ann".into()], ack };
        assert_eq!(script.steps[5].action, expect_ack(ExpectedAck::With(json!({ "ok": null }))));
        assert_eq!(script.steps[6].action, expect_ack(ExpectedAck::Missing));
        assert_eq!(script.steps[7].action, expect_ack(ExpectedAck::Any));
        assert_eq!(script.steps[8].action, Action::ExpectDisconnect(vec!["ann".into(), "bob".into()]));
        assert!(script.steps[8].action.is_expectation());
        assert_eq!(script.steps[9].action, Action::Wait(Duration::from_millis(10)));
        assert_eq!(
            script.steps[10].action,
            Action::Answer { from: "bob".into(), event: "news".into(), payload: Some(json!({ "ok": true })) }
        );
    }

    #[test]
    fn every_mistake_is_named_where_it_stands() {
        for (steps, line, column, words) in [
            ("[[steps]]\nconect = \"ann\"\n", 4, 1, "unknown field"),
            ("[[steps]]\nconnect = \"eve\"\n", 4, 11, "no client 'eve'"),
            ("[[steps]]\nconnect = [\"ann\", \"eve\"]\n", 4, 19, "no client 'eve'"),
            ("[[steps]]\nfrom = \"ann\"\n", 3, 1, "does nothing"),
            ("[[steps]]\nconnect = \"ann\"\nemit = \"x\"\n", 3, 1, "two things"),
            ("[[steps]]\nemit = \"x\"\n", 3, 1, "who sends it"),
            ("[[steps]]\nanswer = \"x\"\n", 3, 1, "who sends it"),
            ("[[steps]]\nanswer = \"x\"\nfrom = \"eve\"\n", 5, 8, "no client 'eve'"),
            ("[[steps]]\nanswer = \"connect\"\nfrom = \"ann\"\n", 4, 10, "reserved"),
            ("[[steps]]\nanswer = \"x\"\nfrom = \"ann\"\nack = true\n", 3, 1, "'ack' belongs to emit"),
            ("[[steps]]\nemit = \"disconnect\"\nfrom = \"ann\"\n", 4, 8, "reserved"),
            ("[[steps]]\nemit = \"x\"\nfrom = \"ann\"\ncount = 2\n", 3, 1, "'count' belongs to flood"),
            ("[[steps]]\nemit = \"x\"\nfrom = \"ann\"\npayload_json = '{'\n", 6, 16, "no JSON"),
            ("[[steps]]\nwait_ms = -1\n", 4, 11, "invalid value"),
            ("[[steps]]\nexpect_none = \"ann\"\n", 3, 1, "not connected by any step above"),
            ("[[steps]]\nexpect_disconnect = \"ann\"\n", 3, 1, "not connected by any step above"),
            ("[[steps]]\nexpect_disconnect = \"eve\"\n", 4, 21, "no client 'eve'"),
            ("[[steps]]\nexpect_disconnect = \"ann\"\ntimes = 1\n", 3, 1, "'times' belongs to expect"),
            ("[[steps]]\nexpect_ack = \"ann\"\n", 3, 1, "'ann' asks for no ack above"),
            (&format!("{ASKS}[[steps]]\nexpect_ack = [\"ann\", \"bob\"]\n"), 9, 1, "'bob' asks for no ack above"),
            (&format!("{ASKS}[[steps]]\nexpect_ack = \"ann\"\nnone = true\npayload = 1\n"), 11, 8, "has no payload"),
            ("[[steps]]\nconnect = \"ann\"\nnone = true\n", 3, 1, "'none' belongs to expect_ack"),
            ("[[steps]]\nconnect = []\n", 4, 11, "at least one client"),
            ("[[steps]]\nconnect = \"ann\"\nnamespace = \"admin\"\n", 5, 13, "starts with a slash"),
            ("[[steps]]\nconnect = \"ann\"\nauth = \"x\"\n", 5, 8, "auth is a table"),
            ("[[steps]]\nemit = \"x\"\nfrom = \"ann\"\npayload = { d = 2024-01-01 }\n", 6, 11, "no dates"),
            ("[[steps]]\nexpect = \"disconnect\"\nat = \"ann\"\n", 4, 10, "reserved"),
            ("[[steps]\n", 3, 9, ""),
            ("", 1, 1, "needs steps"),
        ] {
            let error = load(steps).unwrap_err();
            assert!(error.message.contains(words), "{steps}: {error}");
            assert_eq!((error.line, error.column), (Some(line), column), "{steps}: {error}");
        }
    }

    #[test]
    fn a_missing_file_says_so() {
        let error = Script::load(Path::new("no/such.toml")).unwrap_err();
        assert!(error.to_string().starts_with("no/such.toml: the scenario cannot be read"));
    }
}
