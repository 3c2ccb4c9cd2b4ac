//! What the feed repeats is shown again.
//!
//! Fails: shows-nothing-twice
//! Says: ann should receive nothing here, and received shown {"number":2,
//! Says: ann had received the same in step 4.

use std::ops::ControlFlow;
use std::time::Duration;

use rooms::Io;
use scenario::feed::{self, Client, Incoming, Screen, Server};
use serde_json::json;

/// A consumer in every tab.
pub fn app(io: &Io) {
    feed::serve(io, consume);
}

/// Shows each event of a project once, in order, over as many connections as it takes.
async fn consume(mut server: Server, screen: Screen, project_id: String) {
    let (mut last, mut failures) = (0, 0);
    loop {
        if let Ok(connection) = server.connect().await {
            failures = 0;
            if follow(connection, &screen, &project_id, &mut last).await.is_break() {
                return;
            }
        }
        tokio::time::sleep(delay(failures, server.random())).await;
        failures += 1;
    }
}

/// One connection, from joining to its end. To break is to stay away.
async fn follow(mut connection: Client, screen: &Screen, project_id: &str, last: &mut u64) -> ControlFlow<()> {
    connection.emit("join-project", Some(&json!({ "projectId": project_id, "after": *last })));
    while let Some(incoming) = connection.next().await {
        match incoming {
            Incoming::Event { arguments, .. } => {
                let Some((number, event)) =
                    arguments.first().and_then(|event| Some((event["number"].as_u64()?, event)))
                else {
                    continue;
                };
                *last = number;
                screen.show(event);
            }
            Incoming::Disconnected => return ControlFlow::Break(()),
            Incoming::Ack { .. } | Incoming::Closed => {}
        }
    }
    ControlFlow::Continue(())
}

/// One second, doubled by each failure up to thirty, of which the second half is random.
fn delay(failures: i32, random: f64) -> Duration {
    let longest = 2_f64.powi(failures).min(30.0);
    Duration::from_secs_f64(longest * (0.5 + random / 2.0))
}
