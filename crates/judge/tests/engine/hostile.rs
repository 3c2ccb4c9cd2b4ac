//! Answers that misbehave.

use std::time::Duration;

use judge::report::Verdict;
use tokio::{io::AsyncReadExt as _, net::TcpListener, time::timeout};

use crate::fixture::{Fixture, answer, handler};

async fn verdict(code: &str) -> (Verdict, String) {
    let report = Fixture::new(code).check().await;
    (report.verdict, report.message.unwrap_or_default())
}

#[tokio::test]
async fn an_endless_loop_is_stopped_and_what_it_printed_kept() {
    let mut fixture = Fixture::new(&handler("println!(\"here\"); loop {}"));
    fixture.workshop.limits.run = Duration::from_secs(1);
    let report = fixture.check().await;
    assert_eq!(report.verdict, Verdict::TimedOut);
    let message = report.message.unwrap();
    let place = "as far as step 2 (ann emits say {\"text\":\"hello\"}) of the scenario \"What ann says comes back\"";
    assert!(message.contains(place) && message.ends_with("output:\nhere"), "{message}");
}

#[tokio::test]
async fn a_print_flood_is_stopped_and_stays_bounded() {
    let report = Fixture::new(&handler("loop { println!(\"{:080}\", 7) }")).check().await;
    assert_ne!(report.verdict, Verdict::Passed);
    let printed = report.scenarios[0].printed.as_ref().unwrap();
    assert!(printed.len() < 100 * 1024 && printed.contains("bytes left out"), "{}", printed.len());
}

#[tokio::test]
async fn every_long_text_of_an_answer_is_cut_in_the_report() {
    let long = "let long = \"x\".repeat(1_000_000);";
    for code in [
        answer("assert_eq!(vec![7u8; 500_000], Vec::<u8>::new());"),
        answer(&format!("{long} eprintln!(\"{{long}}\"); std::process::exit(0);")),
        handler(&format!("{long} let payload = serde_json::json!({{ \"text\": long }})")),
        answer("compile_error!(concat!(LONG))").replace("LONG", &format!("{:?}", "x".repeat(1_000_000))),
    ] {
        let report = Fixture::new(&code).check().await;
        assert_ne!(report.verdict, Verdict::Passed);
        let of_scenarios = report
            .scenarios
            .iter()
            .flat_map(|it| [Some(&it.explanation), it.expected.as_ref(), it.actual.as_ref(), it.printed.as_ref()]);
        let texts: Vec<_> = of_scenarios.chain([report.message.as_ref(), report.warnings.as_ref()]).flatten().collect();
        assert!(texts.iter().all(|text| text.len() <= judge::LONGEST), "{:?}", report.verdict);
        assert!(texts.iter().any(|text| text.contains("bytes left out …")), "{:?} {texts:?}", report.verdict);
    }
}

#[tokio::test]
async fn reading_from_standard_input_finds_its_end() {
    let read = "assert_eq!(std::io::stdin().read_line(&mut String::new()).unwrap(), 0);";
    assert_eq!(verdict(&answer(read)).await.0, Verdict::Passed);
}

#[tokio::test]
async fn each_way_to_end_is_told_from_the_others() {
    let overflow = "fn deeper(n: u64) -> u64 { std::hint::black_box(deeper(n + 1) + n) } assert!(deeper(0) == 1);";
    for (body, wanted, words) in [
        ("std::process::exit(0);", Verdict::ExitedEarly, "code 0 before the scenario was done"),
        ("std::process::abort();", Verdict::Crashed, "SIGABRT"),
        (overflow, Verdict::Crashed, "stack overflowed"),
        ("drop(vec![1_u8; isize::MAX as usize / 2]);", Verdict::OutOfMemory, "only grows"),
    ] {
        let (verdict, message) = verdict(&answer(body)).await;
        assert_eq!(verdict, wanted, "{message}");
        assert!(message.contains(words), "{message}");
    }
}

#[tokio::test]
async fn a_panic_in_app_fails_with_its_message() {
    let report = Fixture::new(&answer("assert!(io.of(\"/\").rooms().len() == 7, \"the reason\");")).check().await;
    assert_eq!(report.verdict, Verdict::Failed);
    assert_eq!(report.scenarios[0].explanation, "your `app` panicked: the reason (exercises/src/first.rs:2:5)");
    assert!(report.scenarios[0].printed.as_ref().unwrap().contains("panicked at exercises/src/first.rs:2:5"));
}

#[tokio::test]
async fn a_verdict_on_a_program_that_was_stopped_or_crashed_is_not_remembered() {
    let here = tempfile::tempdir().unwrap();
    let once = here.path().join("once");
    let fixture = Fixture::new(&answer(&format!("if !std::fs::exists({once:?}).unwrap() {{ std::process::abort() }}")));
    assert_eq!(fixture.check().await.verdict, Verdict::Crashed);
    std::fs::write(once, "").unwrap();
    assert_eq!(fixture.check().await.verdict, Verdict::Passed);
}

#[tokio::test]
async fn code_that_does_not_link_is_the_answers_mistake() {
    let code = answer("unsafe { nowhere() }") + "unsafe extern \"C\" { fn nowhere(); }\n";
    let (verdict, message) = verdict(&code).await;
    assert_eq!(verdict, Verdict::CompileError);
    assert!(message.contains("nowhere"), "{message}");
}

#[tokio::test]
async fn files_that_a_program_leaves_may_be_anything() {
    let replace = "for (file, to) in [(\"printed\", \"/dev/zero\"), (\"played.jsonl\", \"/dev/zero\")] {
        std::fs::remove_file(file).unwrap();
        std::os::unix::fs::symlink(to, file).unwrap();
    }
    std::fs::remove_file(\"../ended.jsonl\").unwrap();
    assert!(std::process::Command::new(\"mkfifo\").arg(\"../ended.jsonl\").status().unwrap().success());";
    let report = Fixture::new(&answer(replace)).check().await;
    assert_ne!(report.verdict, Verdict::Passed, "{report:?}");
}

#[tokio::test]
async fn dropping_a_check_ends_its_processes() {
    // The connection of the learner's program is open for as long as the program lives.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let open = format!("let _open = std::net::TcpStream::connect({address:?}); loop {{ std::thread::park() }}");
    let fixture = Fixture::new(&answer(&open));
    let mut connection = tokio::select! {
        report = fixture.check() => panic!("{report:?}"),
        accepted = listener.accept() => accepted.unwrap().0,
    };
    let closed = timeout(Duration::from_secs(10), connection.read(&mut [0; 1])).await;
    assert!(matches!(closed.expect("the program still runs"), Ok(0) | Err(_)));
}
