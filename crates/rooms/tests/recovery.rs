//! Clients that were cut off and come back.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Log, RawClient, eventually, observed};
use rooms::observer::Event;
use rooms::{Config, Io, OverflowPolicy, Recovery};
use serde_json::{Value, json};

fn config() -> Config {
    Config { recovery: Some(Recovery::default()), ..Config::default() }
}

fn application(config: Config) -> (Io, Log) {
    let (io, log) = observed(config);
    io.on_connection(|socket| {
        socket.on("join", |socket, payload| socket.join(payload.value().as_str().unwrap()));
        socket.on("leave", |socket, payload| socket.leave(payload.value().as_str().unwrap()));
        socket.on("remember", |socket, payload| socket.set_data("it", payload.value().clone()));
        socket.on("state", |socket, payload| {
            payload.ack(json!([socket.is_recovered(), socket.rooms(), socket.data("it"), socket.handshake_auth()]));
        });
    });
    (io, log)
}

/// A client that keeps what it needs to come back, as the official one does.
struct Client {
    raw: RawClient,
    sid: String,
    pid: String,
    offset: Option<String>,
}

impl Client {
    async fn connect(io: &Io) -> Self {
        Self::over(RawClient::open(io).await, &json!({})).await
    }

    async fn over(mut raw: RawClient, auth: &Value) -> Self {
        raw.read().await.unwrap();
        raw.send(&format!("40{auth}")).await;
        let reply: Value = serde_json::from_str(&raw.read().await.unwrap()[2..]).unwrap();
        let text = |key: &str| reply[key].as_str().unwrap().to_owned();
        let (sid, pid) = (text("sid"), text("pid"));
        Self { raw, sid, pid, offset: None }
    }

    fn claim(&self) -> Value {
        match &self.offset {
            Some(offset) => json!({ "pid": self.pid, "offset": offset }),
            None => json!({ "pid": self.pid }),
        }
    }

    /// Loses its connection without a word; the server has noticed by the time this returns.
    async fn cut(self, io: &Io) -> Value {
        let (claim, sid) = (self.claim(), self.sid);
        drop(self.raw);
        eventually(|| io.fetch_sockets(&sid).is_empty() && !io.sockets().iter().any(|s| s.id().as_str() == sid)).await;
        claim
    }

    async fn come_back(io: &Io, claim: &Value) -> Self {
        let mut client = Self::over(RawClient::open(io).await, claim).await;
        client.offset = claim["offset"].as_str().map(str::to_owned);
        client
    }

    async fn send(&mut self, packet: &str) {
        self.raw.send(packet).await;
    }

    /// The payloads of what it heard so far.
    async fn heard(&mut self) -> Vec<Value> {
        self.send("40/settled").await;
        let mut payloads = Vec::new();
        loop {
            let packet = self.raw.read().await.unwrap();
            if packet.starts_with("44/settled") {
                return payloads;
            }
            let mut data: Vec<Value> = serde_json::from_str(&packet[2..]).unwrap();
            self.offset = Some(data.pop().unwrap().as_str().unwrap().to_owned());
            assert_eq!(data.len(), 2, "{packet}");
            payloads.push(data.remove(1));
        }
    }

    async fn state(&mut self) -> Value {
        self.send(r#"420["state"]"#).await;
        let reply = self.raw.read().await.unwrap();
        serde_json::from_str::<Value>(reply.strip_prefix("430").unwrap()).unwrap()[0].clone()
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_comes_back_as_itself_and_gets_what_it_missed_in_order() {
    let (io, log) = application(config());
    let mut client = Client::connect(&io).await;
    client.send(r#"42["join","a"]"#).await;
    client.send(r#"42["remember",{"draft":1}]"#).await;
    client.heard().await;
    io.to("a").emit("news", 1);
    assert_eq!(client.heard().await, [1]);
    let (sid, pid) = (client.sid.clone(), client.pid.clone());
    let claim = client.cut(&io).await;
    for number in 2..=4 {
        io.to("a").emit("news", number);
        io.to("b").emit("news", "of no concern");
    }
    io.to(sid.as_str()).emit("news", "to its id");
    io.except("a").emit("news", "to the others");
    io.volatile().emit("news", "not worth keeping");
    let mut client = Client::come_back(&io, &claim).await;
    assert_eq!((&client.sid, &client.pid), (&sid, &pid));
    io.emit("news", "live");
    assert_eq!(client.heard().await, [json!(2), json!(3), json!(4), json!("to its id"), json!("live")]);
    assert_eq!(client.state().await, json!([true, ["a"], { "draft": 1 }, {}]));
    assert!(log.events().iter().any(|event| matches!(event, Event::Recovered { events: 4, .. })));
    io.to("a").emit("news", 5);
    assert_eq!(client.heard().await, [5], "it is really in its room");
}

#[tokio::test(start_paused = true)]
async fn coming_back_again_and_again_loses_and_doubles_nothing() {
    let (io, _) = application(config());
    let mut client = Client::connect(&io).await;
    let sid = client.sid.clone();
    let (mut heard, mut sent) = (Vec::new(), 0);
    for round in 0..20 {
        for _ in 0..round {
            io.emit("news", sent);
            sent += 1;
        }
        // Sometimes it has read what came before it is cut off, sometimes not.
        if round % 3 != 0 {
            heard.extend(client.heard().await);
        }
        let claim = client.cut(&io).await;
        io.emit("news", sent);
        sent += 1;
        client = Client::come_back(&io, &claim).await;
        assert_eq!(client.sid, sid);
    }
    heard.extend(client.heard().await);
    assert_eq!(heard, (0..sent).collect::<Vec<_>>());
}

/// On two threads: connections break at any moment, and their clients come back at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_clients_come_back_while_events_are_sent_and_lose_and_double_nothing() {
    const EVENTS: usize = 3000;
    // Nobody must be cut off for slowness, too.
    let (io, _) = application(Config { queue_messages: EVENTS, ..config() });
    let mut clients = tokio::task::JoinSet::new();
    for patience in 1..=8 {
        let mut client = Client::connect(&io).await;
        let io = io.clone();
        clients.spawn(async move {
            let (mut heard, mut returns) = (Vec::new(), 0);
            let has_all = |heard: &[usize]| heard.last() == Some(&(EVENTS - 1));
            while !has_all(&heard) {
                for _ in 0..patience * 5 {
                    let Some(packet) = client.raw.read().await else { break };
                    if let Some(data) = packet.strip_prefix("42") {
                        let (_, number, offset): (String, usize, String) = serde_json::from_str(data).unwrap();
                        client.offset = Some(offset);
                        heard.push(number);
                    }
                    if has_all(&heard) {
                        break;
                    }
                }
                let (sid, claim) = (client.sid.clone(), client.claim());
                drop(client);
                client = Client::come_back(&io, &claim).await;
                assert_eq!(client.sid, sid, "after {returns} returns and {} events", heard.len());
                returns += 1;
            }
            assert_eq!(heard, (0..EVENTS).collect::<Vec<_>>(), "after {returns} returns");
        });
    }
    for number in 0..EVENTS {
        io.emit("news", number);
        tokio::task::yield_now().await;
    }
    while let Some(client) = clients.join_next().await {
        client.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn events_that_it_did_not_read_after_its_return_are_still_missed() {
    let (io, _) = application(config());
    let mut client = Client::connect(&io).await;
    io.emit("news", 1);
    client.heard().await;
    io.emit("news", 2);
    let mut claim = client.cut(&io).await;
    for number in 3..6 {
        io.emit("news", number);
        let client = Client::come_back(&io, &claim).await;
        claim = client.cut(&io).await;
        // Once without anything new.
        claim = Client::come_back(&io, &claim).await.cut(&io).await;
    }
    let mut client = Client::come_back(&io, &claim).await;
    assert_eq!(client.heard().await, [2, 3, 4, 5]);
}

#[tokio::test(start_paused = true)]
async fn code_that_kept_the_socket_can_still_reach_its_client() {
    let (io, _) = application(config());
    let client = Client::connect(&io).await;
    let kept = io.sockets()[0].clone();
    let claim = client.cut(&io).await;
    kept.emit("news", "while it was away");
    let mut client = Client::come_back(&io, &claim).await;
    kept.emit("news", "now that it is back");
    kept.join("a");
    io.to("a").emit("news", "in a room");
    assert_eq!(client.heard().await, ["while it was away", "now that it is back", "in a room"]);
}

/// A server whose first socket ends only when that is allowed.
struct SlowEnd {
    io: Io,
    log: Log,
    go_on: std::sync::mpsc::Sender<()>,
    is_ending: Arc<AtomicBool>,
}

impl SlowEnd {
    fn new() -> Self {
        let (io, log) = application(config());
        let (go_on, wait) = std::sync::mpsc::channel::<()>();
        let (is_ending, wait) = (Arc::new(AtomicBool::new(false)), Mutex::new(Some(wait)));
        let ending = Arc::clone(&is_ending);
        io.on_connection(move |socket| {
            let (wait, ending) = (Mutex::new(wait.lock().unwrap().take()), Arc::clone(&ending));
            socket.on_disconnecting(move |_, _| {
                if let Some(wait) = wait.lock().unwrap().take() {
                    ending.store(true, Ordering::Release);
                    let _ = wait.recv();
                }
            });
        });
        Self { io, log, go_on, is_ending }
    }

    /// The client comes back while its old socket is ending; returns the new one.
    async fn come_back(&self, claim: &Value) -> Client {
        eventually(|| self.is_ending.load(Ordering::Acquire)).await;
        let mut raw = RawClient::open(&self.io).await;
        raw.read().await.unwrap();
        raw.send(&format!("40{claim}")).await;
        let connects = |event: &Event| matches!(event, Event::Connect { .. });
        assert_eq!(self.log.events().iter().filter(|event| connects(event)).count(), 1, "the end comes first");
        self.go_on.send(()).unwrap();
        let reply: Value = serde_json::from_str(&raw.read().await.unwrap()[2..]).unwrap();
        let text = |key: &str| reply[key].as_str().unwrap().to_owned();
        Client { raw, sid: text("sid"), pid: text("pid"), offset: None }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_client_that_comes_back_during_the_end_of_its_old_socket_waits_for_it() {
    let server = SlowEnd::new();
    let client = Client::connect(&server.io).await;
    let (sid, claim) = (client.sid.clone(), client.claim());
    drop(client);
    let mut client = server.come_back(&claim).await;
    assert_eq!(client.sid, sid);
    let lives = server.log.events().into_iter().filter_map(|event| match event {
        Event::Connect { .. } => Some("connect"),
        Event::Disconnect { .. } => Some("disconnect"),
        _ => None,
    });
    assert_eq!(lives.collect::<Vec<_>>(), ["connect", "disconnect", "connect"]);
    server.io.emit("news", 1);
    assert_eq!(client.heard().await, [1]);
    assert_eq!(server.io.sockets().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_client_that_is_being_thrown_out_does_not_slip_back_in() {
    let server = SlowEnd::new();
    let client = Client::connect(&server.io).await;
    let socket = server.io.sockets()[0].clone();
    let throwing = std::thread::spawn(move || socket.disconnect());
    let again = server.come_back(&client.claim()).await;
    throwing.join().unwrap();
    assert_ne!(again.sid, client.sid);
}

#[tokio::test(start_paused = true)]
async fn events_for_others_were_not_missed() {
    let (io, _) = application(config());
    let (client, mut other) = (Client::connect(&io).await, Client::connect(&io).await);
    let (mine, others) = (io.sockets()[0].clone(), io.sockets()[1].clone());
    let claim = client.cut(&io).await;
    others.emit("news", "private");
    mine.broadcast().emit("news", "of its own");
    io.emit("news", "for all");
    let mut client = Client::come_back(&io, &claim).await;
    assert_eq!(client.heard().await, ["for all"]);
    assert_eq!(other.heard().await, ["private", "of its own", "for all"]);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_answers_no_heartbeat_comes_back_too() {
    let (io, log) = application(config());
    let client = Client::connect(&io).await;
    io.emit("news", 1);
    eventually(|| !log.disconnect_reasons().is_empty()).await;
    assert_eq!(log.disconnect_reasons(), ["ping timeout"]);
    let mut again = Client::come_back(&io, &client.claim()).await;
    assert_eq!(again.sid, client.sid);
    assert_eq!(again.heard().await, [1]);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_ends_while_a_guard_decides_does_not_cost_the_way_back() {
    let (io, _) = application(config());
    io.guard_async(|socket| async move {
        if socket.handshake_auth()["slow"] == true {
            std::future::pending::<()>().await;
        }
        Ok(())
    });
    let client = Client::connect(&io).await;
    let sid = client.sid.clone();
    let claim = client.cut(&io).await;
    let mut raw = RawClient::open(&io).await;
    raw.read().await.unwrap();
    let mut slow = claim.clone();
    slow["slow"] = true.into();
    raw.send(&format!("40{slow}")).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    drop(raw);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(Client::come_back(&io, &claim).await.sid, sid);
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_is_not_taken_for_one_to_a_later_question() {
    let (io, _) = application(config());
    let client = Client::connect(&io).await;
    let socket = io.sockets()[0].clone();
    let first = socket.emit_with_ack("question", "first", Duration::from_millis(1)).await;
    assert!(first.is_err());
    let claim = client.cut(&io).await;
    let mut client = Client::come_back(&io, &claim).await;
    let socket = io.sockets()[0].clone();
    let second = tokio::spawn(async move { socket.emit_with_ack("question", "second", Duration::from_secs(9)).await });
    let question = client.raw.read().await.unwrap();
    client.send(r#"430["to the first"]"#).await;
    client.send(&format!("43{}[\"to the second\"]", question[2..].split('[').next().unwrap())).await;
    assert_eq!(second.await.unwrap().unwrap().json(), "\"to the second\"");
}

#[tokio::test(start_paused = true)]
async fn data_may_be_made_of_other_data() {
    struct Next<'a>(&'a rooms::Socket);
    impl From<Next<'_>> for Value {
        fn from(Next(socket): Next<'_>) -> Self {
            (socket.data("count").as_u64().unwrap_or(0) + 1).into()
        }
    }
    let (io, _) = application(config());
    let _client = Client::connect(&io).await;
    let socket = io.sockets()[0].clone();
    (0..2).for_each(|_| socket.set_data("count", Next(&socket)));
    assert_eq!(socket.data("count"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_had_heard_nothing_comes_back_too() {
    let (io, _) = application(config());
    io.emit("news", "before its time");
    let client = Client::connect(&io).await;
    let claim = client.cut(&io).await;
    io.emit("news", 1);
    let mut client = Client::come_back(&io, &claim).await;
    assert_eq!(client.heard().await, [1]);
}

#[tokio::test(start_paused = true)]
async fn rooms_count_as_they_were_when_the_event_was_sent() {
    let (io, _) = application(config());
    let mut client = Client::connect(&io).await;
    io.to("late").emit("news", "before it joined");
    client.send(r#"42["join","early"]"#).await;
    client.send(r#"42["join","late"]"#).await;
    eventually(|| io.sockets()[0].rooms().len() == 2).await;
    io.to("early").emit("news", "while it was there");
    client.send(r#"42["leave","early"]"#).await;
    eventually(|| io.sockets()[0].rooms().len() == 1).await;
    io.to("early").emit("news", "after it left");
    io.to("late").emit("news", "where it still is");
    // It has read nothing of all this.
    let claim = client.cut(&io).await;
    let mut client = Client::come_back(&io, &claim).await;
    assert_eq!(client.heard().await, ["while it was there", "where it still is"]);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_the_server_believes_alive_is_superseded() {
    let (io, log) = application(config());
    let mut client = Client::connect(&io).await;
    client.send(r#"42["join","a"]"#).await;
    client.heard().await;
    let mut again = Client::come_back(&io, &client.claim()).await;
    assert_eq!(again.sid, client.sid);
    io.to("a").emit("news", 1);
    assert_eq!(again.heard().await, [1]);
    assert_eq!(client.raw.read().await, None, "the old connection is closed");
    assert_eq!((io.sockets().len(), log.disconnect_reasons()), (1, vec!["transport close".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_was_away_too_long_is_a_new_one_and_knows_it() {
    let (io, log) = application(config());
    let mut client = Client::connect(&io).await;
    client.send(r#"42["join","a"]"#).await;
    client.heard().await;
    let (sid, pid) = (client.sid.clone(), client.pid.clone());
    let claim = client.cut(&io).await;
    tokio::time::advance(Duration::from_secs(121)).await;
    let mut client = Client::come_back(&io, &claim).await;
    assert!(client.sid != sid && client.pid != pid);
    assert_eq!(client.state().await, json!([false, [], null, {}]));
    assert!(log.events().iter().any(|event| matches!(event, Event::NotRecovered { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_missed_more_than_is_remembered_is_a_new_one() {
    let recovery = Some(Recovery { max_bytes: 10_000, ..Recovery::default() });
    let (io, _) = application(Config { recovery, ..Config::default() });
    let mut client = Client::connect(&io).await;
    io.emit("news", 0);
    client.heard().await;
    let sid = client.sid.clone();
    let claim = client.cut(&io).await;
    for number in 1..100 {
        io.emit("news", number);
    }
    let mut client = Client::come_back(&io, &claim).await;
    assert_ne!(client.sid, sid);
    assert_eq!(client.heard().await, [] as [Value; 0]);
}

#[tokio::test(start_paused = true)]
async fn namespaces_share_the_memory_for_recovery_and_one_that_exceeds_it_gives_up_its_own() {
    let recovery = Some(Recovery { max_bytes: 10_000, ..Recovery::default() });
    let (io, _) = application(Config { recovery, ..Config::default() });
    let client = Client::connect(&io).await;
    let sid = client.sid.clone();
    let claim = client.cut(&io).await;
    io.emit("news", "missed");
    let busy = io.of("/busy");
    (0..100).for_each(|number| busy.emit("news", number));
    let mut client = Client::come_back(&io, &claim).await;
    assert_eq!(client.sid, sid, "the other namespace gave up its own");
    assert_eq!(client.heard().await, ["missed"]);

    let claim = client.cut(&io).await;
    (0..10).for_each(|number| io.emit("news", number));
    let client = Client::come_back(&io, &claim).await;
    assert_ne!(client.sid, sid, "the other namespace has most of the memory");

    tokio::time::advance(Duration::from_secs(121)).await;
    // When a client connects, old entries are evicted, even in idle namespaces.
    let client = Client::connect(&io).await;
    let sid = client.sid.clone();
    let claim = client.cut(&io).await;
    (0..10).for_each(|number| io.emit("news", number));
    let mut client = Client::come_back(&io, &claim).await;
    assert_eq!(client.sid, sid);
    assert_eq!(client.heard().await, (0..10).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_namespace_that_is_gone_takes_no_memory_from_the_others() {
    let recovery = Some(Recovery { max_bytes: 10_000, ..Recovery::default() });
    let (io, _) = application(Config { recovery, ..Config::default() });
    let kept: Arc<Mutex<Vec<Io>>> = Arc::default();
    let keep = Arc::clone(&kept);
    io.of_dynamic(|name| name == "/gone", move |namespace| keep.lock().unwrap().push(namespace.clone()));
    let mut visitor = RawClient::connect(&io).await;
    visitor.send("40/gone").await;
    visitor.read().await.unwrap();
    let gone = kept.lock().unwrap()[0].clone();
    for number in 0..100 {
        gone.emit("news", number);
        visitor.read().await.unwrap();
    }
    visitor.send("41/gone,").await;
    visitor.settle().await;
    let client = Client::connect(&io).await;
    let sid = client.sid.clone();
    let claim = client.cut(&io).await;
    (0..100).for_each(|number| gone.emit("news", number));
    (0..10).for_each(|number| io.emit("news", number));
    assert_eq!(Client::come_back(&io, &claim).await.sid, sid);
}

#[tokio::test(start_paused = true)]
async fn a_client_with_much_data_does_not_push_the_others_out() {
    let recovery = Some(Recovery { max_bytes: 10_000, ..Recovery::default() });
    let (io, _) = application(Config { recovery, ..Config::default() });
    let (small, mut large) = (Client::connect(&io).await, Client::connect(&io).await);
    let (small_sid, large_sid) = (small.sid.clone(), large.sid.clone());
    large.send(&format!(r#"42["remember","{}"]"#, "x".repeat(9_900))).await;
    large.heard().await;
    let (small, large) = (small.cut(&io).await, large.cut(&io).await);
    assert_eq!(Client::come_back(&io, &small).await.sid, small_sid);
    assert_ne!(Client::come_back(&io, &large).await.sid, large_sid, "it had more than its share");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_left_or_was_thrown_out_does_not_come_back() {
    let (io, _) = application(config());
    for leave in [true, false] {
        let mut client = Client::connect(&io).await;
        if leave {
            client.send("41").await;
        } else {
            io.sockets()[0].disconnect();
        }
        eventually(|| io.sockets().is_empty()).await;
        let again = Client::come_back(&io, &client.claim()).await;
        assert_ne!(again.sid, client.sid);
        drop((client, again));
        eventually(|| io.sockets().is_empty()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn invalid_claims_make_a_new_socket() {
    let (io, _) = application(config());
    for claim in [
        json!({ "pid": "nobody's" }),
        json!({ "pid": 7, "offset": 8 }),
        json!({ "offset": "0000000000000001" }),
        json!({ "pid": "", "offset": "" }),
        json!({ "pid": null }),
    ] {
        let mut client = Client::come_back(&io, &claim).await;
        assert_eq!(client.state().await[0], false, "{claim}");
    }
    let client = Client::connect(&io).await;
    let mut claim = client.cut(&io).await;
    claim["offset"] = "no offset".into();
    assert_eq!(Client::come_back(&io, &claim).await.state().await[0], false);
    claim["offset"] = Value::Null;
    assert_eq!(Client::come_back(&io, &claim).await.state().await[0], true, "a wrong claim costs nothing");
}

#[tokio::test(start_paused = true)]
async fn a_guard_is_asked_again_and_a_refusal_does_not_cost_the_way_back() {
    let (io, _) = application(config());
    io.guard(|socket| match socket.handshake_auth()["token"].as_str() {
        Some("expired") => Err("expired".into()),
        _ => Ok(()),
    });
    let client = Client::connect(&io).await;
    let sid = client.sid.clone();
    let claim = client.cut(&io).await;
    io.emit("news", 1);
    let mut raw = RawClient::open(&io).await;
    raw.read().await.unwrap();
    let mut expired = claim.clone();
    expired["token"] = "expired".into();
    raw.send(&format!("40{expired}")).await;
    assert_eq!(raw.read().await.unwrap(), r#"44{"message":"expired"}"#);
    let mut client = Client::come_back(&io, &claim).await;
    assert_eq!(client.sid, sid);
    assert_eq!(client.heard().await, [1]);
}

#[tokio::test(start_paused = true)]
async fn a_client_whose_events_are_forgotten_while_a_guard_decides_comes_back_as_a_new_one() {
    let recovery = Some(Recovery { max_bytes: 10_000, ..Recovery::default() });
    let (io, _) = application(Config { recovery, ..Config::default() });
    io.guard_async(|socket| async move {
        if socket.handshake_auth()["slow"] == true {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        Ok(())
    });
    let client = Client::connect(&io).await;
    let sid = client.sid.clone();
    let mut claim = client.cut(&io).await;
    io.emit("news", "missed");
    claim["slow"] = true.into();
    let mut raw = RawClient::open(&io).await;
    raw.read().await.unwrap();
    raw.send(&format!("40{claim}")).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    (0..100).for_each(|number| io.emit("news", number));
    assert_eq!(raw.read().await, None, "it is told nothing untrue");
    let mut client = Client::come_back(&io, &claim).await;
    assert_ne!(client.sid, sid);
    assert_eq!(client.state().await[0], false);
    assert_eq!(io.sockets().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_was_too_slow_comes_back_and_gets_everything() {
    let (io, log) = application(Config { queue_messages: 16, ..config() });
    let mut client = Client::over(RawClient::open_with_buffer(&io, 1024).await, &json!({})).await;
    let mut number = 0;
    while log.disconnect_reasons().is_empty() {
        io.emit("news", (number, "x".repeat(100)));
        number += 1;
        tokio::task::yield_now().await;
    }
    // Events on their way can still be read, those in the queue cannot.
    let mut heard = Vec::new();
    while let Some(packet) = client.raw.read().await {
        let data: Value = serde_json::from_str(&packet[2..]).unwrap();
        client.offset = data[2].as_str().map(str::to_owned);
        heard.push(data[1][0].clone());
    }
    assert_eq!(log.disconnect_reasons(), ["slow client"]);
    assert!(heard.len() < number, "it missed something");
    let total = number + 100;
    (number..total).for_each(|number| io.emit("news", (number, "")));
    let mut again = Client::come_back(&io, &client.claim()).await;
    assert_eq!(again.sid, client.sid);
    heard.extend(again.heard().await.into_iter().map(|payload| payload[0].clone()));
    assert_eq!(heard, (0..total).collect::<Vec<_>>(), "more than the queue holds, and all of it once");
}

#[tokio::test(start_paused = true)]
async fn events_that_a_policy_dropped_come_with_the_return() {
    let (io, _) = application(Config { queue_messages: 16, overflow: OverflowPolicy::DropNewest, ..config() });
    let client = Client::over(RawClient::open_with_buffer(&io, 1024).await, &json!({})).await;
    for number in 0..200 {
        io.emit("news", (number, "x".repeat(100)));
    }
    assert!(io.counters()[0].dropped > 0);
    let claim = client.cut(&io).await;
    let mut client = Client::come_back(&io, &claim).await;
    let numbers: Vec<_> = client.heard().await.into_iter().map(|payload| payload[0].clone()).collect();
    assert_eq!(numbers, (0..200).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn an_event_without_a_payload_and_one_with_several_arguments_carry_their_offset_last() {
    let (io, _) = application(config());
    let mut client = Client::connect(&io).await;
    io.emit("nothing", ());
    io.sockets()[0].emit_arguments("several", (1, "two"));
    io.sockets()[0].volatile().emit("volatile", 3);
    assert_eq!(client.raw.read().await.unwrap(), r#"42["nothing","0000000000000001"]"#);
    assert_eq!(client.raw.read().await.unwrap(), r#"42["several",1,"two","0000000000000002"]"#);
    client.raw.settle().await;
    io.volatile().emit("volatile", "text");
    assert_eq!(client.raw.read().await.unwrap(), r#"42["volatile","text","0000000000000002"]"#);
}

#[tokio::test(start_paused = true)]
async fn without_recovery_the_wire_shows_nothing_of_it() {
    let (io, _) = application(Config::default());
    let mut client = RawClient::open(&io).await;
    client.read().await.unwrap();
    client.send(r#"40{"pid":"x","offset":"y"}"#).await;
    let reply: Value = serde_json::from_str(&client.read().await.unwrap()[2..]).unwrap();
    assert_eq!(reply.as_object().unwrap().len(), 1, "{reply}");
    io.emit("news", 1);
    assert_eq!(client.read().await.unwrap(), r#"42["news",1]"#);
}
