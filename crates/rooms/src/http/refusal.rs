//! Why a request is refused.

/// The reasons, in the order in which a request is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Refusal {
    // Before the client is known.
    Malformed,
    HttpVersion,
    HeadTooLarge,
    HeadTimeout,
    TooManyStreams,
    // The client may not ask.
    ForeignHost,
    NoToken,
    Navigation,
    Origin,
    Elsewhere,
    Referer,
    // The client may ask, but not for this.
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
    /// The request was granted; another client was displaced for it.
    Displaced,
    NoMemory,
    /// The client went away before its request was complete.
    Gone,
}
