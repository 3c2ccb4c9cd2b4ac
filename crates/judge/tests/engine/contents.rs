//! A verdict is about the contents of the file, and not about its time, kind or place.

use std::fs::{self, File, FileTimes};
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use judge::report::Verdict;
use layout::folder::{entries, files, stem};

use crate::fixture::{Fixture, PASSES};

const FAILS: &str = "pub fn app(_: &rooms::Io) {}\n";

#[tokio::test]
async fn another_text_with_the_same_time_has_its_own_verdict() {
    let fixture = Fixture::new(FAILS);
    let path = fixture.path("exercises/src/first.rs");
    let now = SystemTime::now();
    let times = [now, now - Duration::from_secs(86_400), now + Duration::from_secs(86_400), SystemTime::UNIX_EPOCH];
    for time in times {
        for (text, verdict) in [(PASSES, Verdict::Passed), (FAILS, Verdict::Failed)] {
            fs::write(&path, text).unwrap();
            File::options().write(true).open(&path).unwrap().set_times(FileTimes::new().set_modified(time)).unwrap();
            assert_eq!(fixture.check().await.verdict, verdict);
        }
    }
}

#[tokio::test]
async fn another_workshop_in_the_same_target_folder_is_judged_by_its_own_lessons_and_files() {
    let (mine, theirs) = (Fixture::new(PASSES), Fixture::new(FAILS));
    assert_eq!(mine.check().await.verdict, Verdict::Passed);
    assert_eq!(theirs.check().await.verdict, Verdict::Failed);
    let snapshot = theirs.path("lessons/00-one/snapshots/first/back.snap");
    let text = fs::read_to_string(&snapshot).unwrap();
    fs::write(snapshot, text.replace("    ann <- echo {\"text\":\"hello\"}\n", "")).unwrap();
    assert_eq!(theirs.check().await.verdict, Verdict::Passed, "there nothing is to come back");
    assert_eq!(mine.check().await.verdict, Verdict::Passed);
    assert_eq!(mine.check_text(FAILS).await.verdict, Verdict::Failed);
}

#[tokio::test]
async fn a_changed_title_is_shown() {
    let fixture = Fixture::new(PASSES);
    fixture.check().await;
    let scenario = fixture.path("lessons/00-one/scenarios/first/back.toml");
    let text = fs::read_to_string(&scenario).unwrap();
    fs::write(&scenario, text.replace("What ann says comes back", "Another title")).unwrap();
    assert_eq!(fixture.check().await.scenarios[0].title, "Another title");
}

#[tokio::test]
async fn an_answer_may_use_what_the_manifest_says_now() {
    let uses = format!("use bytes::Bytes;\n{}", crate::fixture::answer("assert!(Bytes::new().is_empty());"));
    let fixture = Fixture::new(&uses);
    assert_eq!(fixture.check().await.verdict, Verdict::CompileError);
    let manifest = fs::read_to_string(fixture.path("exercises/Cargo.toml")).unwrap();
    fixture.write(
        "exercises/Cargo.toml",
        &manifest.replace("[dependencies]\n", "[dependencies]\nbytes.workspace = true\n"),
    );
    let report = fixture.check().await;
    assert_eq!(report.verdict, Verdict::Passed, "{:?}", report.message);
}

#[tokio::test]
async fn lock_files_and_copies_of_editors_do_not_count() {
    let fixture = Fixture::new(PASSES);
    symlink("nowhere", fixture.path("lessons/00-one/scenarios/first/.#back.toml")).unwrap();
    fixture.write("lessons/00-one/scenarios/first/.back.toml", "half a");
    fixture.write("exercises/src/.first.rs.swp", "");
    symlink("nowhere", fixture.path("exercises/src/.#first.rs")).unwrap();
    let report = fixture.check().await;
    assert_eq!((report.verdict, report.scenarios.len()), (Verdict::Passed, 1), "{:?}", report.message);
}

#[test]
fn the_entries_of_a_folder_that_count_are_sorted_by_name() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b.toml", "a.toml", ".#a.toml", ".a.toml.swp", "notes.md"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    let names = |paths: Vec<PathBuf>| paths.iter().map(|path| stem(path)).collect::<Vec<_>>();
    assert_eq!(names(entries(folder.path()).unwrap()), ["a", "b", "notes"]);
    assert_eq!(names(files(folder.path(), "toml")), ["a", "b"]);
    assert!(files(&folder.path().join("missing"), "toml").is_empty());
}

#[tokio::test]
async fn anything_but_a_file_with_text_is_unreadable_and_holds_nothing_up() {
    let fixture = Fixture::new(PASSES);
    let path = fixture.path("exercises/src/first.rs");
    let make: [(&str, &dyn Fn()); 5] = [
        ("it is not there", &|| {}),
        ("not UTF-8", &|| fs::write(&path, b"\xff").unwrap()),
        ("it is a folder", &|| fs::create_dir(&path).unwrap()),
        ("it is not there", &|| symlink("nowhere", &path).unwrap()),
        ("a pipe or a device", &|| {
            assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        }),
    ];
    fs::remove_file(&path).unwrap();
    for (words, make) in make {
        make();
        let report = fixture.check().await;
        assert_eq!((report.verdict, report.sha256), (Verdict::Unreadable, None));
        let message = report.message.unwrap();
        assert!(message.contains(words), "{message}");
        // A file that is there may be the learner's code.
        assert_eq!(message.contains("rtws reset first"), words == "it is not there", "{message}");
        let _ = if path.is_dir() { fs::remove_dir(&path) } else { fs::remove_file(&path) };
    }
    fs::write(fixture.path("elsewhere.rs"), PASSES).unwrap();
    symlink(fixture.path("elsewhere.rs"), &path).unwrap();
    assert_eq!(fixture.check().await.verdict, Verdict::Passed, "a link counts as its target");
}
