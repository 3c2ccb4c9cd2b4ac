//! Which scripts of many are worth being kept: those that tell the most mutants from the solution, and those that show something
//! which no other has shown.
//!
//! What a script shows is read from its transcript: a value in a field of an event, and the kinds of messages that came of it;
//! what came before, and to how many. Known wrong answers are not used, so that the kept ones stand for the page and not for a
//! list of mistakes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use scenario::Script;
use scenario::script::{Action, Step};
use scenario::transcript::{Delivery, Entry, Transcript};
use serde_json::Value;

use super::set::Generated;

/// What all kept scripts of an exercise may cost together, in milliseconds of one processor.
const BUDGET: f64 = 150.0;
/// So many times the budget is worth being tried on mutants.
const SHORTLIST: f64 = 4.0;
/// Of a script, measured on the unoptimised build that answers link: a process, a server, its end.
const BASE: f64 = 2.0;
/// Of a step.
const STEP: f64 = 0.35;
/// Of a heartbeat of one client.
const HEARTBEAT: f64 = 0.1;
const BETWEEN_HEARTBEATS: Duration = Duration::from_secs(25);

/// What it is worth to be the first, the second and the third script that catches a mutant: an answer that goes wrong in a
/// similar way may slip through one of them.
const CATCHES: [f64; 3] = [1.0, 0.3, 0.1];
/// What it is worth to show something new.
const SHOWS: f64 = 0.02;

/// A script, and the mutants that it catches.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) generated: Generated,
    /// Their numbers.
    pub(crate) catches: BTreeSet<usize>,
}

/// The scripts that show the most, more than can be kept.
pub(crate) fn shortlist(played: Vec<Generated>) -> Vec<Generated> {
    let candidates = played.into_iter().map(|generated| Candidate { generated, catches: BTreeSet::new() }).collect();
    choose(candidates, BUDGET * SHORTLIST)
}

/// Chooses those to keep, and puts the shortest first.
pub(crate) fn select(candidates: Vec<Candidate>) -> Vec<Generated> {
    choose(candidates, BUDGET)
}

fn choose(mut candidates: Vec<Candidate>, budget: f64) -> Vec<Generated> {
    // Ties go to the shorter one.
    candidates.sort_by_key(|one| one.generated.script.steps.len());
    let mut open: Vec<_> = candidates.into_iter().map(Rated::of).collect();
    let (mut worth, mut chosen, mut spent) = (Worth::default(), Vec::new(), 0.0);
    loop {
        let affordable = open.iter().enumerate().filter(|(_, one)| spent + one.cost <= budget);
        let best = affordable.map(|(index, one)| (index, worth.of(one) / one.cost));
        let best = best.max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(&one.0)));
        let Some((index, _)) = best.filter(|(_, gain)| *gain > 0.0) else { break };
        let one = open.remove(index);
        spent += one.cost;
        worth.add(&one);
        chosen.push(one.candidate.generated);
    }
    chosen.sort_by_key(|one| one.script.steps.len());
    chosen
}

struct Rated {
    candidate: Candidate,
    shows: BTreeSet<String>,
    cost: f64,
}

impl Rated {
    fn of(candidate: Candidate) -> Self {
        let (shows, cost) = (features(&candidate.generated), cost(&candidate.generated.script));
        Self { candidate, shows, cost }
    }
}

/// What the chosen ones have shown and caught so far.
#[derive(Default)]
struct Worth {
    shown: BTreeSet<String>,
    caught: BTreeMap<usize, usize>,
}

impl Worth {
    fn of(&self, one: &Rated) -> f64 {
        let times = |mutant: &usize| self.caught.get(mutant).copied().unwrap_or_default();
        let catches = one.candidate.catches.iter().filter_map(|mutant| CATCHES.get(times(mutant)));
        catches.sum::<f64>() + SHOWS * number(one.shows.difference(&self.shown).count())
    }

    fn add(&mut self, one: &Rated) {
        self.shown.extend(one.shows.iter().cloned());
        for mutant in &one.candidate.catches {
            *self.caught.entry(*mutant).or_default() += 1;
        }
    }
}

fn cost(script: &Script) -> f64 {
    let heartbeats = script.steps.iter().map(|step| match step.action {
        Action::Wait(wait) => wait.as_secs_f64() / BETWEEN_HEARTBEATS.as_secs_f64(),
        Action::Flood { count, .. } => f64::from(count),
        _ => 0.0,
    });
    BASE + STEP * number(script.steps.len()) + HEARTBEAT * heartbeats.sum::<f64>()
}

/// A count as a number to divide by; no script comes near the largest.
fn number(count: usize) -> f64 {
    u32::try_from(count).unwrap_or(u32::MAX).into()
}

fn features(generated: &Generated) -> BTreeSet<String> {
    let transcript = Transcript::parse(&generated.transcript);
    let mut features = BTreeSet::new();
    let mut before = String::new();
    let steps = &generated.script.steps;
    for (index, (step, entry)) in steps.iter().zip(&transcript.entries).enumerate() {
        let (deed, shape) = (deed(step), shape(step, entry));
        features.insert(format!("{before} > {deed} > {shape}"));
        features.insert(format!("{deed} > {shape} after {}", history(&steps[..index], step)));
        for (field, value) in fields(step) {
            features.insert(format!("{deed} {field}={value}"));
            features.insert(format!("{deed} {field}={value} > {shape}"));
        }
        before = deed;
    }
    features
}

/// What its client, and others, have done before about the same values, and whether once or more often.
fn history(before: &[Step], step: &Step) -> String {
    let own = actor(step);
    let values: BTreeSet<_> = fields(step).into_iter().collect();
    let is_about_the_same =
        |other: &&Step| values.is_empty() || fields(other).iter().any(|field| values.contains(field));
    let deeds = before.iter().filter(is_about_the_same).map(|other| (actor(other) == own, deed(other)));
    format!("{:?}", counted(deeds))
}

/// Each, and how often: once, twice, or many times.
fn counted<T: Ord>(all: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for one in all {
        let count: &mut usize = counts.entry(one).or_default();
        *count = (*count + 1).min(3);
    }
    counts
}

/// A step without its values.
fn deed(step: &Step) -> String {
    match &step.action {
        Action::Connect { .. } => "connect".to_owned(),
        Action::Emit { event, ack, .. } | Action::EmitRaw { event, ack, .. } => format!("emit {event} {ack}"),
        Action::Flood { event, count, .. } => format!("flood {event} {count}"),
        Action::Answer { event, .. } => format!("answer {event}"),
        Action::Wait(wait) => format!("wait {}", wait.as_millis()),
        Action::Depart { departure, .. } => departure.key().to_owned(),
        Action::Stall(_) => "stall".to_owned(),
        Action::Resume(_) => "resume".to_owned(),
        Action::Expect { .. } | Action::ExpectNone { .. } | Action::ExpectAck { .. } | Action::ExpectDisconnect(_) => {
            String::new()
        }
    }
}

/// Which kinds of messages came of a step, and how many, to its own client and to how many others.
fn shape(step: &Step, entry: &Entry) -> String {
    let own = actor(step);
    let is_own = |delivery: &Delivery| own == Some(delivery.client.as_str());
    let kinds = counted(entry.deliveries.iter().map(|delivery| (is_own(delivery), delivery.what.as_str())));
    let others: BTreeSet<_> = entry.deliveries.iter().filter(|it| !is_own(it)).map(|it| &it.client).collect();
    format!("{kinds:?} {}", others.len())
}

fn actor(step: &Step) -> Option<&str> {
    match &step.action {
        Action::Emit { from, .. }
        | Action::EmitRaw { from, .. }
        | Action::Flood { from, .. }
        | Action::Answer { from, .. } => Some(from),
        Action::Connect { clients, .. }
        | Action::Depart { clients, .. }
        | Action::Stall(clients)
        | Action::Resume(clients) => clients.first().map(String::as_str),
        Action::Wait(_)
        | Action::Expect { .. }
        | Action::ExpectNone { .. }
        | Action::ExpectAck { .. }
        | Action::ExpectDisconnect(_) => None,
    }
}

fn fields(step: &Step) -> Vec<(String, String)> {
    let payload = match &step.action {
        Action::Emit { payload, .. } | Action::Flood { payload, .. } => payload.as_ref(),
        Action::EmitRaw { json, .. } => return vec![("payload".to_owned(), json.clone())],
        _ => return Vec::new(),
    };
    match payload {
        None => vec![("payload".to_owned(), "none".to_owned())],
        Some(Value::Object(fields)) => fields.iter().map(|(name, value)| (name.clone(), value.to_string())).collect(),
        Some(other) => vec![("payload".to_owned(), other.to_string())],
    }
}

#[cfg(test)]
mod tests {
    use scenario::generate::{Alphabet, script};

    use super::*;

    fn candidate(seed: u64, catches: &[usize]) -> Candidate {
        let alphabet = "clients = [{ name = \"ann\" }]\nevents = [{ name = \"say\" }]";
        let script = script(&Alphabet::parse(alphabet, "say.toml".as_ref()).unwrap(), seed);
        let generated = Generated { script, transcript: String::new() };
        Candidate { generated, catches: catches.iter().copied().collect() }
    }

    fn titles(chosen: &[Generated]) -> Vec<&str> {
        chosen.iter().map(|one| one.script.title.as_str()).collect()
    }

    #[test]
    fn a_script_that_catches_a_mutant_comes_before_one_that_shows_as_much() {
        let (idle, catcher) = (candidate(1, &[]), candidate(1, &[0]));
        let budget = cost(&idle.generated.script) * 1.5;
        let mut named = catcher;
        named.generated.script.title = "catches".to_owned();
        assert_eq!(titles(&choose(vec![idle, named], budget)), ["catches"]);
    }

    #[test]
    fn a_second_mutant_counts_for_more_than_the_first_one_again() {
        let mut all: Vec<_> = [&[0_usize][..], &[0], &[1]].map(|catches| candidate(1, catches)).into();
        for (number, one) in all.iter_mut().enumerate() {
            one.generated.script.title = number.to_string();
        }
        let budget = cost(&all[0].generated.script) * 2.5;
        assert_eq!(titles(&choose(all, budget)), ["0", "2"]);
    }

    #[test]
    fn the_budget_is_kept() {
        let all: Vec<_> = (1..50).map(|seed| candidate(seed, &[usize::try_from(seed).unwrap()])).collect();
        let spent: f64 = select(all).iter().map(|one| cost(&one.script)).sum();
        assert!(spent <= BUDGET && spent > BUDGET / 2.0, "{spent}");
    }
}
