//! What an alphabet may say, and which lives its clients lead.

use std::path::Path;
use std::time::Duration;

use super::{Alphabet, repair, script};
use crate::client::Departure;
use crate::run::End;
use crate::script::{Action, Script};

const ALPHABET: &str = r#"
ends = ["goodbye", "page-left", "break", "nonsense", "silence"]
waits_ms = [1000, 3600000]
clients = [{ name = "ann", auth = { user = "ann" } }, { name = "tab", auth = { user = "ann" } }, { name = "bob" }]

[[events]]
name = "say"
floods = [3]
fields.text = { pool = "texts", usual = ["hello"], limit = 80, most_bytes = 1000 }
"#;

const HOUR: Duration = Duration::from_secs(3600);

fn alphabet() -> Alphabet {
    Alphabet::parse(ALPHABET, Path::new("a.toml")).unwrap()
}

/// Whether an action is this one, of this client.
type Deed<'a> = &'a dyn Fn(&Action, &str) -> bool;

/// Whether some script has these actions, with others between them, all of one client.
fn is_generated(life: &[Deed<'_>]) -> bool {
    let alphabet = alphabet();
    let leads = |script: &Script, client: &str| {
        let mut life = life.iter().peekable();
        for step in &script.steps {
            life.next_if(|is_it| is_it(&step.action, client));
        }
        life.peek().is_none()
    };
    (0..300)
        .map(|seed| script(&alphabet, seed))
        .any(|script| ["ann", "bob"].iter().any(|client| leads(&script, client)))
}

fn is_of(clients: &[String], client: &str) -> bool {
    clients.iter().any(|name| name == client)
}

fn connects(action: &Action, client: &str) -> bool {
    matches!(action, Action::Connect { clients, .. } if is_of(clients, client))
}

fn waits_for_an_hour(action: &Action, _client: &str) -> bool {
    matches!(action, Action::Wait(wait) if *wait == HOUR)
}

#[test]
fn clients_come_back_after_an_hour_whichever_way_they_went() {
    for how in [Departure::Disconnect, Departure::Close, Departure::Drop, Departure::Garble] {
        let goes = |action: &Action, client: &str| matches!(action, Action::Depart { clients, departure } if *departure == how && is_of(clients, client));
        assert!(is_generated(&[&connects, &goes, &waits_for_an_hour, &connects]), "{how:?}");
    }
}

#[test]
fn clients_read_slowly_and_are_away_for_longer_than_the_server_waits() {
    let stalls = |action: &Action, client: &str| matches!(action, Action::Stall(clients) if is_of(clients, client));
    let reads = |action: &Action, client: &str| matches!(action, Action::Resume(clients) if is_of(clients, client));
    assert!(is_generated(&[&connects, &stalls, &reads]));
    assert!(is_generated(&[&connects, &stalls, &waits_for_an_hour, &reads]));
}

#[test]
fn a_client_that_the_server_has_sent_away_comes_back_before_it_says_more() {
    let text = "title = 't'\nclients = ['ann', 'bob']\nsteps = [{ connect = ['ann', 'bob'], auth = { user = 'ann' } }, \
                { emit = 'x', from = 'ann' }, { emit = 'y', from = 'ann' }, { answer = 'z', from = 'ann' }]";
    let mut script = Script::parse(text, Path::new("s.toml")).unwrap();
    let gone = End::Gone("ann".to_owned());
    repair(&mut script, &gone, 3);
    let Action::Connect { clients, auth, .. } = &script.steps[2].action else { panic!("{script:?}") };
    assert_eq!((clients.as_slice(), auth.is_some(), script.steps.len()), (&["ann".to_owned()][..], true, 5));
    repair(&mut script, &gone, 5);
    assert_eq!(script.steps.len(), 4, "nothing was asked of a client that has just come");
    repair(&mut script, &End::Stuck("ann".to_owned()), 4);
    let lines: Vec<_> = script.steps.iter().map(|step| step.line).collect();
    assert_eq!(lines, [1, 2, 3]);
}

#[test]
fn numbers_out_of_bounds_are_named_where_they_stand() {
    for (from, to, said) in [
        ("floods = [3]", "floods = [3, 5000000]", "a.toml:8:14: `floods` is from 1 to 1000"),
        ("floods = [3]", "floods = [0]", "a.toml:8:11: `floods` is from 1 to 1000"),
        ("floods = [3]", "often = 0", "a.toml:8:9: `often` is from 1 to 100"),
        ("[1000, 3600000]", "[1000, 99999999999]", "a.toml:3:19: `waits_ms` is from 1 to 86400000"),
        ("limit = 80", "limit = 4000000000", "a.toml:9:60: `limit` is from 1 to 200000"),
        ("most_bytes = 1000", "most_bytes = 0", "a.toml:9:77: `most_bytes` is from 1 to 200000"),
    ] {
        let error = Alphabet::parse(&ALPHABET.replace(from, to), Path::new("a.toml")).unwrap_err();
        assert_eq!(error.to_string(), said);
    }
}

#[test]
fn tabs_of_one_person_have_the_same_name_and_it_takes_the_place_of_the_usual_one() {
    let text = r#"
        clients = [{ name = "laptop", auth = { user = "bob" } }, { name = "phone", auth = { user = "bob" } }, { name = "ann", auth = { user = "ann" } }]
        auth.user = { pool = "ids" }
        events = [{ name = "ask", fields = { to = { pool = "ids", usual = ["bob"], unfit = false } } }]
    "#;
    let alphabet = Alphabet::parse(text, Path::new("a.toml")).unwrap();
    let (mut unusual, mut asked) = (0, 0);
    for seed in 0..200 {
        let script = script(&alphabet, seed);
        let name = |wanted: &str| {
            script.steps.iter().find_map(|step| match &step.action {
                Action::Connect { clients, auth: Some(auth), .. } if is_of(clients, wanted) => {
                    Some(auth["user"].clone())
                }
                _ => None,
            })
        };
        let (laptop, phone, ann) = (name("laptop"), name("phone"), name("ann"));
        if let (Some(laptop), Some(phone)) = (&laptop, &phone) {
            assert_eq!(laptop, phone, "seed {seed}");
        }
        let Some(bob) = laptop.or(phone).filter(|bob| bob != "bob") else { continue };
        assert_ne!(ann.as_ref(), Some(&bob), "seed {seed}");
        unusual += 1;
        asked +=
            usize::from(script.steps.iter().any(
                |step| matches!(&step.action, Action::Emit { payload: Some(payload), .. } if payload["to"] == bob),
            ));
    }
    assert!(unusual > 20 && asked > 10, "{unusual} {asked}");
}

#[test]
fn a_name_that_nobody_gives_and_one_that_is_no_text_are_mistakes_with_a_place() {
    let mistake = |auth: &str| {
        let text = format!(
            "clients = [{{ name = 'ann', auth = {{ user = 'ann' }} }}]\nevents = [{{ name = 'x' }}]\nauth.{auth}\n"
        );
        Alphabet::parse(&text, Path::new("a.toml")).unwrap_err().to_string()
    };
    let unknown = mistake("usr = { pool = 'ids' }");
    assert!(unknown.contains("a.toml:3:21: no client gives a text as `usr`"), "{unknown}");
    let number = mistake("user = { pool = 'numbers' }");
    assert!(number.contains("a.toml:3:22: the pool of a name has texts"), "{number}");
}

#[test]
fn a_version_is_often_the_one_that_the_thing_has_by_now() {
    let text = "clients = [{ name = 'ann' }]\n[[events]]\nname = 'make'\n\
                fields.id = { pool = 'ids', usual = ['a', 'b'], unfit = false }\n\
                [[events]]\nname = 'set'\n\
                fields.id = { pool = 'ids', usual = ['b', 'a', 'a'], unfit = false }\n\
                fields.version = { pool = 'versions', usual = [1] }\n";
    let alphabet = Alphabet::parse(text, Path::new("a.toml")).unwrap();
    let (mut fit, mut late, mut all) = (0, 0, 0);
    for seed in 0..100 {
        let mut versions = std::collections::BTreeMap::new();
        for step in script(&alphabet, seed).steps {
            let Action::Emit { event, payload: Some(payload), .. } = step.action else { continue };
            let id = payload["id"].to_string();
            if event == "make" {
                versions.entry(id).or_insert(0);
            } else if let Some(last) = versions.get_mut(&id) {
                all += 1;
                if payload["version"] == *last + 1 {
                    *last += 1;
                    fit += 1;
                    late += usize::from(*last > 2);
                }
            }
        }
    }
    assert!(fit * 2 > all && fit < all && late > 20, "{fit} of {all}, {late}");
}
