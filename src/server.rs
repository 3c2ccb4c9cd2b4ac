//! The embedded server: the worked example on TCP, on this machine alone.
//!
//! The code that the learner re-types is the code that runs: the worked example is compiled from the lesson's own file.
//! In the workshop each bug of the catalogue runs beside it, in the namespace `/bugs/<id>`, so that a page can show its
//! effect.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use layout::bug_namespace;
use rooms::{Config, Io, Server, observer, records::Records};
use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{interval, timeout},
};
use tracing::{debug, warn};

use crate::descriptors;

// `build.rs` makes both of the lesson's own files.
include!(concat!(env!("OUT_DIR"), "/worked_example.rs"));

/// The worked example with a bug in it.
pub(crate) struct Bug {
    /// The bug's id.
    pub(crate) id: &'static str,
    /// The code with the bug.
    code: &'static str,
    /// The same as a part of this program.
    pub(crate) app: fn(&Io),
}

/// The worked example with each bug.
pub(crate) mod bugs {
    include!(concat!(env!("OUT_DIR"), "/bugs.rs"));
}

/// The port that people know. [`Embedded::start`] takes a later one if it must.
pub const PORT: u16 = 7420;

/// How many ports are tried, in order, before giving up.
const PORTS: u16 = 100;

/// Log lines that may wait for the reader of the records.
const LOG_LINES: usize = 4096;

/// How often freed memory is returned to the system, if a client has gone.
const GIVING_BACK: Duration = Duration::from_secs(2);

const COUNTERS_PERIOD: Duration = Duration::from_millis(250);

/// A client that never sent its request would hold up the end for as long as it may take to send one.
const STOP_TIMEOUT: Duration = Duration::from_millis(1200);

/// The running server. Dropping it stops the server as well, without waiting for its end.
#[derive(Debug)]
pub struct Embedded {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Embedded {
    /// Serves on the first free port of 127.0.0.1, from `first_port` on, with the bugs. [`Embedded::address`] has the
    /// port.
    ///
    /// If the records are not read, the server keeps running, but lifecycle records pile up.
    pub async fn start(first_port: u16) -> io::Result<(Self, Records)> {
        let last_port = first_port.saturating_add(PORTS - 1);
        for port in first_port..=last_port {
            match Self::observed((Ipv4Addr::LOCALHOST, port).into(), Config::default(), with_bugs).await {
                Err(error) if is_taken(&error) => debug!(port, "taken"),
                result => return result,
            }
        }
        let problem =
            format!("every port from {first_port} to {last_port} is taken; end the programs that listen there");
        Err(io::Error::new(io::ErrorKind::AddrInUse, problem))
    }

    /// Serves on exactly this address. Port 0 lets the system choose.
    pub async fn bind(address: SocketAddr, config: Config) -> io::Result<(Self, Records)> {
        Self::observed(address, config, worked_example::app).await
    }

    /// Serves on exactly this address, without an observer.
    pub async fn bind_unobserved(address: SocketAddr, config: Config) -> io::Result<Self> {
        Self::serve(address, Io::new(with_a_reserve(config)), worked_example::app).await
    }

    async fn observed(address: SocketAddr, config: Config, app: fn(&Io)) -> io::Result<(Self, Records)> {
        let (feed, receiver) = observer::feed(LOG_LINES);
        let io = Io::observed(with_a_reserve(config), feed);
        let server = Self::serve(address, io.clone(), app).await?;
        Ok((server, Records::new(io, receiver, COUNTERS_PERIOD)))
    }

    async fn serve(address: SocketAddr, io: Io, app: fn(&Io)) -> io::Result<Self> {
        app(&io);
        let server = Server::bind(address, io.clone()).await?;
        let address = server.address();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(async move {
            // An error means that the handle was dropped, which stops the server too.
            let stop = async { drop(stopped.await) };
            tokio::select! {
                () = server.run(stop) => {}
                () = give_back_memory(&io) => {}
            }
        });
        Ok(Self { address, stop, serving })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes every client; returns when all are gone, and after less than two seconds even if one will not go.
    pub async fn stop(self) {
        // The server may have ended already.
        let _ = self.stop.send(());
        let serving = self.serving.abort_handle();
        if timeout(STOP_TIMEOUT, self.serving).await.is_err() {
            warn!("the embedded server did not end in time, and is cut off");
            serving.abort();
        }
    }
}

/// Leaves some descriptors to the rest of the program, however many clients come.
fn with_a_reserve(config: Config) -> Config {
    Config { max_streams: config.max_streams.min(descriptors::streams_allowed()), ..config }
}

/// Returns the memory of clients that have gone to the system.
async fn give_back_memory(io: &Io) {
    let mut period = interval(GIVING_BACK);
    let mut ended = io.connections_ended();
    loop {
        period.tick().await;
        if std::mem::replace(&mut ended, io.connections_ended()) != ended {
            #[cfg(unix)]
            let _ = tokio::task::spawn_blocking(system::give_back_memory).await;
        }
    }
}

fn with_bugs(io: &Io) {
    worked_example::app(io);
    for bug in bugs::ALL {
        (bug.app)(&io.of(&bug_namespace(bug.id)));
    }
}

/// Whether the embedded server runs this code, and shows each of these bugs, told by their ids and the code that has them.
pub fn shows<'a>(code: &str, mut with_bugs: impl Iterator<Item = (&'a str, &'a str)>) -> bool {
    code == WORKED_EXAMPLE && with_bugs.all(|(id, code)| bugs::ALL.iter().any(|bug| bug.id == id && bug.code == code))
}

/// Windows keeps ranges of ports for itself, and then denies permission.
fn is_taken(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use rooms::observer::{Event, Record};
    use scenario::{
        Network,
        client::{Client, Incoming},
        network::Address,
    };
    use serde_json::json;
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

    async fn client(server: &Embedded, name: &str) -> Client {
        let network = Network::Tcp(Address::parse(&server.address().to_string()).unwrap());
        Client::connect(&network, "/", Some(&json!({ "name": name }))).await.unwrap()
    }

    async fn until(records: &mut Records, wanted: impl Fn(&Event) -> bool) -> Record {
        let search = async {
            loop {
                let record = records.next().await.unwrap();
                if wanted(&record.event) {
                    return record;
                }
            }
        };
        timeout(Duration::from_secs(10), search).await.unwrap()
    }

    #[tokio::test]
    async fn the_worked_example_runs_and_its_records_tell() {
        let (server, mut records) = Embedded::bind(ANY, Config::default()).await.unwrap();
        let address = server.address().to_string();
        until(&mut records, |event| matches!(event, Event::Listening { address: found } if *found == address)).await;
        let mut ann = client(&server, "ann").await;
        ann.emit("join-project", Some(&json!({ "projectId": "p1" })));
        ann.emit("join-project", None);
        assert!(ann.settle().await);
        let error = Incoming::Event {
            name: "error-message".into(),
            arguments: vec![json!({ "message": "projectId required" })],
        };
        assert_eq!(ann.take(), [error]);
        let name = Some("ann".to_owned());
        until(&mut records, |event| matches!(event, Event::Connect { name: shown, .. } if *shown == name)).await;
        until(&mut records, |event| matches!(event, Event::Join { room, .. } if room == "project:p1")).await;
        until(&mut records, |event| matches!(event, Event::Counters { sockets, .. } if sockets[0].received == 2)).await;
    }

    #[tokio::test]
    async fn a_taken_port_means_the_next_one() {
        let taken = TcpListener::bind(ANY).await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let (server, _records) = Embedded::start(port).await.unwrap();
        assert!((port + 1..port + PORTS).contains(&server.address().port()), "{}", server.address());
        let error = Embedded::bind(taken.local_addr().unwrap(), Config::default()).await.unwrap_err();
        assert!(is_taken(&error));
    }

    #[tokio::test]
    async fn no_port_is_free_at_the_end_of_the_range() {
        // Whichever program has the last port, it is taken after this.
        let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, u16::MAX)).await;
        let error = Embedded::start(u16::MAX).await.unwrap_err();
        assert_eq!(error.to_string(), "every port from 65535 to 65535 is taken; end the programs that listen there");
    }

    #[tokio::test]
    async fn stopping_closes_every_client_even_one_that_never_spoke() {
        let (server, mut records) = Embedded::bind(ANY, Config::default()).await.unwrap();
        let _silent = TcpStream::connect(server.address()).await.unwrap();
        let mut ann = client(&server, "ann").await;
        let started = Instant::now();
        server.stop().await;
        assert!(started.elapsed() < Duration::from_secs(2));
        assert_eq!(ann.next().await, Some(Incoming::Closed));
        until(&mut records, |event| matches!(event, Event::Disconnect { .. })).await;
    }

    #[tokio::test]
    async fn dropping_the_handle_stops_the_server() {
        let (server, _records) = Embedded::bind(ANY, Config::default()).await.unwrap();
        let mut ann = client(&server, "ann").await;
        drop(server);
        assert_eq!(ann.next().await, Some(Incoming::Closed));
    }
}
