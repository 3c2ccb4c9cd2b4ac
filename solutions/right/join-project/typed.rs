//! Typed payloads, and a result that is either of the two answers.

use rooms::Io;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Project {
    project_id: String,
}

#[derive(Serialize)]
struct ErrorMessage {
    message: &'static str,
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| match payload.parse().map_err(|_| ()).and_then(checked) {
            Ok(project) => {
                socket.join(format!("project:{}", project.project_id));
                socket.emit("joined", project);
            }
            Err(()) => socket.emit("error-message", ErrorMessage { message: "projectId required" }),
        });
    });
}

fn checked(project: Project) -> Result<Project, ()> {
    let project_id = project.project_id.trim().to_owned();
    if project_id.is_empty() { Err(()) } else { Ok(Project { project_id }) }
}
