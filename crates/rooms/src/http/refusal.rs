//! Why a request is refused.

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Refusal {
    // Before anybody knows who asks.
    Malformed,
    HttpVersion,
    HeadTooLarge,
    HeadTimeout,
    TooManyStreams,
    // Those who may not ask.
    ForeignHost,
    NoToken,
    Navigation,
    Origin,
    Elsewhere,
    Referer,
    // Those who may, and ask for something that is not to be had.
    NotFound,
    TransportUnknown,
    UnsupportedVersion,
    BadHandshakeMethod,
    BadMethod,
    SessionUnknown,
    /// The session ended before the request was answered.
    SessionOver,
    NoHandshake,
    WebSocketVersion,
    BinaryBody,
    LengthRequired,
    TooLarge,
    BodyTimeout,
    TooManyConnections,
    /// Not of the request, but of another client, which it displaced.
    Displaced,
    NoMemory,
    /// The client went away before its request was complete.
    Gone,
}
