//! Packets over a WebSocket: one text message each.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::{Sink, SinkExt, Stream, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::{Text, TransportError};

/// Room for frames that the stream does not take yet. What may wait for a client is bounded by its
/// queue; this bounds what the WebSocket itself adds, such as its answers to pings.
const MAX_WRITE_BUFFER: usize = 1024 * 1024;

/// The default of 128 KiB a connection is for bulk transfer; events are small.
const READ_BUFFER: usize = 4096;

/// A WebSocket that carries packets.
#[derive(Debug)]
pub struct WebSocket<S> {
    stream: WebSocketStream<S>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> WebSocket<S> {
    /// The server's end, after the handshake. `already_read` is what the client sent right behind its
    /// request; a message of more than `max_payload` bytes ends the connection. No message of more than
    /// `largest_sent` bytes may be sent.
    pub async fn server(stream: S, already_read: Vec<u8>, max_payload: usize, largest_sent: usize) -> Self {
        let config = limits(max_payload, largest_sent);
        let stream = WebSocketStream::from_partially_read(stream, already_read, Role::Server, Some(config)).await;
        Self { stream }
    }
}

fn limits(max_payload: usize, largest_sent: usize) -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .max_message_size(Some(max_payload))
        .max_frame_size(Some(max_payload))
        .write_buffer_size(READ_BUFFER)
        .max_write_buffer_size(MAX_WRITE_BUFFER + largest_sent)
}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream for WebSocket<S> {
    type Item = Result<Text, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            return Poll::Ready(match ready!(self.stream.poll_next_unpin(context)) {
                Some(Ok(Message::Text(text))) => Some(Ok(text)),
                Some(Ok(Message::Binary(_))) => {
                    Some(Err(TransportError::Protocol("binary messages are not supported".into())))
                }
                // A peer that vanishes without a word has closed all the same.
                Some(Ok(Message::Close(_)) | Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)))
                | None => None,
                Some(Ok(_)) => continue,
                Some(Err(error)) => Some(Err(error.into())),
            });
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Sink<Text> for WebSocket<S> {
    type Error = TransportError;

    fn poll_ready(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.stream.poll_ready_unpin(context).map_err(Into::into)
    }

    fn start_send(mut self: Pin<&mut Self>, text: Text) -> Result<(), TransportError> {
        self.stream.start_send_unpin(Message::Text(text)).map_err(Into::into)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.stream.poll_flush_unpin(context).map_err(Into::into)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.stream.poll_close_unpin(context).map_err(Into::into)
    }
}

impl From<Error> for TransportError {
    fn from(error: Error) -> Self {
        match error {
            Error::Io(error) => Self::Io(error),
            Error::ConnectionClosed | Error::AlreadyClosed => Self::Io(std::io::ErrorKind::NotConnected.into()),
            other => Self::Protocol(other.to_string()),
        }
    }
}
