//! What is wrong or doubtful in a lesson beyond what keeps it from being opened: everything that can be seen without
//! building or running anything.
//!
//! | file | looks at |
//! |---|---|
//! | `scenarios` | the scenarios of an exercise, and their expected transcripts |
//! | `answers` | the files of an exercise that are code |
//! | `alphabets` | what scripts are generated from, and what was generated |
//! | `bugs` | the scenarios in the file of a bug |
//! | `interviews` | how much an answer says |
//! | `minutes` | whether a step takes as long as its author says |
//! | `mistakes` | whether the wrong answers can be made |
//! | `pages`, `links` | the Markdown of pages, and where its links lead |
//! | `code` | the width of code, in pages, texts and re-typed sources |
//! | `subject` | a lesson that was read, and where its mistakes go |
//! | `strays` | files that nothing uses |

mod alphabets;
mod answers;
mod bugs;
mod code;
mod interviews;
mod links;
mod minutes;
mod mistakes;
mod pages;
mod scenarios;
mod strays;
mod subject;

use std::panic::resume_unwind;
use std::thread;

use layout::LessonFolder;

use super::folder::Folder;
use super::types::Lesson;
use subject::Subject;

/// Reports what is wrong in this lesson.
pub(super) fn check(folder: &Folder<'_>, lesson: &Lesson, opens: bool) {
    let subject = Subject { folder, lesson, places: LessonFolder::at(folder.path()) };
    let root = folder.root();
    thread::scope(|scope| {
        let reading = scope.spawn(|| mistakes::read(root, &lesson.exercises));
        each_rule(&subject, opens);
        // A panic there has been reported, and goes on here.
        mistakes::check(&subject, &reading.join().unwrap_or_else(|panic| resume_unwind(panic)));
    });
}

fn each_rule(subject: &Subject<'_>, opens: bool) {
    for exercise in &subject.lesson.exercises {
        scenarios::check(subject, exercise);
        answers::check(subject, exercise);
        alphabets::check(subject, &exercise.id);
    }
    bugs::check(subject);
    interviews::check(subject);
    minutes::check(subject);
    pages::check(subject);
    code::check(subject);
    // Where a name is wrong, a file that it should name is no stray.
    if opens {
        strays::check(subject);
    }
}
