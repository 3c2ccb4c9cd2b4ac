//! Namespaces that are made on demand.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::{RawClient, eventually, observed};
use rooms::observer::Event;
use rooms::{Config, Io, Recovery};

/// Workspaces by name, and how many were set up.
fn workspaces(io: &Io) -> Arc<AtomicUsize> {
    let set_up = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&set_up);
    io.of_dynamic(
        |name| name.starts_with("/workspace-"),
        move |workspace| {
            count.fetch_add(1, Ordering::Relaxed);
            // A handler that holds its own namespace, as an application's may.
            let itself = workspace.clone();
            workspace.on_connection(move |_| itself.emit("news", "somebody came"));
        },
    );
    set_up
}

async fn join(client: &mut RawClient, namespace: &str) -> String {
    client.send(&format!("40{namespace}")).await;
    client.read().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_namespace_is_made_for_its_first_client_and_shared_with_the_next() {
    let io = Io::new(Config::default());
    let set_up = workspaces(&io);
    let (mut ann, mut bob) = (RawClient::connect(&io).await, RawClient::connect(&io).await);
    for client in [&mut ann, &mut bob] {
        assert!(join(client, "/workspace-1").await.starts_with(r#"40/workspace-1,{"sid":""#));
        assert_eq!(client.read().await.unwrap(), r#"42/workspace-1,["news","somebody came"]"#);
    }
    assert_eq!(ann.read().await.unwrap(), r#"42/workspace-1,["news","somebody came"]"#);
    assert!(join(&mut bob, "/workspace-2").await.starts_with("40/workspace-2,"));
    assert_eq!(set_up.load(Ordering::Relaxed), 2);
    ann.settle().await;
    assert!(join(&mut ann, "/elsewhere").await.starts_with("44/elsewhere,"));
}

#[tokio::test(start_paused = true)]
async fn a_namespace_goes_with_its_last_client_unless_the_application_wants_it() {
    let io = Io::new(Config::default());
    let set_up = workspaces(&io);
    for round in 1..=3 {
        let mut client = RawClient::connect(&io).await;
        join(&mut client, "/workspace-1").await;
        assert_eq!(set_up.load(Ordering::Relaxed), round, "it is made again");
        drop(client);
        eventually(|| io.sockets().is_empty()).await;
    }
    io.of("/workspace-1").on_connection(|socket| socket.emit("news", "it stays"));
    for _ in 0..2 {
        let mut client = RawClient::connect(&io).await;
        join(&mut client, "/workspace-1").await;
        assert_eq!(client.read().await.unwrap(), r#"42/workspace-1,["news","it stays"]"#);
        drop(client);
        eventually(|| io.sockets().is_empty()).await;
    }
    assert_eq!(set_up.load(Ordering::Relaxed), 3);
}

#[tokio::test(start_paused = true)]
async fn there_are_only_so_many() {
    let io = Io::new(Config { max_dynamic_namespaces: 2, ..Config::default() });
    workspaces(&io);
    let mut client = RawClient::connect(&io).await;
    for name in ["/workspace-1", "/workspace-2"] {
        assert!(join(&mut client, name).await.starts_with("40"));
        client.read().await.unwrap();
    }
    let refused = r#"44/workspace-3,{"message":"Too many namespaces"}"#;
    assert_eq!(join(&mut client, "/workspace-3").await, refused);
    client.send("41/workspace-1,").await;
    assert!(join(&mut client, "/workspace-3").await.starts_with("40"), "there is room again");
}

#[tokio::test(start_paused = true)]
async fn a_refused_client_leaves_no_namespace_behind() {
    let io = Io::new(Config { max_dynamic_namespaces: 1, ..Config::default() });
    io.of_dynamic(|_| true, |namespace| namespace.guard(|_| Err("no".into())));
    let mut client = RawClient::connect(&io).await;
    for number in 0..10 {
        let refused = format!(r#"44/n{number},{{"message":"no"}}"#);
        assert_eq!(join(&mut client, &format!("/n{number}")).await, refused);
    }
}

#[tokio::test(start_paused = true)]
async fn a_namespace_stays_for_clients_that_may_come_back() {
    let io = Io::new(Config { recovery: Some(Recovery::default()), max_dynamic_namespaces: 1, ..Config::default() });
    let set_up = workspaces(&io);
    let mut client = RawClient::connect(&io).await;
    join(&mut client, "/workspace-1").await;
    drop(client);
    eventually(|| io.sockets().is_empty()).await;
    let mut client = RawClient::connect(&io).await;
    assert!(join(&mut client, "/workspace-2").await.starts_with("44"), "it is still there");
    tokio::time::advance(Recovery::default().max_age * 2).await;
    let mut client = RawClient::connect(&io).await;
    assert!(join(&mut client, "/workspace-2").await.starts_with("40"), "it has made room");
    assert_eq!(set_up.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn however_many_ask_for_namespaces_all_are_swept_once_a_second() {
    let io = Io::new(Config { recovery: Some(Recovery::default()), max_dynamic_namespaces: 1, ..Config::default() });
    workspaces(&io);
    let mut client = RawClient::connect(&io).await;
    join(&mut client, "/workspace-1").await;
    drop(client);
    eventually(|| io.sockets().is_empty()).await;
    tokio::time::advance(Recovery::default().max_age.saturating_sub(Duration::from_millis(200))).await;
    let mut client = RawClient::connect(&io).await;
    tokio::time::advance(Duration::from_millis(500)).await;
    assert!(join(&mut client, "/workspace-2").await.starts_with("44"), "that was half a second ago");
    tokio::time::advance(Duration::from_millis(500)).await;
    assert!(join(&mut client, "/workspace-2").await.starts_with("40"));
}

#[tokio::test(start_paused = true)]
async fn a_name_is_limited() {
    let io = Io::new(Config::default());
    workspaces(&io);
    let mut client = RawClient::connect(&io).await;
    let name = format!("/workspace-{}", "x".repeat(1024));
    assert_eq!(join(&mut client, &name).await, format!(r#"44{name},{{"message":"Invalid namespace"}}"#));
}

#[tokio::test(start_paused = true)]
async fn the_work_of_a_set_up_that_panicked_is_not_there_twice() {
    let io = Io::new(Config::default());
    let (root, tries) = (io.clone(), AtomicUsize::new(0));
    io.of_dynamic(
        |name| name == "/m",
        move |namespace| {
            // It has to stay, even if this fails.
            root.of("/m");
            namespace.on_connection(|socket| socket.emit("welcome", ()));
            assert!(tries.fetch_add(1, Ordering::Relaxed) > 0, "the first time it fails");
        },
    );
    let mut client = RawClient::connect(&io).await;
    assert!(join(&mut client, "/m").await.starts_with("44/m"));
    assert!(join(&mut client, "/m").await.starts_with("40/m"));
    assert_eq!(client.read().await.unwrap(), r#"42/m,["welcome"]"#);
    client.settle().await;
}

#[tokio::test(start_paused = true)]
async fn a_set_up_that_panics_lets_nobody_in_and_harms_nobody() {
    let (io, log) = observed(Config::default());
    io.of_dynamic(|name| name == "/broken", |_| panic!("no workspace today"));
    let mut client = RawClient::connect(&io).await;
    for _ in 0..2 {
        assert_eq!(join(&mut client, "/broken").await, r#"44/broken,{"message":"Invalid namespace"}"#);
    }
    client.settle().await;
    let panicked =
        |event: &&Event| matches!(event, Event::HandlerPanic { message, .. } if message == "no workspace today");
    assert_eq!(log.events().iter().filter(panicked).count(), 2);
}

/// On two threads: the last leaves while the next one comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_comes_while_the_last_one_leaves_finds_one_namespace_that_is_set_up() {
    let io = Io::new(Config { max_dynamic_namespaces: 1, ..Config::default() });
    let set_up = workspaces(&io);
    let mut visitors = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let io = io.clone();
        visitors.spawn(async move {
            let mut client = RawClient::connect(&io).await;
            for _ in 0..200 {
                client.send("40/workspace-1").await;
                // An admitted client is told so first, and then greeted, together with all others.
                assert!(client.read().await.unwrap().starts_with(r#"40/workspace-1,{"sid":""#));
                assert_eq!(client.read().await.unwrap(), r#"42/workspace-1,["news","somebody came"]"#);
                client.send("41/workspace-1,").await;
                client.send("40/settled").await;
                while !client.read().await.unwrap().starts_with("44/settled") {}
            }
        });
    }
    while let Some(visitor) = visitors.join_next().await {
        visitor.unwrap();
    }
    let before = set_up.load(Ordering::Relaxed);
    assert!((1..=1600).contains(&before));
    let mut client = RawClient::connect(&io).await;
    assert!(join(&mut client, "/workspace-2").await.starts_with("40"), "nothing is left of the other");
}
