//! Slow readers. The page has the contract; `rtws hint backpressure` has help.

use rooms::Io;
use serde_json::json;

/// The server under test.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        // Given: who follows the board is a reader.
        socket.on("follow", |socket, _payload| socket.join("board"));

        socket.on("update-task", |socket, payload| {
            let Some(task_id) = payload["taskId"].as_str() else { return };
            // Until now each update goes to each reader at once, whether it keeps up or not. Instead,
            // for each of them (`socket.io().fetch_sockets("board")`):
            // 1. Send a batch and wait for its acknowledgement, in a task of its own.
            //    Page: "One batch at a time".
            // 2. Keep what comes meanwhile: the latest update of each task, for the next batch.
            //    Page: "One batch at a time".
            // 3. Cut off who does not keep up.
            //    Page: "Who is cut off".
            socket.io().to("board").emit("tasks-updated", json!({ task_id: payload }));
        });
    });
}
