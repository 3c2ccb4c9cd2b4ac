//! The pause is doubled first and limited then, and after 64 failures the number overflows.
//!
//! Fails: keeps-trying
//! Says: consumer-panicked {"message":"attempt to shift left with overflow"}

use std::time::Duration;

use rooms::Io;
use scenario::feed::{self, Incoming, Screen, Server};
use serde_json::json;

pub fn app(io: &Io) {
    feed::serve(io, consume);
}

async fn consume(mut server: Server, screen: Screen, project_id: String) {
    let mut last = 0u64;
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
                        if number > last {
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
        let ceiling = (1u64 << attempt).min(30) as f64;
        attempt += 1;
        let pause = ceiling / 2.0 + server.random() * ceiling / 2.0;
        tokio::time::sleep(Duration::from_secs_f64(pause)).await;
    }
}
