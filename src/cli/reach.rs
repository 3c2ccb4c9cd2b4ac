//! Servers that cannot be reached, in words that say what to do.

use scenario::client::ConnectError;

/// An error for a server that did not let a client in.
pub(super) fn cannot_connect(server: &str, error: &ConnectError) -> anyhow::Error {
    let advice = match error {
        ConnectError::Io(_) | ConnectError::Timeout => {
            "Start a server with `rtws serve`, or name the address of one that runs."
        }
        ConnectError::Refused(_) | ConnectError::Protocol(_) => {
            "See that a Socket.IO v5 server (socket.io 3 or 4) listens there, and at the same path."
        }
        ConnectError::ConnectError(_) => "See that the namespace exists there, and what the server asks for in --auth.",
    };
    anyhow::anyhow!("cannot connect to {server}: {error}\n{advice}")
}
