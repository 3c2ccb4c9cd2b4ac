//! A generated script as an author would write it: with its own expectations, so that it needs no snapshot.

use scenario::Script;
use scenario::script::{Action, ExpectedAck, Step};
use scenario::transcript::{Delivery, Transcript, what};
use serde_json::Value;

/// The script, and behind the first step that led to something else what it should have led to. As it was, if the difference is
/// in the rooms at the end.
pub(super) fn asserting(script: &Script, expected: &Transcript, actual: &Transcript) -> Script {
    let entries = || expected.entries.iter().zip(&actual.entries);
    let Some(at) = entries().position(|(wanted, found)| wanted.deliveries != found.deliveries) else {
        return script.clone();
    };
    let expectations =
        entries().nth(at).map(|(wanted, found)| expectations(&wanted.deliveries, &found.deliveries, &script.clients));
    let steps: Vec<_> = script.steps.iter().take(at + 1).map(|step| step.action.clone()).collect();
    let actions = steps.into_iter().chain(expectations.into_iter().flatten());
    let steps = actions.enumerate().map(|(index, action)| Step { line: index + 1, action }).collect();
    Script { steps, ..script.clone() }
}

fn expectations(wanted: &[Delivery], found: &[Delivery], clients: &[String]) -> Vec<Action> {
    let mut expected: Vec<_> = wanted.iter().filter_map(|one| expectation(one, wanted, clients)).collect();
    expected.dedup();
    let of_kind = |all: &[Delivery], one: &Delivery| {
        all.iter().filter(|other| (&other.client, &other.what) == (&one.client, &one.what)).count()
    };
    let too_many = found.iter().filter(|one| what::is_event(&one.what) && of_kind(found, one) > of_kind(wanted, one));
    let mut refused: Vec<_> = too_many.map(|one| at_most(one, of_kind(wanted, one))).collect();
    refused.dedup();
    expected.into_iter().chain(refused).collect()
}

/// Expects that a client receives an event so many times, with any payload.
fn at_most(one: &Delivery, times: usize) -> Action {
    let (at, event) = (vec![one.client.clone()], name(&one.what));
    match times {
        0 => Action::ExpectNone { clients: at, event: Some(event) },
        _ => Action::Expect { event, at, payload: None, times: times.try_into().ok() },
    }
}

/// What this message asks for. Nothing for an answer to an earlier step, or a refused namespace: no expectation has words for
/// these.
fn expectation(one: &Delivery, wanted: &[Delivery], names: &[String]) -> Option<Action> {
    let clients = vec![one.client.clone()];
    // Socket ids have other values each time.
    let has_id = names.iter().any(|name| one.data.contains(&format!("<{name}>")));
    let payload = serde_json::from_str::<Value>(&one.data).ok().filter(|_| !has_id);
    let times = wanted.iter().filter(|other| *other == one).count().try_into().ok();
    match one.what.as_str() {
        what::ACK => Some(Action::ExpectAck { clients, ack: payload.map_or(ExpectedAck::Any, ExpectedAck::With) }),
        what::NO_ACK => Some(Action::ExpectAck { clients, ack: ExpectedAck::Missing }),
        what::DISCONNECT | what::CLOSED => Some(Action::ExpectDisconnect(clients)),
        event if what::is_event(event) => {
            let times = times.filter(|_| payload.is_some());
            Some(Action::Expect { event: name(event), at: clients, payload, times })
        }
        _ => None,
    }
}

/// The event's name, which a transcript quotes where it has blanks.
fn name(what: &str) -> String {
    serde_json::from_str(what).unwrap_or_else(|_| what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = r#"
title = "One"
clients = ["ann", "bob"]

[[steps]]
connect = ["ann", "bob"]

[[steps]]
emit = "say"
from = "ann"
payload = { text = "a" }
ack = true

[[steps]]
emit = "say"
from = "bob"
"#;

    fn asserted(expected: &str, actual: &str) -> String {
        let script = Script::parse(SCRIPT, "one.toml".as_ref()).unwrap();
        let (expected, actual) = (Transcript::parse(expected), Transcript::parse(actual));
        asserting(&script, &expected, &actual).to_toml()
    }

    #[test]
    fn a_difference_becomes_expectations_behind_its_step() {
        let text = asserted(
            "1 connect ann, bob\n2 ann emits say\n    ann <- ack {\"ok\":true}\n    bob <- said {\"text\":\"a\"}\n3 bob\n",
            "1 connect ann, bob\n2 ann emits say\n    ann <- said {\"text\":\"a\"}\n    ann <- no-ack\n3 bob\n",
        );
        let expectations = text.split_once("ack = true\n").unwrap().1;
        assert_eq!(
            expectations,
            "\n[[steps]]\nexpect_ack = \"ann\"\npayload = { ok = true }\n\n\
             [[steps]]\nexpect = \"said\"\nat = \"bob\"\npayload = { text = \"a\" }\ntimes = 1\n\n\
             [[steps]]\nexpect_none = \"ann\"\nevent = \"said\"\n"
        );
        Script::parse(&text, "two.toml".as_ref()).unwrap();
    }

    #[test]
    fn a_script_whose_rooms_alone_differ_stays_as_it_is() {
        let same = "1 connect ann, bob\nrooms at the end\n    none\n";
        assert!(!asserted(same, "1 connect ann, bob\nrooms at the end\n    p1: ann\n").contains("expect"));
    }

    #[test]
    fn a_message_that_comes_too_often_is_counted() {
        let entry = |received: &str| format!("1 connect ann, bob\n2 ann emits say\n{received}3 bob\n");
        let (once, other) = ("    bob <- said 1\n", "    bob <- said 2\n");
        for too_much in [format!("{once}{once}"), format!("{once}{other}")] {
            let text = asserted(&entry(once), &entry(&too_much));
            assert!(text.ends_with("expect = \"said\"\nat = \"bob\"\ntimes = 1\n"), "{text}");
        }
    }
}
