//! The value is formatted into the room's name whatever it is.
//!
//! Fails: refuses-a-missing-id
//! Says: It sent joined {"projectId":null} to ann instead. ann joined room project:null.

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id = &payload["projectId"];
            let room = match project_id.as_str() {
                Some(id) => format!("project:{}", id.trim()),
                None => format!("project:{project_id}"),
            };
            socket.join(room);
            socket.emit("joined", json!({ "projectId": project_id.as_str().map(str::trim) }));
        });
    });
}
