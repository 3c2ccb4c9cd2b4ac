//! What takes a build: answers, bugs and shows that do not do what they should.

use crate::copy::{Breakage, Workshop, assert_each_is_found};

const ANSWERS_ALL: &str = "socket.io().emit(\"echo\", payload)";

fn breakages() -> Vec<Breakage> {
    vec![
        ("nothing", |_| (), &[]),
        (
            "a starter that passes",
            |it| it.write("starters/say.rs", it.read("solutions/src/say.rs")),
            &["starters/say.rs:1:1 error[starter-passes]"],
        ),
        (
            "a starter that does not compile",
            |it| it.replace("starters/say.rs", "// Answer with", "answer(); // Answer with"),
            &["starters/say.rs:9:13 error[does-not-compile]"],
        ),
        (
            "a starter that panics",
            |it| {
                it.replace(
                    "starters/say.rs",
                    "    io.on_connection",
                    "    todo!();\n    #[allow(unreachable_code)]\n    io.on_connection",
                );
            },
            &["starters/say.rs:7:5 error[starter-breaks]"],
        ),
        (
            "a starter that fails otherwise",
            |it| {
                it.replace(
                    "lesson.toml",
                    "title = \"Send it back\"",
                    "title = \"Send it back\"\nstarter_fails = \"nothing-to-say\"",
                );
            },
            &["starters/say.rs:1:1 error[starter-fails-otherwise]"],
        ),
        (
            "a solution that fails",
            |it| it.replace("solutions/src/say.rs", "socket.emit(\"echo\", payload)", ANSWERS_ALL),
            &[
                "solutions/src/say.rs:1:1 error[solution-fails]",
                "solutions/wrong/say/mistakes.toml:2:1 error[wrong-answer]",
                "shows/who-hears-it.toml:1:1 error[show-fails]",
            ],
        ),
        (
            "a solution that is not formatted",
            |it| it.replace("solutions/src/say.rs", "    io.on", "  io.on"),
            &["solutions/src/say.rs:7:1 warning[not-formatted]"],
        ),
        (
            "a wrong answer that passes",
            |it| it.replace("solutions/wrong/say/mistakes.toml", "socket.io().emit", "(socket).emit"),
            &["solutions/wrong/say/mistakes.toml:2:1 error[wrong-answer]"],
        ),
        (
            "a right answer that fails",
            |it| {
                it.write(
                    "solutions/right/say/other.rs",
                    it.read("solutions/src/say.rs").replace("socket.emit(\"echo\", payload)", ANSWERS_ALL),
                );
            },
            &["solutions/right/say/other.rs:1:1 error[right-fails]"],
        ),
        (
            "a bug that does not compile",
            |it| it.replace("bugs/back-to-the-sender.toml", "replace = 'socket.io()'", "replace = 'socket.oi()'"),
            &["bugs/back-to-the-sender.toml:1:1 error[does-not-compile]"],
        ),
        (
            "a proof that holds with the bug",
            |it| {
                it.replace(
                    "bugs/back-to-the-sender.toml",
                    "expect_none = \"ann\"\n'''",
                    "expect = \"said\"\nat = \"bob\"\n'''",
                );
            },
            &["bugs/back-to-the-sender.toml:1:1 error[proof-holds]"],
        ),
        (
            "a proof that fails without the bug",
            |it| it.replace("bugs/back-to-the-sender.toml", "expect_none = \"ann\"\n'''", "expect_none = \"bob\"\n'''"),
            &["bugs/back-to-the-sender.toml:1:1 error[proof-fails]"],
        ),
        (
            "a show that does not hold",
            |it| it.replace("shows/who-hears-it.toml", "expect_none = \"max\"", "expect = \"echo\"\nat = \"max\""),
            &["shows/who-hears-it.toml:1:1 error[show-fails]"],
        ),
    ]
}

#[test]
fn each_mistake_is_found_where_it_stands_and_nothing_else() {
    assert_each_is_found(breakages(), &["--full"]);
}

#[test]
fn transcripts_are_made_by_the_solution_unless_it_is_wrong() {
    let workshop = Workshop::new();
    let before = workshop.read("snapshots/say/nothing-to-say.snap");
    let scenario = "scenarios/say/comes-back.toml";
    workshop.write(scenario, workshop.read(scenario).replace("\"hello\"", "\"hi\""));
    workshop.remove("snapshots/say-example/alone.snap");
    let said = workshop.passes(&["lesson", "transcripts", "say"]);
    assert!(
        said.contains("-2 ann emits say {\"text\":\"hello\"}") && said.contains("+2 ann emits say {\"text\":\"hi\"}"),
        "{said}"
    );
    assert!(said.contains("snapshots/say-example/alone.snap"), "{said}");
    assert_eq!(workshop.read("snapshots/say/nothing-to-say.snap"), before, "nothing was new in it");
    assert_eq!(workshop.lint(&["--full"]), Vec::<String>::new());
    assert_eq!(workshop.passes(&["lesson", "transcripts", "say"]), "nothing has changed\n");

    workshop.replace("solutions/src/say.rs", "socket.emit(\"echo\", payload)", ANSWERS_ALL);
    let output = workshop.rtws(&["lesson", "transcripts", "say"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(3) && said.contains("does not do what `comes-back` expects"), "{said}");
    assert_eq!(workshop.read("snapshots/say/comes-back.snap").matches("bob").count(), 1, "it stays as it was");
}
