//! Our server with the application, in its own thread.

use std::net::{Ipv4Addr, SocketAddr};
use std::thread::{self, JoinHandle};

use rooms::{Config, Io, Server};
use tokio::runtime;
use tokio::sync::oneshot;

use crate::application;
use crate::records::Records;

/// A server that runs until it is dropped.
pub(crate) struct Served {
    address: SocketAddr,
    records: Records,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    pub(crate) fn start(config: Config) -> Self {
        let records = Records::default();
        let io = Io::observed(config, records.clone());
        application::serve(&io);
        // With two threads, a client's handlers and another client's session really run at the same time.
        let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let server = runtime.block_on(Server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), io)).unwrap();
        let address = server.address();
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { drop(stopped.await) };
        let thread = thread::spawn(move || runtime.block_on(server.run(stopped)));
        Self { address, records, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn records(&self) -> &Records {
        &self.records
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if thread::panicking() {
            self.records.show_last(10);
        }
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
