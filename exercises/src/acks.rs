//! Sent is not arrived. The page has the contract; `rtws hint acks` has help.

use rooms::Io;

/// The server under test.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        // Given: a person is reached in a room, whichever socket they have at the moment.
        let me = room(socket.handshake_auth()["user"].as_str().unwrap_or("somebody"));
        socket.join(me);

        socket.on("assign-task", |_socket, _payload| {
            // 1. Did this person ask with this key before? Then give the same answer, and stop.
            //    Page: "A request counts once".
            // 2. If not: number the task, remember the answer, and give it at once.
            //    Page: "A request counts once".
            // 3. Meanwhile, in a task of its own (`tokio::spawn`): send `task-assigned` until it is
            //    acknowledged or three attempts are over, and tell the person who asked.
            //    Page: "Three attempts".
        });
    });
}

fn room(user: &str) -> String {
    format!("user:{user}")
}
