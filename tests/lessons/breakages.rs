//! Mistakes that authors make. Each is found without a build, with its place.

use crate::copy::{Breakage, assert_each_is_found};

const LONG: &str =
    "let name = socket.data(\"name\").and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();";

fn pages() -> Vec<Breakage> {
    vec![
        (
            "a misspelt key",
            |it| it.replace("lesson.toml", "summary =", "sumary ="),
            &["lesson.toml:1:1 error[missing-key]", "lesson.toml:2:1 error[unknown-key]"],
        ),
        ("a page that is not there", |it| it.remove("about.md"), &["lesson.toml:9:8 error[missing-file]"]),
        (
            "a page that is a link out of the folder",
            |it| {
                it.remove("about.md");
                #[cfg(unix)]
                std::os::unix::fs::symlink("/etc/hostname", it.path("about.md")).unwrap();
            },
            &["lesson.toml:9:8 error[outside-folder]"],
        ),
        (
            "a page that leaves the folder",
            |it| it.replace("lesson.toml", "\"about.md\"", "\"../../README.md\""),
            &["lesson.toml:9:8 error[outside-folder]"],
        ),
        (
            "a page that is not text",
            |it| it.write("about.md", b"\xff\xfe"),
            &["lesson.toml:9:8 error[unreadable-file]"],
        ),
        (
            "a page of ten megabytes",
            |it| it.write("about.md", "word ".repeat(2_000_000)),
            &["lesson.toml:9:8 error[unreadable-file]"],
        ),
        (
            "a page of a hundred kilobytes",
            |it| it.write("about.md", "word ".repeat(20_000)),
            &["about.md:1:65537 error[too-long]"],
        ),
    ]
}

fn markdown() -> Vec<Breakage> {
    vec![
        (
            "a broken link",
            |it| it.write("about.md", "See [this](rooms.md) and [that](#there).\n"),
            &["about.md:1:5 warning[broken-link]", "about.md:1:26 warning[broken-link]"],
        ),
        (
            "a reference that nothing defines",
            |it| it.write("about.md", "See [the page][rooms].\n"),
            &["about.md:1:5 warning[broken-link]"],
        ),
        ("a picture", |it| it.write("about.md", "![rooms](rooms.png)\n"), &["about.md:1:1 warning[picture]"]),
    ]
}

fn code() -> Vec<Breakage> {
    vec![
        ("code without a language", |it| it.write("about.md", "```\nx\n```\n"), &["about.md:1:1 warning[no-language]"]),
        (
            "code that is too wide",
            |it| it.write("about.md", format!("```rust,sketch\n{LONG}\n```\n")),
            &["about.md:2:61 warning[wide-code]"],
        ),
        (
            "a source to type that is too wide",
            |it| it.replace("example.rs", "use rooms::Io;", &format!("use rooms::Io;\n// {LONG}")),
            &["example.rs:2:77 warning[wide-code]"],
        ),
        (
            "what only looks like a link",
            |it| {
                let odd = "rows[0][1], a[i][j], [a-z][0-9]+, [ ] and [x], `[r][nope]`, [t](tel:+12), <https://example.org>, \
                           [m](MAILTO:a@example.org), [p](about.md?plain=1), [q](about.md).\n\n```inline``` code\n\nand so on, \
                           in a line that is longer than any line of code may be.\n";
                it.write("about.md", odd);
            },
            &[],
        ),
        (
            "links to nothing in other ways",
            |it| it.write("about.md", "[a](/etc/hostname) [b]() [c](exercise-say.md#none) see [d][the rooms].\n"),
            &[
                "about.md:1:1 warning[broken-link]",
                "about.md:1:20 warning[broken-link]",
                "about.md:1:26 warning[broken-link]",
                "about.md:1:56 warning[broken-link]",
            ],
        ),
        (
            "wide characters in code",
            |it| it.write("about.md", format!("> ```text\n> {}\n> ```\n", "日".repeat(31))),
            &["about.md:2:33 warning[wide-code]"],
        ),
        (
            "a link to the second heading of a name, and an address",
            |it| it.write("about.md", "# Use\n\n# Use\n\n[one](#use), [two](#use-1), <ann@example.org>.\n"),
            &[],
        ),
    ]
}

fn between_files() -> Vec<Breakage> {
    vec![
        (
            "settings of a server in a show",
            |it| it.replace("shows/who-hears-it.toml", "\n[[steps]]", "\n[server]\nqueue_messages = 2\n\n[[steps]]"),
            &["shows/who-hears-it.toml:1:1 error[bad-value]"],
        ),
        (
            "a bench that names another exercise",
            |it| it.replace("exercises/benches/say.rs", "src/say.rs", "src/other.rs"),
            &["exercises/benches/say.rs:1:1 warning[missing-file]"],
        ),
        (
            "a mistake that does not fit",
            |it| it.replace("solutions/wrong/say/mistakes.toml", "find = 'socket.emit'", "find = 'socket.emti'"),
            &["solutions/wrong/say/mistakes.toml:2:1 error[wrong-answer]"],
        ),
        #[cfg(unix)]
        (
            "folders that lead to themselves",
            |it| {
                for name in ["a", "b", "c"] {
                    std::os::unix::fs::symlink(".", it.path(name)).unwrap();
                }
            },
            &["a:1:1 warning[stray]", "b:1:1 warning[stray]", "c:1:1 warning[stray]"],
        ),
        (
            "a scenario with a misspelt ending",
            |it| it.write("scenarios/say/third.tml", "title = \"a\"\n"),
            &["scenarios/say/third.tml:1:1 warning[stray]"],
        ),
        (
            "a starter that is not text",
            |it| it.write("starters/say.rs", b"\xff"),
            &["starters/say.rs:1:1 error[unreadable-file]"],
        ),
        (
            "an exercise that no step uses",
            |it| {
                it.replace(
                    "lesson.toml",
                    "title = \"The worked example\"",
                    "title = \"The worked example\"\n# the last one",
                );
                let text = it.read("lesson.toml");
                let cut = text.find("[[steps]]\nkind = \"retype\"").unwrap();
                let next = text.find("[[steps]]\nkind = \"exercise\"").unwrap();
                it.write("lesson.toml", format!("{}{}", &text[..cut], &text[next..]));
                it.remove("example.rs");
                it.remove("bugs/back-to-the-sender.toml");
                it.write("solutions/src/say-example.rs", "pub fn app(_: &rooms::Io) {}\n");
            },
            &["lesson.toml:3:11 warning[minutes-do-not-add-up]", "lesson.toml:74:6 warning[unknown-exercise]"],
        ),
        (
            "scenarios of the same exercise in a lesson that cannot be read",
            |it| {
                let copy = it.root.join("lessons/00-draft/scenarios/say");
                std::fs::create_dir_all(&copy).unwrap();
                std::fs::copy(it.path("scenarios/say/comes-back.toml"), copy.join("a.toml")).unwrap();
            },
            &["lessons/00-draft:1:1 error[missing-file]", "lesson.toml:83:6 error[duplicate-id]"],
        ),
    ]
}

fn scenarios() -> Vec<Breakage> {
    vec![
        (
            "a scenario with an unknown client",
            |it| it.replace("scenarios/say/comes-back.toml", "expect_none = \"bob\"", "expect_none = \"bobb\""),
            &["scenarios/say/comes-back.toml:19:15 error[bad-value]"],
        ),
        (
            "a scenario with a misspelt key",
            |it| it.replace("scenarios/say/comes-back.toml", "from =", "frm ="),
            &[
                "scenarios/say/comes-back.toml:8:1 error[missing-key]",
                "scenarios/say/comes-back.toml:10:1 error[unknown-key]",
            ],
        ),
        (
            "a scenario that is not TOML",
            |it| it.replace("scenarios/say/comes-back.toml", "[[steps]]", "[[steps]"),
            &["scenarios/say/comes-back.toml:5:9 error[syntax]"],
        ),
        (
            "one scenario alone",
            |it| {
                it.remove("scenarios/say/nothing-to-say.toml");
                it.remove("snapshots/say/nothing-to-say.snap");
            },
            &["scenarios/say:1:1 warning[few-scenarios]"],
        ),
        (
            "no scenario",
            |it| std::fs::remove_dir_all(it.path("scenarios/say")).unwrap(),
            &[
                "lesson.toml:83:6 warning[no-scenario]",
                "snapshots/say/comes-back.snap:1:1 warning[stray]",
                "snapshots/say/nothing-to-say.snap:1:1 warning[stray]",
            ],
        ),
    ]
}

fn transcripts_and_code() -> Vec<Breakage> {
    vec![
        (
            "a scenario without its transcript",
            |it| it.remove("snapshots/say/comes-back.snap"),
            &["scenarios/say/comes-back.toml:1:1 error[missing-snapshot]"],
        ),
        (
            "a transcript without a scenario",
            |it| it.write("snapshots/say/gone.snap", "---\nsource: x\n---\nx\n"),
            &["snapshots/say/gone.snap:1:1 warning[stray]"],
        ),
        (
            "a scenario that has changed since",
            |it| it.replace("scenarios/say/comes-back.toml", "\"hello\"", "\"hi\""),
            &["snapshots/say/comes-back.snap:1:1 error[stale-snapshot]"],
        ),
        (
            "a transcript that is none",
            |it| it.write("snapshots/say/comes-back.snap", b"\xff"),
            &["snapshots/say/comes-back.snap:1:1 error[bad-snapshot]"],
        ),
        (
            "a folder of scenarios that no exercise has",
            |it| it.write("scenarios/ghost/a.toml", ""),
            &["scenarios/ghost:1:1 warning[unknown-exercise]"],
        ),
        ("no starter", |it| it.remove("starters/say.rs"), &["starters/say.rs:1:1 error[missing-file]"]),
        (
            "no solution",
            |it| it.remove("solutions/src/say.rs"),
            &["lesson.toml:21:10 error[missing-file]", "solutions/src/say.rs:1:1 error[missing-file]"],
        ),
        (
            "no file for the learner",
            |it| it.remove("exercises/src/say.rs"),
            &["exercises/src/say.rs:1:1 error[missing-file]"],
        ),
        (
            "a file that editors do not know",
            |it| it.remove("exercises/benches/say.rs"),
            &["exercises/benches/say.rs:1:1 warning[missing-file]"],
        ),
    ]
}

fn shows() -> Vec<Breakage> {
    vec![
        (
            "a show that is not TOML",
            |it| it.replace("shows/who-hears-it.toml", "[[steps]]", "[[steps]"),
            &["shows/who-hears-it.toml:4:9 error[syntax]"],
        ),
        (
            "a show that asserts nothing",
            |it| {
                it.replace(
                    "shows/who-hears-it.toml",
                    "\n[[steps]]\nexpect = \"echo\"\nat = \"zoe\"\n\n[[steps]]\nexpect_none = \"max\"\n",
                    "",
                );
            },
            &["shows/who-hears-it.toml:1:1 warning[asserts-nothing]"],
        ),
        (
            "a show that nothing can be played on",
            |it| it.replace("lesson.toml", "server = \"say\"", "server = \"sya\""),
            &["lesson.toml:21:10 error[missing-file]"],
        ),
        (
            "a show at a bug that no step plants",
            |it| {
                it.replace(
                    "shows/who-hears-it.toml",
                    "connect = \"zoe\"",
                    "connect = \"zoe\"\nnamespace = \"/bugs/none\"",
                );
            },
            &["lesson.toml:20:8 error[unknown-bug]"],
        ),
        (
            "a show in a step that has none",
            |it| it.replace("lesson.toml", "bugs = [", "show = \"shows/who-hears-it.toml\"\nbugs = ["),
            &["lesson.toml:40:8 error[bad-value]"],
        ),
    ]
}

fn bugs() -> Vec<Breakage> {
    vec![
        (
            "a bug that does not fit",
            |it| {
                it.replace("bugs/back-to-the-sender.toml", "find = 'socket.broadcast()'", "find = 'socket.broadcst()'");
            },
            &["bugs/back-to-the-sender.toml:38:8 error[bug-does-not-fit]"],
        ),
        (
            "an assertion that is not TOML",
            |it| it.replace("bugs/back-to-the-sender.toml", "clients = [\"ann\", \"bob\"]", "clients = [\"ann\", "),
            &["bugs/back-to-the-sender.toml:7:1 error[syntax]"],
        ),
        (
            "an assertion that is complete",
            |it| {
                it.replace(
                    "bugs/back-to-the-sender.toml",
                    "# Add a step for",
                    "[[steps]]\nexpect_none = \"ann\"\n\n# Add a step for",
                );
            },
            &["bugs/back-to-the-sender.toml:7:1 error[bad-value]"],
        ),
        (
            "a proof with an unknown client",
            |it| it.replace("bugs/back-to-the-sender.toml", "at = \"bob\"", "at = \"bobb\""),
            &["bugs/back-to-the-sender.toml:28:1 error[bad-value]"],
        ),
        (
            "a bug that no step plants",
            |it| {
                let bug = it.read("bugs/back-to-the-sender.toml");
                it.write("bugs/another.toml", bug);
            },
            &["bugs/another.toml:1:1 warning[stray]"],
        ),
        ("a page that nothing shows", |it| it.write("rooms.md", "Rooms.\n"), &["rooms.md:1:1 warning[stray]"]),
    ]
}

fn the_lesson_file() -> Vec<Breakage> {
    vec![
        (
            "an unknown kind",
            |it| it.replace("lesson.toml", "kind = \"read\"", "kind = \"raed\""),
            &["lesson.toml:6:8 error[unknown-kind]"],
        ),
        (
            "minutes that do not add up",
            |it| it.replace("lesson.toml", "minutes = [", "minutes = [1, 2] # ["),
            &["lesson.toml:3:11 warning[minutes-do-not-add-up]"],
        ),
        (
            "a step that takes longer than its minutes",
            |it| it.write("about.md", "word ".repeat(900)),
            &["lesson.toml:7:1 warning[minutes-off]"],
        ),
        (
            "a misspelt key of the interview",
            |it| it.replace("interview.toml", "points =", "pionts ="),
            &["interview.toml:4:1 error[unknown-key]", "interview.toml:2:1 warning[interview]"],
        ),
        (
            "a starter that should fail a scenario that is not there",
            |it| {
                it.replace(
                    "lesson.toml",
                    "title = \"Send it back\"",
                    "title = \"Send it back\"\nstarter_fails = \"comes-bak\"",
                );
            },
            &["lesson.toml:85:17 error[unknown-scenario]"],
        ),
    ]
}

#[test]
fn each_mistake_is_found_where_it_stands_and_nothing_else() {
    let all = [
        pages(),
        markdown(),
        code(),
        between_files(),
        scenarios(),
        transcripts_and_code(),
        shows(),
        bugs(),
        the_lesson_file(),
    ];
    assert_each_is_found(all.into_iter().flatten(), &[]);
}
