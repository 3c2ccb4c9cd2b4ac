//! The official Socket.IO server and client against ours.
//!
//! An exercise may have a twin, the same application in JavaScript (`tests/node/apps`). Its scenarios then test the
//! pattern and not our library: the twin passes them, too.
//!
//! They need Node.js and its packages, so they are ignored by default:
//!
//! ```text
//! (cd tests/node && npm ci) && cargo test --test node -- --include-ignored
//! ```

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

mod scenarios;
mod wire;

use std::{fs, iter, path::Path, process::Command, sync::Mutex, thread};

use layout::folder;
use scenario::script::ServerSettings;
use scenarios::Case;
use serde_json::{Value, json};
use wire::{Running, assert_code, rtws, serve, stdout};

/// Scenarios of an exercise that are played at the same time. They mostly wait, and in real time.
const AT_ONCE: usize = 8;

/// Makes a test of each exercise that has a twin.
macro_rules! twins {
    ($($test:ident: $exercise:literal,)*) => {
        const TWINS: &[&str] = &[$($exercise),*];

        $(
            #[test]
            #[ignore = "needs Node.js and `npm ci` in tests/node"]
            fn $test() {
                assert_twin_passes($exercise);
            }
        )*
    };
}

twins! {
    acks: "acks",
    backpressure: "backpressure",
    board: "board",
    greet: "greet",
    join_project: "join-project",
    noisy_clients: "noisy-clients",
    payload_schema: "payload-schema",
    presence: "presence",
    recall: "recall",
    scoped_broadcast: "scoped-broadcast",
    worked_example: "worked-example",
}

#[test]
fn every_twin_has_its_test() {
    let apps = folder::files(&Path::new(FOLDER).join("apps"), "js");
    let apps: Vec<_> = apps.iter().map(|path| folder::stem(path)).collect();
    assert_eq!(apps, TWINS);
}

/// Plays all scenarios, each against its own server, and shows every one that differs.
fn assert_twin_passes(exercise: &str) {
    let cases = scenarios::of(exercise);
    let queue = Mutex::new(cases.iter());
    let next = || queue.lock().unwrap().next();
    let play_until_empty =
        || iter::from_fn(next).filter_map(|case| Some(play_on_node(exercise, case).err()?.to_string())).collect();
    let failures = thread::scope(|scope| {
        let players: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(play_until_empty)).collect();
        let failures: Vec<Vec<String>> = players.into_iter().map(|player| player.join().unwrap()).collect();
        failures.concat()
    });
    assert!(failures.is_empty(), "{} of {} scenarios\n\n{}", failures.len(), cases.len(), failures.join("\n"));
}

fn play_on_node(exercise: &str, case: &Case) -> anyhow::Result<()> {
    let is_bounded = case.script.server.queue_messages.is_some();
    anyhow::ensure!(!is_bounded, "{}: it bounds the queues, and the official server cannot", case.name);
    let (server, address) = node_server(exercise, &options(&case.script.server));
    case.play(&address).map_err(|difference| anyhow::anyhow!("{difference}{}", server.said()))
}

/// The settings of a scenario in the words of the official server.
fn options(settings: &ServerSettings) -> Value {
    let times = [("pingInterval", settings.ping_interval_ms), ("pingTimeout", settings.ping_timeout_ms)];
    let set = times.into_iter().filter_map(|(name, time)| Some((name.to_owned(), json!(time?))));
    Value::Object(set.collect())
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node");

/// A program of `tests/node`.
fn node(args: &[&str]) -> Command {
    let is_installed = Path::new(FOLDER).join("node_modules/socket.io").is_dir();
    assert!(is_installed, "the packages are missing: run `npm ci` in {FOLDER}");
    let mut command = Command::new("node");
    command.args(args).current_dir(FOLDER);
    command
}

/// The twin of an exercise on the official server, and its address as `127.0.0.1:port`.
fn node_server(exercise: &str, options: &Value) -> (Running, String) {
    let mut server = Running::start(node(&["server.js", exercise, "0", &options.to_string()]));
    let address = server.line().strip_prefix("listening on http://").unwrap().to_owned();
    (server, address)
}

/// The results of three official clients at a server.
fn official_clients(address: &str) -> Value {
    let output = node(&["client.js", &format!("http://{address}")]).output().expect("node runs");
    assert_code(&output, 0);
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Error to the sender of an empty join alone; an update inside the room, its sender included, and silence outside.
fn expected_stages() -> Value {
    let update = json!(["task-updated", { "projectId": "p1", "taskId": "t1", "title": "Naïve 🦀" }]);
    json!({
        "emptyJoin": { "ann": [["error-message", { "message": "projectId required" }]], "bob": [], "eve": [] },
        "join": { "ann": [], "bob": [], "eve": [] },
        "update": { "ann": [update.clone()], "bob": [update], "eve": [] },
        "incompleteUpdate": { "ann": [], "bob": [], "eve": [] },
    })
}

#[test]
#[ignore = "needs Node.js and `npm ci` in tests/node"]
fn official_clients_find_the_worked_example() {
    let (mut server, address) = serve(&[]);
    let seen = official_clients(&address);
    assert_eq!(seen["stages"], expected_stages());
    assert_eq!(seen["transports"], json!(["websocket", "websocket", "websocket"]));
    // The log has each of them under the id that the client has.
    for name in ["ann", "bob", "eve"] {
        let line = server.line_with(&format!("connect       {name} from "));
        assert!(line.contains(seen["ids"][name].as_str().unwrap()), "{line}");
    }
}

#[test]
#[ignore = "needs Node.js and `npm ci` in tests/node"]
fn the_official_server_is_no_different() {
    let (_server, address) = node_server("worked-example", &json!({}));
    assert_eq!(official_clients(&address)["stages"], expected_stages());
}

#[test]
#[ignore = "needs Node.js and `npm ci` in tests/node"]
fn our_client_sees_the_same_on_both_servers() {
    let (_ours, ours) = serve(&["--log", "off"]);
    let (_theirs, theirs) = node_server("worked-example", &json!({}));
    let input = "join-project\njoin-project {\"projectId\":7}\ntask-updated {\"projectId\":\"7\",\"taskId\":\"é\"}\n";
    let after_connecting = |address: &str| {
        let output = rtws(&["client", address, "--ack"], input);
        assert_code(&output, 0);
        stdout(&output).split_once('\n').unwrap().1.to_owned()
    };
    let seen = after_connecting(&ours);
    assert!(seen.contains("<- task-updated {\"projectId\":\"7\",\"taskId\":\"é\"}"), "{seen}");
    assert_eq!(seen, after_connecting(&theirs));
}

#[test]
#[ignore = "needs Node.js"]
fn every_block_of_javascript_in_the_lessons_parses() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let mut checked = 0;
    for file in blocks::files(root).unwrap() {
        for block in blocks::blocks(&fs::read_to_string(&file).unwrap(), "js").unwrap() {
            // The line in Node's message is the line in the text.
            let script = folder.path().join("block.js");
            fs::write(&script, "\n".repeat(block.line) + &block.code).unwrap();
            let output = Command::new("node").arg("--check").arg(&script).output().expect("node runs");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}, block of line {}:\n{said}", file.display(), block.line);
            checked += 1;
        }
    }
    assert!(checked > 0);
}
