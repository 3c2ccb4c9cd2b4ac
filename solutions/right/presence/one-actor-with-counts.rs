//! One actor owns the board; sockets post what they do, and sets of socket ids say who is there.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rooms::{Io, Payload, Socket, SocketId};
use serde_json::{Value, json};
use tokio::sync::mpsc::{self, UnboundedSender};

enum Job {
    Join(Socket, String),
    Lock(Socket, Payload),
    Leave(Socket, String),
    Gone(Socket),
}

#[derive(Default)]
struct Project {
    sockets: HashMap<SocketId, Socket>,
    people: BTreeMap<String, HashSet<SocketId>>,
    tasks: BTreeMap<String, Socket>,
}

pub fn app(io: &Io) {
    let (jobs, mut inbox) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut projects = HashMap::new();
        while let Some(job) = inbox.recv().await {
            work(&mut projects, job);
            projects.retain(|_, project| !project.sockets.is_empty());
            tokio::task::yield_now().await;
        }
    });
    io.on_connection(move |socket| {
        on_project(&socket, "join-project", &jobs, Job::Join);
        on_project(&socket, "leave-project", &jobs, Job::Leave);
        let post = jobs.clone();
        socket.on("lock-task", move |socket, payload| drop(post.send(Job::Lock(socket.clone(), payload.clone()))));
        let post = jobs.clone();
        socket.on_disconnect(move |socket, _| drop(post.send(Job::Gone(socket.clone()))));
    });
}

fn on_project(socket: &Socket, event: &str, jobs: &UnboundedSender<Job>, job: fn(Socket, String) -> Job) {
    let post = jobs.clone();
    socket.on(event, move |socket, payload| {
        if let Value::String(id) = &payload["projectId"] {
            let _ = post.send(job(socket.clone(), id.clone()));
        }
    });
}

fn work(projects: &mut HashMap<String, Project>, job: Job) {
    match job {
        Job::Join(socket, id) => projects.entry(id.clone()).or_default().join(&id, &socket),
        Job::Lock(socket, payload) => {
            let project = payload["projectId"].as_str().and_then(|id| projects.get_mut(id));
            if let Some((project, task)) = project.zip(payload["taskId"].as_str()) {
                project.lock(&socket, task, &payload);
            }
        }
        Job::Leave(socket, id) => {
            projects.get_mut(&id).into_iter().for_each(|project| project.leave(&id, &socket));
        }
        Job::Gone(socket) => projects.iter_mut().for_each(|(id, project)| project.leave(id, &socket)),
    }
}

impl Project {
    fn join(&mut self, id: &str, socket: &Socket) {
        if !self.people.contains_key(user(socket)) {
            self.tell("user-joined", &json!({ "projectId": id, "user": user(socket) }));
        }
        self.sockets.insert(socket.id().clone(), socket.clone());
        self.people.entry(user(socket).to_owned()).or_default().insert(socket.id().clone());
        let users: BTreeSet<_> = self.people.keys().collect();
        socket.emit("present", json!({ "projectId": id, "users": users }));
    }

    fn lock(&mut self, socket: &Socket, task: &str, payload: &Payload) {
        if self.sockets.contains_key(socket.id()) {
            let holder = self.tasks.entry(task.to_owned()).or_insert_with(|| socket.clone());
            payload.ack(json!({ "ok": holder.id() == socket.id(), "holder": user(holder) }));
        }
    }

    fn leave(&mut self, id: &str, socket: &Socket) {
        if self.sockets.remove(socket.id()).is_none() {
            return;
        }
        let sockets = self.people.get_mut(user(socket)).expect("who is here is listed");
        sockets.remove(socket.id());
        if sockets.is_empty() {
            self.people.remove(user(socket));
            self.tell("user-left", &json!({ "projectId": id, "user": user(socket) }));
        }
        let (free, held) = std::mem::take(&mut self.tasks).into_iter().partition(|(_, by)| by.id() == socket.id());
        self.tasks = held;
        let free: BTreeMap<String, Socket> = free;
        for task in free.keys() {
            self.tell("task-freed", &json!({ "projectId": id, "taskId": task }));
        }
    }

    fn tell(&self, event: &str, about: &Value) {
        self.sockets.values().for_each(|socket| socket.emit(event, about));
    }
}

fn user(socket: &Socket) -> &str {
    socket.handshake_auth()["user"].as_str().unwrap_or("somebody")
}
