//! The people of the crowd and their behaviour, as data.

use std::ops::RangeInclusive;

/// A range of milliseconds; each use draws another number from it.
pub(super) type Milliseconds = RangeInclusive<u64>;

/// One simulated person.
#[derive(Debug)]
pub(super) struct Person {
    /// The name in their CONNECT payload.
    pub(super) name: &'static str,
    /// When they connect for the first time, after the crowd has started.
    pub(super) arrives: u64,
    /// Their projects.
    pub(super) projects: &'static [&'static str],
    /// Which of these they join when they connect.
    pub(super) opens: Opens,
    /// The pause before each habit.
    pub(super) pace: Milliseconds,
    /// The further pause between two rounds of habits. While the noisy one rests, the log shows the others.
    pub(super) rest: Milliseconds,
    /// How long they stay away after leaving or vanishing.
    pub(super) away: Milliseconds,
    /// Their habits in a round, and how often they have each. Each round has another order.
    pub(super) habits: &'static [(Habit, usize)],
}

/// The projects that a person joins when they connect, and works on until they go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opens {
    /// All of theirs, in order.
    All,
    /// One of theirs, and the next one when they come back: this shows if a server takes them for a member for too
    /// long.
    OneEachVisit,
}

/// Something that a person does while connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Habit {
    /// Updates a task of one of their projects.
    Update,
    /// Updates no task in particular, which a server should ignore.
    UpdateWithoutTask,
    /// Joins no project in particular, which a server should refuse.
    JoinWithoutProject,
    /// Disconnects cleanly, and comes back after a while.
    Leave,
    /// Loses the connection, and comes back after a while.
    Vanish,
    /// Disconnects cleanly, and is back at once, like somebody who reloads the page.
    Rejoin,
}

/// The pause between connecting and the first join, and between two joins.
pub(super) const JOINING: Milliseconds = 50..=120;

/// How long somebody who reloads the page is away.
pub(super) const REJOINING: Milliseconds = 150..=400;

/// No pause at all.
const NONE: Milliseconds = 0..=0;

/// The states of a task.
pub(super) const STATUSES: &[&str] = &["open", "doing", "review", "done"];

/// A project has the tasks `t1` to this one.
pub(super) const TASKS: u32 = 9;

/// Everyone. The noisy one is alone with dan in its project, so that dan's traffic shows what noise does to others. The
/// noisy one works in bursts.
pub(super) const PEOPLE: &[Person] = &[
    Person {
        name: "ann",
        arrives: 50,
        projects: &["p1", "p2"],
        opens: Opens::All,
        pace: 1500..=4000,
        rest: NONE,
        away: 3000..=6000,
        habits: &[(Habit::Update, 7), (Habit::Rejoin, 1)],
    },
    Person {
        name: "bob",
        arrives: 200,
        projects: &["p1"],
        opens: Opens::All,
        pace: 2000..=4500,
        rest: NONE,
        away: 4000..=9000,
        habits: &[(Habit::Update, 5), (Habit::JoinWithoutProject, 1)],
    },
    Person {
        name: "cleo",
        arrives: 350,
        projects: &["p2"],
        opens: Opens::All,
        pace: 2500..=5500,
        rest: NONE,
        away: 4000..=9000,
        habits: &[(Habit::Update, 4), (Habit::UpdateWithoutTask, 1)],
    },
    Person {
        name: "dan",
        arrives: 500,
        projects: &["p2", "p3"],
        opens: Opens::All,
        pace: 2500..=5000,
        rest: NONE,
        away: 3000..=7000,
        habits: &[(Habit::Update, 5), (Habit::Leave, 1)],
    },
    Person {
        name: "scraper",
        arrives: 650,
        projects: &["p3"],
        opens: Opens::All,
        pace: 30..=70,
        rest: 10_000..=14_000,
        away: 1000..=2000,
        habits: &[(Habit::Update, 300)],
    },
    Person {
        name: "eve",
        arrives: 800,
        projects: &["p1", "p2"],
        opens: Opens::OneEachVisit,
        pace: 2000..=5000,
        rest: NONE,
        away: 2000..=5000,
        habits: &[(Habit::Update, 3), (Habit::Vanish, 1)],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everyone_has_a_different_name_and_is_in_a_room_within_the_first_second() {
        let names: BTreeSet<_> = PEOPLE.iter().map(|person| person.name).collect();
        let arrivals: BTreeSet<_> = PEOPLE.iter().map(|person| person.arrives).collect();
        assert_eq!((names.len(), arrivals.len()), (PEOPLE.len(), PEOPLE.len()));
        for person in PEOPLE {
            assert!(!person.projects.is_empty(), "{}", person.name);
            assert!(person.arrives + JOINING.end() < 1000, "{}", person.name);
        }
    }

    #[test]
    fn somebody_has_each_habit() {
        let all = [Habit::UpdateWithoutTask, Habit::JoinWithoutProject, Habit::Leave, Habit::Vanish, Habit::Rejoin];
        for habit in all {
            assert!(PEOPLE.iter().any(|person| person.habits.iter().any(|(found, _)| *found == habit)), "{habit:?}");
        }
        // Otherwise nobody would hear them.
        assert!(PEOPLE.iter().all(|person| person.habits.iter().any(|(found, _)| *found == Habit::Update)));
    }
}
