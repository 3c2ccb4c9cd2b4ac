//! Looks at the id in a thread of its own, as is advised for what takes a processor long.

use rooms::Io;
use serde_json::json;
use tokio::sync::oneshot;

/// A client joins the room of the project that it names.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on_async("join-project", |socket, payload| async move {
            let (found, finds) = oneshot::channel();
            let said = payload["projectId"].as_str().map(str::to_owned);
            std::thread::spawn(move || {
                let id = said.map(|id| id.trim().to_owned());
                found.send(id.filter(|id| !id.is_empty()))
            });
            let Some(id) = finds.await.unwrap() else {
                let error = json!({ "message": "projectId required" });
                socket.emit("error-message", error);
                return;
            };
            socket.join(format!("project:{id}"));
            socket.emit("joined", json!({ "projectId": id }));
        });
    });
}
