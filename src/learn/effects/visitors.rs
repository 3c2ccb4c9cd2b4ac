//! Who comes to the learner's own server while it is live.
//!
//! The simulated people know the events of the worked example. An exercise with other events would leave them with nothing
//! to do; there the clients of its own scenarios come, one scenario after the other, at a pace at which people can watch.

use std::path::PathBuf;
use std::time::Duration;

use scenario::run::total_wait;
use scenario::script::Action;
use scenario::{Network, Script, run};

use crate::crowd;

/// Time between two steps: enough to see each in the monitor.
pub(super) const PACE: Duration = Duration::from_millis(600);

/// How long the clients stay after the last step.
const STAY: Duration = Duration::from_secs(3);

/// Nobody watches a scenario that waits for longer.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The scenarios to play; none where the simulated people do better.
pub(super) fn scripts(paths: &[PathBuf]) -> Vec<Script> {
    let load = |path: &PathBuf| Script::parse(&judge::source::read(path).ok()?, path).ok();
    let scripts: Vec<_> = paths.iter().filter_map(load).collect();
    if scripts.iter().all(is_for_the_crowd) {
        return Vec::new();
    }
    scripts.into_iter().filter(|script| total_wait(script) <= LONGEST_WAIT).collect()
}

/// Plays them again and again, for as long as the server is there.
pub(super) async fn play(scripts: Vec<Script>, network: Network) {
    for script in scripts.iter().cycle() {
        // What the server gets wrong is what the learner came to see.
        let played = run::run_slowly(script, network.clone(), PACE).await;
        tokio::time::sleep(STAY).await;
        drop(played);
        tokio::time::sleep(PACE).await;
    }
}

fn is_for_the_crowd(script: &Script) -> bool {
    script.steps.iter().all(|step| match &step.action {
        Action::Emit { event, .. } | Action::Flood { event, .. } => crowd::EVENTS.contains(&event.as_str()),
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use judge::Workshop;

    fn names(exercise: &str) -> Vec<String> {
        let workshop = Workshop::at(Path::new(env!("CARGO_MANIFEST_DIR")));
        scripts(&workshop.layout.scenarios(exercise)).into_iter().map(|script| script.title).collect()
    }

    #[test]
    fn the_simulated_people_come_where_they_have_something_to_do() {
        for exercise in ["worked-example", "join-project", "scoped-broadcast", "recall"] {
            assert!(names(exercise).is_empty(), "{exercise}: {:?}", names(exercise));
        }
    }

    #[test]
    fn elsewhere_come_the_clients_of_the_scenarios_that_do_not_wait_for_long() {
        for exercise in ["payload-schema", "presence", "reconnect", "acks", "noisy-clients", "backpressure", "board"] {
            assert!(names(exercise).len() >= 2, "{exercise}: {:?}", names(exercise));
        }
        let trying = "A server that is away for ten minutes finds its consumers when it is back";
        assert!(!names("reconnect").iter().any(|title| title == trying));
    }
}
