//! A real client that comes to the embedded server from outside the program.

use scenario::Network;
use scenario::client::{Client, Departure};
use scenario::network::Address;
use serde_json::json;
use tokio::runtime::Runtime;

/// A Socket.IO client. It leaves when it is dropped.
pub(crate) struct Visitor {
    runtime: Runtime,
    client: Client,
}

impl Visitor {
    /// Connects under this name.
    pub(crate) fn connect(address: &str, name: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let network = Network::Tcp(Address::parse(address).unwrap());
        let client = runtime.block_on(Client::connect(&network, "/", Some(&json!({ "name": name })))).unwrap();
        Self { runtime, client }
    }

    /// Its socket id.
    pub(crate) fn id(&self) -> String {
        self.client.socket_id().to_owned()
    }

    /// Joins a project.
    pub(crate) fn join(&self, project: &str) {
        self.client.emit("join-project", Some(&json!({ "projectId": project })));
    }

    /// Disconnects cleanly.
    pub(crate) fn leave(mut self) {
        self.runtime.block_on(self.client.depart(Departure::Disconnect));
    }
}
