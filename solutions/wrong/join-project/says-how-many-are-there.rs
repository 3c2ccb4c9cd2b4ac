//! The answer also says how many are in the room.
//!
//! Fails: joins-and-answers
//! Says: members is too much

use rooms::Io;
use serde_json::json;

/// A client joins the room of the project that it names.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id = payload["projectId"].as_str().map(str::trim);
            let Some(project_id) = project_id.filter(|id| !id.is_empty()) else {
                let error = json!({ "message": "projectId required" });
                socket.emit("error-message", error);
                return;
            };

            socket.join(format!("project:{project_id}"));
            let members = socket.io().fetch_sockets(&format!("project:{project_id}")).len();
            socket.emit("joined", json!({ "projectId": project_id, "members": members }));
        });
    });
}
