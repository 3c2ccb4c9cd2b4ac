//! The TCP listener.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream, ToSocketAddrs, lookup_host};

use crate::http::Peer;
use crate::io::Io;
use crate::observer::Event;
use crate::paced::Pace;

/// How long to pause a listener that cannot accept, for example because the process has no descriptors left. Without
/// the pause it would spin.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// Bytes for one client that the system buffers before the client reads them. Its default is megabytes, which no limit
/// here would count; and it asks for more only when a third of them is gone, so a client that reads slowly would seem
/// to read nothing. Linux doubles it.
const SEND_BUFFER: u32 = 128 * 1024;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// A bound listener that is about to serve.
#[derive(Debug)]
pub struct Server {
    io: Io,
    listener: TcpListener,
    address: SocketAddr,
    pace: Pace,
}

impl Server {
    /// Binds an address. Clients can connect from now on; they are served by [`Server::run`].
    ///
    /// # Errors
    ///
    /// Any error of the operating system, most often that the port is taken. `InvalidInput` when other machines could
    /// reach the address, but the configuration has no token.
    pub async fn bind(address: impl ToSocketAddrs, io: Io) -> std::io::Result<Self> {
        let listener = listen(address).await?;
        let address = listener.local_addr()?;
        if !address.ip().is_loopback() && !io.has_token() {
            let problem = format!("other machines can reach {address}, so the configuration needs a token");
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, problem));
        }
        Ok(Self { io, listener, address, pace: Pace::new() })
    }

    /// The address that was bound, with the port that the system chose if it was asked to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts and serves clients until `stop` completes; then closes every connection.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        self.io.record(|| Event::Listening { address: self.address.to_string() });
        let _keeper = self.pace.keep();
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
        let (io, stream) = (self.io.clone(), self.pace.of(stream));
        tokio::spawn(async move { io.serve_peer(stream, peer).await });
    }
}

/// Listens on the first of these addresses that is available.
async fn listen(addresses: impl ToSocketAddrs) -> std::io::Result<TcpListener> {
    let mut problem = std::io::Error::new(std::io::ErrorKind::InvalidInput, "the name has no address");
    for address in lookup_host(addresses).await? {
        match listen_on(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => problem = error,
        }
    }
    Err(problem)
}

fn listen_on(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // As `TcpListener::bind` does. On Windows the option would let two programs share one port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    // Accepted streams inherit it from the listener.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
