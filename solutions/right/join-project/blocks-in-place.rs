//! Tells the runtime that it takes a processor for long, which only a runtime with several threads can hear.

use rooms::Io;
use serde_json::json;
use tokio::task::block_in_place;

/// A client joins the room of the project that it names.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let said = payload["projectId"].as_str();
            let id = block_in_place(|| said.map(str::trim));
            let Some(id) = id.filter(|id| !id.is_empty()) else {
                let error = json!({ "message": "projectId required" });
                socket.emit("error-message", error);
                return;
            };
            socket.join(format!("project:{id}"));
            socket.emit("joined", json!({ "projectId": id }));
        });
    });
}
