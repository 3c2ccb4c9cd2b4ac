//! What a script itself asserts, checked against what its clients received.

use std::ops::RangeInclusive;

use serde_json::Value;

use crate::json::{canonical, contains};
use crate::script::Action;
use crate::transcript::{Delivery, what};

/// An event that reached a client, as an expectation sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceivedEvent {
    /// Who received it.
    pub client: String,
    /// Its name.
    pub name: String,
    /// What came with it.
    pub arguments: Vec<Value>,
}

/// An assertion that does not hold, for one client.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmet {
    /// The steps of the transcript that it looks at.
    pub steps: RangeInclusive<usize>,
    /// Its line in the scenario file.
    pub line: usize,
    /// The client that it is about.
    pub client: String,
    /// The event that it is about, if it names one.
    pub event: Option<String>,
    /// Whether something was missing; otherwise something came that should not have.
    pub missing: bool,
    /// What was asserted and what came instead.
    pub message: String,
}

/// Checks one assertion against the events received since the last step that did more than wait.
pub fn check(action: &Action, steps: &RangeInclusive<usize>, line: usize, received: &[ReceivedEvent]) -> Vec<Unmet> {
    match action {
        Action::Expect { event, at, payload, times } => at
            .iter()
            .filter_map(|client| {
                let message = missing(client, event, payload.as_ref(), *times, received)?;
                let (client, event) = (client.clone(), Some(what(event)));
                Some(Unmet { steps: steps.clone(), line, client, event, missing: true, message })
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
                let (client, event) = (client.clone(), Some(what(&found.name)));
                Some(Unmet { steps: steps.clone(), line, client, event, missing: false, message })
            })
            .collect(),
        _ => Vec::new(),
    }
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
        (_, Some(other)) => format!("{client} should receive {wanted}, and received {}", told(other)),
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
        check(&action, &(1..=3), 9, &received())
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
        assert_eq!(expect("ann", None, Some(1))[0].message, "ann should receive news once, and received it 2 times");
        assert_eq!(expect("eve", None, Some(0)), []);
    }

    #[test]
    fn an_unwanted_event_is_named() {
        let none = |event: Option<&str>| Action::ExpectNone {
            clients: vec!["bob".into(), "eve".into()],
            event: event.map(str::to_owned),
        };
        assert!(check(&none(Some("other")), &(1..=1), 1, &received()).is_empty());
        let unmet = check(&none(None), &(1..=1), 1, &received());
        assert_eq!(unmet.len(), 1);
        assert_eq!(unmet[0].message, r#"bob should receive nothing here, and received news {"m":2,"n":1}"#);
    }
}
