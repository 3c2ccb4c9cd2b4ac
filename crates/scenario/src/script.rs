//! A scenario as data.

use std::num::NonZeroU32;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::client::Departure;

/// A scenario: what its clients do, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Script {
    /// What the scenario shows, in one sentence.
    pub title: String,
    /// Its place among the scenarios of its exercise, if its author has given it one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<NonZeroU32>,
    /// The clients' names, in the order in which a transcript lists them.
    pub clients: Vec<String>,
    /// Settings of the simulated server; a server on TCP has its own.
    pub server: ServerSettings,
    /// Whether the transcript ends with the rooms and their members. A scenario says `rooms = false` when
    /// its exercise leaves the rooms to the learner.
    pub rooms: bool,
    /// Events whose messages may come in any order among themselves; a transcript sorts them.
    pub any_order: Vec<String>,
    /// What is forgotten with the clients, if the scenario is about that: then it is played many times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Memory>,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// A scenario about what a server keeps of clients that have gone: its steps are their whole lives, and are played many
/// times on one server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// What the page says is forgotten, in its own words.
    pub forgotten: String,
    /// Texts of payloads that are others each time.
    pub fresh: Vec<String>,
}

fields::table! {
    /// Settings of the simulated server that differ from the defaults.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub struct ServerSettings = "the server" {
        /// Messages that may wait for one client.
        queue_messages: Option<usize>,
        /// Milliseconds between heartbeats.
        ping_interval_ms: Option<u64>,
        /// Milliseconds that a client has to answer one.
        ping_timeout_ms: Option<u64>,
        /// Bytes that may be in flight in each direction of a connection.
        buffer_bytes: Option<NonZeroU32>,
    }
}

/// One step, and its line in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The line of the file, from 1.
    pub line: usize,
    /// What the step does.
    pub action: Action,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// Clients connect, one after another.
    Connect {
        /// The clients that connect.
        clients: Vec<String>,
        /// The namespace; `/` when the file names none.
        namespace: String,
        /// The CONNECT payload.
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
        auth: Option<Value>,
    },
    /// A client sends an event.
    Emit {
        /// The client that sends it.
        from: String,
        /// The event's name.
        event: String,
        /// Its payload; `None` sends none.
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
        payload: Option<Value>,
        /// Whether the client asks for an acknowledgement.
        ack: bool,
    },
    /// A client sends an event with a text of JSON as it stands, for what a [`Value`] cannot hold: `1e400`, half of a
    /// surrogate pair, a key that is there twice.
    EmitRaw {
        /// The client that sends it.
        from: String,
        /// The event's name.
        event: String,
        /// The text of its payload.
        json: String,
        /// Whether the client asks for an acknowledgement.
        ack: bool,
    },
    /// A client sends an event many times without waiting.
    Flood {
        /// The client that sends it.
        from: String,
        /// The event's name.
        event: String,
        /// Its payload; `None` sends none.
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
        payload: Option<Value>,
        /// How many times it is sent.
        count: u32,
    },
    /// A client acknowledges the last event of this name that asked for it and has no answer yet.
    Answer {
        /// The client that answers.
        from: String,
        /// The event's name.
        event: String,
        /// The acknowledgement's payload; `None` sends none.
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
        payload: Option<Value>,
    },
    /// Asserts that clients received an event since the last step that did more than wait.
    Expect {
        /// The event's name.
        event: String,
        /// The clients that should have received it.
        at: Vec<String>,
        /// Keys that its payload has, with these values; other keys do not matter.
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
        payload: Option<Value>,
        /// How many times; `None` means at least once.
        times: Option<u32>,
    },
    /// Asserts that clients received nothing since the last step that did more than wait.
    ExpectNone {
        /// The clients that should have received nothing.
        clients: Vec<String>,
        /// Only this event counts, if given.
        event: Option<String>,
    },
    /// Asserts on the answer to the last event with which each of these clients asked for an acknowledgement.
    ExpectAck {
        /// The clients that asked.
        clients: Vec<String>,
        /// The acknowledgement that they should have got.
        ack: ExpectedAck,
    },
    /// Asserts that the server ended the connection of these clients, or made them leave their namespace, since
    /// the last step that did more than wait. A client that does not read notices once it does.
    ExpectDisconnect(Vec<String>),
    /// Time passes: virtual time in the simulated network.
    Wait(Duration),
    /// Clients end their connections.
    Depart {
        /// The clients.
        clients: Vec<String>,
        /// How.
        departure: Departure,
    },
    /// Clients stop reading.
    Stall(Vec<String>),
    /// Clients read again.
    Resume(Vec<String>),
}

/// The acknowledgement that a client should have got.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ExpectedAck {
    /// One with any payload, or with none.
    Any,
    /// One whose payload has these keys, with these values; other keys do not matter.
    With(Value),
    /// None at all.
    Missing,
}

impl Script {
    /// Orders the scenarios of an exercise, the simplest first: as their author says, and behind those the others, the
    /// shortest first.
    pub fn place(&self) -> (u32, usize) {
        (self.order.map_or(u32::MAX, NonZeroU32::get), self.steps.len())
    }

    /// Whether it expects anything.
    pub fn asserts(&self) -> bool {
        self.steps.iter().any(|step| step.action.is_expectation())
    }
}

impl Action {
    /// What the step sends: a payload, or what clients say of themselves as they connect.
    pub(crate) fn payload_mut(&mut self) -> Option<&mut Value> {
        match self {
            Self::Connect { auth: payload, .. }
            | Self::Emit { payload, .. }
            | Self::Flood { payload, .. }
            | Self::Answer { payload, .. } => payload.as_mut(),
            Self::EmitRaw { .. }
            | Self::Expect { .. }
            | Self::ExpectNone { .. }
            | Self::ExpectAck { .. }
            | Self::ExpectDisconnect(_)
            | Self::Wait(_)
            | Self::Depart { .. }
            | Self::Stall(_)
            | Self::Resume(_) => None,
        }
    }

    /// Whether the step asserts and does nothing.
    pub fn is_expectation(&self) -> bool {
        matches!(
            self,
            Action::Expect { .. } | Action::ExpectNone { .. } | Action::ExpectAck { .. } | Action::ExpectDisconnect(_)
        )
    }
}

/// A value that is there, which may be null; one that is not there is left out.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
