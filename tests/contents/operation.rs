//! Operations on the files of two workshops.

use std::fs::{self, File, FileTimes};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::{Duration, SystemTime};

use proptest::prelude::*;

use crate::model::{BROKEN, OTHER_TITLE, SOLUTION, STARTER};
use crate::workshops::{Copy, Workshops};

/// One change. `copy` and `exercise` choose one of two.
#[derive(Debug, Clone)]
pub(crate) enum Operation {
    /// The file gets this text, with a number in a comment that is new, or was seen a few times.
    Write { copy: bool, exercise: bool, text: Text, number: u8 },
    /// The file's time is this many seconds from now.
    SetTime { copy: bool, exercise: bool, seconds: i64 },
    /// The file's time is that of the same file in the other workshop.
    EqualTimes { exercise: bool },
    /// The file goes to the other workshop, with its time.
    Move { from: bool, exercise: bool },
    /// The other workshop gets a copy, with its time.
    Copy { from: bool, exercise: bool },
    /// The file becomes a link to that of the other workshop.
    Link { copy: bool, exercise: bool, is_hard: bool },
    /// The whole workshop goes to another folder.
    MoveWorkshop { copy: bool },
    /// A scenario gets another title, or its own back.
    EditTitle { copy: bool },
    /// A snapshot expects nothing, or the same as at first.
    EditSnapshot { copy: bool },
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Text {
    Solution,
    Starter,
    Broken,
    Bytes,
    Wrong,
}

pub(crate) fn operation() -> impl Strategy<Value = Operation> {
    let of = || (any::<bool>(), any::<bool>());
    let text = prop_oneof![
        3 => Just(Text::Solution),
        2 => Just(Text::Starter),
        1 => Just(Text::Broken),
        1 => Just(Text::Bytes),
        2 => Just(Text::Wrong),
    ];
    let day = 86_400_i64;
    prop_oneof![
        5 => (of(), text, 0_u8..4).prop_map(|((copy, exercise), text, number)| Operation::Write { copy, exercise, text, number }),
        2 => (of(), prop_oneof![Just(0), Just(-day), Just(day), Just(-20_000 * day)])
            .prop_map(|((copy, exercise), seconds)| Operation::SetTime { copy, exercise, seconds }),
        1 => any::<bool>().prop_map(|exercise| Operation::EqualTimes { exercise }),
        1 => of().prop_map(|(from, exercise)| Operation::Move { from, exercise }),
        2 => of().prop_map(|(from, exercise)| Operation::Copy { from, exercise }),
        2 => (of(), any::<bool>()).prop_map(|((copy, exercise), is_hard)| Operation::Link { copy, exercise, is_hard }),
        1 => any::<bool>().prop_map(|copy| Operation::MoveWorkshop { copy }),
        1 => any::<bool>().prop_map(|copy| Operation::EditTitle { copy }),
        1 => any::<bool>().prop_map(|copy| Operation::EditSnapshot { copy }),
    ]
}

impl Operation {
    /// An impossible operation, such as moving a missing file, does nothing.
    pub(crate) fn run(&self, workshops: &Workshops) {
        let copy = |second: bool| workshops.copies.get(usize::from(second)).unwrap();
        let name = |second: bool| ["greet", "join-project"][usize::from(second)];
        match *self {
            Self::Write { copy: of, exercise, text, number } => {
                let source = copy(of).source(name(exercise));
                let _ = fs::write(source, bytes(copy(of), name(exercise), text, number));
            }
            Self::SetTime { copy: of, exercise, seconds } => {
                let distance = Duration::from_secs(seconds.unsigned_abs());
                let now = SystemTime::now();
                let time = if seconds < 0 { now.checked_sub(distance) } else { now.checked_add(distance) };
                set_time(&copy(of).source(name(exercise)), time.unwrap_or(SystemTime::UNIX_EPOCH));
            }
            Self::EqualTimes { exercise } => {
                let time = fs::metadata(copy(true).source(name(exercise))).and_then(|it| it.modified());
                if let Ok(time) = time {
                    set_time(&copy(false).source(name(exercise)), time);
                }
            }
            Self::Move { from, exercise } => {
                let _ = fs::rename(copy(from).source(name(exercise)), copy(!from).source(name(exercise)));
            }
            Self::Copy { from, exercise } => {
                copy_with_time(&copy(from).source(name(exercise)), &copy(!from).source(name(exercise)));
            }
            Self::Link { copy: of, exercise, is_hard } => {
                let (here, there) = (copy(of).source(name(exercise)), copy(!of).source(name(exercise)));
                let _ = fs::remove_file(&here);
                let _ = if is_hard { fs::hard_link(there, here) } else { symlink(there, here) };
            }
            Self::MoveWorkshop { copy: of } => copy(of).rename(),
            Self::EditTitle { copy: of } => edit_title(copy(of)),
            Self::EditSnapshot { copy: of } => edit_snapshot(copy(of)),
        }
    }
}

fn bytes(copy: &Copy, exercise: &str, text: Text, number: u8) -> Vec<u8> {
    let wrong = if exercise == "greet" { "greets-once" } else { "answers-later" };
    let text = match text {
        Text::Solution => copy.text(SOLUTION, exercise),
        Text::Starter => copy.text(STARTER, exercise),
        Text::Broken => BROKEN.to_owned(),
        Text::Bytes => return vec![b'\n', 0xff, number],
        Text::Wrong => copy.text(wrong, exercise),
    };
    let number = if number == 0 { String::new() } else { format!("// {number} {}\n", rand::random::<u64>() % 8) };
    (text + &number).into_bytes()
}

/// Does nothing for a missing file.
pub(crate) fn set_time(path: &Path, time: SystemTime) {
    if let Ok(file) = File::options().write(true).open(path) {
        file.set_times(FileTimes::new().set_modified(time).set_accessed(time)).unwrap();
    }
}

/// As `cp -p` does; onto itself it does nothing.
fn copy_with_time(from: &Path, to: &Path) {
    let Ok(text) = fs::read(from) else { return };
    let time = fs::metadata(from).unwrap().modified().unwrap();
    if fs::write(to, text).is_ok() {
        set_time(to, time);
    }
}

fn edit_title(copy: &Copy) {
    let path = copy.lesson("greet").join("scenarios/greet/greets-by-name.toml");
    let text = fs::read_to_string(&path).unwrap();
    let (title, rest) = text.split_once('\n').unwrap();
    let other = format!("title = \"{OTHER_TITLE}\"");
    let text = if title == other {
        fs::read_to_string(path.with_extension("kept")).unwrap()
    } else {
        format!("{other}\n{rest}")
    };
    if title != other {
        fs::write(path.with_extension("kept"), format!("{title}\n{rest}")).unwrap();
    }
    fs::write(path, text).unwrap();
}

fn edit_snapshot(copy: &Copy) {
    let path = copy.lesson("greet").join("snapshots/greet/greets-by-name.snap");
    let kept = path.with_extension("kept");
    if let Ok(text) = fs::read_to_string(&kept) {
        fs::write(&path, text).unwrap();
        fs::remove_file(kept).unwrap();
        return;
    }
    let text = fs::read_to_string(&path).unwrap();
    fs::write(kept, &text).unwrap();
    let lines: Vec<_> = text.lines().filter(|line| !line.contains("<- greeting")).collect();
    fs::write(path, lines.join("\n")).unwrap();
}
