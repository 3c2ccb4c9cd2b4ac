//! The server's settings that a user can change.

use std::time::Duration;

use rooms::{Config, OverflowPolicy, Recovery};

/// Settings of the server; each has the server's own default.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Settings {
    /// Time between two heartbeats: 25s, 500ms, 2m, or milliseconds alone
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "25s", help_heading = HEARTBEAT)]
    ping_interval: Duration,
    /// Time that a client has to answer a heartbeat before it is cut off
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "20s", help_heading = HEARTBEAT)]
    ping_timeout: Duration,
    /// The largest message that a client may send
    #[arg(long, value_name = "BYTES", value_parser = positive, default_value = "1000000", help_heading = LIMITS)]
    max_payload: usize,
    /// Clients at the same time; more are refused
    #[arg(long, value_name = "NUMBER", value_parser = positive, default_value = "10000", help_heading = LIMITS)]
    max_connections: usize,
    /// Rooms that one client may be in
    #[arg(long, value_name = "NUMBER", value_parser = positive, default_value = "1000", help_heading = LIMITS)]
    max_rooms: usize,
    /// Events that may wait for a client that reads slowly
    #[arg(long, value_name = "NUMBER", value_parser = positive, default_value = "1024", help_heading = SLOW)]
    queue_messages: usize,
    /// Bytes that may wait for a client that reads slowly
    #[arg(long, value_name = "BYTES", value_parser = positive, default_value = "1048576", help_heading = SLOW)]
    queue_bytes: usize,
    /// What happens when that is exceeded
    #[arg(long, value_name = "POLICY", value_enum, default_value_t = Policy::Disconnect, help_heading = SLOW)]
    overflow: Policy,
    /// Time that a client may read nothing of what is being written to it
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "10s", help_heading = SLOW)]
    write_timeout: Duration,
    /// Let clients that were cut off come back within this time as the same socket, and get what they missed
    #[arg(long, value_name = "TIME", value_parser = duration, help_heading = SLOW)]
    recovery: Option<Duration>,
    /// A web page that may connect, such as `http://localhost:3000`; may be repeated
    #[arg(long, value_name = "ORIGIN", value_parser = origin, help_heading = "Web pages")]
    allow_origin: Vec<String>,
}

const HEARTBEAT: &str = "Heartbeat";
const LIMITS: &str = "Limits";
const SLOW: &str = "Slow clients";

/// What happens to a client whose queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Policy {
    /// It is disconnected, and can come back
    Disconnect,
    /// The new event is dropped
    DropNewest,
    /// The event that has waited longest is dropped
    DropOldest,
    /// The waiting event of the same name is dropped
    KeepLatest,
}

impl Settings {
    /// The settings as a server configuration.
    pub(super) fn config(&self) -> Config {
        Config {
            ping_interval: self.ping_interval,
            ping_timeout: self.ping_timeout,
            max_payload: self.max_payload,
            max_connections: self.max_connections,
            max_rooms: self.max_rooms,
            queue_messages: self.queue_messages,
            queue_bytes: self.queue_bytes,
            overflow: self.overflow.into(),
            write_timeout: self.write_timeout,
            recovery: self.recovery.map(|max_age| Recovery { max_age, ..Recovery::default() }),
            allowed_origins: self.allow_origin.clone(),
            ..Config::default()
        }
    }
}

impl From<Policy> for OverflowPolicy {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Disconnect => Self::Disconnect,
            Policy::DropNewest => Self::DropNewest,
            Policy::DropOldest => Self::DropOldest,
            Policy::KeepLatest => Self::KeepLatest,
        }
    }
}

/// Why a value is not valid, in words that follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Unfit {
    #[error("write it as 25s, 500ms or 2m")]
    NoTime,
    #[error("it has to be longer than nothing")]
    NoTimeAtAll,
    #[error("it has to be at most a day, which is 1440m")]
    TooLong,
    #[error("it has to be a whole number")]
    NoNumber,
    #[error("it has to be at least 1")]
    Zero,
    #[error("write it as http://localhost:3000: a scheme, a host and perhaps a port, without a path")]
    NoOrigin,
}

/// A number with its unit; without one it is milliseconds, as in the settings of Node's Socket.IO.
fn duration(text: &str) -> Result<Duration, Unfit> {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let digits = text.len() - text.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| Unfit::NoTime)?;
    let duration = match unit {
        "ms" | "" => Duration::from_millis(number),
        "s" => Duration::from_secs(number),
        "m" => Duration::from_secs(number.saturating_mul(60)),
        _ => return Err(Unfit::NoTime),
    };
    match duration {
        Duration::ZERO => Err(Unfit::NoTimeAtAll),
        longer if longer > DAY => Err(Unfit::TooLong),
        _ => Ok(duration),
    }
}

fn positive(text: &str) -> Result<usize, Unfit> {
    match text.parse() {
        Ok(0) => Err(Unfit::Zero),
        Ok(number) => Ok(number),
        Err(_) => Err(Unfit::NoNumber),
    }
}

/// An origin as browsers write it: a scheme, a host, and the port unless it is the scheme's own.
fn origin(text: &str) -> Result<String, Unfit> {
    let text = text.trim_end_matches('/').to_ascii_lowercase();
    match text.split_once("://") {
        Some(("http" | "https", host)) if is_host(host) => Ok(text),
        _ => Err(Unfit::NoOrigin),
    }
}

fn is_host(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| character.is_ascii_alphanumeric() || ".-:[]".contains(character))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(Debug, clap::Parser)]
    struct Line {
        #[command(flatten)]
        settings: Settings,
    }

    fn config(arguments: &[&str]) -> Config {
        let line = ["serve"].iter().chain(arguments);
        Line::try_parse_from(line).unwrap().settings.config()
    }

    #[test]
    fn without_flags_the_server_has_its_defaults() {
        assert_eq!(format!("{:?}", config(&[])), format!("{:?}", Config::default()));
    }

    #[test]
    fn each_flag_reaches_its_setting() {
        let config = config(&[
            "--ping-interval=300",
            "--ping-timeout=2m",
            "--max-payload=10",
            "--max-connections=11",
            "--max-rooms=12",
            "--queue-messages=13",
            "--queue-bytes=14",
            "--overflow=keep-latest",
            "--write-timeout=15s",
            "--recovery=16s",
            "--allow-origin=http://localhost:3000/",
            "--allow-origin=https://Page.example",
        ]);
        let expected = Config {
            ping_interval: Duration::from_millis(300),
            ping_timeout: Duration::from_secs(120),
            max_payload: 10,
            max_connections: 11,
            max_rooms: 12,
            queue_messages: 13,
            queue_bytes: 14,
            overflow: OverflowPolicy::KeepLatest,
            write_timeout: Duration::from_secs(15),
            recovery: Some(Recovery { max_age: Duration::from_secs(16), ..Recovery::default() }),
            allowed_origins: vec!["http://localhost:3000".into(), "https://page.example".into()],
            ..Config::default()
        };
        assert_eq!(format!("{config:?}"), format!("{expected:?}"));
    }

    #[test]
    fn values_that_make_no_sense_are_refused_with_a_way_out() {
        for (argument, way_out) in [
            ("--ping-interval=", "write it as 25s, 500ms or 2m"),
            ("--ping-interval=25 s", "write it as 25s, 500ms or 2m"),
            ("--ping-interval=s", "write it as 25s, 500ms or 2m"),
            ("--ping-interval=-1s", "write it as 25s, 500ms or 2m"),
            ("--ping-interval=1é", "write it as 25s, 500ms or 2m"),
            ("--ping-timeout=0s", "longer than nothing"),
            ("--ping-timeout=99999999999999999999s", "write it as"),
            ("--ping-timeout=18446744073709551615m", "at most a day"),
            ("--max-payload=0", "at least 1"),
            ("--max-connections=many", "a whole number"),
            ("--overflow=explode", "disconnect, drop-newest, drop-oldest, keep-latest"),
            ("--allow-origin=*", "http://localhost:3000"),
            ("--allow-origin=localhost:3000", "http://localhost:3000"),
            ("--allow-origin=http://localhost/path", "without a path"),
            ("--allow-origin=http://", "a scheme, a host"),
        ] {
            let error = Line::try_parse_from(["serve", argument]).unwrap_err().to_string();
            assert!(error.contains(way_out), "{error}");
        }
    }
}
