//! What is read from a scenario file, and what is said of a wrong one.

use std::time::Duration;

use serde_json::json;

use super::*;
use crate::client::Departure;
use crate::script::{Action, ExpectedAck};

const HEAD: &str = "title = \"t\"\nclients = [\"ann\", \"bob\"]\n";

/// Six lines in which ann asks for an acknowledgement.
#[test]
fn every_assertion_about_a_client_that_was_never_there_is_told() {
    let error = load("[[steps]]\nexpect_none = \"ann\"\n[[steps]]\nexpect_none = \"bob\"\n").unwrap_err().to_string();
    assert_eq!(error.matches("is not connected by any step above this one").count(), 2, "{error}");
}

#[test]
fn an_event_may_be_nameless_and_a_number_as_large_as_the_largest() {
    let script = load("[[steps]]\nconnect = \"ann\"\n[[steps]]\nemit = \"\"\nfrom = \"ann\"\npayload = { n = 18446744073709551615 }\n").unwrap();
    let Action::Emit { event, payload, .. } = &script.steps[1].action else { panic!("{script:?}") };
    assert_eq!((event.as_str(), payload.as_ref()), ("", Some(&json!({ "n": u64::MAX }))));
}

const ASKS: &str = "[[steps]]\nconnect = \"ann\"\n[[steps]]\nemit = \"x\"\nfrom = \"ann\"\nack = true\n";

fn load(steps: &str) -> Result<Script, LoadError> {
    Script::parse(&format!("{HEAD}{steps}"), Path::new("s.toml"))
}

#[test]
fn reads_every_action() {
    let script = load(
        r#"
        [[steps]]
        connect = ["ann", "bob"]
        [[steps]]
        emit = "join"
        from = "ann"
        payload_json = '{"a":null}'
        ack = true
        [[steps]]
        flood = "noise"
        from = "bob"
        count = 3
        [[steps]]
        expect = "news"
        at = "bob"
        payload = { n = 1 }
        times = 2
        [[steps]]
        expect_none = ["ann"]
        event = "news"
        [[steps]]
        expect_ack = "ann"
        payload_json = '{"ok":null}'
        [[steps]]
        expect_ack = ["ann"]
        none = true
        [[steps]]
        expect_ack = "ann"
        none = false
        [[steps]]
        expect_disconnect = ["ann", "bob"]
        [[steps]]
        wait_ms = 10
        [[steps]]
        answer = "news"
        from = "bob"
        payload = { ok = true }
        [[steps]]
        disconnect = "ann"
        [[steps]]
        drop = "bob"
        [[steps]]
        close = ["ann"]
        [[steps]]
        garble = "ann"
        [[steps]]
        stall = "ann"
        [[steps]]
        resume = "ann"
        "#,
    )
    .unwrap();
    assert_eq!(script.steps.len(), 17);
    assert_eq!(script.steps[0].line, 4);
    assert_eq!(
        script.steps[1].action,
        Action::Emit { from: "ann".into(), event: "join".into(), payload: Some(json!({ "a": null })), ack: true }
    );
    let expect_ack = |ack| Action::ExpectAck { clients: vec!["ann".into()], ack };
    assert_eq!(script.steps[5].action, expect_ack(ExpectedAck::With(json!({ "ok": null }))));
    assert_eq!(script.steps[6].action, expect_ack(ExpectedAck::Missing));
    assert_eq!(script.steps[7].action, expect_ack(ExpectedAck::Any));
    assert_eq!(script.steps[8].action, Action::ExpectDisconnect(vec!["ann".into(), "bob".into()]));
    assert!(script.steps[8].action.is_expectation());
    assert_eq!(script.steps[9].action, Action::Wait(Duration::from_millis(10)));
    assert_eq!(
        script.steps[10].action,
        Action::Answer { from: "bob".into(), event: "news".into(), payload: Some(json!({ "ok": true })) }
    );
    let departs = |step: usize, by: &str, departure| {
        assert_eq!(script.steps[step].action, Action::Depart { clients: vec![by.into()], departure });
    };
    departs(11, "ann", Departure::Disconnect);
    departs(12, "bob", Departure::Drop);
    departs(13, "ann", Departure::Close);
    departs(14, "ann", Departure::Garble);
    assert_eq!(script.steps[15].action, Action::Stall(vec!["ann".into()]));
    assert_eq!(script.steps[16].action, Action::Resume(vec!["ann".into()]));
}

/// All that is wrong with these steps: line, column, and what is said.
fn mistakes(steps: &str) -> Vec<(usize, usize, String)> {
    let Err(LoadError::Wrong { mistakes }) = load(steps) else { panic!("{steps}") };
    let said = |mistake: &Misplaced| mistake.to_string().splitn(4, ':').nth(3).unwrap().trim().to_owned();
    mistakes.iter().map(|mistake| (mistake.line, mistake.column, said(mistake))).collect()
}

#[test]
fn every_mistake_is_named_where_it_stands() {
    for (steps, line, column, words) in [
        ("[[steps]]\nconect = \"ann\"\n", 4, 1, "a step has no key `conect`; did you mean `connect`?"),
        ("[[steps]]\nfly = \"ann\"\n", 4, 1, "a step has no key `fly`; there is `connect`, `emit`"),
        ("[[steps]]\nconnect = \"eve\"\n", 4, 11, "there is no client `eve`; there is `ann` and `bob`"),
        ("[[steps]]\nconnect = \"bop\"\n", 4, 11, "there is no client `bop`; did you mean `bob`?"),
        ("[[steps]]\nconnect = [\"ann\", \"eve\"]\n", 4, 19, "there is no client `eve`"),
        ("[[steps]]\nfrom = \"ann\"\n", 3, 1, "this step does nothing; give it one of `connect`, `emit`"),
        ("[[steps]]\nconnect = \"ann\"\nemit = \"x\"\n", 3, 1, "this step does two things; make two steps of it"),
        ("[[steps]]\nemit = \"x\"\n", 3, 1, "a step with `emit` needs the key `from`; add `from = …` here"),
        ("[[steps]]\nanswer = \"x\"\n", 3, 1, "a step with `answer` needs the key `from`"),
        ("[[steps]]\nexpect = \"x\"\n", 3, 1, "a step with `expect` needs the key `at`"),
        ("[[steps]]\nflood = \"x\"\nfrom = \"ann\"\n", 3, 1, "a step with `flood` needs the key `count`"),
        ("[[steps]]\nanswer = \"x\"\nfrom = \"eve\"\n", 5, 8, "there is no client `eve`"),
        ("[[steps]]\nanswer = \"connect\"\nfrom = \"ann\"\n", 4, 10, "`connect` is reserved by Socket.IO"),
        (
            "[[steps]]\nanswer = \"x\"\nfrom = \"ann\"\nack = true\n",
            6,
            1,
            "`ack` belongs to `emit`, not to a step with `answer`",
        ),
        ("[[steps]]\nemit = \"disconnect\"\nfrom = \"ann\"\n", 4, 8, "`disconnect` is reserved by Socket.IO"),
        (
            "[[steps]]\nemit = \"x\"\nfrom = \"ann\"\ncount = 2\n",
            6,
            1,
            "`count` belongs to `flood`, not to a step with",
        ),
        ("[[steps]]\nemit = \"x\"\nfrom = \"ann\"\npayload_json = '{'\n", 6, 16, "this is not JSON: "),
        (
            "[[steps]]\nemit = \"x\"\nfrom = \"ann\"\npayload = 1\npayload_json = '{}'\n",
            7,
            16,
            "a step has `payload` or `payload_json`, not both",
        ),
        ("[[steps]]\nwait_ms = -1\n", 4, 11, "expected a whole number, not negative, found an integer"),
        ("[[steps]]\nexpect_none = \"ann\"\n", 3, 1, "`ann` is not connected by any step above this one"),
        ("[[steps]]\nexpect_disconnect = \"ann\"\n", 3, 1, "`ann` is not connected by any step above this one"),
        ("[[steps]]\nexpect_disconnect = \"eve\"\n", 4, 21, "there is no client `eve`"),
        ("[[steps]]\nexpect_disconnect = \"ann\"\ntimes = 1\n", 5, 1, "`times` belongs to `expect`, not to"),
        ("[[steps]]\nexpect_ack = \"ann\"\n", 3, 1, "`ann` asks for no ack above this step"),
        (&format!("{ASKS}[[steps]]\nexpect_ack = [\"ann\", \"bob\"]\n"), 9, 1, "`bob` asks for no ack above this step"),
        (
            &format!("{ASKS}[[steps]]\nexpect_ack = \"ann\"\nnone = true\npayload = 1\n"),
            11,
            8,
            "an ack that does not come has no payload",
        ),
        ("[[steps]]\nconnect = \"ann\"\nnone = true\n", 5, 1, "`none` belongs to `expect_ack`, not to"),
        ("[[steps]]\nconnect = []\n", 4, 11, "`connect` is empty"),
        ("[[steps]]\nconnect = \"ann\"\nnamespace = \"admin\"\n", 5, 13, "a namespace starts with a slash"),
        ("[[steps]]\nconnect = \"ann\"\nauth = \"x\"\n", 5, 8, "expected a table, found a string"),
        (
            "[[steps]]\nemit = \"x\"\nfrom = \"ann\"\npayload = { d = 2024-01-01 }\n",
            6,
            17,
            "JSON has no dates; write the date as a string",
        ),
        ("[[steps]]\nemit = \"x\"\nfrom = \"ann\"\npayload = [nan]\n", 6, 12, "JSON has no such number"),
        ("[[steps]]\nexpect = \"disconnect\"\nat = \"ann\"\n", 4, 10, "`disconnect` is reserved by Socket.IO"),
        ("[server]\nqueue = 1\n[[steps]]\nconnect = \"ann\"\n", 4, 1, "the server has no key `queue`"),
        ("[[steps]\n", 3, 9, ""),
        ("", 1, 1, "a scenario needs the key `steps`; add `[[steps]]` here"),
    ] {
        let found = mistakes(steps);
        let [(found_line, found_column, said)] = &found[..] else { panic!("{steps}: {found:?}") };
        assert!(said.starts_with(words), "{steps}: {said}");
        assert_eq!((*found_line, *found_column), (line, column), "{steps}: {said}");
    }
}

#[test]
fn all_mistakes_of_a_file_are_named_and_none_that_follows_from_another() {
    let steps = "[[steps]]\nconect = \"ann\"\n[[steps]]\nemit = \"x\"\nfrom = \"eve\"\nack = 1\n[[steps]]\n\
                 expect = \"y\"\nat = \"ann\"\ntims = 2\n";
    let places: Vec<_> = mistakes(steps).into_iter().map(|(line, column, _)| (line, column)).collect();
    assert_eq!(places, [(4, 1), (7, 8), (8, 7), (12, 1)], "that nobody connects ann follows from the first");
    let error = load(steps).unwrap_err().to_string();
    assert!(
        error.starts_with("s.toml:4:1: a step has no key `conect`; did you mean `connect`?\ns.toml:7:8: "),
        "{error}"
    );
}

#[test]
fn what_is_forgotten_is_read_and_fresh_texts_have_to_be_sent() {
    let steps = "[[steps]]\nconnect = \"ann\"\nauth = { user = \"a\" }\n[[steps]]\nemit = \"x\"\nfrom = \"ann\"\npayload = [[\"p\"]]\n";
    let of = |fresh: &str| format!("[memory]\nforgotten = \"It is.\"\nfresh = [{fresh}]\n{steps}");
    let memory = load(&of("\"a\", \"p\"")).unwrap().memory.unwrap();
    assert_eq!((memory.forgotten.as_str(), memory.fresh), ("It is.", vec!["a".to_owned(), "p".to_owned()]));
    assert_eq!(mistakes(&of("\"a\", \"x\"")), [(5, 15, "no step sends the text `x`".to_owned())]);
    let without = format!("[memory]\n{steps}");
    assert_eq!(mistakes(&without)[0].2, "the memory needs the key `forgotten`; add `forgotten = …` here");
}

#[test]
fn clients_are_words_and_differ() {
    let parse = |clients: &str| {
        let text = format!("title = \"t\"\nclients = {clients}\n[[steps]]\nwait_ms = 1\n");
        Script::parse(&text, Path::new("s.toml")).unwrap_err().to_string()
    };
    for (clients, said) in [
        ("[]", "2:11: `clients` is empty"),
        ("[\"ann b\"]", "2:12: a client's name is one word"),
        ("[\"ann\", \"ann\"]", "2:19: there are two clients `ann`"),
    ] {
        assert_eq!(parse(clients), format!("s.toml:{said}"));
    }
}

#[test]
fn a_missing_file_says_so() {
    let error = Script::load(Path::new("no/such.toml")).unwrap_err();
    assert!(error.to_string().starts_with("no/such.toml: the scenario cannot be read"));
}
