//! Tell the right people: a member speaks to the other members of one room.

use rooms::{Io, Payload, Socket};
use serde_json::json;

/// Updates of a task stay among those who joined its project.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
            }
        });

        socket.on("task-updated", |socket, payload| {
            let Some(room) = room_of_member(socket, payload) else {
                let error = json!({ "message": "join the project first" });
                socket.emit("error-message", error);
                return;
            };
            socket.to(room).emit("task-updated", payload);
        });
    });
}

/// The room of the project that the payload names, if the socket is in it.
fn room_of_member(socket: &Socket, payload: &Payload) -> Option<String> {
    let project_id = payload["projectId"].as_str()?;
    let room = format!("project:{project_id}");
    socket.rooms().contains(&room).then_some(room)
}
