//! Records of a server, and the state that a pane would show.

use std::sync::Arc;

use super::log::RING;
use super::roster::{LINGER_MS, MAX_SOCKETS};
use super::*;

fn apply(monitor: &mut Monitor, at_ms: u64, event: Event) {
    monitor.apply(&Record { at_ms, event });
}

fn connect(monitor: &mut Monitor, id: &str) {
    let name = Some(format!("{id}-name"));
    apply(monitor, 0, Event::Connect { socket: id.to_owned(), namespace: "/".to_owned(), name, remote: None });
}

fn join(monitor: &mut Monitor, id: &str, room: &str) {
    apply(monitor, 0, Event::Join { socket: id.to_owned(), room: room.to_owned() });
}

fn leave(monitor: &mut Monitor, id: &str, room: &str) {
    apply(monitor, 0, Event::Leave { socket: id.to_owned(), room: room.to_owned() });
}

fn disconnect(monitor: &mut Monitor, id: &str) {
    apply(monitor, 0, Event::Disconnect { socket: id.to_owned(), reason: "transport close".to_owned() });
}

fn received(monitor: &mut Monitor, id: &str, payload: &str) {
    let (socket, name, payload) = (id.to_owned(), "task-updated".to_owned(), payload.to_owned());
    apply(monitor, 0, Event::Received { socket, name, payload, bytes: 2, handled: true });
}

fn counters(monitor: &mut Monitor, at_ms: u64, counts: &[(&str, u64, u64, u64)]) {
    let counter = |&(id, received, sent, dropped): &(&str, u64, u64, u64)| SocketCounters {
        socket: id.to_owned(),
        received,
        sent,
        dropped,
    };
    let sockets = counts.iter().map(counter).collect();
    apply(monitor, at_ms, Event::Counters { sockets, log_lines_dropped: 0 });
}

/// Lets seconds pass in which each client sends its number of events a second, on both clocks.
struct Seconds {
    monitor: Monitor,
    second: u64,
    totals: Vec<(&'static str, u64)>,
}

impl Seconds {
    fn with(ids: &[&'static str]) -> Self {
        let mut monitor = Monitor::default();
        for id in ids {
            connect(&mut monitor, id);
        }
        monitor.tick(0);
        Self { monitor, second: 0, totals: ids.iter().map(|id| (*id, 0)).collect() }
    }

    fn pass(&mut self, rates: &[u64]) {
        self.second += 1;
        for ((_, total), rate) in self.totals.iter_mut().zip(rates) {
            *total += rate;
        }
        let counts: Vec<_> = self.totals.iter().map(|(id, total)| (*id, *total, 0, 0)).collect();
        counters(&mut self.monitor, self.second * 1_000, &counts);
        self.monitor.tick(self.second * 1_000);
    }

    fn is_noisy(&self, id: &str) -> bool {
        self.monitor.socket(id).unwrap().flags().contains(&"noisy")
    }
}

fn ids(monitor: &Monitor) -> Vec<&str> {
    monitor.sockets().map(|socket| socket.id.as_str()).collect()
}

fn rooms(monitor: &Monitor) -> Vec<(&str, Vec<&str>)> {
    monitor.rooms().map(|(room, members)| (room, members.iter().map(|socket| socket.id.as_str()).collect())).collect()
}

fn texts<'a>(monitor: &'a Monitor, filter: &Filter) -> Vec<&'a str> {
    monitor.log(filter).iter().map(|line| line.text.as_str()).collect()
}

fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 0.001, "{found} is not {expected}");
}

#[test]
fn a_refusal_is_a_problem_that_shows_without_single_events() {
    let mut monitor = Monitor::default();
    for repeated in [0, 3] {
        let (remote, reason) = (None, "a browser asked\u{1b}[2J from another site".to_owned());
        apply(&mut monitor, 0, Event::Refused { remote, reason, repeated });
    }
    let quiet = Filter { traffic: false, ..Filter::default() };
    let texts: Vec<_> = monitor.log(&quiet).iter().map(|line| line.text.as_str()).collect();
    assert!(texts[0].starts_with("refused: a browser asked") && !texts[0].contains('\u{1b}'), "{texts:?}");
    assert!(texts[1].starts_with("refused, with 3 more within a second: a browser asked"), "{texts:?}");
}

#[test]
fn a_socket_shows_at_once_and_lingers_when_it_goes() {
    let mut monitor = Monitor::default();
    connect(&mut monitor, "zed");
    connect(&mut monitor, "ann");
    assert_eq!((ids(&monitor), monitor.connected()), (vec!["zed", "ann"], 2));
    disconnect(&mut monitor, "zed");
    monitor.tick(1_000_000);
    assert_eq!(monitor.socket("zed").unwrap().gone.as_deref(), Some("transport close"));
    assert_eq!(monitor.connected(), 1);
    monitor.tick(1_000_000 + LINGER_MS - 1);
    assert_eq!(ids(&monitor), ["zed", "ann"]);
    monitor.tick(1_000_000 + LINGER_MS);
    assert_eq!(ids(&monitor), ["ann"]);
}

#[test]
fn rooms_have_the_members_that_joined_and_not_those_that_left_or_went() {
    let mut monitor = Monitor::default();
    for id in ["ann", "bob", "eve"] {
        connect(&mut monitor, id);
        join(&mut monitor, id, "project:p1");
    }
    join(&mut monitor, "ann", "project:p2");
    assert_eq!(rooms(&monitor), [("project:p1", vec!["ann", "bob", "eve"]), ("project:p2", vec!["ann"])]);
    leave(&mut monitor, "ann", "project:p2");
    disconnect(&mut monitor, "eve");
    assert_eq!(rooms(&monitor), [("project:p1", vec!["ann", "bob"])]);
    assert_eq!(monitor.socket("ann").unwrap().rooms().collect::<Vec<_>>(), ["project:p1"]);
    join(&mut monitor, "eve", "project:p1");
    assert_eq!(rooms(&monitor), [("project:p1", vec!["ann", "bob"])]);
}

#[test]
fn rates_come_from_the_counters_on_the_servers_clock() {
    let mut monitor = Monitor::default();
    connect(&mut monitor, "ann");
    monitor.tick(70_000);
    counters(&mut monitor, 2_000, &[("ann", 10, 4, 0)]);
    monitor.tick(71_000);
    let rates = monitor.socket("ann").unwrap().rates();
    assert_near(rates.received, 5.0);
    assert_near(rates.sent, 2.0);
}

#[test]
fn log_lines_are_not_counted_as_rates() {
    let mut monitor = Monitor::default();
    connect(&mut monitor, "ann");
    for _ in 0..1_000 {
        received(&mut monitor, "ann", "{}");
    }
    counters(&mut monitor, 1_000, &[("ann", 3, 0, 0)]);
    monitor.tick(1_000);
    assert_near(monitor.socket("ann").unwrap().rates().received, 3.0);
}

#[test]
fn counters_right_after_connecting_do_not_make_a_peak() {
    let mut monitor = Monitor::default();
    apply(
        &mut monitor,
        9_990,
        Event::Connect { socket: "ann".to_owned(), namespace: "/".to_owned(), name: None, remote: None },
    );
    counters(&mut monitor, 10_000, &[("ann", 1, 0, 0)]);
    monitor.tick(1_000);
    assert_eq!(monitor.socket("ann").unwrap().history().len(), 0);
}

#[test]
fn a_socket_from_before_the_monitor_is_shown_with_unknown_past() {
    let mut monitor = Monitor::default();
    counters(&mut monitor, 60_000, &[("old", 5_000, 0, 0)]);
    monitor.tick(0);
    let socket = monitor.socket("old").unwrap();
    assert_eq!((socket.connected_at_ms, socket.history().len()), (None, 0));
    counters(&mut monitor, 61_000, &[("old", 5_002, 0, 0)]);
    monitor.tick(1_000);
    assert_near(monitor.socket("old").unwrap().rates().received, 2.0);
}

#[test]
fn history_is_a_minute() {
    let mut seconds = Seconds::with(&["ann"]);
    for rate in 0..200 {
        seconds.pass(&[rate]);
    }
    let history: Vec<Sample> = seconds.monitor.socket("ann").unwrap().history().collect();
    assert_eq!(history.len(), HISTORY);
    assert_near(history[0].received, 140.0);
    assert_near(history[HISTORY - 1].received, 199.0);
}

#[test]
fn a_client_that_stands_out_is_noisy_until_it_is_quiet() {
    let mut seconds = Seconds::with(&["ann", "bob", "eve"]);
    for _ in 0..3 {
        seconds.pass(&[1, 2, 30]);
    }
    assert!(seconds.is_noisy("eve") && !seconds.is_noisy("ann") && !seconds.is_noisy("bob"));
    let lines: Vec<String> =
        seconds.monitor.warnings().into_iter().map(|(socket, line)| format!("{} {line}", socket.id)).collect();
    assert_eq!(lines, ["eve sends 30 events a second"]);
    for _ in 0..5 {
        seconds.pass(&[1, 2, 1]);
    }
    assert!(!seconds.is_noisy("eve"));
}

#[test]
fn the_flag_does_not_flicker_around_its_threshold() {
    let mut seconds = Seconds::with(&["ann", "eve"]);
    let mut changes = 0;
    let mut before = false;
    for second in 0..60 {
        seconds.pass(&[1, if second % 6 < 3 { 12 } else { 8 }]);
        changes += u32::from(seconds.is_noisy("eve") != before);
        before = seconds.is_noisy("eve");
    }
    assert_eq!((changes, before), (1, true));
}

#[test]
fn when_all_are_loud_nobody_stands_out() {
    let mut seconds = Seconds::with(&["ann", "bob", "eve"]);
    for _ in 0..5 {
        seconds.pass(&[40, 50, 60]);
    }
    assert!(seconds.monitor.warnings().is_empty());
}

#[test]
fn a_short_burst_after_connecting_is_not_noise() {
    let mut seconds = Seconds::with(&["ann", "eve"]);
    seconds.pass(&[1, 15]);
    assert!(!seconds.is_noisy("eve"));
    seconds.pass(&[1, 0]);
    assert!(!seconds.is_noisy("eve"));
}

#[test]
fn a_client_that_loses_events_is_slow_for_a_while() {
    let mut monitor = Monitor::default();
    connect(&mut monitor, "ann");
    let mut flagged = Vec::new();
    for (second, dropped) in [(1, 0), (2, 3), (3, 3), (4, 3), (5, 3)] {
        counters(&mut monitor, second * 1_000, &[("ann", 0, 0, dropped)]);
        monitor.tick(second * 1_000);
        flagged.push(monitor.socket("ann").unwrap().flags().contains(&"slow"));
    }
    assert_eq!(flagged, [false, true, true, true, false]);
}

#[test]
fn other_warnings_can_be_looked_for() {
    #[derive(Debug)]
    struct Named;
    impl Warning for Named {
        fn name(&self) -> &'static str {
            "named"
        }
        fn summary(&self) -> &'static str {
            "has a name"
        }
        fn check(&self, socket: &Socket, _: &Peers, _: bool) -> bool {
            socket.name.is_some()
        }
        fn format(&self, _: &Socket) -> String {
            "is named".to_owned()
        }
    }
    let mut monitor = Monitor::with_warnings(vec![Arc::new(Named)]);
    connect(&mut monitor, "ann");
    monitor.tick(0);
    assert_eq!(monitor.warnings()[0].1, "is named");
    assert_eq!(monitor.warning_kinds().collect::<Vec<_>>(), [("named", "has a name")]);
}

#[test]
fn a_noisy_client_does_not_push_the_joins_out_of_the_log() {
    let mut monitor = Monitor::default();
    connect(&mut monitor, "ann");
    join(&mut monitor, "ann", "project:p1");
    for _ in 0..10 * RING {
        received(&mut monitor, "ann", "{}");
    }
    let lines = texts(&monitor, &Filter::default());
    assert_eq!(lines.len(), RING + 2);
    assert_eq!(lines[..3], ["connected", "joined project:p1", "-> task-updated {}"]);
}

#[test]
fn the_log_is_in_order_and_can_be_filtered() {
    let mut monitor = Monitor::default();
    connect(&mut monitor, "ann");
    received(&mut monitor, "ann", "{}");
    connect(&mut monitor, "bob");
    let (socket, rooms) = (None, vec!["project:p1".to_owned()]);
    apply(
        &mut monitor,
        0,
        Event::Broadcast { socket, name: "task-updated".to_owned(), rooms, except: Vec::new(), recipients: 2 },
    );
    disconnect(&mut monitor, "ann");
    assert_eq!(
        texts(&monitor, &Filter::default()),
        [
            "connected",
            "-> task-updated {}",
            "connected",
            "task-updated to project:p1, 2 reached",
            "disconnected: transport close"
        ]
    );
    let ann = Filter { socket: Some("ann".to_owned()), traffic: false, since: None };
    assert_eq!(texts(&monitor, &ann), ["connected", "disconnected: transport close"]);
    assert_eq!(monitor.log(&ann)[1].name.as_deref(), Some("ann-name"));
}

#[test]
fn an_event_that_nobody_handles_is_marked() {
    let mut monitor = Monitor::default();
    let (socket, name, payload) = ("ann".to_owned(), "join-project".to_owned(), "{}".to_owned());
    apply(&mut monitor, 0, Event::Received { socket, name, payload, bytes: 2, handled: false });
    assert_eq!(texts(&monitor, &Filter::default()), ["no handler: -> join-project {}"]);
}

#[test]
fn a_snapshot_stands_still() {
    let mut monitor = Monitor::default();
    connect(&mut monitor, "ann");
    let frozen = monitor.snapshot();
    connect(&mut monitor, "bob");
    assert_eq!((ids(&frozen), ids(&monitor)), (vec!["ann"], vec!["ann", "bob"]));
}

#[test]
fn a_server_that_starts_again_has_nobody() {
    let mut monitor = Monitor::default();
    connect(&mut monitor, "ann");
    join(&mut monitor, "ann", "project:p1");
    apply(&mut monitor, 0, Event::Listening { address: "127.0.0.1:7420".to_owned() });
    assert_eq!((monitor.connected(), rooms(&monitor)), (0, vec![]));
    assert!(monitor.socket("ann").unwrap().gone.is_some());
}

#[test]
fn after_a_loss_only_the_reported_sockets_are_there() {
    let mut monitor = Monitor::default();
    for id in ["ann", "bob"] {
        connect(&mut monitor, id);
        join(&mut monitor, id, "project:p1");
    }
    apply(&mut monitor, 0, Event::Lost { records: 7 });
    assert_eq!((monitor.connected(), rooms(&monitor)), (0, vec![]));
    let (socket, namespace, name) = ("bob".to_owned(), "/".to_owned(), Some("Bob".to_owned()));
    let rooms = vec!["project:p2".to_owned()];
    apply(&mut monitor, 0, Event::Present { socket, namespace, name, rooms });
    assert_eq!((monitor.connected(), monitor.rooms().count()), (1, 1));
    assert_eq!(monitor.socket("bob").unwrap().name.as_deref(), Some("Bob"));
    assert!(monitor.socket("ann").is_none());
    let lines = texts(&monitor, &Filter::default());
    assert!(lines.last().is_some_and(|text| text.starts_with("7 records")), "being there is not news: {lines:?}");
}

#[test]
fn sockets_and_lines_that_are_not_shown_are_counted() {
    let mut monitor = Monitor::default();
    assert_eq!(monitor.notices(), Vec::<String>::new());
    apply(&mut monitor, 0, Event::Counters { sockets: Vec::new(), log_lines_dropped: 312 });
    assert_eq!(monitor.notices(), ["312 log lines dropped, rates are still right"]);
}

#[test]
fn lost_lines_are_news_for_a_minute() {
    let mut monitor = Monitor::default();
    let mut notices = Vec::new();
    for (second, lost) in [(0, 0), (1, 5), (50, 7), (109, 7), (110, 7), (200, 8), (260, 8)] {
        apply(&mut monitor, 0, Event::Counters { sockets: Vec::new(), log_lines_dropped: lost });
        monitor.tick(second * 1_000);
        notices.push(monitor.notices().first().map_or(String::new(), |notice| notice[..1].to_owned()));
    }
    assert_eq!(notices, ["", "5", "7", "7", "", "1", ""]);
}

#[test]
fn a_flood_of_sockets_is_bounded_and_counted() {
    let mut monitor = Monitor::default();
    for number in 0..10_000 {
        connect(&mut monitor, &format!("s{number}"));
    }
    assert_eq!((monitor.sockets().count(), monitor.connected()), (MAX_SOCKETS, 10_000));
    assert_eq!(monitor.notices(), ["9500 more sockets are connected"]);
    for number in 0..10_000 {
        disconnect(&mut monitor, &format!("s{number}"));
    }
    assert_eq!(monitor.connected(), 0);
    connect(&mut monitor, "late");
    assert!(monitor.socket("late").is_some(), "a socket that is gone makes room");
    assert_eq!(monitor.sockets().count(), MAX_SOCKETS);
}

#[test]
fn counters_correct_the_count_of_sockets_that_are_not_shown() {
    let mut monitor = Monitor::default();
    for number in 0..MAX_SOCKETS + 50 {
        connect(&mut monitor, &format!("s{number}"));
    }
    let names: Vec<String> = (0..MAX_SOCKETS + 20).map(|number| format!("s{number}")).collect();
    counters(&mut monitor, 1_000, &names.iter().map(|name| (name.as_str(), 0, 0, 0)).collect::<Vec<_>>());
    assert_eq!(monitor.connected(), MAX_SOCKETS + 20);
}

#[test]
fn a_flood_of_rooms_is_bounded_and_counted() {
    let mut monitor = Monitor::default();
    connect(&mut monitor, "ann");
    for number in 0..10_000 {
        join(&mut monitor, "ann", &format!("room-{number}"));
    }
    let listed = monitor.rooms().count();
    assert!(listed < 100);
    assert_eq!(monitor.socket("ann").unwrap().more_rooms(), 10_000 - listed);
    disconnect(&mut monitor, "ann");
    assert_eq!(monitor.rooms().count(), 0);
}

#[test]
fn foreign_text_is_clean_and_short() {
    let mut monitor = Monitor::default();
    let name = Some(format!("\u{1b}[2Jann\u{202e}{}", "x".repeat(1_000)));
    apply(&mut monitor, 0, Event::Connect { socket: "a".to_owned(), namespace: "/".to_owned(), name, remote: None });
    join(&mut monitor, "a", "room\n\u{1b}[31m1");
    received(&mut monitor, "a", &format!("\u{1b}]0;title\u{7}{}", "y".repeat(1_000)));
    let socket = monitor.socket("a").unwrap();
    let name = socket.name.as_deref().unwrap();
    assert!(name.starts_with("ann<U+202E>xxx") && name.len() < 100, "{name}");
    assert_eq!(socket.rooms().collect::<Vec<_>>(), ["room⏎1"]);
    assert!(texts(&monitor, &Filter::default()).iter().all(|text| text.len() < 400 && !text.contains('\u{1b}')));
}
