//! What may be written in the file of an alphabet. The comments are those of an author.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;

use fields::shape::Choice;
use fields::{Code, Filled, Found, Item, Required, Shape, Spanned, Text, Value, suggest, table};
use toml::de::DeValue;

use super::alphabet::{Alphabet, Answered, Asked, Ending, Field, Person, Sent};
use super::pools::Pool;
use crate::load::json::{Json, JsonTable};
use crate::load::names::{EventName, add_client};
use crate::script::ServerSettings;

table! {
    /// An alphabet.
    pub(super) struct File = "an alphabet" {
        /// The clients that there may be. Two with the same `auth` are two tabs of one person.
        clients: Filled<Client>,
        /// The keys of their `auth` that may have unusual values: the pool of each. Clients with the same value have the same
        /// unusual one.
        auth: Option<Names>,
        /// The events that they may send.
        events: Filled<Event>,
        /// The events that they may be asked to acknowledge.
        answers: Vec<Answer>,
        /// How their connections may end: "goodbye", "page-left", "break", "nonsense", "silence".
        ends: Vec<Ending>,
        /// Pauses, in milliseconds.
        waits_ms: Vec<Spanned<u64>>,
        /// Whether the rooms at the end count. True, unless it is said.
        rooms: Option<bool>,
        /// Events whose messages may come in any order among themselves.
        any_order: Vec<String>,
        /// Settings of the server.
        server: Option<ServerSettings>,
    }
}

table! {
    /// A client.
    pub(super) struct Client = "a client" {
        /// Its name, one word.
        name: Required<Text>,
        /// The payload with which it connects.
        auth: Option<JsonTable>,
    }
}

table! {
    /// A key of what clients send as they connect.
    pub(super) struct NameKeys = "a key of `auth`" {
        /// Where unusual values come from: "ids", "texts".
        pool: Required<Spanned<Pool>>,
        /// Values of more bytes than this are left out, because what happens to them is left open.
        most_bytes: Option<Spanned<usize>>,
        /// Other values that the page leaves open.
        open: Vec<Json>,
    }
}

table! {
    /// An event that clients may send.
    pub(super) struct Event = "an event" {
        /// Its name.
        name: Required<EventName>,
        /// How often it is chosen, as a share: one of 3 comes thrice as often as one of 1, which is what it is unless it is
        /// said.
        often: Option<Spanned<u32>>,
        /// Whether clients usually begin with it.
        opens: Option<bool>,
        /// Whether an acknowledgement is asked for: true, false or "sometimes".
        ack: Option<Asked>,
        /// How many may be sent without a pause.
        floods: Vec<Spanned<u32>>,
        /// Whether anything may come instead of the object with the fields, or nothing.
        anything: Option<bool>,
        /// Whether a list may come instead of the object, too.
        lists: Option<bool>,
        /// Whether there may be fields besides these.
        further: Option<bool>,
        /// The fields of its payload. Without any, it has no payload.
        fields: Option<Payload>,
    }
}

table! {
    /// A field of a payload.
    pub(super) struct FieldKeys = "a field" {
        /// Where unusual values come from: "ids", "texts", "numbers", "versions".
        pool: Required<Pool>,
        /// The values that it has most of the time.
        usual: Filled<Json>,
        /// How many characters a text may have. The pool has values on both sides of that.
        limit: Option<Spanned<usize>>,
        /// Texts of more bytes than this are left out, because what happens to them is left open.
        most_bytes: Option<Spanned<usize>>,
        /// Other values that the page leaves open.
        open: Vec<Json>,
        /// Whether the field may be missing as a matter of course.
        optional: Option<bool>,
        /// Whether values of other types, and a missing field, may come. True, unless it is said.
        unfit: Option<bool>,
        /// Whether blank texts may come also where nothing else does that is unfit.
        blank: Option<bool>,
        /// Whether JSON may come that programs read in different ways, or cannot hold.
        raw: Option<bool>,
    }
}

table! {
    /// An event that the server sends and asks to be acknowledged.
    pub(super) struct Answer = "an answer" {
        /// Its name.
        event: Required<EventName>,
        /// Payloads that may go with the acknowledgement. Empty: nothing does.
        payloads: Vec<Json>,
    }
}

/// As often as an event may be chosen for each time that another is.
const OFTEN: RangeInclusive<u32> = 1..=100;
/// More without a pause fill each queue that there is.
const FLOODS: RangeInclusive<u32> = 1..=1_000;
/// A day has as many heartbeats as a check can bear.
const WAITS_MS: RangeInclusive<u64> = 1..=86_400_000;
/// The pool has texts of this length, of characters of four bytes, and the server refuses packets beyond a megabyte.
const LIMIT: RangeInclusive<usize> = 1..=200_000;

/// A number that has to be one of these.
fn within<T: Copy + PartialOrd + Display>(
    number: &Spanned<T>,
    key: &str,
    allowed: &RangeInclusive<T>,
    found: &Found,
) -> T {
    if !allowed.contains(number.get_ref()) {
        let message = format!("`{key}` is from {} to {}", allowed.start(), allowed.end());
        found.add(number.span(), Code::BadValue, message, None);
    }
    *number.get_ref()
}

/// Tables by their names.
pub(super) struct Named<T>(BTreeMap<String, T>);

/// The fields of a payload.
type Payload = Named<FieldKeys>;
/// The keys of an `auth`.
type Names = Named<NameKeys>;

impl<T: Value> Value for Named<T> {
    const IS_TABLE: bool = true;

    fn shape() -> Shape {
        Shape::Named(Box::new(T::shape()))
    }

    fn read(item: Item<'_>) -> Option<Self> {
        let DeValue::Table(table) = item.value() else { return item.wrong_type("a table") };
        let named =
            table.iter().filter_map(|(name, value)| Some((name.get_ref().to_string(), T::read(item.inner(value))?)));
        Some(Self(named.collect()))
    }
}

impl Value for Asked {
    fn shape() -> Shape {
        Shape::Choice(vec![Choice::Truth(true), Choice::Truth(false), Choice::Text("sometimes")])
    }

    fn read(item: Item<'_>) -> Option<Self> {
        match item.value() {
            DeValue::Boolean(false) => Some(Self::Never),
            DeValue::Boolean(true) => Some(Self::Always),
            DeValue::String(text) if text == "sometimes" => Some(Self::Sometimes),
            _ => item.wrong_type("true, false or \"sometimes\""),
        }
    }
}

const POOLS: &[(&str, Pool)] =
    &[("ids", Pool::Ids), ("texts", Pool::Texts), ("numbers", Pool::Numbers), ("versions", Pool::Versions)];

impl Value for Pool {
    fn shape() -> Shape {
        Shape::Choice(POOLS.iter().map(|(name, _)| Choice::Text(name)).collect())
    }

    fn read(item: Item<'_>) -> Option<Self> {
        one_of(item, "pool", POOLS)
    }
}

const ENDINGS: &[(&str, Ending)] = &[
    ("goodbye", Ending::Goodbye),
    ("page-left", Ending::PageLeft),
    ("break", Ending::Break),
    ("nonsense", Ending::Nonsense),
    ("silence", Ending::Silence),
];

impl Value for Ending {
    fn shape() -> Shape {
        Shape::Choice(ENDINGS.iter().map(|(name, _)| Choice::Text(name)).collect())
    }

    fn read(item: Item<'_>) -> Option<Self> {
        one_of(item, "end", ENDINGS)
    }
}

/// One of these words.
fn one_of<T: Copy>(item: Item<'_>, what: &str, all: &[(&str, T)]) -> Option<T> {
    let word = String::read(item)?;
    let found = all.iter().find(|(name, _)| *name == word);
    if found.is_none() {
        let names = all.iter().map(|(name, _)| *name);
        item.error(Code::BadValue, format!("there is no {what} `{word}`"), suggest::help(&word, names));
    }
    found.map(|(_, value)| *value)
}

/// What was read. Where something is missing that has to be there, this has been reported.
pub(super) fn alphabet(file: File, found: &Found) -> Alphabet {
    let clients = clients(file.clients.0, found);
    let auth = file.auth.map(|Named(keys)| keys).unwrap_or_default();
    Alphabet {
        auth: auth.into_iter().map(|(key, keys)| (key.clone(), name(&key, keys, &clients, found))).collect(),
        clients,
        events: file.events.0.into_iter().map(|keys| sent(keys, found)).collect(),
        answers: file.answers.into_iter().map(answered).collect(),
        ends: file.ends,
        waits_ms: file.waits_ms.iter().map(|wait| within(wait, "waits_ms", &WAITS_MS, found)).collect(),
        rooms: file.rooms.unwrap_or(true),
        any_order: file.any_order,
        server: file.server.unwrap_or_default(),
    }
}

fn clients(keys: Vec<Client>, found: &Found) -> Vec<Person> {
    let (mut names, mut auths) = (Vec::new(), Vec::new());
    for client in keys {
        let Some(name) = client.name.0 else { continue };
        add_client(name, &mut names, found);
        auths.push(client.auth.map(|JsonTable(auth)| auth));
    }
    names.into_iter().zip(auths).map(|(name, auth)| Person { name, auth }).collect()
}

/// The usual names are those that the clients have.
fn name(key: &str, keys: NameKeys, clients: &[Person], found: &Found) -> Field {
    let usual: Vec<_> = clients.iter().filter_map(|client| client.auth.as_ref()?.get(key).cloned()).collect();
    if let Some(pool) = &keys.pool.0 {
        if !matches!(pool.get_ref(), Pool::Ids | Pool::Texts) {
            let help = "a name is one of `ids` or of `texts`".to_owned();
            found.add(pool.span(), Code::BadValue, "the pool of a name has texts", Some(help));
        }
        if !usual.iter().any(serde_json::Value::is_string) {
            found.add(pool.span(), Code::BadValue, format!("no client gives a text as `{key}`"), None);
        }
    }
    Field {
        pool: keys.pool.0.map(Spanned::into_inner).unwrap_or_default(),
        usual,
        most_bytes: keys.most_bytes.map(|most| within(&most, "most_bytes", &LIMIT, found)),
        open: keys.open.into_iter().map(|Json(value)| value).collect(),
        ..Field::default()
    }
}

fn sent(keys: Event, found: &Found) -> Sent {
    let fields = keys.fields.map(|Named(fields)| fields).unwrap_or_default();
    Sent {
        name: keys.name.or_default().0,
        often: keys.often.map_or(1, |often| within(&often, "often", &OFTEN, found)),
        opens: keys.opens.unwrap_or_default(),
        ack: keys.ack.unwrap_or_default(),
        floods: keys.floods.iter().map(|flood| within(flood, "floods", &FLOODS, found)).collect(),
        anything: keys.anything.unwrap_or_default(),
        lists: keys.lists.unwrap_or_default(),
        further: keys.further.unwrap_or_default(),
        fields: fields.into_iter().map(|(name, keys)| (name, field(keys, found))).collect(),
    }
}

fn field(keys: FieldKeys, found: &Found) -> Field {
    let values = |all: Vec<Json>| all.into_iter().map(|Json(value)| value).collect();
    Field {
        pool: keys.pool.or_default(),
        usual: values(keys.usual.0),
        limit: keys.limit.map(|limit| within(&limit, "limit", &LIMIT, found)),
        most_bytes: keys.most_bytes.map(|most| within(&most, "most_bytes", &LIMIT, found)),
        open: values(keys.open),
        optional: keys.optional.unwrap_or_default(),
        unfit: keys.unfit.unwrap_or(true),
        blank: keys.blank.unwrap_or_default(),
        raw: keys.raw.unwrap_or_default(),
    }
}

fn answered(keys: Answer) -> Answered {
    let payloads = keys.payloads.into_iter().map(|Json(payload)| payload).collect();
    Answered { event: keys.event.or_default().0, payloads }
}
