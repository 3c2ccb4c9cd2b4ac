//! The TCP listener.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};

use crate::http::Peer;
use crate::io::Io;
use crate::observer::Event;

/// How long to leave a listener alone that cannot accept, for example because the process has no
/// descriptors left. Without the pause it would spin.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// A bound listener that is about to serve.
#[derive(Debug)]
pub struct Server {
    io: Io,
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Binds an address. Clients can connect from now on; they are served by [`Server::run`].
    ///
    /// # Errors
    ///
    /// Whatever the operating system says, most often that the port is taken. And `InvalidInput` when other
    /// machines could reach the address, but the configuration has no token.
    pub async fn bind(address: impl ToSocketAddrs, io: Io) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        if !address.ip().is_loopback() && !io.has_token() {
            let problem = format!("other machines can reach {address}, so the configuration needs a token");
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, problem));
        }
        Ok(Self { io, listener, address })
    }

    /// The address that was bound, with the port that the system chose if it was asked to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts and serves clients until `stop` completes; then closes every connection.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        self.io.record(|| Event::Listening { address: self.address.to_string() });
        tokio::select! {
            () = stop => {}
            () = self.accept() => {}
        }
        self.io.close().await;
    }

    async fn accept(&self) {
        loop {
            match self.listener.accept().await {
                Ok((stream, remote)) => self.spawn(stream, remote),
                Err(_) => tokio::time::sleep(ACCEPT_RETRY).await,
            }
        }
    }

    fn spawn(&self, stream: TcpStream, remote: SocketAddr) {
        // Small packets must not wait for more of them: replies would take 40 ms.
        let _ = stream.set_nodelay(true);
        let peer = Peer { remote: Some(remote), local: stream.local_addr().ok() };
        let io = self.io.clone();
        tokio::spawn(async move { io.serve_peer(stream, peer).await });
    }
}
