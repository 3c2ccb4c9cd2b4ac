//! Each pause is drawn between half a second and three times the last one.

use std::time::Duration;

use rooms::Io;
use scenario::feed::{self, Incoming, Screen, Server};
use serde_json::json;

/// A consumer in every tab.
pub fn app(io: &Io) {
    feed::serve(io, consume);
}

/// Shows each event of a project once, in order, over as many connections as it takes.
async fn consume(mut server: Server, screen: Screen, project_id: String) {
    let (mut last, mut prev) = (0, 0.5);
    loop {
        if let Ok(mut connection) = server.connect().await {
            prev = 0.5;
            connection.emit("join-project", Some(&json!({ "projectId": project_id, "after": last })));
            while let Some(incoming) = connection.next().await {
                match incoming {
                    Incoming::Event { arguments, .. } => {
                        let number = arguments[0]["number"].as_u64().unwrap_or_default();
                        if number > last {
                            last = number;
                            screen.show(&arguments[0]);
                        }
                    }
                    Incoming::Disconnected => return,
                    Incoming::Ack { .. } | Incoming::Closed => {}
                }
            }
        }
        prev = decorrelated(prev, server.random());
        tokio::time::sleep(Duration::from_secs_f64(prev)).await;
    }
}

/// One second, doubled by each failure up to thirty, of which the second half is random.
fn decorrelated(prev: f64, random: f64) -> f64 {
    (0.5 + random * (prev * 3.0 - 0.5)).min(30.0)
}
