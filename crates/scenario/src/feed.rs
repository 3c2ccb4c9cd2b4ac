//! A feed that consumers follow, and the trouble that they run into: for exercises about the client's side.
//!
//! The learner writes a consumer, the program that runs in somebody's browser tab. Its surroundings are here: a server
//! that it connects to, a screen that it shows events on, and a network that fails when a scenario says so. All of it
//! is an application like any other, so that scenarios, transcripts and the monitor need not know about it.
//!
//! The people are in the namespace `/`, where a scenario's clients send:
//!
//! | event | payload | effect |
//! |---|---|---|
//! | `join-project` | `{"projectId"}` | a consumer starts in this client's tab; the events that it shows come back as `shown` |
//! | `task-updated` | `{"projectId", …}` | the feed gets one more event, and sends it to those who follow the project |
//! | `cut` | | every consumer's connection breaks |
//! | `down`, `up` | | every connection breaks and none can be opened; from `up` on they can again |
//! | `kick` | | the server makes every consumer leave |
//! | `attempts` | | is acknowledged with [the attempts](Tries) of the consumers to come back since the latest trouble |
//!
//! The consumers are in the namespace [`NAMESPACE`]. A consumer sends `join-project` with `{"projectId", "after"}` and
//! gets each event of the project as `task-updated`, with its `number`: first those from number `after` on, inclusive,
//! then new ones as they come.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use rooms::{Io, Payload, Socket};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::Instant;

pub use crate::client::{Client, ConnectError, Incoming};
use crate::network::Network;
use crate::panic;

/// The namespace that consumers connect to.
pub const NAMESPACE: &str = "/feed";

/// How long a refused connection takes: a consumer that tries again at once must not stop the clock.
const REFUSAL: Duration = Duration::from_millis(10);

/// The server, as a consumer sees it.
#[derive(Debug)]
pub struct Server {
    feed: Arc<Feed>,
    consumer: u64,
    random: fastrand::Rng,
}

/// The screen that a person looks at.
#[derive(Debug)]
pub struct Screen {
    person: Socket,
}

impl Server {
    /// Connects to the feed, once.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] when the server cannot be reached.
    pub async fn connect(&self) -> Result<Client, ConnectError> {
        if self.feed.is_down_for(self.consumer) {
            tokio::time::sleep(REFUSAL).await;
            let nobody = std::io::Error::new(std::io::ErrorKind::ConnectionRefused, "nobody listens there");
            return Err(ConnectError::Io(nobody));
        }
        Client::connect(&Network::simulated(self.feed.io.clone()), NAMESPACE, None).await
    }

    /// A random number from 0 to 1, without 1. Each consumer draws different ones; a scenario draws the same each time.
    pub fn random(&mut self) -> f64 {
        self.random.f64()
    }
}

impl Screen {
    /// Shows an event.
    pub fn show(&self, event: &Value) {
        self.person.emit("shown", event);
    }
}

/// Runs a feed for consumers that `consume` makes, each with its server, its screen and the id of its project.
pub fn serve<F>(io: &Io, consume: impl Fn(Server, Screen, String) -> F + Send + Sync + 'static)
where
    F: Future<Output = ()> + Send + 'static,
{
    let feed = Arc::new(Feed { io: io.clone(), projects: Mutex::default(), trouble: Mutex::default() });
    serve_consumers(&feed);
    serve_people(&feed, consume);
}

fn serve_consumers(feed: &Arc<Feed>) {
    let feed = Arc::clone(feed);
    feed.io.of(NAMESPACE).on_connection({
        let feed = Arc::clone(&feed);
        move |socket| {
            let feed = Arc::clone(&feed);
            socket.on("join-project", move |socket, payload| feed.follow(socket, payload));
        }
    });
}

fn serve_people<F>(feed: &Arc<Feed>, consume: impl Fn(Server, Screen, String) -> F + Send + Sync + 'static)
where
    F: Future<Output = ()> + Send + 'static,
{
    let (feed, consume, consumers) = (Arc::clone(feed), Arc::new(consume), AtomicU64::new(0));
    feed.io.clone().on_connection(move |person| {
        let consumer = consumers.fetch_add(1, Ordering::Relaxed);
        let tab: Arc<Mutex<Option<JoinHandle<()>>>> = Arc::default();
        let (opened, closed) = (Arc::clone(&tab), tab);
        let (feed, consume) = (Arc::clone(&feed), Arc::clone(&consume));
        on_trouble(&person, &feed);
        person.on("task-updated", {
            let feed = Arc::clone(&feed);
            move |_, payload| feed.publish(payload)
        });
        person.on("join-project", move |person, payload| {
            let Some(project) = payload["projectId"].as_str() else { return };
            let server = Server { feed: Arc::clone(&feed), consumer, random: fastrand::Rng::with_seed(consumer) };
            let consumer = consume(server, Screen { person: person.clone() }, project.to_owned());
            let running = tokio::spawn(until_it_panics(consumer, person.clone()));
            if let Some(before) = lock(&opened).replace(running) {
                before.abort();
            }
        });
        person.on_disconnect(move |_, _| {
            if let Some(running) = lock(&closed).take() {
                running.abort();
            }
        });
    });
}

/// Runs a consumer. If it panics, its person is told.
async fn until_it_panics(consumer: impl Future<Output = ()>, person: Socket) {
    if let Err(panic) = AssertUnwindSafe(consumer).catch_unwind().await {
        person.emit("consumer-panicked", json!({ "message": panic::message(&*panic) }));
    }
}

fn on_trouble(person: &Socket, feed: &Arc<Feed>) {
    type Happens = fn(&Feed);
    for (event, happens) in
        [("cut", Feed::cut as Happens), ("down", Feed::go_down), ("up", Feed::come_up), ("kick", Feed::kick)]
    {
        let feed = Arc::clone(feed);
        person.on(event, move |_, _| happens(&feed));
    }
    let feed = Arc::clone(feed);
    person.on("attempts", move |_, payload| {
        payload.ack(feed.tries());
    });
}

/// The state that people and consumers share.
#[derive(Debug)]
struct Feed {
    io: Io,
    /// The events of each project, the first with number 1.
    projects: Mutex<BTreeMap<String, Vec<Value>>>,
    trouble: Mutex<Trouble>,
}

/// The latest trouble, and how consumers tried to come back.
#[derive(Debug, Default)]
struct Trouble {
    is_down: bool,
    since: Option<Instant>,
    /// The consumer of each attempt, and how long after the start of the trouble it came.
    attempts: Vec<(u64, Duration)>,
}

impl Feed {
    fn follow(&self, consumer: &Socket, payload: &Payload) {
        let Some(project) = payload["projectId"].as_str() else { return };
        let after = payload["after"].as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or_default();
        let projects = lock(&self.projects);
        consumer.join(format!("project:{project}"));
        // From the last one that it has: a sender with at-least-once delivery cannot know which events arrived.
        for event in projects.get(project).into_iter().flatten().skip(after.saturating_sub(1)) {
            consumer.emit("task-updated", event);
        }
    }

    fn publish(&self, payload: &Payload) {
        let (Some(project), Some(fields)) = (payload["projectId"].as_str(), payload.value().as_object()) else {
            return;
        };
        let mut projects = lock(&self.projects);
        let events = projects.entry(project.to_owned()).or_default();
        let mut event = fields.clone();
        event.insert("number".to_owned(), json!(events.len() + 1));
        events.push(Value::Object(event.clone()));
        self.io.of(NAMESPACE).to(format!("project:{project}")).emit("task-updated", event);
    }

    fn cut(&self) {
        self.begin(false);
        for consumer in self.io.of(NAMESPACE).sockets() {
            consumer.disconnect_client();
        }
    }

    fn go_down(&self) {
        self.cut();
        self.begin(true);
    }

    fn come_up(&self) {
        lock(&self.trouble).is_down = false;
    }

    fn kick(&self) {
        self.begin(false);
        for consumer in self.io.of(NAMESPACE).sockets() {
            consumer.disconnect();
        }
    }

    fn begin(&self, is_down: bool) {
        *lock(&self.trouble) = Trouble { is_down, since: Some(Instant::now()), attempts: Vec::new() };
    }

    /// Whether a consumer that connects now is refused; its attempt is recorded.
    fn is_down_for(&self, consumer: u64) -> bool {
        let mut trouble = lock(&self.trouble);
        if let Some(since) = trouble.since {
            trouble.attempts.push((consumer, since.elapsed()));
        }
        trouble.is_down
    }

    fn tries(&self) -> Tries {
        let trouble = lock(&self.trouble);
        Tries::of(&trouble.attempts, trouble.since.map(|since| since.elapsed()).unwrap_or_default())
    }
}

/// The consumers' attempts to come back, in the words of the exercise's page, which are the same for every reasonable way to
/// wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Tries {
    /// When the first attempt came, if there was one.
    first: &'static str,
    /// The rate of later attempts.
    later: &'static str,
    /// The times between two attempts. They are too short where each failure is followed by another try after hardly any
    /// wait.
    pauses: &'static str,
    /// Whether several consumers came at the same moment.
    together: &'static str,
}

impl Tries {
    const SOON: Duration = Duration::from_secs(2);
    /// Half a minute, half as much again, which stock clients add at random, and the time of a refusal.
    const LONGEST: Duration = Duration::from_secs(46);
    /// An attempt within this time counts as at once.
    const AT_ONCE: Duration = Duration::from_millis(20);
    /// Tries with less time between them count as one attempt.
    const HARDLY: Duration = Duration::from_millis(500);
    /// The window for counting attempts at the beginning; the one at the end is four times as long.
    const WINDOW: Duration = Duration::from_secs(30);

    fn of(attempts: &[(u64, Duration)], until: Duration) -> Self {
        let mut by_consumer: BTreeMap<u64, Vec<Duration>> = BTreeMap::new();
        for (consumer, at) in attempts {
            by_consumer.entry(*consumer).or_default().push(*at);
        }
        let each: Vec<_> = by_consumer.into_values().collect();
        let firsts: Vec<_> = each.iter().filter_map(|times| times.first().copied()).collect();
        let earliest = firsts.iter().min().copied();
        let latest = firsts.iter().max().copied().unwrap_or_default();
        let is_rarer = each.iter().all(|times| Self::is_rarer(times, until));
        let is_bounded = each.iter().all(|times| Self::longest_pause(times, until) <= Self::LONGEST);
        let are_tries_bundled = each.iter().any(|times| Self::are_bundled(times));
        Self {
            first: match earliest {
                None => "none",
                Some(_) if latest < Self::AT_ONCE => "at once",
                Some(_) if latest <= Self::SOON => "within two seconds",
                Some(_) => "after more than two seconds",
            },
            later: if is_rarer { "rarer" } else { "not rarer" },
            pauses: match (is_bounded, are_tries_bundled) {
                (false, _) => "too long: one of more than 45 seconds",
                (true, true) => "too short: more than a third of less than half a second",
                (true, false) => "neither too short nor too long",
            },
            together: match earliest {
                Some(at) if firsts.len() > 1 && latest.saturating_sub(at) < Self::AT_ONCE => "at the same moment",
                _ => "not at the same moment",
            },
        }
    }

    /// Whether the rate of attempts at the end is less than three quarters of that at the beginning.
    fn is_rarer(times: &[Duration], until: Duration) -> bool {
        let early = times.iter().filter(|at| **at <= Self::WINDOW).count();
        let late = times.iter().filter(|at| **at > until.saturating_sub(Self::WINDOW * 4)).count();
        until < Self::WINDOW * 5 || late < early * 3
    }

    /// Whether more than a third of the pauses are short. The first ones always are, and with a random part some
    /// others.
    fn are_bundled(times: &[Duration]) -> bool {
        let pauses = times.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
        times.len() > 4 && pauses.filter(|pause| *pause < Self::HARDLY).count() * 3 > times.len()
    }

    fn longest_pause(times: &[Duration], until: Duration) -> Duration {
        let ends = times.iter().skip(1).copied().chain([until]);
        times.iter().zip(ends).map(|(from, to)| to.saturating_sub(*from)).max().unwrap_or_default()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The attempts of consumers that wait this many milliseconds before each.
    fn tries(pauses: &[&[u64]], until_seconds: u64) -> Tries {
        let mut attempts = Vec::new();
        for (consumer, pauses) in (0..).zip(pauses) {
            let mut at = Duration::ZERO;
            attempts.extend(pauses.iter().map(|pause| {
                at += Duration::from_millis(*pause);
                (consumer, at)
            }));
        }
        Tries::of(&attempts, Duration::from_secs(until_seconds))
    }

    #[test]
    fn doubling_up_to_a_limit_with_a_random_part_is_as_wished() {
        let first = [800, 1_700, 3_100, 7_000, 15_000, 28_000, 30_000, 25_000];
        let second = [600, 1_200, 3_900, 6_000, 12_000, 24_000, 29_000, 28_000];
        let wished = Tries {
            first: "within two seconds",
            later: "rarer",
            pauses: "neither too short nor too long",
            together: "not at the same moment",
        };
        assert_eq!(tries(&[&first, &second], 126), wished);
    }

    #[test]
    fn a_lower_limit_and_a_wider_random_part_are_as_good() {
        let ten_seconds: Vec<_> = [750, 1_500, 3_000, 6_000].into_iter().chain([7_500; 24]).collect();
        assert_eq!(tries(&[&ten_seconds], 191).later, "rarer");
        assert_eq!(
            tries(&[&[1_000, 2_000, 4_000, 8_000, 16_000, 45_010]], 80).pauses,
            "neither too short nor too long"
        );
    }

    #[test]
    fn each_mistake_has_its_word() {
        assert_eq!(tries(&[], 60).first, "none");
        assert_eq!(tries(&[&[0]], 60).first, "at once");
        assert_eq!(tries(&[&[5_000]], 60).first, "after more than two seconds");
        assert_eq!(tries(&[&[1_000; 200]], 200).later, "not rarer");
        assert_eq!(tries(&[&[1_000, 2_000, 4_000]], 600).pauses, "too long: one of more than 45 seconds");
        assert_eq!(
            tries(&[&[1_000, 10, 2_000, 10, 4_000, 10]], 20).pauses,
            "too short: more than a third of less than half a second"
        );
        assert_eq!(tries(&[&[1_000, 2_000], &[1_000, 2_000]], 60).together, "at the same moment");
    }
}
