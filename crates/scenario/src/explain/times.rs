//! What came too early or too late, and by how much.

use rooms::observer::Event;

use super::ends::is_by_the_server;
use super::evidence::{Evidence, is_to};
use super::words::{duration, pause};
use crate::run::Logged;
use crate::transcript::what;

/// Milliseconds that a handler may take without being mentioned.
const HARDLY_ANY_TIME: u64 = 100;

impl Evidence<'_> {
    /// A step, as the end of a sentence; delayed work may come after the last one.
    pub(super) fn when(&self, step: usize) -> String {
        match self.action(step) {
            Some(_) => format!("in step {step}"),
            None => "after the last step".to_owned(),
        }
    }

    /// When something happened that came after these steps, as the end of a sentence: how much later, and in which step.
    pub(super) fn later(&self, step: usize, at_ms: u64, steps: &[usize]) -> String {
        let last = steps.last().copied().unwrap_or_default();
        // What should have come while time passes may come until the end of that.
        let has_waited = self.is_wait(last);
        let from = self.outcome.began.get(if has_waited { last } else { last.saturating_sub(1) });
        let time = from.and_then(|from| duration(at_ms.saturating_sub(*from)));
        let time = match (time, has_waited) {
            (None, _) => String::new(),
            (Some(time), true) => format!("{time} after the end of this step, "),
            (Some(time), false) => format!("{time} later, "),
        };
        let when = self.when(step);
        if time.is_empty() { format!("later, {when}") } else { format!("{time}{when}") }
    }

    /// Delayed work is not lost, but comes later.
    pub(super) fn sent_later(&self, event: &str, steps: &[usize]) -> Option<String> {
        let end = steps.last()?;
        let mut later = self.outcome.log.iter().enumerate().filter(|(_, logged)| logged.step > *end);
        let (index, logged) = later.find(|(_, logged)| match &logged.record.event {
            Event::Sent { name, .. } | Event::Broadcast { name, .. } => what(name) == event,
            _ => false,
        })?;
        let later = self.later(logged.step, logged.record.at_ms, steps);
        self.is_delayed(index).then(|| format!("{event} was sent {later}."))
    }

    /// How long before the end of these steps an event was sent that was not sent again, if time passes in them.
    pub(super) fn long_before_the_end(&self, event: &str, steps: &[usize]) -> Option<String> {
        steps.last().filter(|last| self.is_wait(**last))?;
        let last = self.log_of(steps).rfind(|(_, logged)| match &logged.record.event {
            Event::Sent { name, .. } | Event::Broadcast { name, .. } => what(name) == event,
            _ => false,
        });
        let (at_ms, end) = (last?.1.record.at_ms, self.outcome.began.get(*steps.last()?)?);
        let time = pause(end.saturating_sub(at_ms))?;
        Some(format!("That was {time} before the end of this step."))
    }

    /// Whether nothing is done in a step but to let time pass.
    fn is_wait(&self, step: usize) -> bool {
        self.action(step).is_some_and(|action| action.starts_with("wait "))
    }

    /// Whether a record is left over from an earlier step: those at the start of a step are, and those after what the step
    /// has caused are not.
    pub(super) fn is_delayed(&self, record: usize) -> bool {
        let Some(step) = self.outcome.log.get(record).map(|logged| logged.step) else { return false };
        let before = self.outcome.log.iter().take(record).rev();
        let mut of_step = before.take_while(|logged| logged.step == step);
        let has_cause = of_step.any(|logged| {
            matches!(logged.record.event, Event::Received { .. } | Event::Connect { .. } | Event::Disconnect { .. })
        });
        !has_cause && !self.is_about_an_end(record)
    }

    /// Whether a connection ends at the moment of a record and behind it, and not because the server ends it, which it may do
    /// with its last word: handlers of the end are called before it is noted.
    fn is_about_an_end(&self, record: usize) -> bool {
        let mut later = self.outcome.log.iter().skip(record);
        let Some(first) = later.next() else { return false };
        let is_at_once = |logged: &&Logged| logged.step == first.step && logged.record.at_ms == first.record.at_ms;
        later
            .take_while(is_at_once)
            .any(|logged| matches!(&logged.record.event, Event::Disconnect { reason, .. } if !is_by_the_server(reason)))
    }

    /// The step in which a message should have come that came in these steps.
    pub(super) fn too_early(&self, client: &str, event: &str, steps: &[usize]) -> Option<String> {
        let (expected, end) = (self.expected?, *steps.last()?);
        let is_it = |delivery: &&_| is_to(delivery, client, event);
        let message = steps.iter().flat_map(|step| self.deliveries_of(*step)).find(is_it)?;
        let count = |deliveries: &[_]| deliveries.iter().filter(|other| *other == message).count();
        let later = expected.entries.iter().zip(1..).skip(end);
        let (entry, step) =
            later.into_iter().find(|(entry, step)| count(&entry.deliveries) > count(self.deliveries_of(*step)))?;
        Some(format!("It should come later, in step {step} ({}).", entry.action))
    }

    /// When an answer came that a client asked for in this step, if it came after it.
    pub(super) fn ack_came_later(&self, client: &str, asked: usize) -> Option<String> {
        let what = what::late_ack(asked);
        let entries = &self.outcome.transcript.entries;
        let entry = entries.iter().position(|entry| entry.deliveries.iter().any(|it| is_to(it, client, &what)));
        let after = self.outcome.late_acks.iter().any(|(name, step)| name == client && *step == asked);
        let step = entry.map(|index| index + 1).or_else(|| after.then_some(entries.len() + 1))?;
        Some(format!("The ack came later, {}.", self.when(step)))
    }

    /// When an event was first sent in these steps, to this client or to several, in milliseconds since the run began.
    pub(super) fn sent_at(&self, client: &str, event: &str, steps: &[usize]) -> Option<u64> {
        self.log_of(steps).find_map(|(_, logged)| match &logged.record.event {
            Event::Sent { socket, name, .. } if what(name) == event && self.name(socket) == client => {
                Some(logged.record.at_ms)
            }
            Event::Broadcast { name, .. } if what(name) == event => Some(logged.record.at_ms),
            _ => None,
        })
    }

    /// A sentence if a handler of this step took long. Other slow work happens in steps that wait, in which no client
    /// of the scenario sends anything.
    pub(super) fn held_up(&self, step: usize) -> Option<String> {
        if self.outcome.end.as_ref().is_some_and(|(_, end)| *end == step) {
            return None;
        }
        let steps = [step];
        let mut log = self.log_of(&steps).map(|(_, logged)| &logged.record);
        let (since, client, event) = log.find_map(|record| match &record.event {
            Event::Received { socket, name, .. } => Some((record.at_ms, self.outcome.names.get(socket)?, name)),
            _ => None,
        })?;
        let took = log.next_back()?.at_ms.saturating_sub(since);
        let time = duration(took).filter(|_| took > HARDLY_ANY_TIME)?;
        Some(format!("The handler of {event} took {time}, and what else {client} sends waits for it."))
    }
}
