//! The whole pause is random, as some prefer, and what was shown is remembered by number.

use std::collections::BTreeSet;
use std::time::Duration;

use rooms::Io;
use scenario::feed::{self, Incoming, Screen, Server};
use serde_json::json;

pub fn app(io: &Io) {
    feed::serve(io, consume);
}

async fn consume(mut server: Server, screen: Screen, project: String) {
    let mut shown = BTreeSet::new();
    let mut pause = Duration::from_secs(1);
    loop {
        if let Ok(mut connection) = server.connect().await {
            pause = Duration::from_secs(1);
            let after = shown.last().copied().unwrap_or(0_u64);
            connection.emit("join-project", Some(&json!({ "projectId": project, "after": after })));
            loop {
                match connection.next().await {
                    Some(Incoming::Event { name, arguments }) if name == "task-updated" => {
                        if shown.insert(arguments[0]["number"].as_u64().unwrap()) {
                            screen.show(&arguments[0]);
                        }
                    }
                    Some(Incoming::Disconnected) => return,
                    Some(Incoming::Closed) | None => break,
                    Some(_) => {}
                }
            }
        }
        tokio::time::sleep(pause.mul_f64(server.random())).await;
        pause = (pause * 2).min(Duration::from_secs(30));
    }
}
