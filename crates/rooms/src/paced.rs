//! A stream whose large writes take turns with those of all other streams of the server.
//!
//! One event of a megabyte can go to a thousand clients, and then a thousand tasks have a lot to write at once. The
//! runtime runs tasks in the order in which they were woken, so a client that asks for little would wait for all of
//! them. Here only a few may write in each round, which lasts until all other tasks have had a turn; the others wait in
//! a separate queue.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinSet, yield_now};
use tokio_util::sync::PollSemaphore;

/// Large writes in a round.
const WRITES: usize = 16;

/// Bytes from which a write counts as large. A smaller one costs the system hardly more than a single byte.
const LARGE: usize = 4 * 1024;

/// The rounds of a server. When it is dropped, its streams write as they like.
#[derive(Debug)]
pub(crate) struct Pace(Arc<Round>);

#[derive(Debug)]
struct Round {
    left: Arc<Semaphore>,
    used: AtomicUsize,
    begun: Notify,
}

impl Pace {
    pub(crate) fn new() -> Self {
        let left = Arc::new(Semaphore::new(WRITES));
        Self(Arc::new(Round { left, used: AtomicUsize::new(0), begun: Notify::new() }))
    }

    /// Has the large writes of this stream take turns.
    pub(crate) fn of<S>(&self, stream: S) -> Paced<S> {
        Paced { stream, turn: PollSemaphore::new(Arc::clone(&self.0.left)), round: Arc::clone(&self.0) }
    }

    /// Begins one round after another, in a task that ends when the returned handle is dropped.
    pub(crate) fn keep(&self) -> JoinSet<()> {
        let round = Arc::clone(&self.0);
        let mut keeper = JoinSet::new();
        keeper.spawn(async move {
            loop {
                round.begun.notified().await;
                yield_now().await;
                round.left.add_permits(round.used.swap(0, Ordering::Relaxed));
            }
        });
        keeper
    }
}

impl Drop for Pace {
    fn drop(&mut self) {
        self.0.left.close();
    }
}

/// A stream whose large writes wait for their turn.
#[derive(Debug)]
pub(crate) struct Paced<S> {
    stream: S,
    turn: PollSemaphore,
    round: Arc<Round>,
}

impl<S> Paced<S> {
    /// Waits for a turn if the write is large.
    fn poll_turn(&mut self, context: &mut Context<'_>, bytes: usize) -> Poll<Option<OwnedSemaphorePermit>> {
        if bytes < LARGE { Poll::Ready(None) } else { self.turn.poll_acquire(context) }
    }

    /// A turn is used up by a write. If the stream took nothing, another one gets the turn.
    fn end_turn<T>(&self, turn: Option<OwnedSemaphorePermit>, written: &Poll<T>) {
        if let Some(turn) = turn.filter(|_| written.is_ready()) {
            turn.forget();
            self.round.used.fetch_add(1, Ordering::Relaxed);
            self.round.begun.notify_one();
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let turn = ready!(self.poll_turn(context, bytes.len()));
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.end_turn(turn, &written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let turn = ready!(self.poll_turn(context, slices.iter().map(|slice| slice.len()).sum()));
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.end_turn(turn, &written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use tokio::io::{AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::task::unconstrained;

    use super::*;

    /// Writes this many bytes; returns whether they were taken at once.
    fn writes(stream: &mut Paced<DuplexStream>, bytes: usize) -> bool {
        let bytes = vec![0; bytes];
        // With its own turn each time, as a task has.
        unconstrained(stream.write(&bytes)).now_or_never().is_some()
    }

    fn streams(pace: &Pace) -> (Vec<Paced<DuplexStream>>, Vec<DuplexStream>) {
        (0..3 * WRITES).map(|_| duplex(2 * LARGE)).map(|(ours, theirs)| (pace.of(ours), theirs)).unzip()
    }

    #[tokio::test]
    async fn a_round_has_few_large_writes_and_any_number_of_small_ones() {
        let pace = Pace::new();
        let _keeper = pace.keep();
        let (mut streams, _others) = streams(&pace);
        for round in 1..=3 {
            let taken = streams.iter_mut().filter_map(|stream| writes(stream, LARGE).then_some(())).count();
            assert_eq!(taken, WRITES, "in round {round}");
            assert!(streams.iter_mut().all(|stream| writes(stream, 1)), "in round {round}");
            while pace.0.left.available_permits() < WRITES && pace.0.used.load(Ordering::Relaxed) > 0 {
                yield_now().await;
            }
        }
    }

    #[tokio::test]
    async fn without_a_pace_streams_write_as_they_like() {
        let pace = Pace::new();
        let (mut streams, _others) = streams(&pace);
        drop(pace);
        assert!(streams.iter_mut().all(|stream| writes(stream, LARGE)));
    }
}
