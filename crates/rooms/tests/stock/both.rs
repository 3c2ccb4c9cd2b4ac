//! The results of clients at the official server and at ours.

use std::process::Command;
use std::time::Duration;

use rooms::{Config, Recovery};
use serde_json::{Value, json};

use crate::official::Official;
use crate::program::seen;
use crate::served::Served;

/// Plays a scenario at both servers with default settings. At both, the clients must see this.
#[track_caller]
pub(crate) fn assert_both(client: impl Fn() -> Command, scenario: &str, expected: &Value) {
    let _ = assert_both_with(client, scenario, Config::default(), expected);
}

/// The same with other settings. Gives our server.
#[track_caller]
pub(crate) fn assert_both_with(
    client: impl Fn() -> Command,
    scenario: &str,
    config: Config,
    expected: &Value,
) -> Served {
    let official = Official::start(&options(&config));
    assert_eq!(seen(client(), scenario, official.address()), *expected, "{scenario} at the official server");
    let server = Served::start(config);
    assert_eq!(seen(client(), scenario, server.address()), *expected, "{scenario} at ours");
    server
}

/// A server that soon notices when a client is silent: the scenario `heartbeats` takes longer than these times together.
pub(crate) fn quick() -> Config {
    Config { ping_interval: Duration::from_millis(100), ping_timeout: Duration::from_secs(2), ..Config::default() }
}

/// The same settings as options of the official server, as far as the tests use them.
fn options(config: &Config) -> Value {
    let mut options = json!({
        "pingInterval": config.ping_interval.as_millis(),
        "pingTimeout": config.ping_timeout.as_millis(),
    });
    if let Some(Recovery { max_age, .. }) = config.recovery {
        options["connectionStateRecovery"] = json!({ "maxDisconnectionDuration": max_age.as_millis() });
    }
    options
}
