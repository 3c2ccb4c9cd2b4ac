//! A task that ends with its handle.

use tokio::task::JoinHandle;

/// At most one task, and with it the processes that it started.
#[derive(Default)]
pub(super) struct Task(Option<JoinHandle<()>>);

impl Task {
    /// Begins a task, and ends the one before.
    pub(super) fn replace(&mut self, work: impl Future<Output = ()> + Send + 'static) {
        self.end();
        self.0 = Some(tokio::spawn(work));
    }

    pub(super) fn end(&mut self) {
        if let Some(task) = self.0.take() {
            task.abort();
        }
    }

    /// Ends it and waits until it has dropped its processes, which are then ended by their supervisor.
    pub(super) async fn ended(&mut self) {
        if let Some(task) = self.0.take() {
            task.abort();
            // It has been aborted, or was over before.
            let _ = task.await;
        }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.end();
    }
}
