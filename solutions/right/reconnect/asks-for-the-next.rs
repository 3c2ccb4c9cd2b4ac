//! The feed is asked for the number after the last one, and a state says what to do next.

use std::time::Duration;

use rooms::Io;
use scenario::feed::{self, Client, Incoming, Screen, Server};
use serde_json::json;
use tokio::time::sleep;

pub fn app(io: &Io) {
    feed::serve(io, |server, screen, project| async move {
        Consumer { server, screen, project, next: 1, pause: FIRST_PAUSE }.run().await;
    });
}

const FIRST_PAUSE: f64 = 0.5;

struct Consumer {
    server: Server,
    screen: Screen,
    project: String,
    next: u64,
    pause: f64,
}

enum State {
    Away,
    Here(Client),
    Gone,
}

impl Consumer {
    async fn run(mut self) {
        let mut state = State::Away;
        loop {
            state = match state {
                State::Away => self.come_back().await,
                State::Here(connection) => self.stay(connection).await,
                State::Gone => return,
            }
        }
    }

    async fn come_back(&mut self) -> State {
        match self.server.connect().await {
            Ok(connection) => {
                self.pause = FIRST_PAUSE;
                let from = json!({ "projectId": self.project, "after": self.next });
                connection.emit("join-project", Some(&from));
                State::Here(connection)
            }
            Err(_) => {
                self.wait().await;
                State::Away
            }
        }
    }

    async fn stay(&mut self, mut connection: Client) -> State {
        loop {
            match connection.next().await {
                Some(Incoming::Event { arguments, .. }) => self.take(&arguments[0]),
                Some(Incoming::Disconnected) => return State::Gone,
                Some(Incoming::Ack { .. }) => {}
                Some(Incoming::Closed) | None => {
                    self.wait().await;
                    return State::Away;
                }
            }
        }
    }

    fn take(&mut self, event: &serde_json::Value) {
        if event["number"] == self.next {
            self.next += 1;
            self.screen.show(event);
        }
    }

    async fn wait(&mut self) {
        let random = 0.75 + self.server.random() / 2.0;
        sleep(Duration::from_secs_f64(self.pause * random)).await;
        self.pause = (self.pause * 1.7).min(25.0);
    }
}
