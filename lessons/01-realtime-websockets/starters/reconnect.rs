//! Come back. The page says what is wanted; `rtws hint reconnect` has help.

use rooms::Io;
use scenario::feed::{self, Screen, Server};

/// A consumer in every tab: leave this as it is.
pub fn app(io: &Io) {
    feed::serve(io, consume);
}

/// Runs for as long as its tab is open.
async fn consume(server: Server, screen: Screen, project_id: String) {
    // 1. Connect with `server.connect().await`, and join the project.
    // 2. Take what comes with `connection.next().await`, and show each event once.
    // 3. When the connection ends, wait and begin again.
    let _ = (server, screen, project_id);
}
