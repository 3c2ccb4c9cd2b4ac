//! Who is there. The page has the contract; `rtws hint presence` has help.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use rooms::{Io, Payload, Socket};
use serde_json::json;

/// The socket that holds a task, by the ids of project and task. Keep the mutex while somebody comes or goes: two
/// sockets of one person may do so at the same moment.
type Locks = Arc<Mutex<HashMap<(String, String), Socket>>>;

/// The server under test.
pub fn app(io: &Io) {
    let locks = Locks::default();
    io.on_connection(move |socket| {
        // Coming is given, and needs no change: see the functions below.
        let shared = Arc::clone(&locks);
        socket.on("join-project", move |socket, payload| join_project(socket, payload, &shared));

        let shared = Arc::clone(&locks);
        socket.on("lock-task", move |socket, payload| lock_task(socket, payload, &shared));

        let shared = Arc::clone(&locks);
        socket.on("leave-project", move |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                leave(socket, project_id, &shared);
            }
        });

        // 3. The connection ends, for whatever reason: the socket leaves all its projects.
        //    `socket.on_disconnecting` or `socket.on_disconnect`: which of them?
        //    Page: "Ways to go".
    });
}

/// Going is yours: the socket leaves one project.
fn leave(socket: &Socket, project_id: &str, locks: &Locks) {
    // 1. Leave the room, if this socket is in it.
    //    Page: "Ways to go".
    // 2. Free what this socket held, and tell those who are still there.
    //    Page: "What the others hear".
    let _ = (socket, project_id, locks);
}

/// The newcomer is told who is there; the others are told of a person who was not there yet.
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

/// The first socket to ask holds the task. Only sockets on the project may ask.
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

/// The person that a socket belongs to.
fn user(socket: &Socket) -> &str {
    socket.handshake_auth()["user"].as_str().unwrap_or("somebody")
}

fn room(project_id: &str) -> String {
    format!("project:{project_id}")
}
