//! No rooms: a board of its own, with the sockets of each project, and the tasks with the socket that holds them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use rooms::{Io, Payload, Socket, SocketId};
use serde_json::{Value, json};

#[derive(Default)]
struct Board {
    projects: HashMap<String, Project>,
}

#[derive(Default)]
struct Project {
    sockets: BTreeMap<SocketId, Socket>,
    held: BTreeMap<SocketId, BTreeSet<String>>,
}

type Handle = fn(&mut Board, &Socket, &Payload);

pub fn app(io: &Io) {
    let board: Arc<Mutex<Board>> = Arc::default();
    io.on_connection(move |socket| {
        let events: [(&str, Handle); 3] =
            [("join-project", Board::join), ("lock-task", Board::lock), ("leave-project", Board::leave)];
        for (event, handle) in events {
            let board = Arc::clone(&board);
            socket.on(event, move |socket, payload| handle(&mut board.lock().unwrap(), socket, payload));
        }
        let board = Arc::clone(&board);
        socket.on_disconnect(move |socket, _| board.lock().unwrap().leave_all(socket));
    });
}

impl Board {
    fn join(&mut self, socket: &Socket, payload: &Payload) {
        let Some(project_id) = payload["projectId"].as_str() else { return };
        let project = self.projects.entry(project_id.to_owned()).or_default();
        if !project.has(user(socket)) {
            project.tell("user-joined", &json!({ "projectId": project_id, "user": user(socket) }));
        }
        project.sockets.insert(socket.id().clone(), socket.clone());
        let users: BTreeSet<&str> = project.sockets.values().map(user).collect();
        socket.emit("present", json!({ "projectId": project_id, "users": users }));
    }

    fn lock(&mut self, socket: &Socket, payload: &Payload) {
        let Some(project) = payload["projectId"].as_str().and_then(|id| self.projects.get_mut(id)) else { return };
        let (Some(task), true) = (payload["taskId"].as_str(), project.sockets.contains_key(socket.id())) else {
            return;
        };
        let holder = project.held.iter().find(|(_, tasks)| tasks.contains(task)).map(|(holder, _)| holder.clone());
        let holder = holder.unwrap_or_else(|| {
            project.held.entry(socket.id().clone()).or_default().insert(task.to_owned());
            socket.id().clone()
        });
        payload.ack(json!({ "ok": &holder == socket.id(), "holder": user(&project.sockets[&holder]) }));
    }

    fn leave(&mut self, socket: &Socket, payload: &Payload) {
        if let Some(project_id) = payload["projectId"].as_str() {
            self.leave_one(socket, project_id);
        }
    }

    fn leave_all(&mut self, socket: &Socket) {
        let ids: Vec<_> = self.projects.keys().cloned().collect();
        ids.iter().for_each(|project_id| self.leave_one(socket, project_id));
    }

    fn leave_one(&mut self, socket: &Socket, project_id: &str) {
        let Some(project) = self.projects.get_mut(project_id) else { return };
        if project.sockets.remove(socket.id()).is_none() {
            return;
        }
        for task in project.held.remove(socket.id()).unwrap_or_default() {
            project.tell("task-freed", &json!({ "projectId": project_id, "taskId": task }));
        }
        if !project.has(user(socket)) {
            project.tell("user-left", &json!({ "projectId": project_id, "user": user(socket) }));
        }
        if project.sockets.is_empty() {
            self.projects.remove(project_id);
        }
    }
}

impl Project {
    fn has(&self, wanted: &str) -> bool {
        self.sockets.values().any(|socket| user(socket) == wanted)
    }

    fn tell(&self, event: &str, about: &Value) {
        self.sockets.values().for_each(|socket| socket.emit(event, about));
    }
}

fn user(socket: &Socket) -> &str {
    socket.handshake_auth()["user"].as_str().unwrap_or("somebody")
}
