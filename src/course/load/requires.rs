//! Checks that required lessons exist and do not form a circle.

use fields::suggest;
use layout::LessonName;

use super::super::diagnostic::{Code, Sink};
use super::lesson::Draft;

/// Reports required lessons that do not exist and lessons that require each other. `folders` are those of all lessons,
/// also of those that could not be read.
pub(super) fn check(drafts: &[Draft], folders: &[String], sink: &Sink) {
    let ids = || folders.iter().filter_map(|name| Some(LessonName::parse(name)?.id));
    for (at, draft) in drafts.iter().enumerate() {
        sink.enter(&draft.lesson.folder_name());
        for required in &draft.requires {
            let id = required.get_ref();
            if ids().all(|known| known != id) {
                let message = format!("there is no lesson `{id}`");
                let help = suggest::help(id, ids());
                sink.report(draft.source.error(required.span(), Code::UnknownLesson, message).help(help));
            }
        }
        if let Some(circle) = circle(drafts, at) {
            report_circle(drafts, &circle, sink);
        }
    }
}

/// The shortest circle through a lesson, if there is one and this lesson is the first on it.
fn circle(drafts: &[Draft], start: usize) -> Option<Vec<usize>> {
    let mut ways = vec![vec![start]];
    let mut seen = vec![false; drafts.len()];
    while let Some(way) = (!ways.is_empty()).then(|| ways.remove(0)) {
        for next in required_by(drafts, *way.last()?) {
            if next == start {
                return (way.iter().min() == Some(&start)).then_some(way);
            }
            if !std::mem::replace(&mut seen[next], true) {
                ways.push([way.as_slice(), &[next]].concat());
            }
        }
    }
    None
}

fn required_by(drafts: &[Draft], at: usize) -> impl Iterator<Item = usize> {
    drafts[at]
        .requires
        .iter()
        .filter_map(|required| drafts.iter().position(|draft| &draft.lesson.id == required.get_ref()))
}

fn report_circle(drafts: &[Draft], circle: &[usize], sink: &Sink) {
    let (Some(&first), second) = (circle.first(), circle.get(1)) else {
        return;
    };
    let start = &drafts[first];
    sink.enter(&start.lesson.folder_name());
    let second = second.map_or(&start.lesson.id, |&second| &drafts[second].lesson.id);
    let Some(required) = start.requires.iter().find(|required| required.get_ref() == second) else {
        return;
    };
    let way: Vec<&str> = circle.iter().chain([&first]).map(|&lesson| drafts[lesson].lesson.id.as_str()).collect();
    let message = format!("lessons require each other: {}", way.join(" > "));
    let help = "remove one of these requirements".to_owned();
    sink.report(start.source.error(required.span(), Code::RequiresCycle, message).help(help));
}
