//! The acknowledgements that the application awaits from one client.

use std::collections::HashMap;

use tokio::sync::oneshot;

use crate::memory::Part;

/// The questions that have no answer yet, by number.
pub(crate) struct Acks<Answer> {
    next_id: u64,
    waiting: HashMap<u64, oneshot::Sender<Answer>>,
    memory: Part,
}

/// Roughly what waiting for one answer costs, in bytes.
const ACK: usize = 256;

impl<Answer> Acks<Answer> {
    pub(crate) fn new(next_id: u64, memory: Part) -> Self {
        Self { next_id, waiting: HashMap::new(), memory }
    }

    /// The number of the next question.
    pub(crate) fn next_id(&self) -> u64 {
        self.next_id
    }

    /// The number of the next question, and the receiver of its answer; `None` if there is no memory for it.
    pub(crate) fn expect(&mut self) -> Option<(u64, oneshot::Receiver<Answer>)> {
        if !self.memory.fits((self.waiting.len() + 1) * ACK) {
            return None;
        }
        let (sender, receiver) = oneshot::channel();
        let id = self.next_id;
        self.next_id += 1;
        self.waiting.insert(id, sender);
        Some((id, receiver))
    }

    /// Drops everything that waits for an answer: no answer will come any more.
    pub(crate) fn forget(&mut self) {
        self.waiting = HashMap::new();
        let _ = self.memory.resize(0);
    }

    pub(crate) fn remove(&mut self, id: u64) -> Option<oneshot::Sender<Answer>> {
        let sender = self.waiting.remove(&id);
        // It takes less than before, so it fits.
        let _ = self.memory.resize(self.waiting.len() * ACK);
        sender
    }
}
