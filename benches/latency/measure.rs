//! The measurement.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::common::{CommandBuilder, Screen};
use crate::learner::BUILD;
use crate::workshop::Workshop;

const SAVES: usize = 10;
const EXERCISE: &str = "greet";
/// The folder of another version of this repository, already built, to be measured in turns with this one.
const OTHER: &str = "LATENCY_OTHER";

/// A workshop on a screen, at the first exercise.
struct Side {
    name: String,
    screen: Screen,
    source: PathBuf,
    solution: String,
    _home: Option<TempDir>,
    times: Times,
}

/// From the save to the verdict on the screen.
#[derive(Default)]
struct Times {
    right: Vec<Duration>,
    wrong: Vec<Duration>,
    known: Vec<Duration>,
}

type Part = fn(&Times) -> &Vec<Duration>;

pub(crate) fn run() {
    let workshop = Workshop::fresh();
    let this = Side::new("this version".into(), workshop.open(40, 120), &workshop.root, None);
    let other = std::env::var_os(OTHER).map(|folder| Side::other(Path::new(&folder)));
    let mut sides: Vec<_> = [this].into_iter().chain(other).collect();
    for number in 0..SAVES {
        for side in &mut sides {
            let (right, wrong) = (side.right(number), wrong(number));
            let took = side.save(&right, "Passed: ");
            side.times.right.push(took);
            let took = side.save(&wrong, "Not yet: ");
            side.times.wrong.push(took);
            let took = side.save(&right, "Passed: ");
            side.times.known.push(took);
            side.save(&wrong, "Not yet: ");
        }
    }
    let answered = sides[0].keys_during_checks();
    println!("{:34} {:>8} {:>8} {:>8}", "seconds", "median", "least", "most");
    let rows: [(&str, Part); 3] = [
        ("save to verdict, right answer", |times| &times.right),
        ("save to verdict, wrong answer", |times| &times.wrong),
        ("save to verdict, known answer", |times| &times.known),
    ];
    for (what, times) in rows {
        println!("{what}");
        let medians: Vec<_> = sides.iter().map(|side| row(&format!("  {}", side.name), times(&side.times))).collect();
        if let [this, other] = medians[..] {
            println!("{:34} {:8.2}", "  this to the other", this / other);
        }
    }
    row("key to screen, during a check", &answered);
    for side in sides {
        side.quit();
    }
}

fn wrong(number: usize) -> String {
    format!("pub fn app(_: &rooms::Io) {{}}\n// wrong, number {number}\n")
}

impl Side {
    /// Goes to the exercise, and waits for the first verdict, which may need a long build.
    fn new(name: String, mut screen: Screen, root: &Path, home: Option<TempDir>) -> Self {
        let solution = root.join("solutions/src").join(EXERCISE).with_extension("rs");
        let source = root.join("exercises/src").join(EXERCISE).with_extension("rs");
        let solution = fs::read_to_string(solution).unwrap();
        screen.wait_for(" 1 of 4");
        screen.press("n n");
        screen.wait_for(" 3 of 4");
        let side = Self { name, screen, source, solution, _home: home, times: Times::default() };
        side.write(&wrong(SAVES));
        side.screen.wait_until("the first verdict", BUILD, |screen| screen.contents().contains("Not yet: "));
        side
    }

    fn other(root: &Path) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(root.join("target/debug/rtws"));
        command.args(["learn".as_ref(), "--root".as_ref(), root.as_os_str()] as [&OsStr; 3]);
        command.cwd(root);
        command.env("RTWS_HOME", home.path());
        command.env("CARGO_TARGET_DIR", root.join("target"));
        Self::new(OTHER.to_owned(), Screen::start(command, 40, 120), root, Some(home))
    }

    fn right(&self, number: usize) -> String {
        format!("{}\n// right, number {number}\n", self.solution)
    }

    /// As an editor does: a new file, renamed over the old one.
    fn write(&self, text: &str) {
        let new = self.source.with_extension("rs.new");
        fs::write(&new, text).unwrap();
        fs::rename(new, &self.source).unwrap();
    }

    fn save(&self, text: &str, verdict: &str) -> Duration {
        let saved = Instant::now();
        self.write(text);
        self.screen.wait_for(verdict);
        saved.elapsed()
    }

    fn keys_during_checks(&mut self) -> Vec<Duration> {
        let key = |number: usize| {
            self.write(&self.right(2 * SAVES + number));
            let pressed = Instant::now();
            self.screen.press("?");
            self.screen.wait_for("Keys, here and now");
            let took = pressed.elapsed();
            self.screen.press("esc");
            self.screen.wait_gone("Keys, here and now");
            took
        };
        (0..2 * SAVES).map(key).collect()
    }

    fn quit(mut self) {
        self.screen.press("q");
        assert!(self.screen.wait_exit().success());
    }
}

/// Prints a row, and returns its median in seconds.
fn row(what: &str, times: &[Duration]) -> f64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    let [median, least, most] = [times.len() / 2, 0, times.len() - 1].map(|index| times[index].as_secs_f64());
    println!("{what:34} {median:8.3} {least:8.3} {most:8.3}");
    median
}
