//! What was shown is remembered by its text, so another event with the same text is left out.
//!
//! Fails: shows-what-comes
//! Says: Step 6
//! Says: ann should receive shown with {"number":3}

use std::time::Duration;

use rooms::Io;
use scenario::feed::{self, Incoming, Screen, Server};
use serde_json::json;

pub fn app(io: &Io) {
    feed::serve(io, consume);
}

async fn consume(mut server: Server, screen: Screen, project_id: String) {
    let mut last = 0u64;
    let mut shown = std::collections::HashSet::new();
    let mut attempt = 0u32;
    loop {
        if let Ok(mut connection) = server.connect().await {
            attempt = 0;
            let payload = if last == 0 {
                json!({"projectId": project_id})
            } else {
                json!({"projectId": project_id, "after": last})
            };
            connection.emit("join-project", Some(&payload));
            loop {
                match connection.next().await {
                    Some(Incoming::Event { name, arguments }) => {
                        if name != "task-updated" {
                            continue;
                        }
                        let Some(event) = arguments.first() else { continue };
                        let number = event["number"].as_u64().unwrap_or(0);
                        if shown.insert(event["text"].to_string()) {
                            last = number;
                            screen.show(event);
                        }
                    }
                    Some(Incoming::Disconnected) => return,
                    Some(Incoming::Closed) | None => break,
                    Some(_) => {}
                }
            }
        }
        let ceiling = f64::min(30.0, 2f64.powi(attempt.min(30) as i32));
        attempt += 1;
        let pause = ceiling / 2.0 + server.random() * ceiling / 2.0;
        tokio::time::sleep(Duration::from_secs_f64(pause)).await;
    }
}
