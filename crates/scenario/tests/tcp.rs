//! The same scripts against a server on TCP.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use rooms::{Config, Io, Server};
use scenario::network::Address;
use scenario::run::{RunError, run, simulate};
use scenario::{Network, Script};

fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join", |socket, payload| socket.join(payload["room"].as_str().unwrap_or_default()));
        socket.on("say", |socket, payload| {
            socket.io().to(payload["room"].as_str().unwrap_or_default()).emit("said", payload);
        });
        socket.on_disconnecting(|socket, _| {
            for room in socket.rooms() {
                socket.to(room).emit("left", socket.handshake_auth());
            }
        });
    });
}

fn script() -> Script {
    let text = r#"
        title = "t"
        rooms = false
        clients = ["ann", "bob", "eve"]
        [[steps]]
        connect = ["ann", "bob"]
        [[steps]]
        connect = "eve"
        auth = { name = "eve" }
        [[steps]]
        emit = "join"
        from = "ann"
        payload = { room = "a" }
        [[steps]]
        emit = "join"
        from = "eve"
        payload = { room = "a" }
        [[steps]]
        flood = "say"
        from = "bob"
        payload = { room = "a", text = "é" }
        count = 20
        [[steps]]
        drop = "eve"
        [[steps]]
        disconnect = "ann"
    "#;
    Script::parse(text, Path::new("test.toml")).unwrap()
}

async fn server() -> (Address, tokio::sync::oneshot::Sender<()>) {
    let io = Io::new(Config::default());
    app(&io);
    let server = Server::bind("127.0.0.1:0", io).await.unwrap();
    let address = Address::parse(&server.address().to_string()).unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel();
    tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    (address, stop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tcp_and_the_simulation_give_the_same_transcript() {
    let simulated = std::thread::spawn(|| simulate(&script(), app)).join().unwrap().unwrap().transcript.to_string();
    assert_eq!(simulated.matches("said").count(), 40, "{simulated}");
    assert_eq!(simulated.matches("left").count(), 1, "{simulated}");
    let (address, _running) = server().await;
    for _ in 0..20 {
        let real = run(&script(), Network::Tcp(address.clone())).await.unwrap();
        assert_eq!(real.transcript.to_string(), simulated);
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let address = Address::parse("http://127.0.0.1:1").unwrap();
    let error = run(&script(), Network::Tcp(address)).await.unwrap_err();
    assert!(matches!(error, RunError::Connect { .. }));
    assert!(error.to_string().starts_with("ann cannot connect to http://127.0.0.1:1: no connection"), "{error}");
}

#[tokio::test]
async fn stopping_the_server_closes_its_clients() {
    let (address, stop) = server().await;
    let network = Network::Tcp(address);
    let mut client = scenario::client::Client::connect(&network, "/", None).await.unwrap();
    stop.send(()).unwrap();
    assert_eq!(client.next().await, Some(scenario::client::Incoming::Closed));
}
