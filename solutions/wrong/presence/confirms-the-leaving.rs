//! The socket that leaves is told that it has left.
//!
//! Fails: leaving-is-told
//! Says: bob should receive nothing here, and received left

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use rooms::{Io, Payload, Socket};
use serde_json::json;

/// Which socket holds a task, by the ids of project and task. Who comes or goes keeps the mutex meanwhile: two sockets
/// of one person may do so at the same moment.
type Locks = Arc<Mutex<HashMap<(String, String), Socket>>>;

/// The members of a project see who comes and goes, and what becomes free.
pub fn app(io: &Io) {
    let locks = Locks::default();
    io.on_connection(move |socket| {
        let shared = Arc::clone(&locks);
        socket.on("join-project", move |socket, payload| join_project(socket, payload, &shared));

        let shared = Arc::clone(&locks);
        socket.on("lock-task", move |socket, payload| lock_task(socket, payload, &shared));

        let shared = Arc::clone(&locks);
        socket.on("leave-project", move |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                leave(socket, project_id, &shared);
                socket.emit("left", json!({ "projectId": project_id }));
            }
        });

        let shared = Arc::clone(&locks);
        socket.on_disconnecting(move |socket, _reason| {
            for project_id in projects(socket) {
                leave(socket, &project_id, &shared);
            }
        });
    });
}

/// The socket leaves first; then whoever is found there is there.
fn leave(socket: &Socket, project_id: &str, locks: &Locks) {
    let mut locks = locks.lock().unwrap();
    if !projects(socket).iter().any(|joined| joined == project_id) {
        return;
    }
    socket.leave(room(project_id));

    let tell = |event, about| socket.io().to(room(project_id)).emit(event, about);
    for ((_, task_id), _) in locks.extract_if(|(of, _), holder| of == project_id && holder.id() == socket.id()) {
        tell("task-freed", json!({ "projectId": project_id, "taskId": task_id }));
    }
    if !users(socket.io(), project_id).contains(user(socket)) {
        tell("user-left", json!({ "projectId": project_id, "user": user(socket) }));
    }
}

/// The newcomer hears who is there; the others hear of a person who was not there yet.
fn join_project(socket: &Socket, payload: &Payload, locks: &Locks) {
    let Some(project_id) = payload["projectId"].as_str() else { return };
    let _one_at_a_time = locks.lock().unwrap();
    let mut users = users(socket.io(), project_id);
    if users.insert(user(socket).to_owned()) {
        let joined = json!({ "projectId": project_id, "user": user(socket) });
        socket.to(room(project_id)).emit("user-joined", joined);
    }
    socket.join(room(project_id));
    socket.emit("present", json!({ "projectId": project_id, "users": users }));
}

/// Who comes first holds the task. Only who is on the project may ask.
fn lock_task(socket: &Socket, payload: &Payload, locks: &Locks) {
    let (Some(project_id), Some(task_id)) = (payload["projectId"].as_str(), payload["taskId"].as_str()) else {
        return;
    };
    if projects(socket).iter().any(|joined| joined == project_id) {
        let mut locks = locks.lock().unwrap();
        let task = (project_id.to_owned(), task_id.to_owned());
        let holder = locks.entry(task).or_insert_with(|| socket.clone());
        payload.ack(json!({ "ok": holder.id() == socket.id(), "holder": user(holder) }));
    }
}

/// The projects that this socket is on.
fn projects(socket: &Socket) -> Vec<String> {
    let rooms = socket.rooms();
    rooms.iter().filter_map(|room| room.strip_prefix("project:")).map(str::to_owned).collect()
}

/// The people on a project, each once.
fn users(io: &Io, project_id: &str) -> BTreeSet<String> {
    io.fetch_sockets(&room(project_id)).iter().map(|socket| user(socket).to_owned()).collect()
}

/// Who a socket belongs to.
fn user(socket: &Socket) -> &str {
    socket.handshake_auth()["user"].as_str().unwrap_or("somebody")
}

fn room(project_id: &str) -> String {
    format!("project:{project_id}")
}
