//! The first step of a transcript that is not as expected.

use super::Finding;
use super::evidence::Evidence;
use super::words::{Sentences, in_words, list};
use crate::json::without;
use crate::transcript::{Delivery, Transcript, what};

impl Evidence<'_> {
    pub(super) fn difference(&self, expected: &Transcript) -> Option<Finding> {
        let actual = &self.outcome.transcript;
        for (index, (wanted, found)) in expected.entries.iter().zip(&actual.entries).enumerate() {
            let step = index + 1;
            if wanted.action != found.action {
                let text = format!(
                    "The scenario has changed since its snapshot was made (step {step} was: {}). This is the course's mistake, not yours.",
                    wanted.action
                );
                return Some(Finding { step, text });
            }
            if wanted.deliveries != found.deliveries {
                let text =
                    format!("{}: {}", self.step(step), self.deliveries(&wanted.deliveries, &found.deliveries, step));
                return Some(Finding { step, text });
            }
        }
        self.rooms(expected).map(|text| Finding { step: actual.entries.len() + 1, text })
    }

    fn deliveries(&self, wanted: &[Delivery], found: &[Delivery], step: usize) -> String {
        let missing = without(wanted, found);
        let mut extra = without(found, wanted);
        if missing.is_empty() && extra.is_empty() {
            return "the right messages came, but in another order; see the transcript.".to_owned();
        }
        let mut sentences = Sentences::default();
        let mut lacking = Vec::new();
        let mut changed = Vec::new();
        for delivery in missing {
            match extra.iter().position(|other| is_instead(delivery, other)) {
                Some(other) => changed.push((delivery, extra.remove(other))),
                None => lacking.push(delivery),
            }
        }
        // A client that received something else instead is not told again of more of it.
        extra.retain(|delivery| !changed.iter().any(|(_, other)| is_instead(other, delivery)));
        for same in alike(&changed, |(wanted, found)| (wanted.message(), found.message())) {
            sentences.extend(self.changed(&same, step));
        }
        for same in alike(&lacking, Delivery::message) {
            sentences.extend(self.missing(&same, step));
        }
        for same in alike(&extra, Delivery::message) {
            let expected = wanted.iter().filter(|other| same.first() == Some(other)).count();
            sentences.extend(self.extra(&same, expected, step));
        }
        sentences.to_string()
    }

    /// The same message that several clients should have received.
    fn missing(&self, same: &[&Delivery], step: usize) -> Sentences {
        let mut sentences = Sentences::default();
        let Some(delivery) = same.first() else { return sentences };
        let clients = clients(same.iter().copied());
        match delivery.what.as_str() {
            what::ACK => sentences.add(format!("{clients} should get the ack {}, and got none.", delivery.data)),
            what::NO_ACK => sentences.add(format!("{clients} should get no ack, and got one.")),
            what::CLOSED => {
                sentences.add(format!("the connection of {clients} should be closed here, and is open."));
                sentences.extend(same.iter().filter_map(|one| self.disconnected_later(&one.client, step)));
            }
            what::DISCONNECT => {
                sentences.add(format!("the server should disconnect {clients} here, and did not."));
                sentences.extend(same.iter().filter_map(|one| self.disconnected_later(&one.client, step)));
            }
            what::CONNECT_ERROR => sentences.add(format!("{clients} should be refused here, and was not.")),
            other if !what::is_event(other) => {
                sentences.add(format!("{clients} should get the {} here, and did not.", delivery.message()));
            }
            event => {
                sentences.add(format!("{clients} should receive {}, and did not.", delivery.message()));
                for one in same {
                    sentences.extend(self.cause(&one.client, event, &[step]));
                }
            }
        }
        sentences
    }

    /// The same message that several clients should not have received, or not so often.
    fn extra(&self, same: &[&Delivery], expected: usize, step: usize) -> Sentences {
        let mut sentences = Sentences::default();
        let Some(delivery) = same.first() else { return sentences };
        let (clients, message) = (clients(same.iter().copied()), delivery.message());
        match delivery.what.as_str() {
            what::ACK => sentences.add(format!("{clients} got the ack {}, which is not expected here.", delivery.data)),
            what::NO_ACK => {
                sentences.add(format!("{clients} asked for an ack and got none."));
                for one in same {
                    sentences.extend(self.unanswered(&one.client, step));
                }
            }
            what::CLOSED => {
                let reason = self.reason_of_disconnect(&delivery.client, step);
                sentences.add(format!("the connection of {clients} was closed{reason}."));
            }
            what::DISCONNECT => sentences.add(format!("the server disconnected {clients}, and should not.")),
            what::CONNECT_ERROR => sentences.add(format!("{clients} was refused here, and should not be.")),
            other if !what::is_event(other) => {
                sentences.add(format!("{clients} got the {message} here, and should not."));
            }
            event => {
                match expected {
                    0 => sentences.add(format!("{clients} received {message}, and should not.")),
                    1 => sentences
                        .add(format!("{clients} received {message} more than once, and should receive it once.")),
                    times => sentences.add(format!("{clients} received {message} more often than {times} times.")),
                }
                for one in same {
                    let why = if expected == 0 {
                        self.unwanted(&one.client, event, &[step])
                    } else {
                        self.too_often(event, &[step])
                    };
                    sentences.extend(why);
                }
            }
        }
        sentences
    }

    /// What several clients should have received, and what they received in its place.
    fn changed(&self, same: &[(&Delivery, &Delivery)], step: usize) -> Sentences {
        let mut sentences = Sentences::default();
        let Some((wanted, found)) = same.first() else { return sentences };
        let clients = clients(same.iter().map(|(wanted, _)| *wanted));
        if wanted.what == what::ACK && found.what == what::NO_ACK {
            sentences.add(format!("{clients} should get the ack {}, and got none.", wanted.data));
            sentences.extend(self.unanswered(&wanted.client, step));
        } else if wanted.what == what::NO_ACK {
            sentences.add(format!("{clients} should get no ack, and got {}.", found.data));
        } else {
            let kind = if wanted.what == what::ACK { "the ack" } else { wanted.what.as_str() };
            let message = |data: &str| {
                if data.is_empty() { format!("{kind} without a payload") } else { format!("{kind} {data}") }
            };
            let (is, should_be) = (message(&found.data), message(&wanted.data));
            let differences = in_words(&wanted.data, &found.data);
            sentences.add(format!("{clients} should receive {should_be}, and received {is}{differences}."));
            sentences.extend(self.asked_before(&wanted.client, &wanted.what, &wanted.client, &[step]));
        }
        sentences
    }
}

/// Those of which the same is to be said, together, in the order of the first of each.
fn alike<T: Copy, K: PartialEq>(all: &[T], key: impl Fn(T) -> K) -> Vec<Vec<T>> {
    let mut groups: Vec<(K, Vec<T>)> = Vec::new();
    for one in all.iter().copied() {
        let own = key(one);
        match groups.iter_mut().find(|(key, _)| *key == own) {
            Some((_, group)) => group.push(one),
            None => groups.push((own, vec![one])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn clients<'d>(same: impl IntoIterator<Item = &'d Delivery>) -> String {
    let mut clients: Vec<&str> = same.into_iter().map(|delivery| delivery.client.as_str()).collect();
    clients.dedup();
    list(&clients)
}

/// Whether a client received one in place of the other.
fn is_instead(wanted: &Delivery, found: &Delivery) -> bool {
    let is_ack = |delivery: &Delivery| [what::ACK, what::NO_ACK].contains(&delivery.what.as_str());
    wanted.client == found.client && (wanted.what == found.what || is_ack(wanted) && is_ack(found))
}
