//! Guards decide which clients may enter a namespace. Socket.IO calls them middleware.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde_json::Value;

use crate::io::Io;
use crate::panic::HandlerPanicked;
use crate::socket::Socket;

/// Why a client may not enter a namespace. Its `connect_error` event has this message and data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct ConnectError {
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
}

impl ConnectError {
    /// An error with this message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), data: None }
    }

    /// Adds data for programs, such as an error code of the application.
    #[must_use]
    pub fn with_data(self, data: impl Into<Value>) -> Self {
        Self { data: Some(data.into()), ..self }
    }

    /// The message.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl From<&str> for ConnectError {
    fn from(message: &str) -> Self {
        Self::new(message)
    }
}

impl From<String> for ConnectError {
    fn from(message: String) -> Self {
        Self::new(message)
    }
}

type SyncGuard = dyn Fn(&Socket) -> Result<(), ConnectError> + Send + Sync;
type AsyncGuard = dyn Fn(Socket) -> BoxFuture<'static, Result<(), ConnectError>> + Send + Sync;

#[derive(Clone)]
pub(crate) enum Guard {
    Sync(Arc<SyncGuard>),
    Async(Arc<AsyncGuard>),
}

/// Why a client does not get past the guards.
#[derive(Debug)]
pub(crate) enum Rejection {
    Refused(ConnectError),
    Panicked(HandlerPanicked),
}

impl Io {
    /// Decides who may enter this namespace. Guards run in the order in which they were added, before the handlers of
    /// [`Io::on_connection`], and for returning clients too; the first refusal counts.
    ///
    /// The socket is not connected yet: it can be given data and handlers, but not rooms or events.
    ///
    /// ```
    /// # use rooms::{Config, Io};
    /// # let io = Io::new(Config::default());
    /// io.guard(|socket| match socket.handshake_auth()["token"].as_str() {
    ///     Some("secret") => Ok(()),
    ///     _ => Err("not authorized".into()),
    /// });
    /// ```
    pub fn guard(&self, guard: impl Fn(&Socket) -> Result<(), ConnectError> + Send + Sync + 'static) {
        self.namespace().add_guard(Guard::Sync(Arc::new(guard)));
    }

    /// Decides with an async function, which has as long as [`Config::connect_timeout`](crate::Config) allows; after
    /// that the client is refused. The packets that it sends until then wait.
    pub fn guard_async<F, R>(&self, guard: F)
    where
        F: Fn(Socket) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), ConnectError>> + Send + 'static,
    {
        let guard = move |socket| guard(socket).boxed();
        self.namespace().add_guard(Guard::Async(Arc::new(guard)));
    }
}

/// Asks the guards one after another.
pub(crate) async fn judge(guards: Vec<Guard>, socket: Socket) -> Result<(), Rejection> {
    for guard in guards {
        let verdict = async {
            match guard {
                Guard::Sync(guard) => guard(&socket),
                Guard::Async(guard) => guard(socket.clone()).await,
            }
        };
        AssertUnwindSafe(verdict)
            .catch_unwind()
            .await
            .map_err(|panic| Rejection::Panicked(socket.panicked("guard", &*panic)))?
            .map_err(Rejection::Refused)?;
    }
    Ok(())
}
