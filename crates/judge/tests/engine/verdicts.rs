//! Reports on answers.

use std::fs;
use std::sync::Mutex;
use std::time::Duration;

use judge::report::Verdict;
use judge::{BuildError, CheckError, Package, Progress, check, check_scenario};

use crate::fixture::{Fixture, PASSES, answer, handler};

#[tokio::test]
async fn edit_and_check_until_it_passes() {
    let fixture = Fixture::new("pub fn app(io: &rooms::Io) {\n    io.nothing();\n}\n");
    let report = fixture.check().await;
    assert_eq!(report.verdict, Verdict::CompileError);
    let location = report.location.unwrap();
    assert_eq!((location.path, location.line, location.column), (fixture.path("exercises/src/first.rs"), 2, 8));
    let message = report.message.unwrap();
    assert!(
        message.contains("no method named `nothing`") && message.contains("exercises/src/first.rs:2:8"),
        "{message}"
    );

    let report = fixture.check_text("pub fn app(_: &rooms::Io) {}\n").await;
    assert_eq!((report.verdict, report.message, report.location), (Verdict::Failed, None, None));
    assert!(report.scenarios[0].explanation.contains("ann should receive echo"), "{:?}", report.scenarios);

    let report = fixture.check_text(PASSES).await;
    assert_eq!((report.verdict, report.code.as_str()), (Verdict::Passed, PASSES));
    assert_eq!(report.sha256.unwrap().len(), 64);
}

#[tokio::test]
async fn a_missing_app_is_shown_although_the_error_is_elsewhere() {
    let report = Fixture::new("// nothing yet\n").check().await;
    assert_eq!((report.verdict, report.location), (Verdict::CompileError, None));
    let message = report.message.unwrap();
    assert!(
        message.starts_with("exercises/src/first.rs has to offer `pub fn app(io: &Io)`, and does not."),
        "{message}"
    );
    let report = Fixture::new("pub fn app(io: rooms::Io) { drop(io) }\n").check().await;
    let message = report.message.unwrap();
    assert!(message.contains("has to offer `pub fn app(io: &Io)`") && !message.contains("linked_"), "{message}");
}

/// An answer without a verdict from an earlier run of the tests.
fn never_seen(remark: &str) -> String {
    answer(&format!("// {remark}: {:?}", std::time::SystemTime::now()))
}

#[tokio::test]
async fn a_save_during_the_check_makes_the_verdict_stale() {
    let code = never_seen("saved over");
    let fixture = Fixture::new(&code);
    let path = fixture.path("exercises/src/first.rs");
    let save = |progress| {
        if progress == Progress::Running {
            fs::write(&path, PASSES).unwrap();
        }
    };
    let report = check(&fixture.workshop, Package::Exercises, "first", &save).await.unwrap();
    assert_eq!((report.verdict, report.scenarios.len()), (Verdict::Stale, 0));
}

#[tokio::test]
async fn the_learners_own_scenario_is_the_only_one() {
    let fixture = Fixture::new(PASSES);
    let mine = "title = \"Mine\"\nclients = [\"ann\"]\n[[steps]]\nconnect = \"ann\"\n[[steps]]\nexpect = \"echo\"\nat = \"ann\"\n";
    let file = fixture.write("mine.toml", mine);
    let report = check_scenario(&fixture.workshop, Package::Exercises, "first", &file, &|_| {}).await.unwrap();
    assert_eq!((report.verdict, report.scenarios.len()), (Verdict::Failed, 1));
    assert!(
        report.scenarios[0].explanation.ends_with("(line 5 of the scenario)"),
        "{}",
        report.scenarios[0].explanation
    );
}

#[tokio::test]
async fn a_warning_is_shown_and_changes_nothing() {
    for deny in ["", "#![deny(warnings)]\n", "#![forbid(unused)]\n"] {
        let report = Fixture::new(&format!("{deny}{}", answer("let unused = 1;"))).check().await;
        assert_eq!(report.verdict, Verdict::Passed, "{deny}: {:?}", report.message);
        let warnings = report.warnings.unwrap();
        assert!(
            warnings.contains("unused variable: `unused`") && warnings.contains("exercises/src/first.rs"),
            "{warnings}"
        );
    }
}

#[tokio::test]
async fn output_is_kept_with_its_scenario() {
    let report = Fixture::new(&handler("println!(\"heard {payload:?}\")")).check().await;
    assert_eq!(report.verdict, Verdict::Passed);
    assert!(report.scenarios[0].printed.as_ref().unwrap().starts_with("heard "), "{:?}", report.scenarios);
}

#[tokio::test]
async fn each_scenario_begins_afresh() {
    let state = "static SEEN: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
        assert!(!SEEN.swap(true, std::sync::atomic::Ordering::Relaxed));
        assert!(std::env::var_os(\"SEEN\").is_none() && !std::path::Path::new(\"seen\").exists());
        std::fs::write(\"seen\", \"\").unwrap();";
    let fixture = Fixture::new(&answer(state));
    for name in ["again", "once-more"] {
        for (folder, end) in [("scenarios", "toml"), ("snapshots", "snap")] {
            let of = |name| fixture.path(&format!("lessons/00-one/{folder}/first/{name}.{end}"));
            fs::copy(of("back"), of(name)).unwrap();
        }
    }
    let report = fixture.check().await;
    assert_eq!((report.verdict, report.scenarios.len()), (Verdict::Passed, 3), "{:?}", report.scenarios);
}

#[tokio::test]
async fn files_beside_an_answer_are_found_and_seen_to_change() {
    let fixture = Fixture::new(&format!("mod helper;\n{}", answer("assert!(helper::HOLDS);")));
    let report = fixture.check().await;
    assert_eq!(report.verdict, Verdict::CompileError);
    for (holds, verdict) in [("true", Verdict::Passed), ("false", Verdict::Failed), ("true", Verdict::Passed)] {
        fixture.write("exercises/src/helper.rs", &format!("pub const HOLDS: bool = {holds};"));
        let report = fixture.check().await;
        assert_eq!(report.verdict, verdict, "{:?}", report.message);
    }
}

#[tokio::test]
async fn the_lessons_mistakes_are_not_a_verdict_on_the_answer() {
    let fixture = Fixture::new(PASSES);
    let scenario = fixture.path("lessons/00-one/scenarios/first/back.toml");
    let text = fs::read_to_string(&scenario).unwrap();
    fs::write(&scenario, text.replace("from = \"ann\"", "from = \"bob\"")).unwrap();
    let report = fixture.check().await;
    assert_eq!(report.verdict, Verdict::CourseError);
    assert!(report.message.unwrap().contains("back.toml:"));
    fs::write(&scenario, text).unwrap();
    fs::remove_file(fixture.path("lessons/00-one/snapshots/first/back.snap")).unwrap();
    let report = fixture.check().await;
    assert_eq!(report.verdict, Verdict::CourseError);
    assert!(report.scenarios[0].explanation.contains("INSTA_UPDATE=always"), "{:?}", report.scenarios);
    fs::remove_file(&scenario).unwrap();
    assert_eq!(fixture.check().await.verdict, Verdict::CourseError);
}

#[tokio::test]
async fn the_machines_faults_are_errors_that_say_what_to_do() {
    let mut fixture = Fixture::new(PASSES);
    fixture.write("exercises/Cargo.toml", "[package\n");
    let error = fixture.try_check().await.unwrap_err();
    assert!(matches!(&error, CheckError::Build(BuildError::Manifest(_))), "{error}");
    assert!(error.to_string().contains("exercises/Cargo.toml"), "{error}");

    fixture = Fixture::new(PASSES);
    let target = tempfile::tempdir().unwrap();
    fixture.workshop.target = target.path().to_owned();
    fixture.workshop.cargo = "no-such-cargo".into();
    let error = fixture.try_check().await.unwrap_err();
    assert!(matches!(&error, CheckError::Build(BuildError::CargoMissing(_))), "{error}");
    assert!(error.to_string().contains("Install Rust"), "{error}");
}

#[tokio::test]
async fn progress_towards_a_verdict_is_reported() {
    let fixture = Fixture::new(&never_seen("of its own, so that it is compiled"));
    let seen = Mutex::new(Vec::new());
    let tell = |progress| seen.lock().unwrap().push(progress);
    check(&fixture.workshop, Package::Exercises, "first", &tell).await.unwrap();
    let seen = seen.into_inner().unwrap();
    assert!(seen.ends_with(&[Progress::Compiling("first".into()), Progress::Running]), "{seen:?}");
}

#[tokio::test]
async fn a_compiler_without_end_is_stopped() {
    let mut fixture = Fixture::new(&answer("// as good as any"));
    fixture.check_text(&answer("// the libraries are there")).await;
    fixture.workshop.limits.compile = Duration::from_millis(1);
    let report = fixture.check_text(&answer("// stopped")).await;
    assert_eq!(report.verdict, Verdict::TimedOut);
    assert!(report.message.unwrap().contains("did not finish"));
}

#[tokio::test]
async fn scenarios_come_in_the_order_of_their_author_and_behind_them_the_shortest_first() {
    let fixture = Fixture::new(PASSES);
    let write = |name: &str, order: &str, steps: usize| {
        let text = format!("title = \"t\"\n{order}\nclients = [\"ann\"]\n[[steps]]\nconnect = \"ann\"\n");
        let text = text + &"[[steps]]\nwait_ms = 1\n".repeat(steps);
        fixture.write(&format!("lessons/00-one/scenarios/first/{name}.toml"), &text);
    };
    for (name, order, steps) in [("a", "", 5), ("b", "", 3), ("c", "order = 2", 0), ("d", "order = 1", 9)] {
        write(name, order, steps);
    }
    let names: Vec<_> = fixture.check().await.scenarios.into_iter().map(|scenario| scenario.name).collect();
    assert_eq!(names, ["d", "c", "back", "b", "a"]);
}

#[tokio::test]
async fn a_panic_has_its_place_in_the_answer_also_in_a_task_and_in_a_library() {
    let fixture = Fixture::new(PASSES);
    let checked = async |body: &str| {
        let head = "pub fn app(io: &rooms::Io) {\n    io.on_connection(|socket| socket.on(\"say\", |_, _| {\n";
        let report = fixture.check_text(&format!("{head}{body}\n    }}));\n}}\n")).await;
        assert_eq!(report.verdict, Verdict::Failed, "{report:?}");
        let location = report.location.clone().unwrap();
        assert_eq!(location.path, fixture.path("exercises/src/first.rs"));
        assert_eq!(report.scenarios[0].location, report.location);
        (location.line, report.scenarios[0].explanation.clone())
    };
    let (line, told) = checked("tokio::spawn(async {\n panic!(\"lost\") });").await;
    assert_eq!(line, 4, "{told}");
    let words =
        "In step 2 your code panicked outside of a handler: lost (exercises/src/first.rs:4:2). Step 2 (ann emits say";
    assert!(told.starts_with(words), "{told}");
    assert!(told.contains("ann should receive echo"), "{told}");
    let (line, told) = checked("\nstd::thread::sleep(std::time::Duration::ZERO - std::time::Duration::MAX)").await;
    assert_eq!(line, 4, "{told}");
    let words = "your handler for `say` panicked on what ann sent: overflow when subtracting durations (exercises/src/first.rs:4:";
    assert!(told.contains(words), "{told}");
    let (line, told) = checked("panic!(\"no\")").await;
    assert_eq!(line, 3, "{told}");
    let report = fixture.check_text("pub fn app(_: &rooms::Io) {\n    panic!(\"at once\");\n}\n").await;
    assert_eq!(report.scenarios[0].explanation, "your `app` panicked: at once (exercises/src/first.rs:2:5)");
    assert_eq!(report.location.map(|location| location.line), Some(2));
}

#[tokio::test]
async fn a_future_that_nobody_awaits_is_named_as_a_likely_cause() {
    let fixture = Fixture::new(PASSES);
    let code = "async fn greet() {}\npub fn app(_: &rooms::Io) {\n    let unused = 1;\n    greet();\n}\n";
    let report = fixture.check_text(code).await;
    let likely = report.suspicion().unwrap();
    assert!(likely.starts_with("warning: unused implementer of") && likely.contains("first.rs:4:5"), "{likely}");
    let others = report.other_warnings().unwrap();
    assert!(others.starts_with("warning: unused variable: `unused`"), "{others}");
    assert_eq!(report.warnings.as_deref(), Some(&*format!("{likely}{others}")));
}

#[tokio::test]
async fn lengths_are_told_only_where_nothing_fails_without_long_texts() {
    let fixture = Fixture::new(PASSES);
    let long = "x".repeat(40);
    let steps = "clients = [\"ann\"]\n[[steps]]\nconnect = \"ann\"\n[[steps]]\nemit = \"say\"\nfrom = \"ann\"\n";
    let text = format!("title = \"t\"\n{steps}payload = {{ text = \"{long}\" }}\n");
    fixture.write("lessons/00-one/scenarios/first/long.toml", &text);
    let shown =
        format!("1 connect ann\n2 ann emits say {{\"text\":\"{long}\"}}\n    ann <- echo {{\"text\":\"{long}\"}}\n");
    let snapshot = format!("---\nsource: x\n---\n{shown}rooms at the end\n    none\n");
    fixture.write("lessons/00-one/snapshots/first/long.snap", &snapshot);
    let told = async |code: &str| {
        let report = fixture.check_text(code).await;
        let long = report.scenarios.iter().find(|scenario| scenario.name == "long").unwrap();
        (long.verdict, long.explanation.contains("In what ann sent, text has 40 characters."))
    };
    let limited = PASSES
        .replace("socket.emit(\"echo\", payload)", "if payload.json().len() < 30 { socket.emit(\"echo\", payload) }");
    assert_eq!(told(&limited).await, (Verdict::Failed, true));
    assert_eq!(told("pub fn app(_: &rooms::Io) {}\n").await, (Verdict::Failed, false));
}
