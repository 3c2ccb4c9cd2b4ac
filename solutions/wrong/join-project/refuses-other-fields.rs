//! The payload has a type that denies fields of other names.
//!
//! Fails: ignores-other-fields
//! Says: ann should receive joined with {"projectId":"apollo"}

use rooms::Io;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Join {
    project_id: String,
}

/// A client joins the room of the project that it names.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let join = payload.parse::<Join>().ok();
            let project_id = join.as_ref().map(|join| join.project_id.trim());
            let Some(project_id) = project_id.filter(|id| !id.is_empty()) else {
                let error = json!({ "message": "projectId required" });
                socket.emit("error-message", error);
                return;
            };

            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
