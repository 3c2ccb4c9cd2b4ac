//! What the server did in place of sending an event.

use rooms::observer::Event;

use super::evidence::{Evidence, Received};
use super::places::room_in_words;
use super::words::{Counted, Sentences, list};
use crate::transcript::what;

impl Evidence<'_> {
    /// The event was not sent in these steps. Says what happened in its place, and whether it was sent later.
    pub(super) fn nothing_sent(&self, client: &str, event: &str, steps: &[usize]) -> Sentences {
        let mut sentences = Sentences::default();
        if self.outcome.log.is_empty() {
            return sentences;
        }
        if let Some(gone) = self.gone(client, steps) {
            sentences.add(gone);
            return sentences;
        }
        let asked = self.received(steps).next_back();
        sentences.add(match asked {
            Some(Received { from, name, handled: true, .. }) => {
                format!("The server received {name} from {from} and sent no {event} to anyone.")
            }
            Some(received) => unhandled(&received),
            None => format!("The server sent no {event} to anyone."),
        });
        sentences.extend(self.instead(steps));
        sentences.extend(self.sent_later(event, steps));
        if let Some(asked) = asked.filter(|asked| asked.handled) {
            let before = self.asked_before(asked.from, event, client, steps).or_else(|| self.pace(steps));
            sentences.extend(before);
            sentences.extend(self.place_of_sender(&asked, client, event, steps));
            sentences.extend(self.came_back(asked.from, asked.step));
        } else if asked.is_none() {
            sentences.extend(self.last_before(client, event, steps));
        }
        sentences
    }

    /// A client asked for an answer in this step and got none. Says what happened instead.
    pub(super) fn unanswered(&self, client: &str, step: usize) -> Sentences {
        let mut sentences = Sentences::default();
        let Some(asked) = self.received(&[step]).rfind(|received| received.from == client) else { return sentences };
        if asked.handled {
            sentences.add(format!("The server received {} from {client} and did not acknowledge it.", asked.name));
        } else {
            sentences.add(unhandled(&asked));
        }
        sentences.extend(self.instead(&[step]));
        sentences.extend(self.ack_came_later(client, step));
        sentences.extend(self.asked_before(client, what::ACK, client, &[step]));
        sentences
    }

    /// All that the server did in these steps.
    fn instead(&self, steps: &[usize]) -> Sentences {
        let mut sentences = Sentences::default();
        let sent: Counted = self.sent(steps).map(|(_, sent)| sent).collect();
        let sent: Vec<_> = sent.texts().into_iter().map(|(sent, often)| sent + &often).collect();
        if !sent.is_empty() {
            sentences.add(format!("It sent {} instead.", list(&sent)));
        }
        for (index, logged) in self.log_of(steps) {
            match &logged.record.event {
                Event::Join { socket, room } => {
                    sentences.add(format!("{} joined {}.", self.name(socket), room_in_words(room)));
                }
                Event::Leave { socket, room } if !self.is_ending(socket, index) => {
                    sentences.add(format!("{} left {}.", self.name(socket), room_in_words(room)));
                }
                Event::Unasked { socket } => {
                    let client = self.name(socket);
                    sentences.add(format!(
                        "Your code called `ack`, but {client} had asked for no ack, so nothing was sent."
                    ));
                }
                Event::Disconnect { socket, reason } => sentences.add(self.ended(socket, reason, logged.step)),
                _ => {}
            }
        }
        sentences
    }

    /// The rooms of the sender of an event, where they may decide: others should have heard of it, or the server told
    /// rooms that the sender is not in. Not where a sentence has named them already.
    fn place_of_sender(&self, asked: &Received<'_>, client: &str, event: &str, steps: &[usize]) -> Sentences {
        let mut sentences = Sentences::default();
        let Some(record) = self.last_record(steps) else { return sentences };
        let mut has_moved = false;
        let (mut is_told, mut is_elsewhere) = (false, false);
        for (index, logged) in self.log_of(steps) {
            match &logged.record.event {
                Event::Join { .. } | Event::Leave { .. } => has_moved = true,
                Event::Broadcast { rooms, .. } if !rooms.is_empty() => {
                    let rooms = rooms.iter().map(String::as_str).collect();
                    let is_inside = self.is_in_any(asked.from, &rooms, index);
                    is_told |= is_inside;
                    is_elsewhere |= !is_inside;
                }
                _ => {}
            }
        }
        let is_for_others = client != asked.from || self.is_for_others_than(asked.from, event, steps);
        let is_known = self.are_rooms_shown() || self.share_a_room(client, asked.from, record);
        let decides = is_elsewhere || is_for_others && is_known;
        if decides && !has_moved && !is_told {
            sentences.add(self.whereabouts(asked.from, record));
            sentences.extend(self.joins_later(asked.from, record));
        }
        sentences
    }

    /// Whether an event is expected in these steps at clients that did not ask for it.
    fn is_for_others_than(&self, sender: &str, event: &str, steps: &[usize]) -> bool {
        let entries = self.expected.map(|expected| expected.entries.as_slice()).unwrap_or_default();
        let wanted = entries.iter().zip(1..).filter(|(_, step)| steps.contains(step));
        let mut deliveries = wanted.flat_map(|(entry, _)| &entry.deliveries);
        deliveries.any(|delivery| delivery.what == event && delivery.client != sender)
    }
}

fn unhandled(received: &Received<'_>) -> String {
    let Received { from, name, .. } = received;
    format!("The server received {name} from {from}, but by then no handler was registered for that event.")
}
