//! What may be written in a scenario file. The comments are those of an author.

use std::num::NonZeroU32;

use fields::{Filled, OneOrMany, Required, Spanned, Text, Verbatim, table};

use super::json::{Json, JsonTable, JsonText, RawText};
use super::names::{EventName, Namespace};
use super::step::Step;
use crate::script::ServerSettings;

table! {
    /// A scenario file.
    pub(super) struct File = "a scenario" {
        /// The point of the scenario, in one sentence.
        title: Required<String>,
        /// Its place among the scenarios of its exercise, from 1, the simplest first. One without a place comes behind
        /// those that have one, the shortest first.
        order: Option<NonZeroU32>,
        /// The clients' names, one word each, in the order in which a transcript lists them.
        clients: Filled<Text>,
        /// Settings of the simulated server; a server on TCP has its own.
        server: Option<ServerSettings>,
        /// Whether the transcript ends with the rooms and their members. True, unless it is said.
        rooms: Option<bool>,
        /// Events whose messages may come in any order among themselves.
        any_order: Vec<Verbatim>,
        /// The scenario is about memory that goes with the clients: the steps are then played many times, and the memory may not grow.
        memory: Option<Memory>,
        /// The steps, in order.
        steps: Filled<Step>,
    }
}

table! {
    /// What is forgotten with the clients of a scenario.
    pub(super) struct Memory = "the memory" {
        /// The sentence of the page about that, in its own words.
        forgotten: Required<String>,
        /// Texts of payloads and of `auth` that are others each time.
        fresh: Vec<Text>,
    }
}

/// Clients by their names.
type Names = OneOrMany<Text>;

table! {
    /// Clients connect, one after the other.
    pub(super) struct Connect = "a step with `connect`" {
        /// Those that connect.
        connect: Required<Names>,
        /// The namespace; `/`, unless it is said.
        namespace: Option<Namespace>,
        /// The payload of CONNECT.
        auth: Option<JsonTable>,
    }
}

table! {
    /// A client sends an event.
    pub(super) struct Emit = "a step with `emit`" {
        /// The event's name.
        emit: Required<EventName>,
        /// The client.
        from: Required<Text>,
        /// The event's payload; without one none is sent.
        payload: Option<Json>,
        /// The same as JSON, for what TOML cannot write, such as null.
        payload_json: Option<Spanned<JsonText>>,
        /// The same as a text that is sent as it stands, for what programs cannot hold, such as `1e400`.
        payload_raw: Option<Spanned<RawText>>,
        /// Whether the client asks for an acknowledgement.
        ack: Option<bool>,
    }
}

table! {
    /// A client sends an event many times without waiting.
    pub(super) struct Flood = "a step with `flood`" {
        /// The event's name.
        flood: Required<EventName>,
        /// The client.
        from: Required<Text>,
        /// How often.
        count: Required<u32>,
        /// The event's payload; without one none is sent.
        payload: Option<Json>,
        /// The same as JSON.
        payload_json: Option<Spanned<JsonText>>,
    }
}

table! {
    /// A client acknowledges the last event of this name that asked for it and has no answer yet.
    pub(super) struct Answer = "a step with `answer`" {
        /// The event's name.
        answer: Required<EventName>,
        /// The client.
        from: Required<Text>,
        /// The payload of the acknowledgement; without one nothing is sent.
        payload: Option<Json>,
        /// The same as JSON.
        payload_json: Option<Spanned<JsonText>>,
    }
}

table! {
    /// Asserts that clients received an event since the last step that did more than wait.
    pub(super) struct Expect = "a step with `expect`" {
        /// The event's name.
        expect: Required<EventName>,
        /// The clients.
        at: Required<Names>,
        /// Keys that its payload has, with these values; other keys do not matter.
        payload: Option<Json>,
        /// The same as JSON.
        payload_json: Option<Spanned<JsonText>>,
        /// How often; at least once, unless it is said.
        times: Option<u32>,
    }
}

table! {
    /// Asserts that clients received nothing since the last step that did more than wait.
    pub(super) struct ExpectNone = "a step with `expect_none`" {
        /// The clients.
        expect_none: Required<Names>,
        /// The event that is meant; without it any.
        event: Option<Verbatim>,
    }
}

table! {
    /// Asserts on what came back of the last event with which each of these clients asked for an acknowledgement.
    pub(super) struct ExpectAck = "a step with `expect_ack`" {
        /// The clients.
        expect_ack: Required<Names>,
        /// Whether none is to come.
        none: Option<Spanned<bool>>,
        /// Keys that its payload has, with these values; other keys do not matter.
        payload: Option<Json>,
        /// The same as JSON.
        payload_json: Option<Spanned<JsonText>>,
    }
}

table! {
    /// Asserts that the server ended the connection of clients, or made them leave their namespace.
    pub(super) struct ExpectDisconnect = "a step with `expect_disconnect`" {
        /// The clients.
        expect_disconnect: Required<Names>,
    }
}

table! {
    /// Time passes.
    pub(super) struct Wait = "a step with `wait_ms`" {
        /// Milliseconds.
        wait_ms: Required<u64>,
    }
}

table! {
    /// Clients leave their namespace and close the connection.
    pub(super) struct Disconnect = "a step with `disconnect`" {
        /// The clients.
        disconnect: Required<Names>,
    }
}

table! {
    /// Clients close the connection, as a browser does when its page is left.
    pub(super) struct Close = "a step with `close`" {
        /// The clients.
        close: Required<Names>,
    }
}

table! {
    /// Clients vanish: the stream ends without a word.
    pub(super) struct Drop = "a step with `drop`" {
        /// The clients.
        drop: Required<Names>,
    }
}

table! {
    /// Clients send something that is not a packet, so that the server ends the connection.
    pub(super) struct Garble = "a step with `garble`" {
        /// The clients.
        garble: Required<Names>,
    }
}

table! {
    /// Clients stop reading.
    pub(super) struct Stall = "a step with `stall`" {
        /// The clients.
        stall: Required<Names>,
    }
}

table! {
    /// Clients read again.
    pub(super) struct Resume = "a step with `resume`" {
        /// The clients.
        resume: Required<Names>,
    }
}
