//! Plays a script.
//!
//! After each step the run waits until everything that the step caused has arrived. On any Socket.IO server that takes
//! two rounds of [`Client::settle`] over all clients: in the first, the server handles everything that they sent; in
//! the second, they receive everything that it passed on. Under the virtual clock a message arrives before every task is
//! idle, so there it is enough that the server has handled what the clients of this step sent, and that all tasks are idle.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rooms::observer::{Event, Observer, Record};
use rooms::{Config, Io};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::runtime::Builder;
use tokio::time::Instant;

use crate::client::{Client, ConnectError, Incoming};
use crate::clock::{Coarse, Paused, run_on};
use crate::expectation::{self, AskedAck, ReceivedEvent, Seen, Unmet};
use crate::memory::Lives;
use crate::network::Network;
use crate::panic::{self, Panic};
use crate::script::{Action, Script, ServerSettings, Step};
use crate::threads::Threads;
use crate::transcript::{Delivery, Entry, Room, Transcript, describe, what};
use crate::waits::RealTime;

/// Settling twice is enough; the module's documentation says why.
const ROUNDS: usize = 2;

/// Under the virtual clock a sleep ends when every task is idle, however short it is.
const UNTIL_IDLE: Duration = Duration::from_millis(1);

/// In real time the run checks twice, this long apart, whether every thread is idle: a message may be on its way from
/// one to another.
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// Scripts that wait for longer in all are too slow for [`run_in_real_time`]: the learner has to wait as well.
pub const REAL_TIME_LIMIT: Duration = Duration::from_secs(2);

/// How many tasks can block a server in real time, by `block_in_place` or by mistake, before it stops.
const REAL_TIME_WORKERS: usize = 2;

/// How long to wait for delayed work, in virtual time, once the script has finished.
pub(crate) const DELAYED_WORK: Duration = Duration::from_secs(60);

/// The result of a run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// What happened.
    pub transcript: Transcript,
    /// The script's own assertions that do not hold.
    pub unmet: Vec<Unmet>,
    /// Why the run ended before the script did, and in which step, counted from 1.
    pub end: Option<(End, usize)>,
    /// The server's event log; empty for a server on TCP.
    pub log: Vec<Logged>,
    /// Acks that came after the last step: for which client, and in which step it asked.
    pub late_acks: Vec<(String, usize)>,
    /// The client that each socket id belonged to.
    pub names: HashMap<String, String>,
    /// When each step began, in milliseconds since the run did, and at the end when the last step ended. The times of the
    /// log are from the same beginning.
    #[serde(default)]
    pub began: Vec<u64>,
    /// Panics, and the steps in which they happened; empty unless they are [watched](panic::watch).
    #[serde(default)]
    pub panics: Vec<(usize, Panic)>,
    /// The waits in real time that were seen, which a virtual clock cannot shorten; empty except for [`simulate`].
    pub waits: BTreeSet<RealTime>,
    /// What came of playing the script many times, if it is about memory and that was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lives: Option<Lives>,
}

/// Why a run ended before its script. The server caused it, not the script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// The server stopped answering this client.
    Stuck(String),
    /// A step needs this client, which the server has closed or refused.
    Gone(String),
    /// A step answers an event, but the server does not wait for an answer of this client.
    Unasked {
        /// The client's name in the script.
        client: String,
        /// The event's name.
        event: String,
    },
    /// The server does not admit this client.
    Refused {
        /// The client's name in the script.
        client: String,
        /// The reason, in words.
        error: String,
    },
}

/// A record of the event log and the step, counted from 1, during which it was written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Logged {
    /// The step.
    pub step: usize,
    /// The record.
    pub record: Record,
}

/// A run that could not be played.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A client could not connect.
    #[error("{client} cannot connect to {server}: {error}")]
    Connect {
        /// The client's name in the script.
        client: String,
        /// The server's URL.
        server: String,
        /// The cause.
        error: ConnectError,
    },
    /// A step needs a client that is not connected.
    #[error("line {line}: {client} is not connected here; connect it in an earlier step")]
    NotConnected {
        /// The line of the scenario file.
        line: usize,
        /// The client's name in the script.
        client: String,
    },
    /// A step connects a client that is connected.
    #[error("line {line}: {client} is connected already; disconnect or drop it first")]
    ConnectedAlready {
        /// The line of the scenario file.
        line: usize,
        /// The client's name in the script.
        client: String,
    },
    /// The machine could not run it.
    #[error("the runtime cannot start: {0}")]
    Runtime(#[from] std::io::Error),
}

/// The event log of a simulated server.
#[derive(Debug, Clone, Default)]
struct EventLog(Arc<Mutex<Vec<Record>>>);

impl Observer for EventLog {
    fn observe(&self, record: Record) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(record);
    }
}

impl EventLog {
    fn take(&self) -> Vec<Record> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Plays a script against a server on TCP.
///
/// # Errors
///
/// [`RunError`] when a client cannot connect, or the script uses a client that is not connected.
pub async fn run(script: &Script, network: Network) -> Result<Outcome, RunError> {
    Run::new(script, network, None).play().await
}

/// The clients of a run that are connected at its end. They stay until this is dropped.
#[derive(Debug)]
#[must_use = "the clients leave when this is dropped"]
pub struct Staying {
    _clients: Vec<Client>,
}

/// Plays a script against a server on TCP for people to watch: with a pause between two steps, and with clients that
/// give their names when they connect and stay connected at the end.
///
/// # Errors
///
/// As [`run`].
pub async fn run_slowly(script: &Script, network: Network, pause: Duration) -> Result<(Outcome, Staying), RunError> {
    let mut run = Run { pause, ..Run::new(script, network, None) };
    run.play_steps().await?;
    let clients = std::mem::take(&mut run.clients).into_values().collect();
    Ok((run.outcome, Staying { _clients: clients }))
}

/// Plays a script against an application on the simulated network, under a virtual clock.
///
/// # Errors
///
/// As [`run`].
pub fn simulate(script: &Script, app: impl FnOnce(&Io)) -> Result<Outcome, RunError> {
    simulate_stepwise(script, app, Some(&|_| {}))
}

/// As [`simulate`], but reports each step before it is played, for a server that may never let the run finish. With
/// `None`, nobody is going to explain the run: it ends with its last step, and does not look for what comes later.
///
/// # Errors
///
/// As [`run`].
pub fn simulate_stepwise(
    script: &Script,
    app: impl FnOnce(&Io),
    on_step: Option<&(dyn Fn(String) + Sync)>,
) -> Result<Outcome, RunError> {
    let coarse = Coarse::default();
    let clock = Paused::new(coarse.clone())?;
    let (outcome, waits) = clock.run(play_simulated(script, app, on_step, Idle::Virtual(coarse)));
    let mut outcome = outcome?;
    outcome.waits.extend(waits);
    Ok(outcome)
}

/// Plays a script against an application on the simulated network in real time, on a runtime with several threads: for
/// an application that waits in real time, which no virtual clock can shorten. Waits take their full time, so check
/// [`total_wait`] first.
///
/// # Errors
///
/// As [`run`].
pub fn run_in_real_time(
    script: &Script,
    app: impl FnOnce(&Io),
    on_step: &(dyn Fn(String) + Sync),
) -> Result<Outcome, RunError> {
    // Before the runtime starts its threads, because those have to be watched.
    let idle = Idle::RealTime(Threads::watch(1));
    let runtime = Builder::new_multi_thread().worker_threads(REAL_TIME_WORKERS).enable_all().build()?;
    run_on(runtime, play_simulated(script, app, Some(on_step), idle))
}

/// How long a script waits in all; see [`REAL_TIME_LIMIT`].
pub fn total_wait(script: &Script) -> Duration {
    let wait = |step: &Step| if let Action::Wait(duration) = step.action { duration } else { Duration::ZERO };
    script.steps.iter().map(wait).sum()
}

async fn play_simulated(
    script: &Script,
    app: impl FnOnce(&Io),
    on_step: Option<&(dyn Fn(String) + Sync)>,
    idle: Idle,
) -> Result<Outcome, RunError> {
    let log = EventLog::default();
    let io = Io::observed(config(&script.server), log.clone());
    app(&io);
    let run =
        Run { idle, on_step, ..Run::new(script, Network::with_buffer(io, script.server.buffer_bytes), Some(log)) };
    run.play().await
}

/// Plays a script on a server that has played it before, and plays on. All clients are gone at its end.
pub(crate) async fn play_again(script: &Script, io: &Io) -> Result<Outcome, RunError> {
    let mut run = Run::new(script, Network::with_buffer(io.clone(), script.server.buffer_bytes), None);
    run.play_steps().await?;
    run.clients.clear();
    tokio::time::sleep(UNTIL_IDLE).await;
    Ok(run.outcome)
}

/// How to wait until everything that a step has caused is over.
enum Idle {
    /// The server's tasks are out of reach.
    OutOfReach,
    /// The clock moves only when everything is idle.
    Virtual(Coarse),
    /// Everything is idle when these threads are, which include those of the runtime.
    RealTime(Threads),
}

/// The call that made a handler panic because a simulated runtime does not support it.
fn impossible_call(record: &Record) -> Option<RealTime> {
    if let Event::HandlerPanic { message, .. } = &record.event { RealTime::behind(message) } else { None }
}

/// The clients that send the server something, or have done so before and can be asked again whether it was handled.
fn sending(action: &Action) -> impl Iterator<Item = &str> {
    let clients = match action {
        Action::Connect { clients, .. } | Action::Resume(clients) => clients.as_slice(),
        Action::Emit { from, .. }
        | Action::EmitRaw { from, .. }
        | Action::Flood { from, .. }
        | Action::Answer { from, .. } => std::slice::from_ref(from),
        Action::Wait(_)
        | Action::Depart { .. }
        | Action::Stall(_)
        | Action::Expect { .. }
        | Action::ExpectNone { .. }
        | Action::ExpectAck { .. }
        | Action::ExpectDisconnect(_) => &[],
    };
    clients.iter().map(String::as_str)
}

pub(crate) fn config(settings: &ServerSettings) -> Config {
    let default = Config::default();
    let milliseconds = |setting: Option<u64>, default| setting.map_or(default, Duration::from_millis);
    Config {
        queue_messages: settings.queue_messages.unwrap_or(default.queue_messages),
        ping_interval: milliseconds(settings.ping_interval_ms, default.ping_interval),
        ping_timeout: milliseconds(settings.ping_timeout_ms, default.ping_timeout),
        ..default
    }
}

/// Why a step was not played.
enum Stop {
    /// The script or the machine caused it.
    Error(RunError),
    /// The server caused it.
    End(End),
}

struct Run<'a> {
    script: &'a Script,
    network: Network,
    log: Option<EventLog>,
    idle: Idle,
    clients: BTreeMap<&'a str, Client>,
    /// Those that have sent something which the server may still be handling.
    unsettled: BTreeSet<&'a str>,
    /// The step of each ack that was asked for, by client and ack id.
    awaited: HashMap<(&'a str, u64), usize>,
    /// The last ack that each client asked for.
    asked: HashMap<&'a str, AskedAck>,
    namespaces: BTreeSet<&'a str>,
    /// Clients whose connection the server has ended or refused.
    gone: BTreeSet<&'a str>,
    /// Events received since the last step that did more than wait.
    window: Vec<ReceivedEvent>,
    /// The clients that the server has disconnected since then.
    disconnected: BTreeSet<&'a str>,
    /// The first of these steps.
    window_start: usize,
    /// When the run began.
    started: Instant,
    /// Time between two steps.
    pause: Duration,
    /// Called with each step before it is played, if the run is going to be explained.
    on_step: Option<&'a (dyn Fn(String) + Sync)>,
    outcome: Outcome,
}

impl<'a> Run<'a> {
    fn new(script: &'a Script, network: Network, log: Option<EventLog>) -> Self {
        let idle = match network {
            Network::Simulated { .. } => Idle::Virtual(Coarse::default()),
            Network::Tcp(_) => Idle::OutOfReach,
        };
        Self {
            script,
            network,
            log,
            idle,
            clients: BTreeMap::new(),
            unsettled: BTreeSet::new(),
            awaited: HashMap::new(),
            asked: HashMap::new(),
            namespaces: BTreeSet::new(),
            gone: BTreeSet::new(),
            window: Vec::new(),
            disconnected: BTreeSet::new(),
            window_start: 1,
            started: Instant::now(),
            pause: Duration::ZERO,
            on_step: None,
            outcome: Outcome::default(),
        }
    }

    async fn play(mut self) -> Result<Outcome, RunError> {
        self.play_steps().await?;
        if self.outcome.end.is_none() {
            self.outcome.transcript.rooms = self.rooms();
        }
        self.note_time();
        if self.on_step.is_some() {
            self.listen_on().await;
        }
        Ok(self.outcome)
    }

    async fn play_steps(&mut self) -> Result<(), RunError> {
        let mut pause = Duration::ZERO;
        for step in &self.script.steps {
            if step.action.is_expectation() {
                self.expect(step);
                continue;
            }
            if pause > Duration::ZERO {
                tokio::time::sleep(pause).await;
            }
            pause = self.pause;
            self.play_step(step).await?;
            if self.outcome.end.is_some() {
                break;
            }
        }
        Ok(())
    }

    fn expect(&mut self, step: &Step) {
        let steps = self.window_start..=self.outcome.transcript.entries.len();
        let seen = Seen { steps, received: &self.window, disconnected: &self.disconnected, asked: &self.asked };
        let mut unmet = expectation::check(&step.action, step.line, &seen);
        for unmet in &mut unmet {
            unmet.message = self.named(std::mem::take(&mut unmet.message));
        }
        self.outcome.unmet.extend(unmet);
    }

    async fn play_step(&mut self, step: &'a Step) -> Result<(), RunError> {
        let action = describe(&step.action);
        let number = self.outcome.transcript.entries.len() + 1;
        if let Some(on_step) = self.on_step {
            on_step(format!("step {number} ({action})"));
        }
        self.note_time();
        self.outcome.transcript.entries.push(Entry { action, deliveries: Vec::new() });
        // After a wait, more of the same may arrive; any other step begins something new.
        if !matches!(step.action, Action::Wait(_)) {
            self.window.clear();
            self.disconnected.clear();
            self.window_start = number;
        }
        if let Err(stop) = self.act(step, number).await {
            self.collect(number);
            match stop {
                Stop::Error(error) => return Err(error),
                Stop::End(end) => self.outcome.end = Some((end, number)),
            }
            return Ok(());
        }
        let stuck = self.settle().await;
        self.collect(number);
        self.outcome.end = stuck.map(|client| (End::Stuck(client), number));
        Ok(())
    }

    /// Waits until delayed work of a simulated server shows in its log and its acks, for the explanation. The transcript
    /// stays as it is.
    async fn listen_on(&mut self) {
        if let Idle::Virtual(coarse) = &self.idle {
            coarse.begin();
            tokio::time::sleep(DELAYED_WORK).await;
            let after = self.outcome.transcript.entries.len() + 1;
            self.take_log(after);
            for (name, client) in &mut self.clients {
                let acks = client.take().into_iter().filter_map(|incoming| match incoming {
                    Incoming::Ack { id, .. } => self.awaited.remove(&(*name, id)),
                    _ => None,
                });
                self.outcome.late_acks.extend(acks.map(|step| ((*name).to_owned(), step)));
            }
        }
    }

    fn note_time(&mut self) {
        self.outcome.began.push(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX));
    }

    fn take_log(&mut self, step: usize) {
        self.outcome.panics.extend(panic::take().into_iter().map(|panic| (step, panic)));
        if let Some(log) = &self.log {
            let records = log.take();
            self.outcome.waits.extend(records.iter().filter_map(impossible_call));
            self.outcome.log.extend(records.into_iter().map(|record| Logged { step, record }));
        }
    }

    async fn act(&mut self, step: &'a Step, number: usize) -> Result<(), Stop> {
        self.unsettled.extend(sending(&step.action));
        match &step.action {
            Action::Connect { clients, namespace, auth } => {
                for name in clients {
                    self.connect(name, namespace, auth.as_ref(), step.line).await?;
                }
            }
            Action::Emit { from, event, payload, ack } => {
                let client = self.client(from, step.line)?;
                if *ack {
                    let id = client.emit_with_ack(event, payload.as_ref());
                    self.awaited.insert((from, id), number);
                    self.asked.insert(from, AskedAck { step: number, answer: None });
                } else {
                    client.emit(event, payload.as_ref());
                }
            }
            Action::EmitRaw { from, event, json, ack } => {
                let client = self.client(from, step.line)?;
                // What was loaded is JSON.
                let json: &RawValue = serde_json::from_str(json).unwrap_or(RawValue::NULL);
                if let Some(id) = client.emit_raw(event, json, *ack) {
                    self.awaited.insert((from, id), number);
                    self.asked.insert(from, AskedAck { step: number, answer: None });
                }
            }
            Action::Flood { from, event, payload, count } => {
                let client = self.client(from, step.line)?;
                for _ in 0..*count {
                    client.emit(event, payload.as_ref());
                }
            }
            Action::Answer { from, event, payload } => {
                if !self.client(from, step.line)?.acknowledge(event, payload.as_ref()) {
                    return Err(Stop::End(End::Unasked { client: from.clone(), event: event.clone() }));
                }
            }
            Action::Wait(duration) => tokio::time::sleep(*duration).await,
            Action::Depart { clients, departure } => {
                for name in clients {
                    self.client(name, step.line)?.depart(*departure).await;
                    self.clients.remove(name.as_str());
                }
            }
            Action::Stall(clients) => {
                for name in clients {
                    self.client(name, step.line)?.stall();
                }
            }
            Action::Resume(clients) => {
                for name in clients {
                    self.client(name, step.line)?.resume();
                }
            }
            Action::Expect { .. }
            | Action::ExpectNone { .. }
            | Action::ExpectAck { .. }
            | Action::ExpectDisconnect(_) => {}
        }
        Ok(())
    }

    async fn connect(
        &mut self,
        name: &'a str,
        namespace: &'a str,
        auth: Option<&Value>,
        line: usize,
    ) -> Result<(), Stop> {
        if self.clients.contains_key(name) {
            return Err(Stop::Error(RunError::ConnectedAlready { line, client: name.to_owned() }));
        }
        self.gone.remove(name);
        self.namespaces.insert(namespace);
        let named = self.named_auth(name, auth);
        match Client::connect(&self.network, namespace, named.as_ref().or(auth)).await {
            Ok(client) => {
                self.outcome.names.insert(client.socket_id().to_owned(), name.to_owned());
                self.clients.insert(name, client);
                Ok(())
            }
            Err(ConnectError::ConnectError(message)) => {
                self.gone.insert(name);
                self.deliver(Delivery::new(name, what::CONNECT_ERROR, &[message.into()]));
                Ok(())
            }
            Err(error) => Err(match &self.network {
                Network::Simulated { .. } => {
                    Stop::End(End::Refused { client: name.to_owned(), error: error.to_string() })
                }
                Network::Tcp(address) => {
                    Stop::Error(RunError::Connect { client: name.to_owned(), server: address.to_string(), error })
                }
            }),
        }
    }

    /// People who watch want to tell clients apart, so there a client gives its name when it connects.
    fn named_auth(&self, name: &str, auth: Option<&Value>) -> Option<Value> {
        let mut auth = auth.cloned().unwrap_or_else(|| json!({}));
        let fields = auth.as_object_mut().filter(|_| self.pause > Duration::ZERO)?;
        fields.entry("name").or_insert_with(|| name.into());
        Some(auth)
    }

    fn client(&mut self, name: &str, line: usize) -> Result<&mut Client, Stop> {
        let gone = self.gone.contains(name);
        self.clients.get_mut(name).ok_or_else(|| {
            let client = name.to_owned();
            if gone { Stop::End(End::Gone(client)) } else { Stop::Error(RunError::NotConnected { line, client }) }
        })
    }

    /// Waits until everything has arrived; returns the client that the server does not answer, if there is one.
    async fn settle(&mut self) -> Option<String> {
        let unsettled = std::mem::take(&mut self.unsettled);
        let (rounds, all) = match &self.idle {
            Idle::OutOfReach | Idle::RealTime(_) => (ROUNDS, true),
            Idle::Virtual(_) => (1, false),
        };
        for _ in 0..rounds {
            for (name, client) in self.clients.iter_mut().filter(|(name, _)| all || unsettled.contains(*name)) {
                // A closed connection does not answer either, but then the server is not stuck.
                if !client.is_stalled() && !client.settle().await && !client.is_closed() {
                    return Some((*name).to_owned());
                }
            }
        }
        match &mut self.idle {
            Idle::OutOfReach => {}
            Idle::Virtual(_) => tokio::time::sleep(UNTIL_IDLE).await,
            // This blocks the thread of the run, on which no task of the runtime runs.
            Idle::RealTime(threads) => {
                threads.settle();
                std::thread::sleep(BETWEEN_LOOKS);
                threads.settle();
            }
        }
        None
    }

    /// Takes the messages that the clients received, and the records that the server logged, since the step began.
    fn collect(&mut self, step: usize) {
        self.take_log(step);
        for name in &self.script.clients {
            let Some(arrived) = self.clients.get_mut(name.as_str()).map(Client::take) else { continue };
            let mut deliveries: Vec<_> = Vec::new();
            let mut closed = false;
            for incoming in arrived {
                closed |= incoming == Incoming::Closed;
                if matches!(incoming, Incoming::Closed | Incoming::Disconnected) {
                    self.disconnected.insert(name);
                }
                if let Incoming::Event { name: event, arguments } = &incoming {
                    let (client, name, arguments) = (name.clone(), event.clone(), arguments.clone());
                    self.window.push(ReceivedEvent { client, name, arguments });
                }
                deliveries.push(self.delivery(name, incoming, step));
            }
            if let Some(missing) = self.missing_ack(name, step) {
                deliveries.push(missing);
            }
            let unordered = |found: &str| self.script.any_order.iter().any(|event| what(event) == found);
            deliveries.sort_by(|one, other| {
                let by_data = || if unordered(&one.what) { one.data.cmp(&other.data) } else { Ordering::Equal };
                one.what.cmp(&other.what).then_with(by_data)
            });
            for delivery in deliveries {
                self.deliver(delivery);
            }
            if closed {
                self.clients.remove(name.as_str());
                self.gone.insert(name);
            }
        }
    }

    fn delivery(&mut self, client: &'a str, incoming: Incoming, step: usize) -> Delivery {
        let mut delivery = match incoming {
            Incoming::Event { name, arguments } => Delivery::new(client, what(&name), &arguments),
            Incoming::Ack { id, arguments } => {
                let asked = self.awaited.remove(&(client, id)).unwrap_or(step);
                if let Some(last) = self.asked.get_mut(client).filter(|last| last.step == asked) {
                    last.answer = Some(arguments.clone());
                }
                let what = if asked == step { what::ACK.to_owned() } else { what::late_ack(asked) };
                Delivery::new(client, what, &arguments)
            }
            Incoming::Disconnected => Delivery::new(client, what::DISCONNECT, &[]),
            Incoming::Closed => Delivery::new(client, what::CLOSED, &[]),
        };
        delivery.data = self.named(delivery.data);
        delivery
    }

    /// A text with the clients' names in place of socket ids, which are new in each run.
    fn named(&self, text: String) -> String {
        let names = self.outcome.names.iter();
        names.fold(
            text,
            |text, (id, name)| if text.contains(id) { text.replace(id, &format!("<{name}>")) } else { text },
        )
    }

    fn missing_ack(&self, client: &str, step: usize) -> Option<Delivery> {
        let waiting = self.awaited.iter().any(|((name, _), asked)| *name == client && *asked == step);
        waiting.then(|| Delivery::new(client, what::NO_ACK, &[]))
    }

    fn deliver(&mut self, delivery: Delivery) {
        if let Some(entry) = self.outcome.transcript.entries.last_mut() {
            entry.deliveries.push(delivery);
        }
    }

    /// The rooms of a simulated server, members in the order of the script.
    fn rooms(&self) -> Option<Vec<Room>> {
        let Network::Simulated { io, .. } = &self.network else { return None };
        if !self.script.rooms {
            return None;
        }
        let mut rooms = Vec::new();
        for namespace in &self.namespaces {
            let prefix = if *namespace == "/" { String::new() } else { format!("{namespace} ") };
            for (room, sockets) in io.of(namespace).rooms() {
                let ids: Vec<_> = sockets.iter().map(|socket| socket.id().as_str()).collect();
                let names: BTreeSet<_> = ids.iter().filter_map(|id| self.outcome.names.get(*id)).collect();
                let members = self.script.clients.iter().filter(|name| names.contains(name)).cloned().collect();
                rooms.push(Room { name: self.named(format!("{prefix}{room}")), members });
            }
        }
        Some(rooms)
    }
}
