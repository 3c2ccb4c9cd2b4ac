//! Chooses what the clients of a script do, one step after the other.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::time::Duration;

use fastrand::Rng;

use super::alphabet::{Alphabet, Asked, Ending, Person, Sent};
use super::people;
use super::vocabulary::Vocabulary;
use crate::client::Departure;
use crate::script::{Action, Script, Step};

/// The shortest script, in steps. It has room for two clients that meet.
const SHORTEST: usize = 5;
/// The longest.
const LONGEST: usize = 28;

/// How many events are sent while one client does not read: so many that not all of them are in flight.
const HELD_UP: RangeInclusive<usize> = 3..=7;

/// Makes the script of this seed.
pub fn script(alphabet: &Alphabet, seed: u64) -> Script {
    let mut rng = Rng::with_seed(seed);
    let vocabulary = Vocabulary::draw(alphabet, &mut rng);
    let steps = rng.usize(SHORTEST..=LONGEST);
    let mut actor =
        Actor { alphabet, vocabulary, rng, cast: Vec::new(), present: BTreeSet::new(), silent: BTreeSet::new() };
    actor.choose_cast();
    let mut actions = Vec::new();
    while actions.len() < steps {
        actor.act(&mut actions);
    }
    people::name(alphabet, &mut actor.rng, &mut actions);
    Script {
        title: format!("Generated from seed {seed}"),
        order: None,
        clients: alphabet.clients.iter().map(|client| client.name.clone()).collect(),
        server: alphabet.server.clone(),
        rooms: alphabet.rooms,
        any_order: alphabet.any_order.clone(),
        memory: None,
        steps: actions.into_iter().enumerate().map(|(index, action)| Step { line: index + 1, action }).collect(),
    }
}

struct Actor<'a> {
    alphabet: &'a Alphabet,
    vocabulary: Vocabulary,
    rng: Rng,
    /// The clients of this script.
    cast: Vec<&'a Person>,
    present: BTreeSet<&'a str>,
    /// Those of them that do not read.
    silent: BTreeSet<&'a str>,
}

/// What may be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Come,
    Send,
    Answer,
    Wait,
    End,
    Return,
    Read,
    ReadSlowly,
}

impl<'a> Actor<'a> {
    fn choose_cast(&mut self) {
        let mut cast: Vec<_> = self.alphabet.clients.iter().collect();
        self.rng.shuffle(&mut cast);
        let fewest = cast.len().min(2);
        cast.truncate(self.rng.usize(fewest..=cast.len()));
        self.cast = cast;
    }

    fn act(&mut self, actions: &mut Vec<Action>) {
        let Alphabet { answers, ends, waits_ms, .. } = self.alphabet;
        let (present, absent) = (self.present.len(), self.cast.len() - self.present.len());
        let is_some = |some: bool, weight: usize| if some { weight } else { 0 };
        let weights = [
            (Deed::Come, if present < 2 { absent * 8 } else { absent * 2 }),
            (Deed::Send, is_some(present > 0, 14)),
            (Deed::Answer, is_some(present > 0 && !answers.is_empty(), 7)),
            (Deed::Wait, is_some(present > 0 && !waits_ms.is_empty(), 3)),
            (Deed::End, is_some(present > 0 && !ends.is_empty(), 2)),
            (Deed::Return, is_some(present > 0 && !ends.is_empty(), 2)),
            (Deed::Read, self.silent.len()),
            (Deed::ReadSlowly, is_some(present > 0 && ends.contains(&Ending::Silence), 2)),
        ];
        match self.weighted(&weights, |(_, weight)| *weight).map_or(Deed::Come, |(deed, _)| *deed) {
            Deed::Come => self.come(actions),
            Deed::Send => {
                let (from, event) = (self.somebody(), self.event());
                actions.push(self.send(from, event));
            }
            Deed::Answer => actions.push(self.answer()),
            Deed::Wait => actions.extend(self.wait()),
            Deed::End => {
                self.end(actions);
            }
            Deed::Return => self.end_and_return(actions),
            Deed::Read => actions.extend(self.read()),
            Deed::ReadSlowly => self.read_slowly(actions),
        }
    }

    /// A client that is not there connects.
    fn come(&mut self, actions: &mut Vec<Action>) {
        let absent: Vec<_> = self.cast.iter().copied().filter(|it| !self.present.contains(it.name.as_str())).collect();
        if let Some(&client) = absent.get(self.rng.usize(..absent.len().max(1))) {
            self.connect(client, actions);
        }
    }

    /// A client connects, and usually does what clients begin with.
    fn connect(&mut self, client: &'a Person, actions: &mut Vec<Action>) {
        self.present.insert(&client.name);
        let clients = vec![client.name.clone()];
        actions.push(Action::Connect { clients, namespace: "/".to_owned(), auth: client.auth.clone() });
        let openers: Vec<_> = self.alphabet.events.iter().filter(|event| event.opens).collect();
        if !openers.is_empty() && self.rng.u32(..100) < 80 {
            let opener = openers[self.rng.usize(..openers.len())];
            actions.push(self.send(&client.name, opener));
        }
    }

    fn wait(&mut self) -> Option<Action> {
        let wait = *self.alphabet.waits_ms.get(self.rng.usize(..self.alphabet.waits_ms.len().max(1)))?;
        Some(Action::Wait(Duration::from_millis(wait)))
    }

    fn send(&mut self, from: &str, event: &'a Sent) -> Action {
        let payload = self.vocabulary.payload(from, event, &mut self.rng);
        let (from, name) = (from.to_owned(), event.name.clone());
        if !event.floods.is_empty() && self.rng.u32(..100) < 30 {
            let count = event.floods[self.rng.usize(..event.floods.len())];
            return Action::Flood { from, event: name, payload, count };
        }
        let ack = match event.ack {
            Asked::Never => false,
            Asked::Always => true,
            Asked::Sometimes => self.rng.bool(),
        };
        if let Some(json) = self.vocabulary.raw(event, &mut self.rng) {
            return Action::EmitRaw { from, event: name, json, ack };
        }
        Action::Emit { from, event: name, payload, ack }
    }

    fn answer(&mut self) -> Action {
        let answers = &self.alphabet.answers;
        let answered = &answers[self.rng.usize(..answers.len())];
        let payload = answered.payloads.get(self.rng.usize(..answered.payloads.len().max(1))).cloned();
        let from = self.somebody().to_owned();
        Action::Answer { from, event: answered.event.clone(), payload }
    }

    /// A connection ends; whose it was.
    fn end(&mut self, actions: &mut Vec<Action>) -> &'a str {
        let ends = &self.alphabet.ends;
        let ending = ends[self.rng.usize(..ends.len())];
        let client = self.somebody();
        match ending {
            Ending::Goodbye => actions.push(self.depart(client, Departure::Disconnect)),
            Ending::PageLeft => actions.push(self.depart(client, Departure::Close)),
            Ending::Break => actions.push(self.depart(client, Departure::Drop)),
            Ending::Nonsense => actions.push(self.depart(client, Departure::Garble)),
            Ending::Silence => {
                let clients = vec![client.to_owned()];
                actions.extend(self.silent.insert(client).then_some(Action::Stall(clients)));
            }
        }
        client
    }

    /// A connection ends, time may pass, and its client is there again. Long waits are longer than a client may be silent.
    fn end_and_return(&mut self, actions: &mut Vec<Action>) {
        let client = self.end(actions);
        if self.rng.bool() {
            actions.extend(self.wait());
        }
        let person = self.cast.iter().copied().find(|person| person.name == client);
        if self.silent.remove(client) {
            actions.push(Action::Resume(vec![client.to_owned()]));
        } else if let Some(person) = person.filter(|_| !self.present.contains(client)) {
            self.connect(person, actions);
        }
    }

    fn depart(&mut self, client: &str, departure: Departure) -> Action {
        self.present.remove(client);
        self.silent.remove(client);
        Action::Depart { clients: vec![client.to_owned()], departure }
    }

    fn read(&mut self) -> Option<Action> {
        let silent: Vec<_> = self.silent.iter().copied().collect();
        let client = *silent.get(self.rng.usize(..silent.len().max(1)))?;
        self.silent.remove(client);
        Some(Action::Resume(vec![client.to_owned()]))
    }

    /// A client does not read for a while, and the others go on.
    fn read_slowly(&mut self, actions: &mut Vec<Action>) {
        let slow = self.somebody();
        if !self.silent.insert(slow) {
            return;
        }
        actions.push(Action::Stall(vec![slow.to_owned()]));
        for _ in 0..self.rng.usize(HELD_UP) {
            let (from, event) = (self.somebody(), self.event());
            actions.push(self.send(from, event));
        }
        self.silent.remove(slow);
        actions.push(Action::Resume(vec![slow.to_owned()]));
    }

    fn event(&mut self) -> &'a Sent {
        let events = &self.alphabet.events;
        self.weighted(events, |event| usize::try_from(event.often).unwrap_or(usize::MAX)).unwrap_or(&events[0])
    }

    /// A client that is present; the caller knows that there is one.
    fn somebody(&mut self) -> &'a str {
        let present: Vec<_> = self.present.iter().copied().collect();
        present[self.rng.usize(..present.len())]
    }

    /// One of these, by their weights; nothing if none has any.
    fn weighted<'b, T>(&mut self, all: &'b [T], weight: impl Fn(&T) -> usize) -> Option<&'b T> {
        let sum = all.iter().map(&weight).fold(0, usize::saturating_add);
        let mut at = self.rng.usize(..sum.max(1));
        all.iter().find(|one| {
            let weight = weight(one);
            let is_it = at < weight;
            at = at.saturating_sub(weight);
            is_it
        })
    }
}
