//! Scenarios that nobody wrote.

use std::path::Path;

use judge::generation::deep::{Deep, Difference, deep};
use judge::generation::make::{Material, make};
use judge::generation::set::Set;
use judge::report::Verdict;
use judge::{Package, check_scenario};

use crate::fixture::{Fixture, PASSES, handler};

const ALPHABET: &str = r#"
ends = ["goodbye", "break"]
clients = [{ name = "ann" }, { name = "bob" }]

[[events]]
name = "say"
fields.text = { pool = "texts", usual = ["hello", "well"] }
"#;

/// Right for the written scenario, and wrong for a text that begins with a blank.
const TRIMS: &str = "pub fn app(io: &rooms::Io) {
    io.on_connection(|socket| socket.on(\"say\", |socket, payload| {
        let mut echo = payload.value().clone();
        if let Some(text) = echo[\"text\"].as_str() {
            echo[\"text\"] = text.trim().into();
        }
        socket.emit(\"echo\", echo);
    }));
}
";

/// A workshop with an alphabet, a solution and one more right answer.
fn fixture(code: &str) -> Fixture {
    let fixture = Fixture::new(code);
    fixture.write("lessons/00-one/alphabets/first.toml", ALPHABET);
    fixture.write("solutions/src/first.rs", PASSES);
    fixture
}

async fn differs(fixture: &Fixture) -> Difference {
    let found = deep(&fixture.workshop, "first", Path::new("exercises/src/first.rs"), 1, 200, &|_| {}).await.unwrap();
    let Deep::Different(difference) = found else { panic!("{found:?}") };
    *difference
}

#[tokio::test]
async fn a_set_is_played_behind_the_written_scenarios_and_decides_like_them() {
    let fixture = fixture(TRIMS);
    assert_eq!(fixture.check().await.verdict, Verdict::Passed);
    let made =
        make(&fixture.workshop, "first", Material { seed: 1, scripts: 60, mutants: &[] }, &|_| {}).await.unwrap();
    assert!(made.agreed > 0 && made.set.scenarios.len() > 1, "{made:?}");
    let set = fixture.path("lessons/00-one/generated/first.json.gz");
    made.set.write(&set).unwrap();
    let packed = std::fs::read(&set).unwrap();
    let same_with_other_ends = ALPHABET.replace('\n', "\r\n");
    let alphabets = [ALPHABET, &same_with_other_ends, "another"];
    assert_eq!(alphabets.map(|alphabet| Set::is_of(&packed, alphabet)), [Some(true), Some(true), Some(false)]);
    assert_eq!(Set::is_of(b"not packed", ALPHABET), None);
    let report = fixture.check().await;
    let generated = report.generated().unwrap();
    assert_eq!((report.verdict, generated.of), (Verdict::Failed, made.set.scenarios.len()));
    let shown = generated.shown.unwrap();
    assert!(shown.explanation.contains("should receive echo"), "{shown:?}");
    assert_eq!(fixture.check_text(PASSES).await.verdict, Verdict::Passed);
    let aborts = handler("if payload[\"text\"].as_str().is_some_and(|it| it.trim() != it) { std::process::abort(); }");
    let aborted = fixture.check_text(&aborts).await;
    assert_eq!(aborted.verdict, Verdict::Crashed);
    assert!(aborted.message.as_ref().unwrap().contains(" emits say "), "{aborted:?}");
    // What fails a written scenario has enough to show.
    let failed = fixture.check_text("pub fn app(_io: &rooms::Io) {}").await;
    assert_eq!((failed.verdict, failed.generated()), (Verdict::Failed, None));
}

#[tokio::test]
async fn the_shortest_script_that_shows_a_mistake_is_found_and_stands_by_itself() {
    let fixture = fixture(TRIMS);
    let Difference { script, report, .. } = differs(&fixture).await;
    let is_expectation = |step: &&scenario::script::Step| step.action.is_expectation();
    assert_eq!(script.steps.iter().filter(|step| !is_expectation(step)).count(), 2, "{}", script.to_toml());
    assert_eq!(script.clients.len(), 1);
    assert!(report.explanation.contains("should receive echo"), "{}", report.explanation);
    let kept = fixture.write("kept.toml", &script.to_toml());
    assert_eq!(alone(&fixture, &kept).await, Verdict::Failed);
    fixture.write("exercises/src/first.rs", PASSES);
    assert_eq!(alone(&fixture, &kept).await, Verdict::Passed);
}

/// The verdict by this scenario's own expectations.
async fn alone(fixture: &Fixture, scenario: &Path) -> Verdict {
    let checked = check_scenario(&fixture.workshop, Package::Exercises, "first", scenario, &|_| {}).await;
    checked.unwrap().verdict
}

#[tokio::test]
async fn where_right_answers_differ_a_script_does_not_count() {
    let fixture = fixture(TRIMS);
    fixture.write("solutions/right/first/trims.rs", TRIMS);
    let found = deep(&fixture.workshop, "first", Path::new("exercises/src/first.rs"), 1, 100, &|_| {}).await.unwrap();
    assert!(matches!(found, Deep::Same { counted, left_out, .. } if counted > 0 && left_out > 0), "{found:?}");
    let made =
        make(&fixture.workshop, "first", Material { seed: 1, scripts: 60, mutants: &[] }, &|_| {}).await.unwrap();
    assert!(made.agreed < made.scripts && made.dissent[0].1 > 0 && made.example.is_some(), "{made:?}");
}

const MEMORY: &str = "title = 'Nothing stays'\nclients = ['ann']\n[memory]\nforgotten = 'Nothing stays.'\n\
                      [[steps]]\nconnect = 'ann'\n[[steps]]\nemit = 'say'\nfrom = 'ann'\npayload = { text = 'hello' }\n";
const MEMORY_SNAPSHOT: &str = "---\nsource: x\n---\n1 connect ann\n2 ann emits say {\"text\":\"hello\"}\n    \
                               ann <- echo {\"text\":\"hello\"}\nrooms at the end\n    none\n";

/// An answer whose clients leave a number behind, but never more than so many.
fn keeps_at_most(numbers: usize) -> String {
    PASSES.replace("|socket, payload| ", "|socket, payload| { keep(); ").replace("payload)));", "payload) }));")
        + &format!(
            "static KEPT: std::sync::Mutex<Vec<u64>> = std::sync::Mutex::new(Vec::new());
             fn keep() {{ let mut kept = KEPT.lock().unwrap(); if kept.len() < {numbers} {{ kept.push(7) }} }}\n"
        )
}

#[tokio::test]
async fn an_answer_that_keeps_a_number_of_each_client_does_not_pass_and_is_told_what_the_page_says() {
    let fixture = fixture(&keeps_at_most(1_000_000));
    assert_eq!(fixture.check().await.verdict, Verdict::Passed, "no scenario is about memory yet");
    fixture.write("lessons/00-one/scenarios/first/nothing-stays.toml", MEMORY);
    fixture.write("lessons/00-one/snapshots/first/nothing-stays.snap", MEMORY_SNAPSHOT);
    let report = fixture.check().await;
    let failed = report.scenarios.iter().find(|it| it.name == "nothing-stays").unwrap();
    assert_eq!((report.verdict, failed.verdict), (Verdict::Failed, Verdict::Failed));
    assert!(failed.explanation.ends_with("The page says: “Nothing stays.”"), "{failed:?}");
    assert_eq!(fixture.check_text(PASSES).await.verdict, Verdict::Passed);
}

#[tokio::test]
async fn what_only_thousands_of_clients_show_is_found_by_a_deep_check() {
    // As many as come and go in a check are not enough to tell it from a list with a bound.
    let fixture = fixture(&keeps_at_most(150));
    fixture.write("lessons/00-one/scenarios/first/nothing-stays.toml", MEMORY);
    fixture.write("lessons/00-one/snapshots/first/nothing-stays.snap", MEMORY_SNAPSHOT);
    assert_eq!(fixture.check().await.verdict, Verdict::Failed);
    let deep =
        async || deep(&fixture.workshop, "first", Path::new("exercises/src/first.rs"), 1, 1, &|_| {}).await.unwrap();
    assert!(matches!(deep().await, Deep::Same { .. }), "there is a bound");
    fixture.write("exercises/src/first.rs", &keeps_at_most(1_000_000));
    let found = deep().await;
    let Deep::Keeps(report) = found else { panic!("{found:?}") };
    assert!(report.explanation.starts_with("After 3333 clients that came and went"), "{report:?}");
}

#[tokio::test]
async fn mutants_that_compile_are_tried() {
    let fixture = fixture(PASSES);
    let mutants = [
        handler("if payload[\"text\"] == \"well\" { return; }"),
        "does not compile".to_owned(),
        // The script that catches the first catches this one, and not the next.
        handler("return;"),
        handler("if payload[\"text\"] == \"constructor\" { return; }"),
        handler("if payload[\"text\"] == \"nobody says this\" { return; }"),
    ];
    let material = Material { seed: 1, scripts: 60, mutants: &mutants };
    let made = make(&fixture.workshop, "first", material, &|_| {}).await.unwrap();
    assert_eq!((made.caught, made.survivors), (3, vec![4]));
}

#[tokio::test]
async fn a_set_that_cannot_be_read_is_the_lessons_fault() {
    let fixture = fixture(PASSES);
    fixture.write("lessons/00-one/generated/first.json.gz", "not packed");
    let report = fixture.check().await;
    assert_eq!(report.verdict, Verdict::CourseError);
    assert!(report.message.unwrap().contains("generated/first.json.gz"));
}
