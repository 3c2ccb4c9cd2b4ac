//! Turns the written form into a [`Script`], and reports mistakes that no single key shows.
//!
//! After a mistake the script is not returned, so unreadable values need no stand-in.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use fields::{Code, Found, OneOrMany, Required, Spanned, Text, Verbatim, suggest};
use rooms::codec::socket::ROOT;
use serde_json::Value;

use super::json::{Json, JsonText};
use super::memory::memory;
use super::names::{Namespace, add_client};
use super::step::{self, Keys};
use super::tables::{Answer, Connect, Emit, Expect, ExpectAck, File, Flood};
use crate::client::Departure;
use crate::script::{Action, ExpectedAck, Script, Step};

pub(super) fn script(file: File, text: &str, found: &Found) -> Script {
    let is_whole = found.is_empty();
    let clients = clients(file.clients.0, found);
    let mut steps = Steps { found, is_whole, clients, connected: BTreeSet::new(), asked: BTreeSet::new() };
    let step = |step: step::Step| {
        let (line, _) = fields::position(text, step.span.start);
        Step { line, action: steps.action(step) }
    };
    let written: Vec<_> = file.steps.0.into_iter().map(step).collect();
    Script {
        memory: file.memory.map(|it| memory(it, &written, found)),
        steps: written,
        title: file.title.or_default(),
        order: file.order,
        clients: steps.clients,
        server: file.server.unwrap_or_default(),
        rooms: file.rooms.unwrap_or(true),
        any_order: file.any_order.into_iter().map(|Verbatim(event)| event).collect(),
    }
}

fn clients(names: Vec<Text>, found: &Found) -> Vec<String> {
    let mut clients = Vec::new();
    for name in names {
        add_client(name, &mut clients, found);
    }
    clients
}

/// The steps of a scenario, and what those above have done, as far as an assertion depends on it.
struct Steps<'a> {
    found: &'a Found,
    /// Whether every key could be read: one that could not may be the very step that is missed.
    is_whole: bool,
    clients: Vec<String>,
    /// Clients that have been connected.
    connected: BTreeSet<String>,
    /// Clients that have asked for an acknowledgement.
    asked: BTreeSet<String>,
}

impl Steps<'_> {
    fn action(&mut self, step: step::Step) -> Action {
        let step::Step { span, keys } = step;
        match keys {
            Keys::Connect(it) => self.connect(it),
            Keys::Emit(it) => self.emit(it),
            Keys::Flood(it) => self.flood(it),
            Keys::Answer(it) => self.answer(it),
            Keys::Expect(it) => self.expect(it, &span),
            Keys::ExpectNone(it) => Action::ExpectNone {
                clients: self.connected_names(it.expect_none, &span),
                event: it.event.map(|Verbatim(event)| event),
            },
            Keys::ExpectAck(it) => self.expect_ack(it, &span),
            Keys::ExpectDisconnect(it) => Action::ExpectDisconnect(self.connected_names(it.expect_disconnect, &span)),
            Keys::Wait(it) => Action::Wait(Duration::from_millis(it.wait_ms.or_default())),
            Keys::Disconnect(it) => self.depart(it.disconnect, Departure::Disconnect),
            Keys::Close(it) => self.depart(it.close, Departure::Close),
            Keys::Drop(it) => self.depart(it.drop, Departure::Drop),
            Keys::Garble(it) => self.depart(it.garble, Departure::Garble),
            Keys::Stall(it) => Action::Stall(self.names(it.stall)),
            Keys::Resume(it) => Action::Resume(self.names(it.resume)),
        }
    }

    fn depart(&self, clients: Required<OneOrMany<Text>>, departure: Departure) -> Action {
        Action::Depart { clients: self.names(clients), departure }
    }

    fn connect(&mut self, it: Connect) -> Action {
        let clients = self.names(it.connect);
        self.connected.extend(clients.iter().cloned());
        let namespace = it.namespace.map_or_else(|| ROOT.to_owned(), |Namespace(name)| name);
        Action::Connect { clients, namespace, auth: it.auth.map(|auth| auth.0) }
    }

    fn emit(&mut self, it: Emit) -> Action {
        let (from, ack) = (self.name(it.from), it.ack.unwrap_or(false));
        self.asked.extend(ack.then(|| from.clone()));
        let event = it.emit.or_default().0;
        if let Some(raw) = it.payload_raw {
            if it.payload.is_some() || it.payload_json.is_some() {
                let message = "a step has `payload_raw` or another payload, not both";
                self.found.add(raw.span(), Code::BadValue, message, None);
            }
            return Action::EmitRaw { from, event, json: raw.into_inner().0, ack };
        }
        Action::Emit { from, event, payload: self.payload(it.payload, it.payload_json), ack }
    }

    fn flood(&self, it: Flood) -> Action {
        Action::Flood {
            from: self.name(it.from),
            event: it.flood.or_default().0,
            payload: self.payload(it.payload, it.payload_json),
            count: it.count.or_default(),
        }
    }

    fn answer(&self, it: Answer) -> Action {
        Action::Answer {
            from: self.name(it.from),
            event: it.answer.or_default().0,
            payload: self.payload(it.payload, it.payload_json),
        }
    }

    fn expect(&self, it: Expect, span: &Range<usize>) -> Action {
        let at = self.connected_names(it.at, span);
        let payload = self.payload(it.payload, it.payload_json);
        Action::Expect { event: it.expect.or_default().0, at, payload, times: it.times }
    }

    fn expect_ack(&self, it: ExpectAck, span: &Range<usize>) -> Action {
        let clients = self.names(it.expect_ack);
        self.check_above(&clients, &self.asked, span, "asks for no ack above this step; add ack = true to an emit");
        let none = it.none.filter(|none| *none.get_ref());
        let ack = match (none, self.payload(it.payload, it.payload_json)) {
            (Some(none), payload) => {
                if payload.is_some() {
                    self.found.add(none.span(), Code::BadValue, "an ack that does not come has no payload", None);
                }
                ExpectedAck::Missing
            }
            (None, Some(payload)) => ExpectedAck::With(payload),
            (None, None) => ExpectedAck::Any,
        };
        Action::ExpectAck { clients, ack }
    }

    /// The names, of clients that a step above connects.
    fn connected_names(&self, names: Required<OneOrMany<Text>>, span: &Range<usize>) -> Vec<String> {
        let names = self.names(names);
        self.check_above(&names, &self.connected, span, "is not connected by any step above this one");
        names
    }

    /// An assertion about a client that was never there, or never asked, would hold whatever the server does.
    fn check_above(&self, names: &[String], done: &BTreeSet<String>, span: &Range<usize>, lack: &str) {
        let is_known = |name: &&String| self.clients.contains(name);
        let lacks = names.iter().filter(is_known).find(|name| !done.contains(*name)).filter(|_| self.is_whole);
        if let Some(name) = lacks {
            self.found.add(span.clone(), Code::BadValue, format!("`{name}` {lack}"), None);
        }
    }

    fn names(&self, names: Required<OneOrMany<Text>>) -> Vec<String> {
        names.or_default().0.into_iter().map(|name| self.known(name)).collect()
    }

    fn name(&self, name: Required<Text>) -> String {
        name.0.map(|name| self.known(name)).unwrap_or_default()
    }

    fn known(&self, name: Text) -> String {
        if !self.clients.contains(name.get_ref()) {
            let message = format!("there is no client `{}`", name.get_ref());
            let help = suggest::help(name.get_ref(), self.clients.iter().map(String::as_str));
            self.found.add(name.span(), Code::BadValue, message, help);
        }
        name.into_inner()
    }

    fn payload(&self, payload: Option<Json>, json: Option<Spanned<JsonText>>) -> Option<Value> {
        if let (Some(_), Some(json)) = (&payload, &json) {
            let message = "a step has `payload` or `payload_json`, not both";
            self.found.add(json.span(), Code::BadValue, message, None);
        }
        payload.map(|Json(value)| value).or_else(|| json.map(|json| json.into_inner().0))
    }
}
