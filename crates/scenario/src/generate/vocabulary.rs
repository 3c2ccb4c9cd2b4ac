//! The few values that one script uses.
//!
//! Values that are drawn for each step alone would hardly ever meet: the client that joins would join one project, and the
//! one that writes would write to another. So a script draws its values first, by the names of fields, and its steps choose
//! from these. A client that has written to a project writes to it again more often than to another.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use serde_json::{Map, Value};

use super::alphabet::{Alphabet, Field, Sent};
use super::pools::{self, Pool};

/// How unusual a script is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Oddness {
    /// It has usual values alone.
    Plain,
    /// It has one unusual value of each field.
    Spiced,
    /// It is full of them.
    Wild,
    /// Its texts run into each other where they are put together.
    Colliding,
}

/// How often each is drawn.
const ODDNESSES: [Oddness; 7] = [
    Oddness::Plain,
    Oddness::Plain,
    Oddness::Spiced,
    Oddness::Spiced,
    Oddness::Spiced,
    Oddness::Wild,
    Oddness::Colliding,
];

/// How often in a hundred a client sends in a field what it sent there last.
const OWN_AGAIN: u32 = 40;
/// How often what some client sent there last.
const OTHERS_AGAIN: u32 = 25;

/// How often a version is the one that a thing has by now.
const NEXT_VERSION: u32 = 55;

/// What a field has in a step.
#[derive(Debug, Clone, PartialEq)]
enum Has {
    Value(Value),
    Nothing,
}

/// The values of one script, by event and field.
#[derive(Debug)]
pub(super) struct Vocabulary {
    oddness: Oddness,
    values: BTreeMap<(String, String), Values>,
    /// The last value that each client sent in a field of this name.
    last: BTreeMap<(String, String), Value>,
    /// The last version of what these ids name, if no step was refused for another reason.
    versions: BTreeMap<String, u64>,
}

#[derive(Debug)]
struct Values {
    usual: Vec<Has>,
    unusual: Vec<Has>,
}

impl Vocabulary {
    pub(super) fn draw(alphabet: &Alphabet, rng: &mut Rng) -> Self {
        let oddness = ODDNESSES[rng.usize(..ODDNESSES.len())];
        // Fields of one name and one pool mean the same thing in every event.
        let mut shared: BTreeMap<String, Vec<Has>> = BTreeMap::new();
        let mut values = BTreeMap::new();
        for event in &alphabet.events {
            for (name, field) in &event.fields {
                let usual: BTreeSet<_> = field.usual.iter().map(Value::to_string).collect();
                let key = format!("{name} {:?} {usual:?}", field.pool);
                let unusual = shared.entry(key).or_insert_with(|| unusual(field, oddness, rng)).clone();
                let usual = field.usual.iter().cloned().map(Has::Value).collect();
                values.insert((event.name.clone(), name.clone()), Values { usual, unusual });
            }
        }
        Self { oddness, values, last: BTreeMap::new(), versions: BTreeMap::new() }
    }

    /// A payload for an event of this client, or none.
    pub(super) fn payload(&mut self, from: &str, event: &Sent, rng: &mut Rng) -> Option<Value> {
        let mut fields = Map::new();
        let (versions, others): (Vec<_>, Vec<_>) =
            event.fields.iter().partition(|(_, field)| field.pool == Pool::Versions);
        for (name, field) in others {
            let value = self.again(from, name, field, rng).or_else(|| self.value(event, name, field, rng));
            if let Some(value) = value {
                self.last.insert((from.to_owned(), name.clone()), value.clone());
                fields.insert(name.clone(), value);
            }
        }
        let thing = ids_in(event, &fields);
        for (name, field) in versions {
            let next = self.versions.get(&thing).map(|last| Value::from(last + 1));
            let next = next.filter(|_| rng.u32(..100) < NEXT_VERSION);
            let value = next.or_else(|| self.value(event, name, field, rng));
            fields.extend(value.map(|value| (name.clone(), value)));
        }
        self.note_version(thing, event, &fields);
        if event.fields.is_empty() && !event.anything {
            return None;
        }
        let mut payload = Value::Object(fields);
        if event.anything && rng.u32(..100) < self.percent(6) {
            let mut others = pools::payloads(&payload);
            others.extend(event.lists.then(|| pools::lists(&payload)).into_iter().flatten());
            let chosen = rng.usize(..=others.len());
            return (chosen < others.len()).then(|| others.swap_remove(chosen));
        }
        if event.further && rng.u32(..100) < self.percent(15) {
            let further = pools::further();
            let (name, value) = further[rng.usize(..further.len())].clone();
            if let Some(fields) = payload.as_object_mut() {
                fields.entry(name).or_insert(value);
            }
        }
        Some(payload)
    }

    /// An event without a version creates something. A version other than the next is refused, and changes nothing.
    fn note_version(&mut self, thing: String, event: &Sent, fields: &Map<String, Value>) {
        let mut versions = event.fields.iter().filter(|(_, field)| field.pool == Pool::Versions);
        let Some((name, _)) = versions.next() else {
            self.versions.entry(thing).or_default();
            return;
        };
        let sent = fields.get(name).and_then(Value::as_u64);
        if let Some(last) = self.versions.get_mut(&thing).filter(|last| last.checked_add(1) == sent) {
            *last += 1;
        }
    }

    /// What this client, or another one, has sent before.
    fn again(&self, from: &str, name: &str, field: &Field, rng: &mut Rng) -> Option<Value> {
        let is_counted = matches!(field.pool, Pool::Numbers | Pool::Versions);
        let (own, others) = if is_counted { (0, 0) } else { (OWN_AGAIN, OTHERS_AGAIN) };
        match rng.u32(..100) {
            chance if chance < own => self.last.get(&(from.to_owned(), name.to_owned())).cloned(),
            chance if chance < own + others => {
                let sent: Vec<_> = self.last.iter().filter(|((_, other), _)| other == name).collect();
                sent.get(rng.usize(..sent.len().max(1))).map(|(_, value)| (*value).clone())
            }
            _ => None,
        }
    }

    /// The text of a payload with a field that programs read in different ways, now and then.
    pub(super) fn raw(&self, event: &Sent, rng: &mut Rng) -> Option<String> {
        let odd: Vec<_> = event.fields.iter().filter(|(_, field)| field.raw).map(|(name, _)| name).collect();
        if odd.is_empty() || rng.u32(..100) >= self.percent(8) {
            return None;
        }
        let odd = odd[rng.usize(..odd.len())];
        let texts = event.fields.iter().filter_map(|(name, field)| {
            let value = self.value(event, name, field, rng);
            let text = if name == odd {
                let mut raw = pools::raw(&value.unwrap_or_default());
                raw.swap_remove(rng.usize(..raw.len()))
            } else {
                value?.to_string()
            };
            Some(format!("{}:{text}", Value::from(name.as_str())))
        });
        Some(format!("{{{}}}", texts.collect::<Vec<_>>().join(",")))
    }

    fn value(&self, event: &Sent, name: &str, field: &Field, rng: &mut Rng) -> Option<Value> {
        if field.optional && rng.u32(..100) < 40 {
            return None;
        }
        let values = self.values.get(&(event.name.clone(), name.to_owned()))?;
        let is_odd = !values.unusual.is_empty() && rng.u32(..100) < self.percent(30);
        let all = if is_odd { &values.unusual } else { &values.usual };
        match &all[rng.usize(..all.len())] {
            Has::Value(value) => Some(value.clone()),
            Has::Nothing => None,
        }
    }

    fn percent(&self, spiced: u32) -> u32 {
        match self.oddness {
            Oddness::Plain => 0,
            Oddness::Spiced => spiced,
            Oddness::Wild | Oddness::Colliding => spiced * 2,
        }
    }
}

/// The ids of the thing that a payload is about, as a text.
fn ids_in(event: &Sent, fields: &Map<String, Value>) -> String {
    let ids = event.fields.iter().filter(|(_, field)| field.pool == Pool::Ids);
    ids.filter_map(|(name, _)| fields.get(name)).cloned().collect::<Value>().to_string()
}

fn unusual(field: &Field, oddness: Oddness, rng: &mut Rng) -> Vec<Has> {
    let how_many = match oddness {
        Oddness::Plain => 0,
        Oddness::Spiced => 1,
        Oddness::Wild => 4,
        Oddness::Colliding => 2,
    };
    let is_colliding = oddness == Oddness::Colliding && matches!(field.pool, Pool::Ids);
    let fit = if is_colliding { pools::colliding(field) } else { pools::unusual(field) };
    let (unfit, telling) = (pools::unfit(field), pools::telling(field));
    let draw = |rng: &mut Rng| {
        if field.unfit && !is_colliding && rng.u32(..100) < 25 {
            let chosen = rng.usize(..=unfit.len());
            return unfit.get(chosen).cloned().map_or(Has::Nothing, Has::Value);
        }
        let is_telling = !telling.is_empty() && !is_colliding && rng.u32(..100) < 40;
        let all = if is_telling { &telling } else { &fit };
        all.get(rng.usize(..all.len().max(1))).cloned().map_or(Has::Nothing, Has::Value)
    };
    (0..how_many).map(|_| draw(rng)).filter(|has| field.unfit || *has != Has::Nothing).collect()
}
