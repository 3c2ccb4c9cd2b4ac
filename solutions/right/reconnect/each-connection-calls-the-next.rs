//! Recursion with a pause, a limit for each connect, and events that wait for those before them.

use rooms::Io;
use scenario::feed::{self, Client, Incoming, Screen, Server};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::{sleep, timeout};
pub fn app(io: &Io) {
    feed::serve(io, consume);
}
enum End {
    Kicked,
    Lost,
}
struct Tab {
    server: Server,
    screen: Screen,
    project: String,
    next: u64,
    early: BTreeMap<u64, Value>,
}
async fn consume(server: Server, screen: Screen, project: String) {
    let mut tab = Tab { server, screen, project, next: 1, early: BTreeMap::new() };
    run(&mut tab, Duration::ZERO).await;
}
fn run<'a>(tab: &'a mut Tab, pause: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
    Box::pin(async move {
        if !pause.is_zero() {
            sleep(pause.mul_f64(0.6 + 0.4 * tab.server.random())).await;
        }
        let next = match timeout(Duration::from_secs(20), tab.server.connect()).await {
            Ok(Ok(client)) => match tab.follow(client).await {
                End::Kicked => return,
                End::Lost => Duration::from_secs(1),
            },
            _ => (pause * 2).clamp(Duration::from_secs(1), Duration::from_secs(30)),
        };
        run(tab, next).await
    })
}
impl Tab {
    async fn follow(&mut self, mut client: Client) -> End {
        client.emit("join-project", Some(&json!({"projectId": self.project, "after": self.next})));
        loop {
            match client.next().await {
                Some(Incoming::Event { name, mut arguments }) if name == "task-updated" => {
                    let event = arguments.swap_remove(0);
                    self.early.insert(event["number"].as_u64().unwrap(), event);
                    self.early = self.early.split_off(&self.next);
                    while let Some(event) = self.early.remove(&self.next) {
                        self.screen.show(&event);
                        self.next += 1;
                    }
                }
                Some(Incoming::Disconnected) => return End::Kicked,
                Some(Incoming::Closed) | None => return End::Lost,
                _ => {}
            }
        }
    }
}
