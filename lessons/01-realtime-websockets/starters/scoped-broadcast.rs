//! Tell the right people. The page has the contract; `rtws hint scoped-broadcast` has help.

use rooms::Io;

/// The server under test.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        // Given, so that there are rooms to speak in. It needs no change.
        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
            }
        });

        socket.on("task-updated", |_socket, _payload| {
            // 1. Which room does the update name?
            //    Page: "Who may speak".
            // 2. Is this socket in that room? If not: `error-message` to this socket, and stop.
            //    `socket.rooms()` says where it is; `serde_json::json!` makes a payload.
            //    Page: "Who may speak".
            // 3. Pass the payload on, as it came, to everyone else in that room.
            //    Page: "Who hears it".
        });
    });
}
