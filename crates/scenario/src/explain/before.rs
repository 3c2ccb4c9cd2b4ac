//! What came before, where it was the same.

use super::evidence::{Evidence, Received, is_to};
use super::words::{list, pause};
use crate::transcript::what;

impl Evidence<'_> {
    /// That a client had received the same message in steps before these.
    pub(super) fn had_before(&self, client: &str, what: &str, steps: &[usize]) -> Option<String> {
        let message = steps.iter().flat_map(|step| self.deliveries_of(*step)).find(|it| is_to(it, client, what))?;
        let earlier = (1..*steps.first()?).filter(|step| self.deliveries_of(*step).contains(message));
        let earlier: Vec<_> = earlier.collect();
        let last = *earlier.last()?;
        let before = self.sent_at(client, what, &[last]).zip(self.sent_at(client, what, steps));
        let before = before.and_then(|(then, now)| pause(now.saturating_sub(then)));
        let before = before.map(|time| format!(" {time} before,")).unwrap_or_default();
        Some(match earlier.as_slice() {
            [step] => format!("{client} had received the same{before} in step {step}."),
            [.., _, _, _, _] => {
                format!(
                    "{client} had received the same in {} steps before, the last time in step {last}.",
                    earlier.len()
                )
            }
            several => {
                let several: Vec<_> = several.iter().map(ToString::to_string).collect();
                format!("{client} had received the same in steps {}.", list(&several))
            }
        })
    }

    /// That a client waited for a message that it had received before, and how long ago.
    pub(super) fn last_before(&self, client: &str, what: &str, steps: &[usize]) -> Option<String> {
        let first = *steps.first()?;
        let last = (1..first).rfind(|step| self.deliveries_of(*step).iter().any(|it| is_to(it, client, what)))?;
        let end = self.outcome.began.get(*steps.last()?)?;
        let time = pause(end.saturating_sub(self.sent_at(client, what, &[last])?))?;
        Some(format!("{client} had last received {what} in step {last}, {time} before the end of this step."))
    }

    /// That the same had been asked before, and was answered then: `what` is the answer, and `client` gets it.
    pub(super) fn asked_before(&self, from: &str, what: &str, client: &str, steps: &[usize]) -> Option<String> {
        let asked = self.received(steps).rfind(|received| received.from == from)?;
        let before = self.all_received().rfind(|earlier| earlier.step < asked.step && is_same(earlier, &asked))?;
        let answer = self.deliveries_of(before.step).iter().find(|it| is_to(it, client, what))?;
        let (step, time) = (before.step, time_between(&before, &asked));
        let got = if what == what::ACK { "got" } else { "received" };
        let got = if client == from { got.to_owned() } else { format!("{client} {got}") };
        Some(format!("{from} had sent the same{time} in step {step}, and {got} {} then.", answer.message()))
    }

    /// How long it is that the sender of the last event of these steps had sent one of that name, where that was in a step
    /// before and time has passed.
    pub(super) fn pace(&self, steps: &[usize]) -> Option<String> {
        let asked = self.received(steps).next_back()?;
        let first = self.received(steps).find(|other| other.from == asked.from && other.name == asked.name)?;
        let is_one = |earlier: &Received<'_>| (earlier.from, earlier.name) == (asked.from, asked.name);
        let before = self.all_received().rfind(|earlier| earlier.step < first.step && is_one(earlier))?;
        let time = pause(first.at_ms.saturating_sub(before.at_ms))?;
        let (from, name, step) = (asked.from, asked.name, before.step);
        Some(format!("{from} had last sent {name} {time} before, in step {step}."))
    }
}

fn is_same(one: &Received<'_>, other: &Received<'_>) -> bool {
    (one.from, one.name, one.payload) == (other.from, other.name, other.payload)
}

fn time_between(before: &Received<'_>, after: &Received<'_>) -> String {
    pause(after.at_ms.saturating_sub(before.at_ms)).map(|time| format!(" {time} before,")).unwrap_or_default()
}
