//! One part reads and counts ticks, the other one shows; a channel and a watch lie between them.

use rooms::Io;
use scenario::feed::{self, Incoming, Screen, Server};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval};
pub fn app(io: &Io) {
    feed::serve(io, consume);
}
async fn consume(mut server: Server, screen: Screen, project_id: String) {
    let (shown, seen) = watch::channel(0_u64);
    let (events, mut incoming) = mpsc::channel::<serde_json::Value>(1);
    let screen = Arc::new(screen);
    let show = async move {
        while let Some(event) = incoming.recv().await {
            tokio::task::yield_now().await;
            let n = event["number"].as_u64().unwrap();
            if n > *shown.borrow() {
                screen.show(&event);
                shown.send_replace(n);
            }
        }
    };
    let read = async move {
        let mut ticks = interval(Duration::from_millis(250));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let (mut left, mut fails) = (0_u32, 0_u32);
        loop {
            ticks.tick().await;
            if left > 0 {
                left -= 1;
                continue;
            }
            if let Ok(mut c) = server.connect().await {
                fails = 0;
                c.emit("join-project", Some(&json!({"projectId": project_id, "after": *seen.borrow()})));
                while let Some(i) = c.next().await {
                    match i {
                        Incoming::Event { arguments, .. } => {
                            let _ = events.send(arguments[0].clone()).await;
                        }
                        Incoming::Disconnected => return,
                        _ => {}
                    }
                }
            }
            let max = 120_u32.min(4 << fails.min(5));
            left = max / 2 + (server.random() * f64::from(max) / 2.0) as u32;
            fails += 1;
            let extra = server.random() * 0.2;
            tokio::time::sleep(Duration::from_secs_f64(extra)).await;
            ticks.reset();
        }
    };
    tokio::join!(show, read);
}
