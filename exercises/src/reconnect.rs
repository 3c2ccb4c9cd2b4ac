//! Come back. The page says what is wanted; `rtws hint reconnect` has help.

use rooms::Io;
use scenario::feed::{self, Incoming, Screen, Server};

/// A consumer in every tab: leave this as it is.
pub fn app(io: &Io) {
    feed::serve(io, consume);
}

/// Runs for as long as its tab is open. Given is one connection, until it ends.
async fn consume(mut server: Server, screen: Screen, project_id: String) {
    if let Ok(mut connection) = server.connect().await {
        // 1. Join the project `project_id`, and ask for what is not on the screen yet.
        //    Page: "What to build".
        while let Some(incoming) = connection.next().await {
            match incoming {
                // 2. Show each event once.
                //    Page: "What the screen shows".
                Incoming::Event { arguments, .. } => screen.show(&arguments[0]),
                // 3. Made to leave: stay away.
                //    Page: "When it tries again".
                Incoming::Disconnected => {}
                Incoming::Ack { .. } | Incoming::Closed => {}
            }
        }
    }
    // 4. Wait, longer with each failure, and begin again.
    //    Page: "When it tries again".
    let _ = (project_id, server.random());
}
