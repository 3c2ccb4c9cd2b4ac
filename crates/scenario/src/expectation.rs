//! Checks a script's own assertions against the events that its clients received.

use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json::{canonical, contains, differences};
use crate::script::{Action, ExpectedAck};
use crate::transcript::{Delivery, what};

/// An event that reached a client, as an expectation sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceivedEvent {
    /// The client that received it.
    pub client: String,
    /// The event's name.
    pub name: String,
    /// Its arguments.
    pub arguments: Vec<Value>,
}

/// The last event with which a client asked for an acknowledgement.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedAck {
    /// The step of the transcript that sent it.
    pub step: usize,
    /// The arguments of the answer, if it came.
    pub answer: Option<Vec<Value>>,
}

/// Everything that an assertion may look at.
#[derive(Debug)]
pub struct Seen<'a> {
    /// The steps from the last one that did more than wait.
    pub steps: RangeInclusive<usize>,
    /// The events received in these steps.
    pub received: &'a [ReceivedEvent],
    /// The clients that the server disconnected in these steps.
    pub disconnected: &'a BTreeSet<&'a str>,
    /// By client; from any step.
    pub asked: &'a HashMap<&'a str, AskedAck>,
}

/// An assertion that does not hold, for one client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unmet {
    /// The steps of the transcript that it covers.
    pub steps: RangeInclusive<usize>,
    /// Its line in the scenario file.
    pub line: usize,
    /// The client that it concerns.
    pub client: String,
    /// The thing that it concerns.
    pub about: About,
    /// `true` if something was missing, `false` if something came that should not have.
    pub missing: bool,
    /// The assertion, and what came instead, as a sentence.
    pub message: String,
}

/// The thing that an assertion concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum About {
    /// An event, by its name as a transcript shows it.
    Event(String),
    /// An acknowledgement.
    Ack,
    /// The client's connection.
    Connection,
}

/// Checks one assertion.
pub fn check(action: &Action, line: usize, seen: &Seen<'_>) -> Vec<Unmet> {
    let Seen { steps, received, disconnected, asked } = seen;
    match action {
        Action::Expect { event, at, payload, times } => at
            .iter()
            .filter_map(|client| {
                let message = missing(client, event, payload.as_ref(), *times, received)?;
                let (client, about) = (client.clone(), About::Event(what(event)));
                Some(Unmet { steps: steps.clone(), line, client, about, missing: true, message })
            })
            .collect(),
        Action::ExpectNone { clients, event } => clients
            .iter()
            .filter_map(|client| {
                let found = received
                    .iter()
                    .find(|found| &found.client == client && event.as_ref().is_none_or(|event| event == &found.name))?;
                let nothing = event.as_ref().map_or("nothing".to_owned(), |event| format!("no {}", what(event)));
                let message = format!("{client} should receive {nothing} here, and received {}", told(found));
                let (client, about) = (client.clone(), About::Event(what(&found.name)));
                Some(Unmet { steps: steps.clone(), line, client, about, missing: false, message })
            })
            .collect(),
        Action::ExpectAck { clients, ack } => clients
            .iter()
            .filter_map(|client| {
                let AskedAck { step, answer } = asked.get(client.as_str())?;
                let message = other_ack(client, ack, answer.as_deref())?;
                let (client, about) = (client.clone(), About::Ack);
                Some(Unmet { steps: *step..=*step, line, client, about, missing: answer.is_none(), message })
            })
            .collect(),
        Action::ExpectDisconnect(clients) => clients
            .iter()
            .filter(|client| !disconnected.contains(client.as_str()))
            .map(|client| {
                let message = format!("the server should have disconnected {client} by now, and did not");
                let (client, about) = (client.clone(), About::Connection);
                Unmet { steps: steps.clone(), line, client, about, missing: true, message }
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn other_ack(client: &str, wanted: &ExpectedAck, answer: Option<&[Value]>) -> Option<String> {
    let fits = match (wanted, answer) {
        (ExpectedAck::Missing, None) | (ExpectedAck::Any, Some(_)) => true,
        (ExpectedAck::With(wanted), Some(answer)) => answer.first().is_some_and(|first| contains(first, wanted)),
        _ => false,
    };
    if fits {
        return None;
    }
    let (text, payload) = match wanted {
        ExpectedAck::Any => ("an ack".to_owned(), None),
        ExpectedAck::With(wanted) => (format!("an ack with {}", canonical(wanted)), Some(wanted)),
        ExpectedAck::Missing => ("no ack".to_owned(), None),
    };
    let got = answer.map_or("none".to_owned(), |answer| {
        Delivery::new(client, what::ACK, answer).message() + &in_words(payload, answer)
    });
    Some(format!("{client} should get {text}, and got {got}"))
}

/// How a payload differs from the wanted one, as the end of a sentence.
fn in_words(wanted: Option<&Value>, arguments: &[Value]) -> String {
    let found = wanted.zip(arguments.first());
    let differences = found.map(|(wanted, found)| differences(wanted, found, true)).unwrap_or_default();
    if differences.is_empty() { String::new() } else { format!("; {}", differences.join(", ")) }
}

fn missing(
    client: &str,
    event: &str,
    payload: Option<&Value>,
    times: Option<u32>,
    received: &[ReceivedEvent],
) -> Option<String> {
    let named: Vec<_> = received.iter().filter(|found| found.client == client && found.name == event).collect();
    let fits = |found: &&&ReceivedEvent| {
        payload.is_none_or(|wanted| found.arguments.first().is_some_and(|first| contains(first, wanted)))
    };
    let fitting = u32::try_from(named.iter().filter(fits).count()).unwrap_or(u32::MAX);
    if times.map_or(fitting > 0, |times| fitting == times) {
        return None;
    }
    let wanted = what(event) + &payload.map_or(String::new(), |wanted| format!(" with {}", canonical(wanted)));
    Some(match (times, named.first()) {
        (Some(times), Some(_)) if fitting > 0 || times == 0 => {
            format!("{client} should receive {wanted} {}, and received it {}", often(times), often(fitting))
        }
        (_, None) => format!("{client} should receive {wanted}, and did not"),
        (_, Some(other)) => {
            let differences = in_words(payload, &other.arguments);
            format!("{client} should receive {wanted}, and received {}{differences}", told(other))
        }
    })
}

fn often(times: u32) -> String {
    match times {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        times => format!("{times} times"),
    }
}

fn told(event: &ReceivedEvent) -> String {
    if event.arguments.is_empty() {
        return format!("{} without a payload", what(&event.name));
    }
    Delivery::new(&event.client, what(&event.name), &event.arguments).message()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn received() -> Vec<ReceivedEvent> {
        ["ann", "ann", "bob"]
            .iter()
            .map(|client| ReceivedEvent {
                client: (*client).to_owned(),
                name: "news".into(),
                arguments: vec![json!({ "n": 1, "m": 2 })],
            })
            .collect()
    }

    fn expect(at: &str, payload: Option<Value>, times: Option<u32>) -> Vec<Unmet> {
        let action = Action::Expect { event: "news".into(), at: vec![at.into()], payload, times };
        check_received(&action)
    }

    fn check_received(action: &Action) -> Vec<Unmet> {
        let (received, disconnected, asked) = (received(), BTreeSet::from(["dan"]), HashMap::new());
        check(action, 9, &Seen { steps: 1..=3, received: &received, disconnected: &disconnected, asked: &asked })
    }

    #[test]
    fn an_expected_event_has_to_arrive_with_its_data_and_as_often() {
        assert!(expect("ann", None, None).is_empty());
        assert!(expect("ann", Some(json!({ "n": 1 })), Some(2)).is_empty());
        assert_eq!(expect("eve", None, None)[0].message, "eve should receive news, and did not");
        assert_eq!(
            expect("bob", Some(json!({ "n": 2 })), None)[0].message,
            r#"bob should receive news with {"n":2}, and received news {"m":2,"n":1}"#
        );
        assert_eq!(
            expect("bob", Some(json!({ "n": 1, "o": 3 })), None)[0].message,
            r#"bob should receive news with {"n":1,"o":3}, and received news {"m":2,"n":1}; o is missing"#
        );
        assert_eq!(expect("ann", None, Some(1))[0].message, "ann should receive news once, and received it 2 times");
        assert_eq!(expect("eve", None, Some(0)), []);
    }

    #[test]
    fn an_unwanted_event_is_named() {
        let none = |event: Option<&str>| Action::ExpectNone {
            clients: vec!["bob".into(), "eve".into()],
            event: event.map(str::to_owned),
        };
        assert!(check_received(&none(Some("other"))).is_empty());
        let unmet = check_received(&none(None));
        assert_eq!(unmet.len(), 1);
        assert_eq!(unmet[0].message, r#"bob should receive nothing here, and received news {"m":2,"n":1}"#);
    }

    #[test]
    fn a_client_that_is_still_connected_is_named() {
        let unmet = check_received(&Action::ExpectDisconnect(vec!["dan".into(), "bob".into()]));
        assert_eq!(unmet.len(), 1);
        assert_eq!(unmet[0].message, "the server should have disconnected bob by now, and did not");
        assert_eq!(unmet[0].about, About::Connection);
    }

    #[test]
    fn an_ack_has_to_come_with_its_data_or_not_at_all() {
        let answer = Some(vec![json!({ "ok": true, "id": 7 })]);
        let asked = HashMap::from([
            ("ann", AskedAck { step: 2, answer }),
            ("bob", AskedAck { step: 3, answer: None }),
            ("eve", AskedAck { step: 3, answer: Some(Vec::new()) }),
        ]);
        let expect = |client: &str, ack| {
            let action = Action::ExpectAck { clients: vec![client.into()], ack };
            let disconnected = BTreeSet::new();
            check(&action, 9, &Seen { steps: 4..=5, received: &[], disconnected: &disconnected, asked: &asked })
        };
        let ok = |ok: bool| ExpectedAck::With(json!({ "ok": ok }));
        assert_eq!(expect("ann", ExpectedAck::Any), []);
        assert_eq!(expect("ann", ok(true)), []);
        assert_eq!(expect("eve", ExpectedAck::Any), []);
        assert_eq!(expect("bob", ExpectedAck::Missing), []);
        for (client, ack, message) in [
            ("ann", ok(false), r#"ann should get an ack with {"ok":false}, and got ack {"id":7,"ok":true}"#),
            ("ann", ExpectedAck::Missing, r#"ann should get no ack, and got ack {"id":7,"ok":true}"#),
            ("eve", ok(true), r#"eve should get an ack with {"ok":true}, and got ack"#),
            (
                "ann",
                ExpectedAck::With(json!({ "error": 1 })),
                r#"ann should get an ack with {"error":1}, and got ack {"id":7,"ok":true}; error is missing"#,
            ),
            ("bob", ok(true), r#"bob should get an ack with {"ok":true}, and got none"#),
            ("bob", ExpectedAck::Any, "bob should get an ack, and got none"),
        ] {
            assert_eq!(expect(client, ack)[0].message, message);
        }
        assert_eq!(expect("bob", ExpectedAck::Any)[0].steps, 3..=3, "the step that asked");
    }
}
