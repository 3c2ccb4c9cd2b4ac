//! The measurement.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::learner::{BUILD, Learner};
use crate::workshop::Workshop;

const SAVES: usize = 20;
const EXERCISE: &str = "greet";

pub(crate) fn run() {
    let workshop = Workshop::fresh();
    let solution = workshop.solution(EXERCISE);
    let right = |number: usize| format!("{solution}\n// right, number {number}\n");
    let wrong = |number: usize| format!("pub fn app(_: &rooms::Io) {{}}\n// wrong, number {number}\n");

    let mut learner = Learner::open(&workshop, 40, 120);
    let welcome = &workshop.course.lessons[0];
    learner.wait_for_step(&welcome.steps[0].title, 1, 4);
    learner.screen.press("n n");
    learner.wait_for_step(&welcome.steps[2].title, 3, 4);
    workshop.save(EXERCISE, &wrong(SAVES));
    learner.screen.wait_until("the first verdict", BUILD, |screen| screen.contents().contains("Not yet: "));

    let save = |text: &str, verdict: &str| {
        let saved = Instant::now();
        workshop.save(EXERCISE, text);
        learner.screen.wait_for(verdict);
        saved.elapsed()
    };
    let (mut passed, mut failed) = (Vec::new(), Vec::new());
    for number in 0..SAVES / 2 {
        passed.push(save(&right(number), "Passed: "));
        failed.push(save(&wrong(number), "Not yet: "));
    }
    let mut answered = Vec::new();
    for number in 0..SAVES {
        workshop.save(EXERCISE, &right(3 * SAVES + number));
        let pressed = Instant::now();
        learner.screen.press("?");
        learner.screen.wait_for("Keys, here and now");
        answered.push(pressed.elapsed());
        learner.screen.press("esc");
        learner.screen.wait_until("the text", BUILD, |screen| !screen.contents().contains("Keys, here and now"));
    }
    learner.quit();

    let build = |text: Option<String>| {
        if let Some(text) = text {
            workshop.save(EXERCISE, &text);
        }
        let started = Instant::now();
        assert!(workshop.in_its_folder(build_command()).output().unwrap().status.success());
        started.elapsed()
    };
    let (mut built_right, mut built_wrong) = (Vec::new(), Vec::new());
    for number in SAVES..SAVES + SAVES / 2 {
        built_right.push(build(Some(right(number))));
        built_wrong.push(build(Some(wrong(number))));
    }
    let unchanged: Vec<_> = (0..SAVES).map(|_| build(None)).collect();
    println!("{:34} {:>8} {:>8} {:>8}", "seconds", "median", "least", "most");
    row("save to verdict, right answer", passed);
    row("of that: cargo, rustc, linker", built_right);
    row("save to verdict, wrong answer", failed);
    row("of that: cargo, rustc, linker", built_wrong);
    row("cargo alone, nothing changed", unchanged);
    row("key to screen, during a check", answered);
}

fn build_command() -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args([
        "test",
        "--no-run",
        "--message-format=json",
        "--package",
        "exercises",
        "--package",
        "rtws",
        "--test",
        EXERCISE,
    ]);
    command
}

fn row(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let [median, least, most] = [times.len() / 2, 0, times.len() - 1].map(|index| times[index].as_secs_f64());
    println!("{what:34} {median:8.3} {least:8.3} {most:8.3}");
}
