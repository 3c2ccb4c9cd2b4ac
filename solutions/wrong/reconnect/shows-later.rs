//! Events are shown in turns of the screen, ten a second.
//!
//! Fails: shows-what-comes
//! Says: ann should receive shown

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
    let (mut last, mut failures) = (0, 0);
    loop {
        if let Ok(mut connection) = server.connect().await {
            failures = 0;
            connection.emit("join-project", Some(&json!({ "projectId": project_id, "after": last })));
            while let Some(incoming) = connection.next().await {
                match incoming {
                    Incoming::Event { arguments, .. } => {
                        let number = arguments[0]["number"].as_u64().unwrap_or_default();
                        if number > last {
                            last = number;
                            tokio::time::sleep(Duration::from_millis(100)).await;
                            screen.show(&arguments[0]);
                        }
                    }
                    Incoming::Disconnected => return,
                    Incoming::Ack { .. } | Incoming::Closed => {}
                }
            }
        }
        tokio::time::sleep(delay(failures, server.random())).await;
        failures += 1;
    }
}

/// One second, doubled by each failure up to thirty, of which the second half is random.
fn delay(failures: i32, random: f64) -> Duration {
    let longest = 2_f64.powi(failures).min(30.0);
    Duration::from_secs_f64(longest * (0.5 + random / 2.0))
}
