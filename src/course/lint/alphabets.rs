//! Alphabets, and the sets of scenarios that were generated from them.

use fields::Report as _;
use scenario::generate::Alphabet;

use super::super::diagnostic::Code;
use super::super::reader::Reader;
use super::subject::Subject;

pub(super) fn check(subject: &Subject<'_>, exercise: &str) {
    let path = subject.places.alphabet(exercise);
    if subject.exists(&path) {
        let Some(source) = subject.read(&path) else { return };
        let reader = Reader::new(&source, subject.folder.sink);
        if let Err(mistakes) = Alphabet::read(source.text()) {
            for mistake in mistakes {
                reader.report(mistake);
            }
        }
    } else if subject.exists(&subject.places.generated(exercise)) {
        let path = subject.places.generated(exercise);
        subject.warning(&path, Code::Stray, "these scenarios were generated, and their alphabet is gone", None);
    }
}
