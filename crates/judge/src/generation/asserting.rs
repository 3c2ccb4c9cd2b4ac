//! A generated script as somebody would write it: with expectations of its own, so that it stands without a snapshot.

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
    let expectations = entries().nth(at).map(|(wanted, found)| expectations(&wanted.deliveries, &found.deliveries));
    let steps: Vec<_> = script.steps.iter().take(at + 1).map(|step| step.action.clone()).collect();
    let actions = steps.into_iter().chain(expectations.into_iter().flatten());
    let steps = actions.enumerate().map(|(index, action)| Step { line: index + 1, action }).collect();
    Script { steps, ..script.clone() }
}

fn expectations(wanted: &[Delivery], found: &[Delivery]) -> Vec<Action> {
    let mut expected: Vec<_> = wanted.iter().filter_map(expectation).collect();
    expected.dedup();
    let is_wanted =
        |one: &&Delivery| wanted.iter().any(|other| (&other.client, &other.what) == (&one.client, &one.what));
    let unwanted = found.iter().filter(|one| !is_wanted(one) && what::is_event(&one.what));
    let mut refused: Vec<_> = unwanted
        .map(|one| Action::ExpectNone { clients: vec![one.client.clone()], event: Some(name(&one.what)) })
        .collect();
    refused.dedup();
    expected.into_iter().chain(refused).collect()
}

/// What this message asks for. Nothing for an answer to an earlier step, or a refused namespace: no expectation has words for
/// these.
fn expectation(one: &Delivery) -> Option<Action> {
    let clients = vec![one.client.clone()];
    // Socket ids have other values each time.
    let payload = serde_json::from_str::<Value>(&one.data).ok().filter(|_| !one.data.contains('<'));
    match one.what.as_str() {
        what::ACK => Some(Action::ExpectAck { clients, ack: payload.map_or(ExpectedAck::Any, ExpectedAck::With) }),
        what::NO_ACK => Some(Action::ExpectAck { clients, ack: ExpectedAck::Missing }),
        what::DISCONNECT | what::CLOSED => Some(Action::ExpectDisconnect(clients)),
        event if what::is_event(event) => {
            Some(Action::Expect { event: name(event), at: clients, payload, times: None })
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
             [[steps]]\nexpect = \"said\"\nat = \"bob\"\npayload = { text = \"a\" }\n\n\
             [[steps]]\nexpect_none = \"ann\"\nevent = \"said\"\n"
        );
        Script::parse(&text, "two.toml".as_ref()).unwrap();
    }

    #[test]
    fn a_script_whose_rooms_alone_differ_stays_as_it_is() {
        let same = "1 connect ann, bob\nrooms at the end\n    none\n";
        assert!(!asserted(same, "1 connect ann, bob\nrooms at the end\n    p1: ann\n").contains("expect"));
    }
}
