//! The clients of the learner's own server while it is live.
//!
//! The simulated people know the events of the worked example. With an exercise that has other events they would have
//! nothing to do; there the clients of its own scenarios come, one scenario after another, at a pace at which people
//! can watch.

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

/// The longest wait of a scenario that is played: nobody watches a longer one.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The scenarios to play; none if the simulated people show more.
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
        // A failure is no reason to stop: the learner came to see what the server gets wrong.
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
    fn the_simulated_people_come_if_they_have_something_to_do() {
        for exercise in ["worked-example", "join-project", "scoped-broadcast", "recall"] {
            assert!(names(exercise).is_empty(), "{exercise}: {:?}", names(exercise));
        }
    }

    #[test]
    fn otherwise_the_clients_of_scenarios_without_long_waits_come() {
        for exercise in ["payload-schema", "presence", "reconnect", "acks", "noisy-clients", "backpressure", "board"] {
            assert!(names(exercise).len() >= 2, "{exercise}: {:?}", names(exercise));
        }
        let trying = "A server that is away for ten minutes finds its consumers when it is back";
        assert!(!names("reconnect").iter().any(|title| title == trying));
    }
}
