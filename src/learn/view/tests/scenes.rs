//! States worth a look, and the way to each.

use std::path::PathBuf;

use judge::report::{ScenarioReport, Verdict};
use rooms::observer::{Event, Record};
use scenario::transcript::Transcript;

use crate::coursework::assertion::Tried;
use crate::coursework::fix::Fix;
use crate::coursework::solution::Texts;
use crate::learn::jobs::Job;
use crate::learn::message::{Message, Played};
use crate::learn::testing::learner::{Learner, checked, connect, counters, disconnect, join, of_debug, report};
use crate::progress::Note;
use judge::{CheckReport, Location};

/// A learner at a step who has pressed these keys.
pub(super) fn after(step: &str, keys: &str) -> Learner {
    let mut learner = Learner::at(step);
    learner.press(keys);
    learner
}

/// The same, after one more message.
pub(super) fn and(mut learner: Learner, message: Message) -> Learner {
    learner.tell(message);
    learner
}

/// In the middle of the second chunk.
pub(super) fn typing() -> Learner {
    let mut learner = after("retype", "enter");
    learner.type_text("use rooms::Io;\npub fn app(io: &Io) {\nio.on_conn");
    learner
}

/// With everything typed, and a few keys missed.
pub(super) fn typed() -> Learner {
    let mut learner = typing();
    learner.type_text("xection(|socket| {\nsocket.on(\"echo\", |socket, payload| {\n");
    learner.type_text("socket.,.emit(\"echo\", payload);\n});\n});\n}\n");
    and(learner, Message::Written { exercise: "echo".to_owned() })
}

/// At the first bug, once it is planted.
pub(super) fn planted() -> Learner {
    let mut learner = Learner::at("debug");
    learner.tell(Message::Planted { about: of_debug("to-everyone"), result: Ok(String::new()) });
    let (exercise, address) = ("echo".to_owned(), "127.0.0.1:41234".to_owned());
    and(learner, Message::LiveStarted { exercise, address })
}

/// An assertion on the bug with these results.
pub(super) fn asserted(holds_on_buggy: bool, holds_on_correct: bool) -> Learner {
    let mut learner = planted();
    learner.press("a");
    let says = |holds: bool| if holds { String::new() } else { "bob received `echo`, and should not have.".to_owned() };
    let result =
        Tried { holds_on_buggy, on_buggy: says(holds_on_buggy), holds_on_correct, on_correct: says(holds_on_correct) };
    and(learner, Message::AssertionTried { about: of_debug("to-everyone"), result: Ok(result) })
}

/// A fix of the bug with these results.
pub(super) fn fixed(assertion_holds: bool, verdict: Verdict) -> Learner {
    let assertion = "bob received `echo`, and should not have.".to_owned();
    let fix = Fix { check: report("echo", verdict), assertion_holds, assertion };
    and(asserted(false, true), Message::FixChecked { about: of_debug("to-everyone"), result: Ok(Box::new(fix)) })
}

/// A failed check with a transcript.
pub(super) fn failed() -> Learner {
    let second = ScenarioReport {
        name: "b-second".to_owned(),
        title: "A payload without a room is refused, and the one who sent it is told so in an answer".to_owned(),
        generated: false,
        verdict: Verdict::Failed,
        explanation: "ann sent `join` without a room and received nothing; expected `error-message`.".to_owned(),
        expected: Some("1 connect ann\n2 ann emits join {}\n    ann <- error-message {\"message\":\"room required\"}\nrooms at the end\n    none\n".to_owned()),
        actual: Some("1 connect ann\n2 ann emits join {}\nrooms at the end\n    undefined: ann\n".to_owned()),
        printed: None,
        location: None,
    };
    let mut check = report("join-room", Verdict::Failed);
    check.scenarios[0] =
        ScenarioReport { verdict: Verdict::Passed, explanation: String::new(), ..check.scenarios[0].clone() };
    check.scenarios.push(second);
    and(Learner::at("join-room"), checked(check))
}

/// A failed check of a text that the compiler warns of, and that prints.
pub(super) fn warned() -> Learner {
    let warning = "warning: unused implementer of `Future` that must be used\n --> exercises/src/join-room.rs:7:9\n  |\n7 |         tell(socket);\n  |         ^^^^^^^^^^^^\n  |\n  = note: futures do nothing unless you `.await` or poll them\n";
    let mut check = report("join-room", Verdict::Failed);
    check.scenarios[0].printed =
        Some("about to tell ann\x1b[2J\nnote: run with `RUST_BACKTRACE=1` to see more\n".to_owned());
    check.warnings = Some(format!("{warning}warning: unused variable: `room`\n"));
    check.likely_cause = Some(warning.to_owned());
    and(Learner::at("join-room"), checked(check))
}

/// A text that does not compile.
pub(super) fn broken() -> Learner {
    let message = "error[E0308]: mismatched types\n --> exercises/src/join-room.rs:7:21\n  |\n7 |         socket.join(5);\n  |                ---- ^ expected `&str`, found integer\n";
    let path = PathBuf::from("/workshop/exercises/src/join-room.rs");
    let check = CheckReport {
        scenarios: Vec::new(),
        message: Some(message.to_owned()),
        location: Some(Location { path, line: 7, column: 21 }),
        ..report("join-room", Verdict::CompileError)
    };
    and(Learner::at("join-room"), checked(check))
}

/// A running check.
pub(super) fn checking() -> Learner {
    let mut learner = after("join-room", "c");
    learner.wait_until_ms(2_300);
    let progress = judge::Progress::Compiling("exercises".to_owned());
    and(learner, Message::JobProgress { job: Job::Check, progress })
}

/// At the comparison, with the solution shown beside `mine`.
pub(super) fn compared(mine: &str) -> Learner {
    let theirs = "use rooms::Io;\n\npub fn app(io: &Io) {\n    io.on_connection(|socket| {\n        socket.on(\"join\", join);\n    });\n}\n";
    compared_with(if mine.is_empty() { theirs } else { mine }, theirs)
}

/// At the comparison of these two texts.
pub(super) fn compared_with(mine: &str, theirs: &str) -> Learner {
    let mut learner = Learner::at("join-room");
    learner.tell(checked(report("join-room", Verdict::Passed)));
    learner.press("n");
    let result = Ok(Texts { learner: mine.to_owned(), solution: theirs.to_owned() });
    and(learner, Message::Comparison { exercise: "join-room".to_owned(), result })
}

/// At a question that is answered and compared with the model answer.
pub(super) fn revealed() -> Learner {
    let mut learner = after("interview", "enter");
    learner.type_text("When the browser only reads.");
    learner.press("esc m");
    learner
}

/// A sitting later, at a question whose answer was weak.
pub(super) fn again() -> Learner {
    let mut learner = revealed();
    learner.press("1");
    learner.later()
}

/// With a note that was written before.
pub(super) fn noted(text: &str) -> Learner {
    let note = Note { question: String::new(), text: text.to_owned() };
    and(Learner::at("reflect"), Message::NoteLoaded { id: "risk".to_owned(), result: Ok(Some(note)) })
}

/// A server with people, one of them noisy and one of them gone.
pub(super) fn busy(step: &str) -> Learner {
    let mut learner = Learner::at(step);
    learner.hear(Event::Listening { address: "127.0.0.1:7420".to_owned() });
    let people = [
        ("aZDRJn0nXiGSJKvnnoPE", "ann", &["project:p1", "project:p2"][..]),
        ("BB5XzQem3uH37xecA1dE", "bob", &["project:p1"]),
        ("91H4io3DduD4Clcj4vtr", "scraper", &["project:p3"]),
        ("VJg3bljVujZ8qMDDYgMJ", "eve", &["project:p1"]),
    ];
    for (id, name, rooms) in people {
        learner.hear(connect(id, name));
        for room in rooms {
            learner.hear(join(id, room));
        }
    }
    for second in 0..=8_u64 {
        learner.wait_until_ms(second * 1_000);
        let totals = people.map(|(id, name, _)| {
            let received = if name == "scraper" { second * 20 } else { second / 3 };
            (id, received, second + received)
        });
        learner.hear(counters(&totals));
    }
    learner.hear(Event::Leave { socket: "VJg3bljVujZ8qMDDYgMJ".to_owned(), room: "project:p1".to_owned() });
    learner.hear(disconnect("VJg3bljVujZ8qMDDYgMJ", "transport close"));
    learner.wait_until_ms(9_100);
    learner
}

/// A show that has got to its last step.
pub(super) fn playing() -> Learner {
    let mut learner = busy("predict");
    learner.press("2 enter");
    let people = [("QmJ0rt1ZwR8fYw2cAAAB", "zoe"), ("uK3nV9sLx0dPq7eTAAAD", "max"), ("Hb6yCz4gMo1iJf5kAAAF", "lea")];
    for (id, name) in people {
        learner.hear(connect(id, name));
        learner.hear(join(id, if name == "lea" { "project:other" } else { "project:demo" }));
    }
    let payload = r#"{"projectId":"demo","taskId":"t1"}"#.to_owned();
    let (socket, name) = (people[0].0.to_owned(), "task-updated".to_owned());
    learner.hear(Event::Received { socket, name: name.clone(), payload, bytes: 50, handled: true });
    let (rooms, except) = (vec!["project:demo".to_owned()], Vec::new());
    learner.hear(Event::Broadcast { socket: None, name, rooms, except, recipients: 2 });
    learner
}

/// A show whose clients are still there.
pub(super) fn shown() -> Learner {
    let transcript = "1 connect zoe, max, lea\n2 zoe emits task-updated {\"projectId\":\"demo\",\"taskId\":\"t1\"}\n    zoe <- task-updated {\"projectId\":\"demo\",\"taskId\":\"t1\"}\n    max <- task-updated {\"projectId\":\"demo\",\"taskId\":\"t1\"}\n";
    let tally = Transcript::parse(transcript).tally(&["zoe", "max", "lea"].map(str::to_owned));
    let played = Played { transcript: transcript.to_owned(), tally };
    and(playing(), Message::Shown { number: 1, result: Ok(played) })
}

/// The learner's own server with somebody on it, which prints.
pub(super) fn live() -> Learner {
    let mut learner = busy("join-room");
    let (exercise, address) = ("join-room".to_owned(), "127.0.0.1:41234".to_owned());
    learner.tell(Message::LiveStarted { exercise, address });
    let received = Event::Received {
        socket: "aZDRJn0nXiGSJKvnnoPE".to_owned(),
        name: "join".to_owned(),
        payload: "{\"room\":\"r1\"}".to_owned(),
        bytes: 30,
        handled: true,
    };
    for event in [connect("aZDRJn0nXiGSJKvnnoPE", "ann"), join("aZDRJn0nXiGSJKvnnoPE", "r1"), received] {
        learner.tell(Message::Live(Record { at_ms: 65_000, event }));
    }
    for line in ["joined", "left", "joined again", "a line that is far too long for the pane, and then some more of it"]
    {
        learner.tell(Message::LivePrinted(line.to_owned()));
    }
    learner
}

/// Every state, for what must hold in all of them.
pub(super) fn all() -> Vec<(&'static str, Learner)> {
    vec![
        ("read", Learner::at("read")),
        ("predict", after("predict", "3 enter")),
        ("typing", typing()),
        ("typed", typed()),
        ("planted", planted()),
        ("asserted", asserted(true, false)),
        ("fixed", fixed(true, Verdict::Failed)),
        ("failed", failed()),
        ("warned", warned()),
        ("broken", broken()),
        ("checking", checking()),
        ("compared", compared("fn mine() {}\n")),
        ("revealed", revealed()),
        ("again", again()),
        ("noted", noted("words")),
        ("busy", busy("read")),
        ("busy, watched", {
            let mut it = busy("read");
            it.press("tab down");
            it
        }),
        ("live", live()),
        ("playing", playing()),
        ("shown", shown()),
        ("help", after("join-room", "?")),
        ("outline", after("join-room", "g")),
        ("hostile", super::hostile::everywhere()),
        ("hostile note", super::hostile::noted()),
    ]
}
