//! Decides what a person does next. It knows neither clock nor network: it is told what happened, and says what to do
//! and when.

use std::{collections::VecDeque, time::Duration};

use rand::{
    RngExt as _, SeedableRng as _,
    rngs::StdRng,
    seq::{IndexedRandom as _, SliceRandom as _},
};
use serde_json::{Value, json};

use super::script::{Habit, JOINING, Milliseconds, Opens, Person, REJOINING, STATUSES, TASKS};

/// The pause after the first failure to connect; it doubles with each further one.
const FIRST_RETRY: u64 = 300;
const LAST_RETRY: u64 = 5000;

/// Something to do, and how long to wait before.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    pub(super) after: Duration,
    pub(super) deed: Deed,
}

/// Something that a client does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Deed {
    Connect,
    Emit { event: &'static str, payload: Value },
    Disconnect,
    Vanish,
}

/// News that a person's decisions depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// The server admitted them.
    Connected,
    /// The server refused them, or ended the connection.
    Unwelcome,
    /// There is another server now.
    Moved,
}

/// One person's decisions. The same seed and the same news lead to the same decisions.
#[derive(Debug)]
pub(super) struct Mind {
    person: &'static Person,
    random: StdRng,
    state: State,
    failures: u32,
    /// How often this server has admitted them.
    visits: usize,
}

#[derive(Debug)]
enum State {
    Away { for_milliseconds: u64 },
    Here { to_join: VecDeque<&'static str>, round: Vec<Habit> },
}

impl Mind {
    pub(super) fn new(person: &'static Person, seed: u64) -> Self {
        let state = State::Away { for_milliseconds: person.arrives };
        Self { person, random: StdRng::seed_from_u64(seed), state, failures: 0, visits: 0 }
    }

    /// The CONNECT payload.
    pub(super) fn auth(&self) -> Value {
        json!({ "name": self.person.name })
    }

    /// What to do next. A deed that ends the connection counts as done.
    pub(super) fn next(&mut self) -> Plan {
        match &mut self.state {
            State::Away { for_milliseconds } => plan(*for_milliseconds, Deed::Connect),
            State::Here { to_join, round } => {
                if let Some(project) = to_join.pop_front() {
                    let deed = emit("join-project", json!({ "projectId": project }));
                    return plan(draw(&mut self.random, &JOINING), deed);
                }
                // Only a client that got this far was really admitted; otherwise a server that admits clients and
                // throws them out at once would see them too often.
                self.failures = 0;
                let rest = if round.is_empty() { draw(&mut self.random, &self.person.rest) } else { 0 };
                let habit = next_habit(round, self.person, &mut self.random);
                let after = rest + draw(&mut self.random, &self.person.pace);
                plan(after, self.act(habit))
            }
        }
    }

    pub(super) fn hear(&mut self, news: News) {
        self.state = match news {
            News::Connected => {
                self.visits += 1;
                let to_join = self.projects().iter().copied().collect();
                State::Here { to_join, round: new_round(self.person, &mut self.random) }
            }
            News::Unwelcome => {
                let longest = (FIRST_RETRY << self.failures.min(8)).min(LAST_RETRY);
                self.failures += 1;
                // Half of it is random, so that the crowd does not come back all at once.
                State::Away { for_milliseconds: draw(&mut self.random, &(longest / 2..=longest)) }
            }
            News::Moved => {
                self.failures = 0;
                self.visits = 0;
                State::Away { for_milliseconds: self.person.arrives }
            }
        };
    }

    fn act(&mut self, habit: Habit) -> Deed {
        match habit {
            Habit::Update => {
                let task = format!("t{}", self.random.random_range(1..=TASKS));
                let status = self.random_of(STATUSES);
                emit("task-updated", json!({ "projectId": self.project(), "taskId": task, "status": status }))
            }
            Habit::UpdateWithoutTask => emit("task-updated", json!({ "projectId": self.project(), "status": "done" })),
            Habit::JoinWithoutProject => emit("join-project", json!({})),
            Habit::Leave => self.go(&self.person.away, Deed::Disconnect),
            Habit::Vanish => self.go(&self.person.away, Deed::Vanish),
            Habit::Rejoin => self.go(&REJOINING, Deed::Disconnect),
        }
    }

    fn go(&mut self, away: &Milliseconds, deed: Deed) -> Deed {
        self.state = State::Away { for_milliseconds: draw(&mut self.random, away) };
        deed
    }

    fn project(&mut self) -> &'static str {
        self.random_of(self.projects())
    }

    /// The projects that they have open on this visit.
    fn projects(&self) -> &'static [&'static str] {
        let all = self.person.projects;
        match self.person.opens {
            Opens::All => all,
            Opens::OneEachVisit => all.chunks(1).cycle().nth(self.visits.saturating_sub(1)).unwrap_or_default(),
        }
    }

    fn random_of(&mut self, choices: &[&'static str]) -> &'static str {
        choices.choose(&mut self.random).copied().unwrap_or_default()
    }
}

/// The next habit of the round, or the first of a new one.
fn next_habit(round: &mut Vec<Habit>, person: &Person, random: &mut StdRng) -> Habit {
    if round.is_empty() {
        *round = new_round(person, random);
    }
    round.pop().unwrap_or(Habit::Update)
}

/// All habits of a person in some order.
fn new_round(person: &Person, random: &mut StdRng) -> Vec<Habit> {
    let habits = person.habits.iter();
    let mut round: Vec<_> = habits.flat_map(|(habit, times)| std::iter::repeat_n(*habit, *times)).collect();
    round.shuffle(random);
    round
}

fn plan(after: u64, deed: Deed) -> Plan {
    Plan { after: Duration::from_millis(after), deed }
}

fn emit(event: &'static str, payload: Value) -> Deed {
    Deed::Emit { event, payload }
}

fn draw(random: &mut StdRng, range: &Milliseconds) -> u64 {
    random.random_range(range.clone())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{super::script::PEOPLE, *};

    const MINUTE: Duration = Duration::from_secs(60);

    fn person(name: &str) -> &'static Person {
        PEOPLE.iter().find(|person| person.name == name).unwrap()
    }

    /// The deeds of a person within `time`, at a server that always admits them.
    fn deeds(person: &'static Person, seed: u64, time: Duration) -> Vec<(Duration, Deed)> {
        let mut mind = Mind::new(person, seed);
        let mut now = Duration::ZERO;
        let mut deeds = Vec::new();
        loop {
            let Plan { after, deed } = mind.next();
            now += after;
            if now > time {
                return deeds;
            }
            if deed == Deed::Connect {
                mind.hear(News::Connected);
            }
            deeds.push((now, deed));
        }
    }

    fn count(deeds: &[(Duration, Deed)], wanted: impl Fn(&Deed) -> bool) -> usize {
        deeds.iter().filter(|(_, deed)| wanted(deed)).count()
    }

    fn is_update(deed: &Deed) -> bool {
        matches!(deed, Deed::Emit { event: "task-updated", payload } if payload.get("taskId").is_some())
    }

    #[test]
    fn a_seed_fixes_everything() {
        for person in PEOPLE {
            assert_eq!(deeds(person, 7, MINUTE), deeds(person, 7, MINUTE));
            assert_ne!(deeds(person, 7, MINUTE), deeds(person, 8, MINUTE));
        }
    }

    #[test]
    fn everyone_connects_on_time_and_joins_their_projects_first_whenever_they_connect() {
        for person in PEOPLE {
            let deeds = deeds(person, 1, 2 * MINUTE);
            assert_eq!(deeds[0], (Duration::from_millis(person.arrives), Deed::Connect));
            let visits = deeds.iter().enumerate().filter(|(_, (_, deed))| *deed == Deed::Connect);
            for (visit, (at, _)) in visits.enumerate() {
                let opened = match person.opens {
                    Opens::All => person.projects,
                    Opens::OneEachVisit => &person.projects[visit % person.projects.len()..][..1],
                };
                for ((_, deed), project) in deeds[at + 1..].iter().zip(opened) {
                    assert_eq!(*deed, emit("join-project", json!({ "projectId": project })));
                }
            }
        }
    }

    #[test]
    fn a_person_who_opens_one_project_works_on_that_alone_until_they_leave() {
        let mut open = None;
        let mut visits = BTreeMap::new();
        for (_, deed) in deeds(person("eve"), 1, 3 * MINUTE) {
            match deed {
                Deed::Emit { event: "join-project", payload } => {
                    open = payload["projectId"].as_str().map(str::to_owned);
                    *visits.entry(open.clone()).or_insert(0) += 1;
                }
                Deed::Emit { payload, .. } => assert_eq!(payload["projectId"].as_str(), open.as_deref()),
                _ => {}
            }
        }
        assert_eq!(visits.len(), 2, "{visits:?}");
        assert!(visits.values().all(|count| *count >= 3), "{visits:?}");
    }

    #[test]
    fn each_minute_shows_everything_that_can_happen() {
        for seed in 0..50 {
            let minute = |name| deeds(person(name), seed, MINUTE);
            let refused = emit("join-project", json!({}));
            assert!(count(&minute("bob"), |deed| *deed == refused) >= 1);
            assert!(
                count(
                    &minute("cleo"),
                    |deed| matches!(deed, Deed::Emit { event: "task-updated", payload } if payload.get("taskId").is_none())
                ) >= 1
            );
            assert!(count(&minute("dan"), |deed| *deed == Deed::Disconnect) >= 1);
            assert!(count(&minute("eve"), |deed| *deed == Deed::Vanish) >= 1);
            assert!(count(&minute("ann"), |deed| *deed == Deed::Disconnect) >= 1);
        }
    }

    #[test]
    fn one_is_noisy_and_the_others_are_human() {
        for seed in 0..50 {
            for person in PEOPLE {
                let updates = count(&deeds(person, seed, MINUTE), is_update);
                let expected = if person.name == "scraper" { 600..=900 } else { 3..=40 };
                assert!(expected.contains(&updates), "{} makes {updates} updates a minute", person.name);
            }
        }
    }

    #[test]
    fn the_noisy_one_rests_between_its_bursts_and_never_before_the_first() {
        for seed in 0..50 {
            let deeds = deeds(person("scraper"), seed, MINUTE);
            let pauses = deeds.windows(2).map(|pair| pair[1].0.saturating_sub(pair[0].0).as_secs());
            let rests: Vec<_> = pauses.enumerate().filter(|(_, seconds)| *seconds > 0).collect();
            // Connecting and joining come before the first burst.
            let places: Vec<_> = rests.iter().map(|(place, _)| *place).collect();
            assert_eq!(places[0], 301, "{rests:?}");
            assert!(places.windows(2).all(|pair| pair[1] - pair[0] == 300), "{rests:?}");
            assert!(rests.iter().all(|(_, seconds)| (10..=14).contains(seconds)), "{rests:?}");
        }
    }

    #[test]
    fn everyone_who_leaves_comes_back_after_a_while() {
        for (name, away) in [("dan", 3000..=7000), ("eve", 2000..=5000), ("ann", REJOINING)] {
            let deeds = deeds(person(name), 3, 3 * MINUTE);
            let gone: Vec<_> = deeds
                .windows(2)
                .filter(|pair| matches!(pair[0].1, Deed::Disconnect | Deed::Vanish))
                .map(|pair| (pair[1].0.saturating_sub(pair[0].0), &pair[1].1))
                .collect();
            assert!(!gone.is_empty());
            for (time, next) in gone {
                assert_eq!(*next, Deed::Connect);
                assert!(away.contains(&u64::try_from(time.as_millis()).unwrap()), "{name} is away for {time:?}");
            }
        }
    }

    #[test]
    fn failures_make_a_person_patient_but_never_too_patient() {
        let mut mind = Mind::new(person("ann"), 1);
        let mut waits = Vec::new();
        for _ in 0..20 {
            mind.hear(News::Unwelcome);
            let Plan { after, deed } = mind.next();
            assert_eq!(deed, Deed::Connect);
            waits.push(after.as_millis());
        }
        assert!((150..=300).contains(&waits[0]), "{waits:?}");
        assert!((1200..=2400).contains(&waits[3]), "{waits:?}");
        let last = &waits[10..];
        assert!(last.iter().all(|wait| (2500..=5000).contains(wait)), "{waits:?}");
        assert!(
            last.iter().any(|wait| *wait != last[0]),
            "without chance the crowd would come back all at once: {waits:?}"
        );
    }

    #[test]
    fn patience_ends_only_when_somebody_gets_to_work() {
        let mut mind = Mind::new(person("bob"), 1);
        for _ in 0..6 {
            mind.hear(News::Connected);
            mind.hear(News::Unwelcome);
        }
        assert!(mind.next().after > Duration::from_secs(2), "thrown out at once each time");
        mind.hear(News::Connected);
        // One join, then the first habit.
        mind.next();
        mind.next();
        mind.hear(News::Unwelcome);
        assert!(mind.next().after < Duration::from_secs(1));
    }

    #[test]
    fn at_another_server_everyone_arrives_again() {
        let mut mind = Mind::new(person("dan"), 1);
        mind.hear(News::Connected);
        mind.next();
        mind.hear(News::Moved);
        assert_eq!(mind.next(), plan(500, Deed::Connect));
    }

    #[test]
    fn at_another_server_they_begin_with_their_first_project() {
        let mut mind = Mind::new(person("eve"), 1);
        mind.hear(News::Connected);
        mind.hear(News::Moved);
        mind.hear(News::Connected);
        assert_eq!(mind.next().deed, emit("join-project", json!({ "projectId": "p1" })));
    }
}
