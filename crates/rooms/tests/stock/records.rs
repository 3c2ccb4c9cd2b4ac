//! The records of the server.

use std::sync::{Arc, Mutex};

use rooms::observer::{Event, Observer, Record};

#[derive(Clone, Default)]
pub(crate) struct Records(Arc<Mutex<Vec<Event>>>);

impl Observer for Records {
    fn observe(&self, record: Record) {
        self.0.lock().unwrap().push(record.event);
    }
}

impl Records {
    /// The records of one kind. Every event is recorded before a client can see its effect.
    pub(crate) fn select<T>(&self, kind: impl Fn(&Event) -> Option<T>) -> Vec<T> {
        self.0.lock().unwrap().iter().filter_map(kind).collect()
    }

    #[allow(clippy::print_stderr, reason = "it helps to see why a test failed")]
    pub(crate) fn show_last(&self, count: usize) {
        let records = self.0.lock().unwrap();
        for record in records.iter().rev().take(count).rev() {
            eprintln!("the server recorded {record:?}");
        }
    }
}
